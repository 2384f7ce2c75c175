/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_web_chart.c: where a chart's lines and words stand, from nothing to the
 * greatest number there is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/chart.h"
#include "cgi/view_tree.h"
#include "engine/base/calendar.h"
#include <stdbool.h>
#include <stdio.h>

#define FROM INT64_C(1767225600) /* 2026-01-01 */
#define DAY  INT64_C(86400)

static struct arena arena;
static struct view view;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	view = view_new();
	return view.tree && calendar_zone_set("UTC") ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	view_free(&view);
	arena_clear(&arena);
	return 0;
}

/* All three lines are the same. */
static void
draw(const int64_t *at, const int64_t *values, size_t count, int64_t to)
{
	const struct chart chart = { .from = FROM,
		.to = to,
		.count = count,
		.at = at,
		.values = { values, values, values },
		.names = { "installed", "leased", "users" } };

	assert_int_equal(chart_show(view, &arena, &chart), FAULT_NONE);
	assert_false(view_has_failed(&view));
}

static const char *
shown(const char *name)
{
	return hdf_get_value(view.tree->root, name, "");
}

static void
a_line_goes_from_edge_to_edge(void **state)
{
	const int64_t at[] = { FROM, FROM + DAY, FROM + 2 * DAY };
	const int64_t values[] = { 0, 50, 100 };

	(void)state;
	draw(at, values, 3, FROM + 2 * DAY);
	assert_string_equal(shown("lines.1.points"),
	    "72.0,212.0 390.0,112.0 708.0,12.0 ");
	assert_string_equal(shown("lines.1.name"), "leased");
	assert_string_equal(shown("lines.1.text"), "100");
	assert_string_equal(shown("y.0.text"), "0");
	assert_string_equal(shown("y.0.at"), "212.0");
	assert_string_equal(shown("y.5.text"), "100");
	assert_string_equal(shown("y.5.at"), "12.0");
	/* Two days are told by the hour. */
	assert_string_equal(shown("x.0.text"), "04:00");
}

static void
the_axis_ends_at_the_next_round_number(void **state)
{
	static const struct {
		int64_t most;
		const char *text;
	} cases[] = { { 0, "5" }, { 5, "5" }, { 6, "10" }, { 40, "40" },
		{ 41, "50" }, { 101, "150" }, { 10000, "10,000" },
		{ 10001, "15,000" } };
	const int64_t at[] = { FROM };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		draw(at, &cases[i].most, 1, FROM + 30 * DAY);
		assert_string_equal(shown("y.5.text"), cases[i].text);
	}
	assert_string_equal(shown("x.0.text"), "2026-01-03");
}

static void
the_greatest_number_stays_within(void **state)
{
	const int64_t at[] = { FROM, FROM + DAY };
	const int64_t values[] = { INT64_MAX, -1 };
	int x, y, x2, y2;

	(void)state;
	draw(at, values, 2, FROM + DAY);
	assert_int_equal(sscanf(shown("lines.0.points"), "%d.0,%d.%*d %d.0,%d",
			     &x, &y, &x2, &y2),
	    4);
	assert_int_equal(x, 72);
	assert_true(y >= 12 && y < 212);
	assert_int_equal(x2, 708);
	assert_int_equal(y2, 212);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_line_goes_from_edge_to_edge),
		TEST(the_axis_ends_at_the_next_round_number),
		TEST(the_greatest_number_stays_within),
	};
#undef TEST

	return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
