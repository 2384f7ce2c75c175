/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pool.c: how many units of a pool are free to lend, and to reserve. Knows
 * sums; does not know who asks, or how it is stored.
 */
#include "engine/rules/pool.h"

int64_t
pool_held(int64_t reserved, int64_t documented, bool is_expired)
{
	if (is_expired || documented > reserved)
		return instant_units(documented);
	return instant_units(reserved);
}

int64_t
pool_reserved_beside(int64_t reserved, int64_t former)
{
	return instant_units_less(
	    instant_units(reserved), instant_units(former));
}

int64_t
pool_available(const struct pool *pool)
{
	return instant_units(pool->total) - instant_units(pool->held);
}

/* Sum of held_j over the other clients. */
static int64_t
others(const struct pool *pool)
{
	return instant_units_less(
	    instant_units(pool->held), instant_units(pool->held_own));
}

int64_t
pool_reservable(const struct pool *pool)
{
	return instant_units(pool->total) -
	    instant_units_less(others(pool), instant_units(pool->former_own));
}

int64_t
pool_reservable_subscription(const struct pool *pool)
{
	return instant_earlier(pool_reservable(pool),
	    instant_units_less(instant_units(pool->subscription),
		instant_units(pool->subscription_others)));
}

int64_t
pool_replaceable(const struct pool *pool, int64_t documented)
{
	return instant_units_less(instant_units(pool->total),
	    instant_units_add(others(pool), instant_units(documented)));
}
