/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_laws.c: what holds for every snapshot, tried on many random ones
 * with a fixed seed. A failure prints the round, which finds it again.
 */
#include "tests/unit/test_rules_fixture.h"
#include <stdio.h>

#define ROUNDS    20000
#define PARTS_MAX 9
#define FALLS_MAX 3

static const instant now = 1750000000;

/* ---- chance ---- */

static uint64_t chance_state;

static uint64_t
chance(void)
{
	uint64_t z = (chance_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* From 0 to "most". */
static int64_t
upto(int64_t most)
{
	return (int64_t)(chance() % ((uint64_t)most + 1));
}

static bool
one_in(int64_t n)
{
	return upto(n - 1) == 0;
}

/* ---- snapshots ---- */

static struct pool_fall falls[FALLS_MAX];

static void
random_falls(struct pool *pool)
{
	instant at = now;

	pool->falls = falls;
	pool->fall_count = (size_t)upto(FALLS_MAX);
	for (size_t i = 0; i < pool->fall_count; i++) {
		at += 1 + upto(5 * DAY);
		falls[i].at = at;
		falls[i].total = upto(pool->total);
		falls[i].outlasting_others = upto(pool->leased_others);
	}
}

static void
random_parts(struct bench *bench)
{
	const struct allocation *allocation = &bench->request.allocation;
	size_t quanta = (size_t)upto(PARTS_MAX - 1);

	if (!one_in(4))
		bench_part(bench, LEASE_PART_RESERVED,
		    one_in(3) ? upto(120) : allocation->reserved, 1,
		    now - upto(5 * DAY), now + 1 + upto(10 * DAY));
	for (size_t i = 0; i < quanta; i++)
		bench_part(bench, LEASE_PART_QUANTUM,
		    one_in(4) ? 1 + upto(30) : 1 + allocation->increment,
		    1 + upto(4), now - upto(2 * DAY),
		    now - HOUR + upto(3 * DAY))
		    ->is_lapsing = one_in(5);
}

/* Consistent figures: documents cover the lease, "held" covers both. */
static void
random_bench(struct bench *bench)
{
	int64_t reserved = one_in(3) ? 0 : upto(100);
	int64_t range = one_in(4) ? 0 : upto(300);
	int64_t others = upto(300);
	int64_t leased;

	bench_init(bench, 0, others, reserved, upto(40), reserved + range);
	if (others > 0)
		bench->pool.leased_others = upto(others);
	random_parts(bench);
	leased = lease_units(bench->parts, bench->part_count, now);
	bench_hold(bench, leased + (one_in(3) ? upto(50) : 0));
	/* Mostly enough, sometimes just, sometimes fallen. */
	bench->pool.total = one_in(4)
	    ? upto(bench->pool.held)
	    : bench->pool.held + (one_in(3) ? 0 : upto(200));
	bench->pool.recalling = one_in(6) ? upto(50) : 0;
	bench->pool.documented_others = bench->pool.leased_others +
	    (one_in(6) ? upto(30) : 0);
	bench->pool.kept_others = bench->pool.leased_others +
	    upto(others - bench->pool.leased_others);
	bench->pool.subscription = upto(bench->pool.total);
	bench->pool.subscription_others = upto(bench->pool.leased_others);
	bench->pool.permanent_others = bench->pool.leased_others -
	    bench->pool.subscription_others;
	bench->request.is_member = one_in(2);
	bench->request.is_strict = one_in(2);
	bench->request.duration = DAY + upto(9 * DAY);
	bench->request.growth_allowed = !one_in(8);
	bench->request.growth_refusal = one_in(2) ? VERDICT_RECOVERING
						  : VERDICT_RECALL_IN_PROGRESS;
	if (one_in(4))
		bench->request.allocation_expires = now - HOUR + upto(6 * DAY);
	random_falls(&bench->pool);
}

static int64_t
size_of(const struct bench *bench, enum lease_part_kind kind)
{
	int64_t units = 0;

	for (size_t i = 0; i < bench->part_count; i++)
		if (bench->parts[i].kind == kind)
			units += lease_units(&bench->parts[i], 1, now);
	return units;
}

typedef void law(struct bench *bench);

static void
try_law(law *holds)
{
	chance_state = 20250301;
	for (int round = 0; round < ROUNDS; round++) {
		struct bench bench;
		uint64_t start = chance_state;

		random_bench(&bench);
		bench_decide(&bench, upto(500), now);
		/* cmocka leaves by longjmp: say first where we are. */
		if (round % 5000 == 0)
			print_message("  round %d, state %llu\n", round,
			    (unsigned long long)start);
		holds(&bench);
	}
}

/* ---- the laws ---- */

static void
maximum_is_kept(struct bench *bench)
{
	assert_true(bench->plan.leased <= bench->request.allocation.maximum);
	assert_true(bench->plan.leased >= 0);
}

static void
pool_stays_positive(struct bench *bench)
{
	int64_t others = bench->pool.held - bench->pool.held_own;
	int64_t held = pool_held(bench->request.allocation.reserved,
	    bench->request.documented > bench->plan.leased
		? bench->request.documented
		: bench->plan.leased,
	    false);

	if (pool_available(&bench->pool) >= 0)
		assert_true(others + held <= bench->pool.total);
}

static void
growth_is_whole_increments(struct bench *bench)
{
	const struct allocation *allocation = &bench->request.allocation;
	int64_t quanta = 0;
	int64_t reserved = size_of(bench, LEASE_PART_RESERVED);

	for (size_t i = 0; i < bench->plan.part_count; i++) {
		const struct lease_part *part = &bench->planned[i];

		if (part->id != 0 || part->is_lapsing ||
		    part->kind == LEASE_PART_RESERVED)
			continue;
		assert_int_equal(part->size, allocation->increment);
		assert_int_equal(part->granted, now);
		quanta += part->size * part->count;
	}
	if (bench->plan.part_count > 0 &&
	    bench->planned[0].kind == LEASE_PART_RESERVED &&
	    bench->planned[0].size > reserved)
		quanta += bench->planned[0].size - reserved;
	assert_int_equal(bench->plan.granted, quanta);
}

static void
idle_reservations_count(struct bench *bench)
{
	int64_t others = bench->pool.held - bench->pool.held_own;

	for (size_t i = 0; i < bench->plan.part_count; i++)
		if (bench->planned[i].kind == LEASE_PART_QUANTUM &&
		    bench->planned[i].id == 0 && !bench->planned[i].is_lapsing)
			assert_true(bench->plan.leased <=
			    bench->pool.total - others - bench->pool.recalling);
}

static void
assert_same_parts(const struct lease_part *a, const struct lease_part *b,
    size_t count, bool with_ids)
{
	for (size_t i = 0; i < count; i++) {
		if (with_ids)
			assert_int_equal(a[i].id, b[i].id);
		assert_int_equal(a[i].kind, b[i].kind);
		assert_int_equal(a[i].size, b[i].size);
		assert_int_equal(a[i].count, b[i].count);
		assert_int_equal(a[i].granted, b[i].granted);
		assert_int_equal(a[i].expires, b[i].expires);
		assert_int_equal(a[i].is_lapsing, b[i].is_lapsing);
		assert_int_equal(a[i].subscription, b[i].subscription);
	}
}

static void
order_does_not_matter(struct bench *bench)
{
	struct bench other = *bench;

	other.request.parts = other.parts;
	for (size_t i = other.part_count; i > 1; i--) {
		size_t j = (size_t)upto((int64_t)i - 1);
		struct lease_part part = other.parts[i - 1];

		other.parts[i - 1] = other.parts[j];
		other.parts[j] = part;
	}
	bench_decide(&other, bench->request.users, now);
	assert_int_equal(other.plan.part_count, bench->plan.part_count);
	assert_same_parts(
	    other.planned, bench->planned, bench->plan.part_count, true);
	assert_int_equal(other.plan.denial, bench->plan.denial);
	assert_int_equal(other.plan.permanent, bench->plan.permanent);
	assert_memory_equal(&other.plan.numbers, &bench->plan.numbers,
	    sizeof(other.plan.numbers));
}

static void
time_raises_nothing(struct bench *bench)
{
	int64_t units = bench->plan.leased;

	for (instant at = now; at < now + 11 * DAY; at += 7 * HOUR) {
		int64_t later = lease_units(
		    bench->planned, bench->plan.part_count, at);

		assert_true(later <= units);
		units = later;
	}
}

/* Quanta of one age and size, in the request or in the plan. */
static int64_t
quanta_like(
    const struct lease_part *parts, size_t count, const struct lease_part *like)
{
	int64_t quanta = 0;

	for (size_t i = 0; i < count; i++)
		if (parts[i].kind == LEASE_PART_QUANTUM &&
		    parts[i].granted == like->granted &&
		    parts[i].size == like->size && parts[i].expires > now)
			quanta += parts[i].count;
	return quanta;
}

static void
shrinking_spares_the_young(struct bench *bench)
{
	const struct allocation *allocation = &bench->request.allocation;
	int64_t reserved = size_of(bench, LEASE_PART_RESERVED);
	int64_t least = reserved < allocation->reserved ? reserved
							: allocation->reserved;

	if (bench->request.allocation_expires <= now)
		return;
	if (allocation->maximum > 0)
		assert_true(bench->plan.leased >= least);
	if (reserved < allocation->reserved ||
	    reserved + size_of(bench, LEASE_PART_QUANTUM) > allocation->maximum)
		return;
	for (size_t i = 0; i < bench->part_count; i++) {
		const struct lease_part *part = &bench->parts[i];

		if (part->kind != LEASE_PART_QUANTUM || part->expires <= now ||
		    part->granted + LEASE_HOLD_SECONDS <= now)
			continue;
		assert_true(
		    quanta_like(bench->planned, bench->plan.part_count, part) >=
		    quanta_like(bench->parts, bench->part_count, part));
	}
}

static void
shrinking_stops_at_the_users(struct bench *bench)
{
	/* What was dropped for lack of use was not needed. */
	if (bench->plan.denial == VERDICT_OK)
		assert_true(bench->plan.leased >= bench->request.users);
	else
		assert_true(bench->plan.leased < bench->request.users ||
		    bench->request.allocation.reserved > 0);
}

static void
twice_is_once(struct bench *bench)
{
	struct bench again = *bench;

	again.request.parts = again.parts;
	bench_apply(&again);
	/* The first document is not confirmed yet. */
	if (bench->request.documented > bench->plan.leased)
		bench_hold(&again, bench->request.documented);
	bench_decide(&again, bench->request.users, now);
	assert_int_equal(again.plan.granted, 0);
	assert_int_equal(again.plan.released, 0);
	assert_int_equal(again.plan.leased, bench->plan.leased);
	assert_int_equal(again.plan.denial, bench->plan.denial);
	assert_int_equal(again.plan.permanent, bench->plan.permanent);
	assert_int_equal(again.plan.part_count, bench->plan.part_count);
	assert_same_parts(
	    again.planned, bench->planned, bench->plan.part_count, false);
}

static void
nothing_outlasts_its_allocation(struct bench *bench)
{
	for (size_t i = 0; i < bench->plan.part_count; i++) {
		assert_true(bench->planned[i].expires <=
		    bench->request.allocation_expires);
		assert_true(bench->planned[i].expires > now);
	}
}

static void
no_expiry_moves_back(struct bench *bench)
{
	int64_t reserved = size_of(bench, LEASE_PART_RESERVED);

	for (size_t i = 0; i < bench->plan.part_count; i++) {
		const struct lease_part *part = &bench->planned[i];
		const struct lease_part *old;

		if (part->id == 0)
			continue;
		old = &bench->parts[part->id - 1];
		if (part->kind == LEASE_PART_RESERVED && part->size > reserved)
			continue;
		assert_true(part->expires >= old->expires ||
		    part->expires == bench->request.allocation_expires);
		assert_true(!part->is_lapsing || part->expires <= old->expires);
	}
}

static void
the_books_balance(struct bench *bench)
{
	int64_t before = lease_units(bench->parts, bench->part_count, now);

	assert_int_equal(before + bench->plan.granted - bench->plan.released,
	    bench->plan.leased);
	assert_int_equal(bench->plan.leased,
	    lease_units(bench->planned, bench->plan.part_count, now));
	assert_true(bench->plan.part_count <= bench->part_count + 3);
}

static void
new_quanta_respect_falls(struct bench *bench)
{
	int64_t others = bench->pool.held - bench->pool.held_own;
	int64_t held = others +
	    pool_held(bench->request.allocation.reserved,
		bench->request.documented > bench->plan.leased
		    ? bench->request.documented
		    : bench->plan.leased,
		false);

	for (size_t i = 0; i < bench->plan.part_count; i++) {
		const struct lease_part *part = &bench->planned[i];

		if (part->id != 0 || part->is_lapsing ||
		    part->kind == LEASE_PART_RESERVED)
			continue;
		for (size_t n = 0; n < bench->pool.fall_count; n++)
			assert_true(part->expires <= falls[n].at ||
			    held <= falls[n].total);
	}
}

static void
a_shortage_marks_enough(struct bench *bench)
{
	int64_t kept = bench->pool.leased_others;
	bool all_lapse = true;

	for (size_t i = 0; i < bench->plan.part_count; i++)
		if (!bench->planned[i].is_lapsing) {
			kept += bench->planned[i].size *
			    bench->planned[i].count;
			all_lapse = false;
		}
	assert_true(all_lapse || kept <= bench->pool.total);
}

/* ---- sources ---- */

static int64_t
drawn_on_subscription(const struct bench *bench)
{
	int64_t units = 0;

	for (size_t i = 0; i < bench->plan.part_count; i++)
		units += bench->planned[i].subscription;
	return units;
}

/* What the others leave of a source. */
static int64_t
room_of(int64_t units, int64_t others)
{
	return units > others ? units - others : 0;
}

static int64_t
subscription_room(const struct pool *pool)
{
	return room_of(pool->subscription, pool->subscription_others);
}

static int64_t
permanent_room(const struct pool *pool)
{
	return room_of(
	    pool->total - pool->subscription, pool->permanent_others);
}

static void
sources_add_up_to_the_lease(struct bench *bench)
{
	for (size_t i = 0; i < bench->plan.part_count; i++) {
		const struct lease_part *part = &bench->planned[i];

		assert_true(part->subscription >= 0);
		assert_true(part->subscription <= part->size * part->count);
	}
	assert_int_equal(drawn_on_subscription(bench) + bench->plan.permanent,
	    bench->plan.leased);
}

static void
no_source_is_overdrawn(struct bench *bench)
{
	int64_t subscription = subscription_room(&bench->pool);
	int64_t permanent = permanent_room(&bench->pool);

	if (bench->plan.leased > subscription + permanent) {
		/* Only what was there before the total fell. */
		assert_true(bench->plan.leased <=
		    lease_units(bench->parts, bench->part_count, now));
		return;
	}
	assert_true(drawn_on_subscription(bench) <= subscription);
	assert_true(bench->plan.permanent <= permanent);
}

static void
the_preferred_source_comes_first(struct bench *bench)
{
	int64_t subscription = subscription_room(&bench->pool);
	int64_t permanent = permanent_room(&bench->pool);
	int64_t leased = bench->plan.leased;

	if (bench->request.is_member)
		assert_int_equal(bench->plan.permanent,
		    leased < permanent ? leased : permanent);
	else
		assert_int_equal(drawn_on_subscription(bench),
		    leased < subscription ? leased : subscription);
}

/* An older part draws on the second source only when the younger ones all do. */
static void
the_oldest_draw_on_the_preferred_source(struct bench *bench)
{
	bool is_spent = false;

	for (size_t i = 0; i < bench->plan.part_count; i++) {
		const struct lease_part *part = &bench->planned[i];
		int64_t units = part->size * part->count;
		int64_t preferred = bench->request.is_member
		    ? units - part->subscription
		    : part->subscription;

		if (is_spent)
			assert_int_equal(preferred, 0);
		is_spent |= preferred < units;
	}
}

static void
strictness_adds_no_permanent_units(struct bench *bench)
{
	int64_t before = lease_units(bench->parts, bench->part_count, now);
	int64_t drawn = room_of(before, subscription_room(&bench->pool));

	if (!bench->request.is_strict || bench->request.is_member) {
		assert_int_not_equal(
		    bench->plan.denial, VERDICT_MEMBERSHIP_REQUIRED);
		return;
	}
	assert_true(bench->plan.permanent <= drawn);
	if (bench->plan.granted > bench->plan.released)
		assert_int_equal(bench->plan.permanent, 0);
}

/* Whoever is refused for its membership would not be, were it a member. */
static void
membership_helps_whom_it_is_asked_of(struct bench *bench)
{
	struct bench member = *bench;

	if (bench->plan.denial != VERDICT_MEMBERSHIP_REQUIRED)
		return;
	member.request.parts = member.parts;
	member.request.is_member = true;
	bench_decide(&member, bench->request.users, now);
	/* Either it gets more, or only a recall is left in the way. */
	assert_true(member.plan.leased > bench->plan.leased ||
	    member.plan.denial == VERDICT_RECALL_IN_PROGRESS ||
	    member.planned[0].size > bench->planned[0].size);
}

/* What a recall waits for is not extended, unless all that is left is reserved. */
static void
a_recall_frees_its_units(struct bench *bench)
{
	int64_t kept = bench->pool.kept_others, quanta = 0;

	if (bench->pool.recalling == 0)
		return;
	for (size_t i = 0; i < bench->plan.part_count; i++) {
		const struct lease_part *part = &bench->planned[i];

		if (part->is_lapsing)
			continue;
		kept += part->size * part->count;
		if (part->kind == LEASE_PART_QUANTUM)
			quanta += part->count;
	}
	assert_true(quanta == 0 ||
	    kept <= room_of(bench->pool.total, bench->pool.recalling));
}

/* With or without a recall, the reserved part is the same. */
static void
a_recall_cuts_no_reservation(struct bench *bench)
{
	struct bench other = *bench;

	other.request.parts = other.parts;
	other.pool.recalling = 0;
	bench_decide(&other, bench->request.users, now);
	if (bench->plan.part_count == 0 ||
	    bench->planned[0].kind == LEASE_PART_QUANTUM)
		return;
	assert_int_equal(other.planned[0].kind, LEASE_PART_RESERVED);
	assert_int_equal(other.planned[0].size, bench->planned[0].size);
	assert_true(bench->planned[0].expires >= other.planned[0].expires);
	assert_true(
	    bench->planned[0].is_lapsing <= other.planned[0].is_lapsing);
}

#define LAW(name)                                                              \
	static void name##_law(void **state)                                   \
	{                                                                      \
		(void)state;                                                   \
		try_law(name);                                                 \
	}

LAW(maximum_is_kept)
LAW(pool_stays_positive)
LAW(growth_is_whole_increments)
LAW(idle_reservations_count)
LAW(order_does_not_matter)
LAW(time_raises_nothing)
LAW(shrinking_spares_the_young)
LAW(shrinking_stops_at_the_users)
LAW(twice_is_once)
LAW(nothing_outlasts_its_allocation)
LAW(no_expiry_moves_back)
LAW(the_books_balance)
LAW(new_quanta_respect_falls)
LAW(a_shortage_marks_enough)
LAW(sources_add_up_to_the_lease)
LAW(no_source_is_overdrawn)
LAW(the_preferred_source_comes_first)
LAW(the_oldest_draw_on_the_preferred_source)
LAW(strictness_adds_no_permanent_units)
LAW(membership_helps_whom_it_is_asked_of)
LAW(a_recall_frees_its_units)
LAW(a_recall_cuts_no_reservation)

/* ---- k increments at once equal one, k times ---- */

static void
k_at_once_equal_one_k_times(void **state)
{
	(void)state;
	chance_state = 7;
	for (int round = 0; round < ROUNDS / 10; round++) {
		struct bench once, steps;
		int64_t reserved = upto(50), increment = 1 + upto(30);
		int64_t range = upto(10 * increment);
		int64_t total = reserved + upto(range + 100);
		int64_t users = upto(reserved + range + 20);

		bench_init(
		    &once, total, 0, reserved, increment, reserved + range);
		bench_init(
		    &steps, total, 0, reserved, increment, reserved + range);
		bench_ask(&once, users, now);
		bench_ask(&steps, 0, now);
		while (steps.plan.leased < users &&
		    steps.plan.denial == VERDICT_OK)
			bench_ask(&steps, steps.plan.leased + 1, now);
		assert_int_equal(once.plan.leased, steps.plan.leased);
		assert_int_equal(once.plan.denial, steps.plan.denial);
		for (instant at = now; at <= now + 11 * DAY; at += 6 * HOUR)
			assert_int_equal(
			    lease_units(once.parts, once.part_count, at),
			    lease_units(steps.parts, steps.part_count, at));
	}
}

/* ---- nothing wraps ---- */

static int64_t
odd_number(void)
{
	static const int64_t odd[] = { INT64_MIN, INT64_MIN + 1, -1, 0, 1, 2,
		25, 1000, INT64_MAX / 2, INT64_MAX - 1, INT64_MAX };

	if (one_in(3))
		return (int64_t)chance();
	return odd[upto(sizeof(odd) / sizeof(odd[0]) - 1)];
}

static void
odd_bench(struct bench *bench)
{
	size_t parts = (size_t)upto(PARTS_MAX);

	bench_init(
	    bench, odd_number(), 0, odd_number(), odd_number(), odd_number());
	bench->pool.held = odd_number();
	bench->pool.held_own = odd_number();
	bench->pool.leased_others = odd_number();
	bench->pool.documented_others = odd_number();
	bench->pool.recalling = one_in(2) ? 0 : odd_number();
	bench->pool.kept_others = odd_number();
	bench->pool.subscription = odd_number();
	bench->pool.subscription_others = odd_number();
	bench->pool.permanent_others = odd_number();
	bench->request.is_member = one_in(2);
	bench->request.is_strict = one_in(2);
	bench->request.allocation_expires = odd_number();
	bench->request.documented = odd_number();
	bench->request.duration = odd_number();
	bench->request.growth_allowed = !one_in(4);
	bench->request.growth_refusal = VERDICT_RECOVERING;
	for (size_t i = 0; i < parts; i++)
		bench_part(bench,
		    one_in(3) ? LEASE_PART_RESERVED : LEASE_PART_QUANTUM,
		    odd_number(), odd_number(), odd_number(), odd_number())
		    ->is_lapsing = one_in(2);
	bench->pool.falls = falls;
	bench->pool.fall_count = (size_t)upto(FALLS_MAX);
	for (size_t i = 0; i < bench->pool.fall_count; i++)
		falls[i] = (struct pool_fall){ odd_number(), odd_number(),
			odd_number() };
}

static void
nothing_wraps(void **state)
{
	(void)state;
	chance_state = 11;
	for (int round = 0; round < 10 * ROUNDS; round++) {
		struct bench bench;
		instant at = odd_number();

		odd_bench(&bench);
		bench_decide(&bench, odd_number(), at);
		assert_true(bench.plan.leased >= 0);
		assert_true(bench.plan.granted >= 0);
		assert_true(bench.plan.released >= 0);
		assert_true(bench.plan.part_count <= bench.part_count + 3);
		for (size_t i = 0; i < bench.plan.part_count; i++) {
			assert_true(bench.planned[i].expires > at);
			assert_true(bench.planned[i].size > 0);
			assert_true(bench.planned[i].count > 0);
			assert_true(bench.planned[i].subscription >= 0);
		}
		assert_true(bench.plan.permanent >= 0);
		assert_true(bench.plan.permanent <= bench.plan.leased);
		(void)pool_available(&bench.pool);
		(void)pool_reservable(&bench.pool);
		(void)allocation_reachable(&bench.request.allocation);
		(void)allocation_least_increment(&bench.request.allocation);
		assert_true(
		    lease_renew_after(odd_number(), odd_number(), at) >= 60);
	}
}

/* ---- an estate: clients that lose answers, admins that change counts ---- */

#define CLIENTS   5
#define DOCUMENTS 6
#define STEPS     4000

struct document {
	struct lease_part parts[BENCH_PARTS];
	size_t count;
};

struct client {
	struct allocation allocation;
	bool is_member;
	struct document documents[DOCUMENTS]; /* it may hold any of these */
	size_t document_count;
};

struct estate {
	struct client clients[CLIENTS];
	int64_t total;
	int64_t subscription, recalling; /* of it */
	struct pool_fall fall;           /* T of the future, one at a time */
	instant now;
};

static int64_t
documented_at(const struct client *client, instant at, instant outlasting)
{
	int64_t most = 0;

	for (size_t i = 0; i < client->document_count; i++) {
		const struct document *document = &client->documents[i];
		int64_t units = lease_units(document->parts, document->count,
		    outlasting > at ? outlasting : at);

		if (units > most)
			most = units;
	}
	return most;
}

/* What the newest document of another client means for a decision. */
static void
add_other(struct pool *pool, const struct client *client, instant at)
{
	const struct document
	    *newest = &client->documents[client->document_count - 1];
	int64_t firm = 0;

	for (size_t i = 0; i < newest->count; i++) {
		const struct lease_part *part = &newest->parts[i];
		int64_t units = lease_units(part, 1, at);

		if (!part->is_lapsing)
			firm += units;
		if (units == 0)
			continue;
		pool->subscription_others += part->subscription;
		pool->permanent_others += units - part->subscription;
	}
	pool->leased_others += firm;
	pool->kept_others += pool_held(
	    client->allocation.reserved, firm, false);
	pool->documented_others += documented_at(client, at, INT64_MIN);
}

static void
snapshot(struct bench *bench, struct estate *estate, size_t asker)
{
	struct client *own = &estate->clients[asker];

	memset(bench, 0, sizeof(*bench));
	bench->pool.total = estate->total;
	bench->pool.subscription = estate->subscription;
	bench->pool.recalling = estate->recalling;
	bench->pool.falls = &estate->fall;
	bench->pool.fall_count = estate->fall.at > estate->now ? 1 : 0;
	estate->fall.outlasting_others = 0;
	for (size_t i = 0; i < CLIENTS; i++) {
		const struct client *client = &estate->clients[i];
		int64_t held = pool_held(client->allocation.reserved,
		    documented_at(client, estate->now, INT64_MIN), false);

		bench->pool.held += held;
		if (i == asker) {
			bench->pool.held_own = held;
			continue;
		}
		add_other(&bench->pool, client, estate->now);
		estate->fall.outlasting_others += documented_at(
		    client, estate->now, estate->fall.at);
	}
	bench->request.allocation = own->allocation;
	bench->request.allocation_expires = INSTANT_NEVER;
	bench->request.documented = documented_at(own, estate->now, INT64_MIN);
	bench->request.duration = DAY + upto(3) * DAY;
	bench->request.growth_allowed = true;
	bench->request.is_member = own->is_member;
	bench->request.parts = own->documents[own->document_count - 1].parts;
	bench->part_count = own->documents[own->document_count - 1].count;
}

/* While the leases fit the total they fit each source, except where a license ended under one. */
static void
assert_no_source_overdrawn(struct bench *bench)
{
	const struct pool *pool = &bench->pool;

	if (pool->subscription_others + pool->permanent_others +
		bench->plan.leased >
	    pool->total)
		return;
	assert_int_equal(drawn_on_subscription(bench) + bench->plan.permanent,
	    bench->plan.leased);
	assert_true(drawn_on_subscription(bench) <= subscription_room(pool));
	assert_true(bench->plan.permanent <= permanent_room(pool));
}

static void
client_asks(struct estate *estate, size_t asker)
{
	struct client *client = &estate->clients[asker];
	struct document *next;
	struct bench bench;

	/* Either it confirms the newest document, or the answer was lost. */
	if (one_in(2) || client->document_count == DOCUMENTS) {
		client->documents[0] =
		    client->documents[client->document_count - 1];
		client->document_count = 1;
	}
	snapshot(&bench, estate, asker);
	bench_decide(
	    &bench, upto(client->allocation.maximum + 10), estate->now);
	if (pool_available(&bench.pool) >= 0)
		assert_int_not_equal(
		    bench.plan.denial, VERDICT_RESERVED_EXHAUSTED);
	assert_no_source_overdrawn(&bench);
	assert_true(bench.plan.part_count < BENCH_PARTS);
	next = &client->documents[client->document_count++];
	next->count = bench.plan.part_count;
	memcpy(
	    next->parts, bench.planned, next->count * sizeof(next->parts[0]));
	for (size_t i = 0; i < next->count; i++)
		next->parts[i].id = (int64_t)i + 1;
}

static void
admin_changes(struct estate *estate, size_t which)
{
	struct client *client = &estate->clients[which];
	struct allocation wanted = { upto(60), 1 + upto(20), 0 };
	struct allocation_check check;
	struct bench bench;

	wanted.maximum = wanted.reserved + wanted.increment * upto(5);
	snapshot(&bench, estate, which);
	allocation_check(&check, &wanted, client->allocation.reserved,
	    pool_reservable(&bench.pool), false);
	if (check.error == VERDICT_OK)
		client->allocation = wanted;
}

static void
time_passes(struct estate *estate)
{
	estate->now += one_in(4) ? upto(2 * DAY) : upto(4 * HOUR);
	if (estate->fall.at <= estate->now) {
		estate->total = estate->fall.total;
		/* New licenses come; the next end lies behind every lease. */
		estate->total += upto(150);
		estate->fall.at = estate->now + 10 * DAY + upto(20 * DAY);
		estate->fall.total = upto(estate->total);
		estate->subscription = upto(estate->total);
	}
	if (one_in(50))
		estate->recalling = one_in(2) ? 0 : upto(60);
}

/* Every document a client may hold is served: that must fit, always. */
static void
assert_no_unit_twice(const struct estate *estate)
{
	int64_t used = 0;

	for (size_t i = 0; i < CLIENTS; i++)
		used += documented_at(
		    &estate->clients[i], estate->now, INT64_MIN);
	assert_true(used <= estate->total);
}

static void
no_unit_is_used_twice(void **state)
{
	static struct estate estate;

	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		chance_state = seed;
		memset(&estate, 0, sizeof(estate));
		estate.total = 200;
		estate.now = now;
		estate.fall.at = now + 5 * DAY;
		estate.fall.total = 120;
		for (size_t i = 0; i < CLIENTS; i++)
			estate.clients[i].document_count = 1;
		for (int step = 0; step < STEPS; step++) {
			size_t which = (size_t)upto(CLIENTS - 1);

			if (one_in(12))
				admin_changes(&estate, which);
			if (one_in(30))
				estate.clients[which].is_member ^= true;
			client_asks(&estate, which);
			assert_no_unit_twice(&estate);
			time_passes(&estate);
			assert_no_unit_twice(&estate);
		}
	}
}

/*
 * Whatever is leased when a recall begins: if reservations leave room for it,
 * its units are held by nobody a lease duration and a renewal later, though
 * every client asks for as much as it can get, and reservations stay whole.
 */
static void
a_recall_that_reservations_leave_room_for_ends(void **state)
{
	static struct estate estate;

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		int64_t reserved = 0, held = 0;
		struct bench bench;

		chance_state = seed;
		memset(&estate, 0, sizeof(estate));
		estate.total = 200;
		estate.now = now;
		for (size_t i = 0; i < CLIENTS; i++) {
			estate.clients[i].document_count = 1;
			estate.clients[i].allocation = (struct allocation){
				upto(20), 1 + upto(9), 100
			};
			reserved += estate.clients[i].allocation.reserved;
		}
		for (int round = 0; round < 12 + 8 * 24; round++) {
			if (round == 12)
				estate.recalling = upto(200 - reserved);
			/* Some never ask for their reservation before. */
			for (size_t i = round < 12 ? (size_t)upto(2) : 0;
			     i < CLIENTS; i++)
				client_asks(&estate, i);
			estate.now += HOUR;
		}
		for (size_t i = 0; i < CLIENTS; i++) {
			const struct client *client = &estate.clients[i];

			held += pool_held(client->allocation.reserved,
			    documented_at(client, estate.now, INT64_MIN),
			    false);
			snapshot(&bench, &estate, i);
			assert_true(
			    lease_units(bench.request.parts, bench.part_count,
				estate.now) >= client->allocation.reserved);
		}
		assert_true(held <= estate.total - estate.recalling);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maximum_is_kept_law),
		cmocka_unit_test(pool_stays_positive_law),
		cmocka_unit_test(growth_is_whole_increments_law),
		cmocka_unit_test(idle_reservations_count_law),
		cmocka_unit_test(order_does_not_matter_law),
		cmocka_unit_test(time_raises_nothing_law),
		cmocka_unit_test(shrinking_spares_the_young_law),
		cmocka_unit_test(shrinking_stops_at_the_users_law),
		cmocka_unit_test(twice_is_once_law),
		cmocka_unit_test(nothing_outlasts_its_allocation_law),
		cmocka_unit_test(no_expiry_moves_back_law),
		cmocka_unit_test(the_books_balance_law),
		cmocka_unit_test(new_quanta_respect_falls_law),
		cmocka_unit_test(a_shortage_marks_enough_law),
		cmocka_unit_test(sources_add_up_to_the_lease_law),
		cmocka_unit_test(no_source_is_overdrawn_law),
		cmocka_unit_test(the_preferred_source_comes_first_law),
		cmocka_unit_test(the_oldest_draw_on_the_preferred_source_law),
		cmocka_unit_test(strictness_adds_no_permanent_units_law),
		cmocka_unit_test(membership_helps_whom_it_is_asked_of_law),
		cmocka_unit_test(a_recall_frees_its_units_law),
		cmocka_unit_test(a_recall_cuts_no_reservation_law),
		cmocka_unit_test(k_at_once_equal_one_k_times),
		cmocka_unit_test(nothing_wraps),
		cmocka_unit_test(no_unit_is_used_twice),
		cmocka_unit_test(
		    a_recall_that_reservations_leave_room_for_ends),
	};

	return cmocka_run_group_tests_name("rules laws", tests, NULL, NULL);
}
