/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * demo_history.c: how the use of each feature came to what it is: slowly more
 * from month to month, little at night and at the end of the week.
 */
#include "ctl/demo.h"

#include "engine/rules/instant.h"
#include "engine/store/store_sample.h"

#define DAYS  395
#define PARTS 1000

/* Thousandths of the peak, by the hour of the day. */
static const int64_t by_hour[24] = { 210, 180, 170, 170, 190, 260, 420, 640,
	850, 960, 1000, 990, 930, 970, 1000, 980, 920, 800, 620, 480, 400, 340,
	290, 240 };

static bool
is_weekend(int64_t at)
{
	/* 1970-01-01 was a Thursday. */
	int64_t day = (at / SECONDS_PER_DAY + 4) % 7;

	return day == 0 || day == 6;
}

/* What of "peak", reached at demo->at, was in use at "at". */
static int64_t
used_at(struct demo *demo, int64_t peak, int64_t at)
{
	int64_t age = (demo->at - at) / SECONDS_PER_DAY;
	int64_t parts = PARTS - age * 450 / DAYS;

	parts = parts * by_hour[at / SECONDS_PER_HOUR % 24] / PARTS;
	if (is_weekend(at))
		parts = parts * 2 / 5;
	parts += demo_below(demo, 30);
	return peak * (parts < PARTS ? parts : PARTS) / PARTS;
}

static enum fault
save(struct demo *demo, const struct pool_row *pool, enum sample_span span,
    int64_t at)
{
	int64_t users = used_at(demo, pool->leased, at);
	struct sample sample = { .at = at,
		.total = pool->installed,
		.leased = users > pool->reserved / 2 ? users
						     : pool->reserved / 2,
		.users = users * 9 / 10,
		.denials = demo_below(demo, 40) ? 0 : demo_below(demo, 6) };

	if (sample.leased > pool->leased)
		sample.leased = pool->leased;
	sample.available = pool->installed - sample.leased;
	return store_sample_save(demo->command->appliance.store, span,
	    pool->feature, SAMPLE_ALL, &sample);
}

static enum fault
save_span(struct demo *demo, const struct pool_row *pool, enum sample_span span,
    int64_t seconds)
{
	enum fault fault = FAULT_NONE;

	for (int64_t at = demo->at - seconds; !fault && at < demo->at;
	     at += span)
		fault = save(demo, pool, span, at);
	return fault;
}

enum fault
demo_history_make(struct demo *demo)
{
	struct store *store = demo->command->appliance.store;
	enum fault fault = store_begin(store);

	if (fault)
		return fault;
	for (size_t i = 0; !fault && i < demo->pool_count; i++)
		if (!(fault = save_span(demo, &demo->pools[i], SAMPLE_HOUR,
			  DAYS * SECONDS_PER_DAY)))
			fault = save_span(demo, &demo->pools[i],
			    SAMPLE_FIVE_MINUTES, 2 * SECONDS_PER_DAY);
	if (!fault)
		return store_commit(store);
	store_rollback(store);
	return fault;
}
