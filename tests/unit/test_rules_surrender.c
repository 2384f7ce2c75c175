/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_surrender.c: which licenses may be given away and come back, and
 * the row of one license under every order of messages: once message by
 * message, and once with a client and a network that loses, repeats and
 * reorders, searched to its last state.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/surrender.h"
#include <string.h>

#define GRACE (31 * SECONDS_PER_DAY)
#define NOW   (INT64_C(1000) * SECONDS_PER_DAY)

static const struct feature consec = { .name = "CONSEC",
	.kind = FEATURE_USERS };

static struct license
permanent(void)
{
	return (struct license){ .id = 1,
		.units = 100,
		.start = INT64_MIN,
		.end = INSTANT_NEVER,
		.waits_until = INT64_MIN,
		.renewed_at = INSTANT_NEVER };
}

/* ---- at the client ---- */

static void
a_permanent_license_may_be_surrendered(void **state)
{
	struct license license = permanent();
	struct surrender_subject subject = { &license, &consec, false, true,
		true, false };
	struct feature feature = consec;

	(void)state;
	assert_int_equal(surrender_check(&subject, GRACE, NOW), VERDICT_OK);
	subject.is_unmet = true;
	assert_int_equal(surrender_check(&subject, GRACE, NOW),
	    VERDICT_SURRENDER_NO_CONTACT);
	subject.has_server = false;
	assert_int_equal(
	    surrender_check(&subject, GRACE, NOW), VERDICT_SURRENDER_NO_SERVER);
	subject.is_member = false;
	assert_int_equal(
	    surrender_check(&subject, GRACE, NOW), VERDICT_SURRENDER_NO_MEMBER);
	license.start = NOW + 1;
	assert_int_equal(surrender_check(&subject, GRACE, NOW),
	    VERDICT_SURRENDER_NOT_ACTIVE);
	license.start = NOW;
	assert_int_equal(
	    surrender_check(&subject, GRACE, NOW), VERDICT_SURRENDER_NO_MEMBER);
	for (enum license_surrender at = SURRENDER_PENDING;
	     at <= SURRENDER_RECALLING; at++) {
		license.surrender = at;
		assert_int_equal(surrender_check(&subject, GRACE, NOW),
		    VERDICT_SURRENDER_ALREADY);
	}
	subject.is_distrusted = true;
	assert_int_equal(
	    surrender_check(&subject, GRACE, NOW), VERDICT_SURRENDER_REVOKED);
	subject.is_distrusted = false;
	license.is_revoked = true;
	assert_int_equal(
	    surrender_check(&subject, GRACE, NOW), VERDICT_SURRENDER_REVOKED);
	license.is_subscription = true;
	assert_int_equal(surrender_check(&subject, GRACE, NOW),
	    VERDICT_SURRENDER_NOT_PERMANENT);
	subject.feature = &feature;
	feature.kind = FEATURE_CORES;
	assert_int_equal(surrender_check(&subject, GRACE, NOW),
	    VERDICT_SURRENDER_NOT_COUNTED);
	subject.feature = NULL;
	assert_int_equal(surrender_check(&subject, GRACE, NOW),
	    VERDICT_SURRENDER_NOT_COUNTED);
}

static void
rdp_users_are_users(void **state)
{
	struct license license = permanent();
	struct feature feature = consec;
	struct surrender_subject subject = { &license, &feature, false, true,
		true, false };

	(void)state;
	feature.kind = FEATURE_RDP;
	assert_int_equal(surrender_check(&subject, GRACE, NOW), VERDICT_OK);
}

static void
what_is_surrendered_may_be_recalled_where_it_is(void **state)
{
	static const enum license_surrender states[] = { SURRENDER_NONE,
		SURRENDER_PENDING, SURRENDER_ACCEPTED, SURRENDER_RECALLING };
	static const enum verdict here[] = { VERDICT_RECALL_NOT_SURRENDERED,
		VERDICT_OK, VERDICT_OK, VERDICT_RECALL_PENDING };
	struct license license = permanent();

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		license.surrender = states[i];
		assert_int_equal(
		    surrender_recall_check(&license, true), here[i]);
		assert_int_equal(surrender_recall_check(&license, false),
		    here[i] == VERDICT_OK ? VERDICT_RECALL_OTHER_SERVER
					  : here[i]);
	}
}

/* ---- at the server: may the units leave? ---- */

static struct verdict_numbers figures;

