/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_trace.h: what happened, one readable line each: the last ones are kept,
 * and all of them go into one hash, by which two runs are compared.
 */
#ifndef LEASEHOLD_TESTS_SIM_TRACE_H
#define LEASEHOLD_TESTS_SIM_TRACE_H

#include <stdbool.h>
#include <stdint.h>

/* "print": every line at once. */
void sim_trace_start(bool print);
/* "at" in seconds since the story began. */
void sim_trace_line(int64_t at, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t sim_trace_hash(void);
/* The lines kept, oldest first, each behind "# ". */
void sim_trace_print_last(void);

#endif
