/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_fixture.h: one client's lease on a bench: ask, and the answer is
 * what it has from then on, documents included. For test_rules_*.c.
 */
#ifndef TESTS_UNIT_TEST_RULES_FIXTURE_H
#define TESTS_UNIT_TEST_RULES_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/lease.h"
#include <string.h>

#define BENCH_PARTS 64
#define DAY         SECONDS_PER_DAY
#define HOUR        SECONDS_PER_HOUR

struct bench {
	struct lease_part parts[BENCH_PARTS];
	size_t part_count;
	struct lease_request request;
	struct pool pool;
	struct lease_plan plan;
	struct lease_part planned[BENCH_PARTS + 3];
};

/* Midnight UTC of a day, by the civil calendar. */
static inline instant
date(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t shifted = (month + 9) % 12;

	return (365 * y + y / 4 - y / 100 + y / 400 + (153 * shifted + 2) / 5 +
		   day - 1 - 719468) *
	    DAY;
}

/* A bench with T = total, others holding and leasing "others", D = 24 h. */
static inline void
bench_init(struct bench *bench, int64_t total, int64_t others, int64_t reserved,
    int64_t increment, int64_t maximum)
{
	memset(bench, 0, sizeof(*bench));
	bench->pool.total = total;
	bench->pool.held = others + reserved;
	bench->pool.held_own = reserved;
	bench->pool.leased_others = others;
	bench->request.allocation.reserved = reserved;
	bench->request.allocation.increment = increment;
	bench->request.allocation.maximum = maximum;
	bench->request.allocation_expires = INSTANT_NEVER;
	bench->request.duration = LEASE_HOLD_SECONDS;
	bench->request.growth_allowed = true;
	bench->request.parts = bench->parts;
}

static inline struct lease_part *
bench_part(struct bench *bench, enum lease_part_kind kind, int64_t size,
    int64_t count, instant granted, instant expires)
{
	struct lease_part *part = &bench->parts[bench->part_count++];

	*part = (struct lease_part){
		.id = (int64_t)bench->part_count,
		.kind = kind,
		.size = size,
		.count = count,
		.granted = granted,
		.expires = expires,
	};
	return part;
}

/* Pool figures of this client as a ledger has them: its documents included. */
static inline void
bench_hold(struct bench *bench, int64_t documented)
{
	int64_t others = bench->pool.held - bench->pool.held_own;

	bench->request.documented = documented;
	bench->pool.held_own = pool_held(
	    bench->request.allocation.reserved, documented, false);
	bench->pool.held = others + bench->pool.held_own;
}

static inline void
bench_decide(struct bench *bench, int64_t users, instant now)
{
	memset(&bench->plan, 0, sizeof(bench->plan));
	bench->plan.parts = bench->planned;
	bench->request.users = users;
	bench->request.part_count = bench->part_count;
	lease_decide(&bench->plan, &bench->request, &bench->pool, now);
}

/* Takes the last answer over, as confirmed by the client. */
static inline void
bench_apply(struct bench *bench)
{
	memcpy(bench->parts, bench->planned,
	    bench->plan.part_count * sizeof(bench->parts[0]));
	bench->part_count = bench->plan.part_count;
	for (size_t i = 0; i < bench->part_count; i++)
		if (bench->parts[i].id == 0)
			bench->parts[i].id = 1000 + (int64_t)i;
	bench_hold(bench, bench->plan.leased);
}

static inline void
bench_ask(struct bench *bench, int64_t users, instant now)
{
	bench_decide(bench, users, now);
	bench_apply(bench);
}

#endif