static enum verdict
return_check(int64_t total, int64_t held, int64_t reserved, int64_t units)
{
	struct pool pool = { .total = total, .held = held, .recalling = units };

	return surrender_return_check(&figures, &pool, reserved, units);
}

static void
units_leave_when_nobody_holds_them(void **state)
{
	(void)state;
	assert_int_equal(return_check(1100, 1000, 0, 100), VERDICT_OK);
	assert_int_equal(figures.missing, 0);
	assert_int_equal(
	    return_check(1100, 1001, 0, 100), VERDICT_RECALL_WAITS);
	assert_int_equal(figures.missing, 1);
	assert_int_equal(figures.available, 99);
	assert_int_equal(figures.wanted, 100);
	assert_int_equal(figures.total, 1100);
	/* More is held than there is: that comes free first. */
	assert_int_equal(
	    return_check(1100, 1200, 0, 100), VERDICT_RECALL_WAITS);
	assert_int_equal(figures.missing, 200);
	assert_int_equal(figures.available, 0);
}

static void
reservations_keep_them(void **state)
{
	(void)state;
	assert_int_equal(
	    return_check(1100, 1050, 1000, 100), VERDICT_RECALL_WAITS);
	assert_int_equal(
	    return_check(1100, 1050, 1001, 100), VERDICT_RECALL_WAITS_RESERVED);
	assert_int_equal(figures.reserved, 1001);
	assert_int_equal(figures.available, 99);
	assert_int_equal(figures.missing, 1);
	assert_int_equal(
	    return_check(100, 0, 500, 100), VERDICT_RECALL_WAITS_RESERVED);
	assert_int_equal(figures.available, 0);
	assert_int_equal(figures.missing, 500);
}

/* 100 + 50 now; from "at" on the 50 alone are there. */
static enum verdict
check_before_a_fall(int64_t outlasting)
{
	const struct pool_fall falls[] = {
		{ .at = 10, .total = 120, .outlasting_others = 70 },
		{ .at = 20, .total = 50, .outlasting_others = outlasting },
	};
	const struct pool pool = {
		.total = 150, .held = 60, .falls = falls, .fall_count = 2
	};

	return surrender_return_check(&figures, &pool, 0, 50);
}

static void
units_that_leases_outlast_a_fall_with_stay(void **state)
{
	(void)state;
	assert_int_equal(check_before_a_fall(0), VERDICT_OK);
	assert_int_equal(check_before_a_fall(1), VERDICT_RECALL_WAITS);
	assert_int_equal(figures.missing, 1);
	assert_int_equal(check_before_a_fall(50), VERDICT_RECALL_WAITS);
	assert_int_equal(figures.missing, 50);
	assert_int_equal(check_before_a_fall(INT64_MAX), VERDICT_RECALL_WAITS);
	assert_int_equal(figures.missing, INT64_MAX);
	assert_int_equal(check_before_a_fall(INT64_MIN), VERDICT_OK);
}

static void
odd_recalls_have_an_answer(void **state)
{
	(void)state;
	assert_int_equal(
	    return_check(INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN),
	    VERDICT_OK);
	assert_int_equal(return_check(INT64_MAX, INT64_MAX, 0, INT64_MAX),
	    VERDICT_RECALL_WAITS);
	assert_int_equal(figures.missing, INT64_MAX);
	assert_int_equal(return_check(INT64_MAX, 0, INT64_MAX, INT64_MAX),
	    VERDICT_RECALL_WAITS_RESERVED);
	assert_int_equal(figures.missing, INT64_MAX);
	assert_int_equal(return_check(10, 0, 0, 50), VERDICT_OK);
	assert_int_equal(return_check(0, 0, 0, 0), VERDICT_OK);
}

/* ---- at the server: the row ---- */

