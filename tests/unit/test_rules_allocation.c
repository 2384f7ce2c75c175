/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_allocation.c: each rule of the client form, at its bound and one
 * beside it. The vendor's own numbers are in test_rules_vectors.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/allocation.h"

#define MOST ALLOCATION_COUNT_MAX

struct row {
	struct allocation allocation;
	int64_t previous, reservable;
	bool made_live;
	enum verdict error, warning;
	int64_t bound;
};

static void
check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct allocation_check check;

		print_message("  row %zu\n", i);
		allocation_check(&check, &rows[i].allocation, rows[i].previous,
		    rows[i].reservable, rows[i].made_live);
		assert_int_equal(check.error, rows[i].error);
		assert_int_equal(check.warning, rows[i].warning);
		assert_int_equal(check.numbers.bound, rows[i].bound);
		assert_int_equal(
		    check.numbers.maximum, rows[i].allocation.maximum);
	}
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void
counts_have_a_range(void **state)
{
	static const struct row rows[] = {
		{ { 0, 0, 0 }, 0, 0, false, VERDICT_OK, VERDICT_OK, 0 },
		{ { -1, 0, 0 }, 0, 0, false, VERDICT_COUNT_OUT_OF_RANGE,
		    VERDICT_OK, 0 },
		{ { 0, -1, 0 }, 0, 0, false, VERDICT_COUNT_OUT_OF_RANGE,
		    VERDICT_OK, 0 },
		{ { 0, 0, -1 }, 0, 0, false, VERDICT_COUNT_OUT_OF_RANGE,
		    VERDICT_OK, 0 },
		{ { MOST, 0, MOST }, 0, MOST, false, VERDICT_OK, VERDICT_OK,
		    0 },
		{ { 0, MOST, MOST }, 0, 0, false, VERDICT_OK, VERDICT_OK, 0 },
		{ { 0, 1, MOST + 1 }, 0, 0, false, VERDICT_COUNT_OUT_OF_RANGE,
		    VERDICT_OK, 0 },
		{ { 0, MOST + 1, MOST }, 0, 0, false,
		    VERDICT_COUNT_OUT_OF_RANGE, VERDICT_OK, 0 },
		{ { MOST + 1, 0, MOST }, 0, INT64_MAX, false,
		    VERDICT_COUNT_OUT_OF_RANGE, VERDICT_OK, 0 },
		{ { INT64_MAX, INT64_MIN, INT64_MIN }, 0, INT64_MIN, true,
		    VERDICT_COUNT_OUT_OF_RANGE, VERDICT_OK, 0 },
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void
reserving_needs_free_units(void **state)
{
	static const struct row rows[] = {
		{ { 40, 0, 40 }, 0, 40, false, VERDICT_OK, VERDICT_OK, 0 },
		{ { 41, 0, 41 }, 0, 40, false, VERDICT_RESERVED_OVER_AVAILABLE,
		    VERDICT_OK, 40 },
		/* It does not rise: over-allocated as before. */
		{ { 41, 0, 41 }, 41, 40, false, VERDICT_OK, VERDICT_OK, 0 },
		{ { 41, 0, 41 }, 50, -9, false, VERDICT_OK, VERDICT_OK, 0 },
		/* Made live again, it counts anew. */
		{ { 41, 0, 41 }, 41, 40, true, VERDICT_RESERVED_OVER_AVAILABLE,
		    VERDICT_OK, 40 },
		{ { 40, 0, 40 }, 41, 40, true, VERDICT_OK, VERDICT_OK, 0 },
		/* Reserving nothing is always free. */
		{ { 0, 25, 100 }, 0, -5, true, VERDICT_OK, VERDICT_OK, 0 },
		{ { 1, 25, 26 }, -3, -5, false, VERDICT_RESERVED_OVER_AVAILABLE,
		    VERDICT_OK, 0 },
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void
increments_fit_the_range(void **state)
{
	static const struct row rows[] = {
		{ { 50, 0, 51 }, 50, 0, false, VERDICT_INCREMENT_MISSING,
		    VERDICT_OK, 0 },
		{ { 50, 1, 51 }, 50, 0, false, VERDICT_OK, VERDICT_OK, 0 },
		{ { 50, 2, 51 }, 50, 0, false, VERDICT_INCREMENT_TOO_LARGE,
		    VERDICT_OK, 1 },
		{ { 50, 50, 100 }, 50, 0, false, VERDICT_OK, VERDICT_OK, 0 },
		{ { 50, 51, 100 }, 50, 0, false, VERDICT_INCREMENT_TOO_LARGE,
		    VERDICT_OK, 50 },
		{ { 50, 30, 100 }, 50, 0, false, VERDICT_OK,
		    VERDICT_INCREMENT_UNEVEN, 0 },
		{ { 51, 10, 50 }, 51, 0, false, VERDICT_RESERVED_OVER_MAXIMUM,
		    VERDICT_OK, 0 },
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void
every_number_of_the_form_is_told(void **state)
{
	struct allocation allocation = { 50, 30, 200 };
	struct allocation_check check;

	(void)state;
	allocation_check(&check, &allocation, 0, 70, false);
	assert_int_equal(check.numbers.reserved, 50);
	assert_int_equal(check.numbers.increment, 30);
	assert_int_equal(check.numbers.maximum, 200);
	assert_int_equal(check.numbers.available, 70);
	assert_int_equal(check.numbers.least, 25);
	assert_int_equal(check.numbers.reachable, 200);
	allocation_check(&check, &allocation, 50, -70, false);
	assert_int_equal(check.numbers.available, 0);
}

static void
the_reachable_maximum(void **state)
{
	(void)state;
	assert_int_equal(
	    allocation_reachable(&(struct allocation){ 50, 40, 100 }), 90);
	assert_int_equal(
	    allocation_reachable(&(struct allocation){ 50, 50, 100 }), 100);
	assert_int_equal(
	    allocation_reachable(&(struct allocation){ 50, 51, 100 }), 50);
	assert_int_equal(
	    allocation_reachable(&(struct allocation){ 50, 0, 100 }), 50);
	assert_int_equal(
	    allocation_reachable(&(struct allocation){ 50, 10, 40 }), 50);
	assert_int_equal(
	    allocation_reachable(&(struct allocation){ -1, -1, -1 }), 0);
	assert_int_equal(
	    allocation_reachable(&(struct allocation){ 1, 1, INT64_MAX }),
	    INT64_MAX);
}

static void
settings_have_bounds(void **state)
{
	int64_t bound = 0;

	(void)state;
	assert_int_equal(
	    allocation_duration_check(86399), VERDICT_DURATION_OUT_OF_RANGE);
	assert_int_equal(allocation_duration_check(86400), VERDICT_OK);
	assert_int_equal(allocation_duration_check(864000), VERDICT_OK);
	assert_int_equal(
	    allocation_duration_check(864001), VERDICT_DURATION_OUT_OF_RANGE);
	assert_int_equal(
	    allocation_interval_check(&bound, 86400, 3600), VERDICT_OK);
	assert_int_equal(allocation_interval_check(&bound, 86400, 3599),
	    VERDICT_INTERVAL_OUT_OF_RANGE);
	assert_int_equal(
	    allocation_interval_check(&bound, INT64_MIN, INT64_MIN),
	    VERDICT_INTERVAL_OUT_OF_RANGE);
	assert_int_equal(bound, INT64_MIN / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_have_a_range),
		cmocka_unit_test(reserving_needs_free_units),
		cmocka_unit_test(increments_fit_the_range),
		cmocka_unit_test(every_number_of_the_form_is_told),
		cmocka_unit_test(the_reachable_maximum),
		cmocka_unit_test(settings_have_bounds),
	};

	return cmocka_run_group_tests_name(
	    "rules allocation", tests, NULL, NULL);
}
