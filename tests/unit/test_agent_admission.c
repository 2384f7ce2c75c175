/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_agent_admission.c: how many users, the least of them, and what a
 * gateway asks of which feature.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/admission.h"
#include "engine/rules/lease.h"
#include <string.h>

static const struct feature access_users = { .name = "ACCESS",
	.kind = FEATURE_USERS,
	.products = PRODUCT_PCS | PRODUCT_PPS,
	.family = "any" };
static const struct feature consec = { .name = "CONSEC",
	.kind = FEATURE_USERS,
	.products = PRODUCT_PCS,
	.family = "any",
	.role_specific = true };
static const struct feature rdp = { .name = "ACCESS-RDP",
	.kind = FEATURE_RDP,
	.products = PRODUCT_PCS,
	.family = "any" };
static const struct platform small = { "PSA-300", "PSA", false, 100, 0 };
static const struct platform generous = { "PSA-3000", "PSA", false, 0, 10 };

enum {
	ACCESS,
	CONSEC,
	RDP,
	FEATURES
};

static struct demand_feature features[FEATURES];

static int
make(void **state)
{
	(void)state;
	memset(features, 0, sizeof(features));
	features[ACCESS].feature = &access_users;
	features[CONSEC].feature = &consec;
	features[RDP].feature = &rdp;
	return 0;
}

static int64_t
capacity(int64_t default_users, const struct platform *platform)
{
	const struct demand_gateway gateway = { .platform = platform,
		.default_users = default_users };
	struct demand_limit limit;

	demand_limit_users(&limit, features, FEATURES, &gateway);
	return limit.most;
}

static void
with_nothing_the_default_counts(void **state)
{
	(void)state;
	assert_int_equal(capacity(2, NULL), 2);
	assert_int_equal(capacity(0, NULL), 0);
	assert_int_equal(capacity(1, NULL), 1);
	assert_int_equal(capacity(1000, &small), 100);
}

static void
the_default_is_not_added(void **state)
{
	(void)state;
	features[CONSEC].own = 1;
	assert_int_equal(capacity(2, NULL), 2);
	features[CONSEC].own = 2;
	assert_int_equal(capacity(2, NULL), 2);
	features[CONSEC].own = 3;
	assert_int_equal(capacity(2, NULL), 3);
	assert_int_equal(capacity(5, NULL), 5);
}

static void
own_and_leased_units_add_up(void **state)
{
	struct demand_limit limit;

	(void)state;
	features[CONSEC].own = 10;
	features[CONSEC].leased = 25;
	features[ACCESS].leased = 50;
	features[RDP].leased = 7;
	assert_int_equal(capacity(2, NULL), 85);
	demand_limit_rdp(&limit, features, FEATURES,
	    &(struct demand_gateway){ .default_users = 2 });
	assert_int_equal(limit.capacity, 7);
}

static void
the_platform_limits_and_allows(void **state)
{
	(void)state;
	features[CONSEC].own = 200;
	assert_int_equal(capacity(2, &small), 100);
	assert_int_equal(capacity(2, &generous), 220);
}

static void
what_is_asked_for_or_reserved_stays(void **state)
{
	(void)state;
	assert_int_equal(admission_least(100, 50, 80, 50), 80);
	assert_int_equal(admission_least(100, 50, 10, 60), 60);
	assert_int_equal(admission_least(100, 50, 10, 20), 50);
	assert_int_equal(admission_least(100, 0, 0, 0), 100);
	assert_int_equal(admission_least(100, 100, 0, 0), 0);
	assert_int_equal(admission_least(100, 100, 200, 0), 100);
	assert_int_equal(admission_least(0, 0, 5, 5), 0);
}

/* One that comes of age while the sync is under way is dropped by it. */
static void
quanta_of_age_before_the_sync_ends_may_go(void **state)
{
	enum {
		NOW = 10 * 86400,
		OF_AGE = NOW - 86400,
		LATE = NOW + 86400
	};
	struct link_part_row parts[] = {
		{ "CONSEC", LEASE_PART_QUANTUM, 1, OF_AGE, LATE, false },
		{ "CONSEC", LEASE_PART_QUANTUM, 2,
		    OF_AGE + LINK_SYNC_SECONDS_MAX, LATE, false },
		{ "CONSEC", LEASE_PART_QUANTUM, 4,
		    OF_AGE + LINK_SYNC_SECONDS_MAX + 1, LATE, false },
		{ "CONSEC", LEASE_PART_QUANTUM, 8, OF_AGE, NOW, false },
		{ "CONSEC", LEASE_PART_RESERVED, 16, OF_AGE, LATE, false },
		{ "ACCESS", LEASE_PART_QUANTUM, 32, OF_AGE, LATE, false },
	};

	(void)state;
	assert_int_equal(admission_droppable(parts, 6, "CONSEC", NOW), 3);
	assert_int_equal(admission_droppable(parts, 6, "ACCESS", NOW), 32);
	assert_int_equal(admission_droppable(parts, 6, "CONSEC", INT64_MAX), 0);
}