static void
one_message_moves_the_row(void **state)
{
	static const struct {
		enum surrender_row row;
		bool is_recall;
		enum surrender_row older, same, newer;
	} rows[] = {
		{ SURRENDER_ROW_NONE, false, SURRENDER_ROW_ACCEPTED,
		    SURRENDER_ROW_ACCEPTED, SURRENDER_ROW_ACCEPTED },
		{ SURRENDER_ROW_NONE, true, SURRENDER_ROW_RETURNED,
		    SURRENDER_ROW_RETURNED, SURRENDER_ROW_RETURNED },
		{ SURRENDER_ROW_ACCEPTED, false, SURRENDER_ROW_ACCEPTED,
		    SURRENDER_ROW_ACCEPTED, SURRENDER_ROW_ACCEPTED },
		{ SURRENDER_ROW_ACCEPTED, true, SURRENDER_ROW_ACCEPTED,
		    SURRENDER_ROW_RECALLING, SURRENDER_ROW_RECALLING },
		{ SURRENDER_ROW_RECALLING, false, SURRENDER_ROW_RECALLING,
		    SURRENDER_ROW_RECALLING, SURRENDER_ROW_ACCEPTED },
		{ SURRENDER_ROW_RECALLING, true, SURRENDER_ROW_RECALLING,
		    SURRENDER_ROW_RECALLING, SURRENDER_ROW_RECALLING },
		{ SURRENDER_ROW_RETURNED, false, SURRENDER_ROW_RETURNED,
		    SURRENDER_ROW_RETURNED, SURRENDER_ROW_ACCEPTED },
		{ SURRENDER_ROW_RETURNED, true, SURRENDER_ROW_RETURNED,
		    SURRENDER_ROW_RETURNED, SURRENDER_ROW_RETURNED },
		/* No row at all is like none. */
		{ (enum surrender_row)99, false, SURRENDER_ROW_ACCEPTED,
		    SURRENDER_ROW_ACCEPTED, SURRENDER_ROW_ACCEPTED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum surrender_row row = rows[i].row;
		bool is_recall = rows[i].is_recall;

		assert_int_equal(surrender_next(row, NOW, is_recall, NOW - 1),
		    rows[i].older);
		assert_int_equal(
		    surrender_next(row, NOW, is_recall, NOW), rows[i].same);
		assert_int_equal(surrender_next(row, NOW, is_recall, NOW + 1),
		    rows[i].newer);
		assert_int_equal(
		    surrender_next(row, INT64_MAX, is_recall, INT64_MIN),
		    rows[i].older);
		assert_int_equal(
		    surrender_next(row, INT64_MIN, is_recall, INT64_MAX),
		    rows[i].newer);
	}
}

struct row {
	enum surrender_row state;
	instant since;
};

/* As the ledger does it; "may_leave" is what surrender_return_check says. */
static void
receive(struct row *row, bool is_recall, instant since, bool may_leave)
{
	bool was_none = row->state == SURRENDER_ROW_NONE;

	row->state = surrender_next(row->state, row->since, is_recall, since);
	if (was_none || since > row->since)
		row->since = since;
	if (row->state == SURRENDER_ROW_RECALLING && may_leave)
		row->state = SURRENDER_ROW_RETURNED;
}

#define KINDS    10 /* surrenders and recalls of five instants */
#define MESSAGES 5

/* Newer wins; of one age, the recall. */
static int
newest_of(const int *messages, int count)
{
	int newest = messages[0];

	for (int i = 1; i < count; i++)
		if (messages[i] > newest)
			newest = messages[i];
	return newest;
}

static void
any_five_messages_end_where_the_newest_says(void **state)
{
	int sequences = 0;

	(void)state;
	for (int count = 1, all = KINDS; count <= MESSAGES;
	     count++, all *= KINDS)
		for (int code = 0; code < all; code++, sequences++) {
			struct row row = { SURRENDER_ROW_NONE, 0 };
			struct row slow = { SURRENDER_ROW_NONE, 0 };
			int messages[MESSAGES];
			int newest;

			for (int i = 0, rest = code; i < count;
			     i++, rest /= KINDS) {
				messages[i] = rest % KINDS;
				receive(&row, messages[i] % 2, messages[i] / 2,
				    true);
				/* A pool that lets nothing go until the end. */
				receive(&slow, messages[i] % 2, messages[i] / 2,
				    false);
			}
			newest = newest_of(messages, count);
			receive(&slow, newest % 2, newest / 2, true);
			assert_int_equal(row.state,
			    newest % 2 ? SURRENDER_ROW_RETURNED
				       : SURRENDER_ROW_ACCEPTED);
			assert_int_equal(row.since, newest / 2);
			assert_int_equal(slow.state, row.state);
			assert_int_equal(slow.since, row.since);
		}
	assert_int_equal(sequences, 111110);
}

/* ---- client, network and server, every state ---- */

/*
 * A person clicks at most CLICKS times, a surrender or a recall as the client
 * lets. A message once sent may arrive at any time and any number of times, or
 * never; so may every answer. The server refuses or accepts a surrender, and
 * lets a recall wait or go, as it likes.
 */
#define CLICKS 5

enum side {
	ACTIVE,
	PENDING,
	ACCEPTED,
	RECALLING
};

struct world {
	unsigned clicks;  /* so far; the since of the latest */
	unsigned recalls; /* bit n: click n + 1 was a recall */
	unsigned side;    /* of the client */
	unsigned row, row_since;
	unsigned yes, no; /* bit n: that answer to click n + 1 exists */
};

static unsigned char seen[1 << 22];
static struct world queue[1 << 18];
static unsigned queued;

static unsigned
code_of(const struct world *world)
{
	unsigned code = world->clicks;

	code = code << CLICKS | world->recalls;
	code = code << 2 | world->side;
	code = code << 2 | world->row;
	code = code << 3 | world->row_since;
	code = code << CLICKS | world->yes;
	return code << CLICKS | world->no;
}

static void
visit(const struct world *world)
{
	unsigned code = code_of(world);

	if (seen[code >> 3] & 1 << (code & 7))
		return;
	seen[code >> 3] |= (unsigned char)(1 << (code & 7));
	assert_true(queued < sizeof(queue) / sizeof(queue[0]));
	queue[queued++] = *world;
	/* The law: no unit counts on both sides. */
	if (world->side == ACTIVE)
		assert_true(world->row == SURRENDER_ROW_NONE ||
		    world->row == SURRENDER_ROW_RETURNED);
}

static void
click(struct world world)
{
	if (world.clicks == CLICKS || world.side == RECALLING)
		return;
	if (world.side == ACTIVE) {
		world.side = PENDING;
	} else {
		world.side = RECALLING;
		world.recalls |= 1u << world.clicks;
	}
	world.clicks++;
	visit(&world);
}

/* "easy": the server refuses no surrender, and lets every recall go. */
static void
arrive(struct world world, unsigned since, bool easy)
{
	struct row row = { (enum surrender_row)world.row, world.row_since };
	unsigned bit = 1u << (since - 1);
	bool is_recall = world.recalls & bit;
	bool was_here = row.state == SURRENDER_ROW_ACCEPTED ||
	    row.state == SURRENDER_ROW_RECALLING;
	bool is_back;

	receive(&row, is_recall, since, easy);
	if (!easy && !was_here && row.state == SURRENDER_ROW_ACCEPTED)
		row.state = SURRENDER_ROW_RETURNED; /* refused */
	world.row = row.state;
	world.row_since = (unsigned)row.since;
	is_back = row.state == SURRENDER_ROW_RETURNED;
	/* A recall that waits is answered too, but moves no client. */
	if (is_recall ? is_back : !is_back)
		world.yes |= bit;
	else if (!is_recall)
		world.no |= bit;
	visit(&world);
}

/* The client goes by answers to its latest click only. */
static void
answer(struct world world)
{
	unsigned bit = 1u << (world.clicks - 1);

	if (world.yes & bit) {
		struct world next = world;

		if (world.side == PENDING)
			next.side = ACCEPTED;
		else if (world.side == RECALLING)
			next.side = ACTIVE;
		visit(&next);
	}
	if (world.no & bit && world.side == PENDING) {
		world.side = ACTIVE;
		visit(&world);
	}
}

static void
no_unit_counts_on_both_sides(void **state)
{
	struct world start = { 0 };
	unsigned both[4] = { 0 };

	(void)state;
	visit(&start);
	for (unsigned at = 0; at < queued; at++) {
		click(queue[at]);
		for (unsigned since = 1; since <= queue[at].clicks; since++) {
			arrive(queue[at], since, true);
			arrive(queue[at], since, false);
		}
		if (queue[at].clicks > 0)
			answer(queue[at]);
		both[queue[at].side]++;
	}
	print_message("  %u states\n", queued);
	/* It went somewhere: the client was in each of its states. */
	for (size_t i = 0; i < 4; i++)
		assert_true(both[i] > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_permanent_license_may_be_surrendered),
		cmocka_unit_test(rdp_users_are_users),
		cmocka_unit_test(
		    what_is_surrendered_may_be_recalled_where_it_is),
		cmocka_unit_test(units_leave_when_nobody_holds_them),
		cmocka_unit_test(reservations_keep_them),
		cmocka_unit_test(units_that_leases_outlast_a_fall_with_stay),
		cmocka_unit_test(odd_recalls_have_an_answer),
		cmocka_unit_test(one_message_moves_the_row),
		cmocka_unit_test(any_five_messages_end_where_the_newest_says),
		cmocka_unit_test(no_unit_counts_on_both_sides),
	};

	return cmocka_run_group_tests_name(
	    "rules surrender", tests, NULL, NULL);
}
