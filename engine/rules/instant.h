/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * instant.h: whole seconds UTC, and sums of them and of units that
 * never wrap.
 */
#ifndef LEASEHOLD_RULES_INSTANT_H
#define LEASEHOLD_RULES_INSTANT_H

#include <stdint.h>

typedef int64_t instant;

#define INSTANT_NEVER INT64_MAX
#define SECONDS_PER_MINUTE INT64_C(60)
#define SECONDS_PER_HOUR INT64_C(3600)
#define SECONDS_PER_DAY INT64_C(86400)

/* "at" moved by "seconds", stopping at either end of int64; INSTANT_NEVER stays. */
instant instant_add(instant at, int64_t seconds);
instant instant_earlier(instant a, instant b);
instant instant_later(instant a, instant b);
/* "count", or 0 when it is negative: no number of units is below 0. */
int64_t instant_units(int64_t count);
/* a + b for counts >= 0, stopping at INT64_MAX. */
int64_t instant_units_add(int64_t a, int64_t b);
/* a * b for counts >= 0, stopping at INT64_MAX. */
int64_t instant_units_times(int64_t a, int64_t b);
/* a - b for counts >= 0, stopping at 0. */
int64_t instant_units_less(int64_t a, int64_t b);
/* How many pieces of "size" (1 or more) cover "units" (0 or more). */
int64_t instant_units_pieces(int64_t units, int64_t size);

#endif