static void
while_guarded_the_least_decides(void **state)
{
	struct admission admission = { .users = { .capacity = 10, .most = 10 },
		.rdp = { .capacity = 4, .most = 4 },
		.least_users = { .capacity = 3, .most = 3 },
		.least_rdp = { .capacity = 2, .most = 2 },
		.is_guarded = true };
	struct sessions sessions = { .users = 3, .rdp_users = 1 };
	struct admission_answer found;

	(void)state;
	admission_check(&found, &admission, &sessions, false);
	assert_int_equal(found.verdict, VERDICT_CAPACITY_REACHED);
	admission_check(&found, &admission, &sessions, true);
	assert_int_equal(found.verdict, VERDICT_OK);
	admission_check_unguarded(&found, &admission, &sessions, false);
	assert_int_equal(found.verdict, VERDICT_OK);
	admission.is_guarded = false;
	admission_check(&found, &admission, &sessions, false);
	assert_int_equal(found.verdict, VERDICT_OK);
	sessions.users = 10;
	admission_check(&found, &admission, &sessions, false);
	assert_int_equal(found.verdict, VERDICT_CAPACITY_REACHED);
	assert_int_equal(found.numbers.total, 10);
}

/* No answer of the server can make the platform smaller. */
static void
guarded_monitoring_still_admits(void **state)
{
	const struct admission admission = {
		.users = { .capacity = 10, .most = 100, .is_platform = true },
		.least_users = { .capacity = 3,
		    .most = 100,
		    .is_platform = true },
		.is_guarded = true,
		.is_monitoring = true
	};
	struct sessions sessions = { .users = 3 };
	struct admission_answer found;

	(void)state;
	admission_check(&found, &admission, &sessions, false);
	assert_int_equal(found.verdict, VERDICT_OK);
	assert_int_equal(found.seat, DEMAND_BEYOND);
	sessions.users = 100;
	admission_check(&found, &admission, &sessions, false);
	assert_int_equal(found.verdict, VERDICT_PLATFORM_REACHED);
}

static void
place(int64_t users)
{
	const struct link_sync_input input = { users, 0 };

	link_sync_place(features, FEATURES, &input);
}

static void
users_are_asked_of_the_role_first(void **state)
{
	(void)state;
	features[CONSEC].reachable = features[ACCESS].reachable = 100;
	place(30);
	assert_int_equal(features[CONSEC].users, 30);
	assert_int_equal(features[ACCESS].users, 0);
}

static void
what_is_denied_is_asked_of_the_next(void **state)
{
	(void)state;
	features[CONSEC].reachable = features[ACCESS].reachable = 100;
	features[CONSEC].leased = 25;
	features[CONSEC].is_denied = true;
	place(30);
	assert_int_equal(features[CONSEC].users, 25);
	assert_int_equal(features[ACCESS].users, 5);
}

/* Or ACCESS would be given back while CONSEC is asked in vain. */
static void
who_serves_now_is_kept_until_another_grew(void **state)
{
	(void)state;
	features[CONSEC].reachable = features[ACCESS].reachable = 100;
	features[CONSEC].leased = 25;
	features[ACCESS].leased = 25;
	place(30);
	assert_int_equal(features[CONSEC].users, 30);
	assert_int_equal(features[ACCESS].users, 5);
	features[CONSEC].leased = 50;
	place(30);
	assert_int_equal(features[CONSEC].users, 30);
	assert_int_equal(features[ACCESS].users, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, make)
		TEST(with_nothing_the_default_counts),
		TEST(the_default_is_not_added),
		TEST(own_and_leased_units_add_up),
		TEST(the_platform_limits_and_allows),
		TEST(what_is_asked_for_or_reserved_stays),
		TEST(quanta_of_age_before_the_sync_ends_may_go),
		TEST(while_guarded_the_least_decides),
		TEST(guarded_monitoring_still_admits),
		TEST(users_are_asked_of_the_role_first),
		TEST(what_is_denied_is_asked_of_the_next),
		TEST(who_serves_now_is_kept_until_another_grew),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
