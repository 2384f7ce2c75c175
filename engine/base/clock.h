/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.h: the only place that asks the system for the time. Everybody else
 * is handed an instant.
 */
#ifndef LEASEHOLD_BASE_CLOCK_H
#define LEASEHOLD_BASE_CLOCK_H

#include <stdint.h>

/* Wall clock: whole seconds UTC since 1970. */
int64_t clock_now(void);
/* Milliseconds of elapsed boot time (CLOCK_BOOTTIME): suspends count, setting the wall clock does not. */
int64_t clock_elapsed_ms(void);
/* Identity of this boot (kernel's random boot id), 36 characters; "" when unknown. */
const char *clock_boot_id(void);

#endif
