/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.h: when a gateway's user counts no more because nobody renewed it
 * (decision 0024). By elapsed boot time alone: no setting of the wall clock
 * ends a session or keeps one.
 */
#ifndef LEASEHOLD_RULES_SESSION_H
#define LEASEHOLD_RULES_SESSION_H

#include <stdbool.h>
#include <stdint.h>

/* The timeout that holds, in seconds; 0 = never: the gateway's own, else the setting. */
int64_t session_timeout(int64_t own, int64_t setting);
/* Milliseconds of elapsed time at which a session heard of at "heard_ms" is over; INT64_MAX = never. */
int64_t session_over_ms(int64_t heard_ms, int64_t timeout);
/* It is over from that instant on. */
bool session_is_over(int64_t heard_ms, int64_t timeout, int64_t elapsed_ms);

#endif
