/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * instant.c: sums that stop at the ends of int64 instead of wrapping.
 */
#include "engine/rules/instant.h"

instant
instant_add(instant at, int64_t seconds)
{
	if (at == INSTANT_NEVER)
		return INSTANT_NEVER;
	if (seconds > 0 && at > INT64_MAX - seconds)
		return INT64_MAX;
	if (seconds < 0 && at < INT64_MIN - seconds)
		return INT64_MIN;
	return at + seconds;
}

instant
instant_earlier(instant a, instant b)
{
	return a < b ? a : b;
}

instant
instant_later(instant a, instant b)
{
	return a > b ? a : b;
}

int64_t
instant_units(int64_t count)
{
	return count > 0 ? count : 0;
}

int64_t
instant_units_add(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

int64_t
instant_units_times(int64_t a, int64_t b)
{
	if (a == 0 || b == 0)
		return 0;
	return a > INT64_MAX / b ? INT64_MAX : a * b;
}

int64_t
instant_units_less(int64_t a, int64_t b)
{
	return a > b ? a - b : 0;
}

int64_t
instant_units_pieces(int64_t units, int64_t size)
{
	return units / size + (units % size != 0);
}
