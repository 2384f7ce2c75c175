/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_web_form.c: a form's table against what was sent.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/form.h"
#include <string.h>

static const struct form_field fields[] = {
	{ "name", FORM_TEXT, true, 8, 0, 0, "Name" },
	{ "word", FORM_SECRET, false, 0, 0, 0, "Password" },
	{ "hours", FORM_NUMBER, false, 0, 24, 240, "Hours" },
	{ "on", FORM_FLAG, false, 0, 0, 0, "On" },
	{ "reserved", FORM_COUNTS, false, 0, 0, 10000000, "Reserved Count" },
	{ "pick", FORM_PICKS, false, 0, 0, 0, "" },
};
static const struct form_table table = { fields, 6 };

static const struct feature features[] = {
	{ .name = "CONSEC", .kind = FEATURE_USERS, .family = "any" },
	{ .name = "ACCESS-RDP", .kind = FEATURE_RDP, .family = "any" },
	{ .name = "member", .kind = FEATURE_SWITCH, .family = "any" },
};
static const struct catalogue catalogue = { .features = features,
	.feature_count = 3 };

static struct arena arena;
static struct form form;
static struct mistakes mistakes;

static enum form_state
read_form(const char *text)
{
	struct pairs pairs;

	arena_clear(&arena);
	arena_init(&arena, 1024 * 1024);
	mistake_init(&mistakes, &arena);
	assert_int_equal(
	    pairs_parse_form(&pairs, &arena, text, strlen(text)), PAIRS_OK);
	return form_read(&form, &mistakes, &arena, &table, &pairs, &catalogue);
}

static int
release(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void
good_values_come_typed(void **state)
{
	(void)state;
	assert_int_equal(
	    read_form(
		"name=+gw1+&word=+x+&hours=24&on=1&reserved.CONSEC=50&csrf=z"),
	    FORM_OK);
	assert_int_equal(mistakes.count, 0);
	assert_string_equal(form_text(&form, "name"), "gw1");
	assert_string_equal(form_text(&form, "word"), " x ");
	assert_int_equal(form_number(&form, "hours", 0), 24);
	assert_true(form_has(&form, "on"));
	assert_int_equal(form_count(&form, "reserved", "CONSEC")->number, 50);
	assert_null(form_count(&form, "reserved", "ACCESS-RDP"));
}

static void
unknown_names_are_refused(void **state)
{
	static const char *const texts[] = { "name=a&other=1",
		"reserved.NOTHING=1", "reserved.=1", "reserved=1",
		"reserved.member=1", "Name=a", "reserved.CONSEC.x=1" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(read_form(texts[i]), FORM_UNKNOWN_FIELD);
}

static void
a_missing_required_field_is_one_mistake(void **state)
{
	(void)state;
	assert_int_equal(read_form("hours=24"), FORM_OK);
	assert_int_equal(mistakes.count, 1);
	assert_string_equal(form_mistake(&mistakes, "name"), "Enter Name.");
	read_form("name=++");
	assert_int_equal(mistakes.count, 1);
}

static void
length_is_bounded_exactly(void **state)
{
	(void)state;
	read_form("name=12345678");
	assert_int_equal(mistakes.count, 0);
	read_form("name=123456789");
	assert_string_equal(form_mistake(&mistakes, "name"),
	    "Name must have 8 characters or fewer.");
	assert_string_equal(form_text(&form, "name"), "123456789");
}

static void
number_is(const char *text, bool is_good)
{
	char body[96] = "name=a&reserved.CONSEC=";

	strncat(body, text, sizeof(body) - strlen(body) - 1);
	assert_int_equal(read_form(body), FORM_OK);
	assert_int_equal(mistakes.count, is_good ? 0 : 1);
}

static void
numbers_are_whole_and_in_range(void **state)
{
	(void)state;
	number_is("0", true);
	number_is("10000000", true);
	number_is("10000001", false);
	number_is("-1", false);
	number_is("4294967297", false);
	number_is("9223372036854775808", false);
	number_is("1e3", false);
	number_is("0x10", false);
	number_is("1.5", false);
	number_is("five", false);
	number_is("", true);
	number_is("+7+", true);
	assert_int_equal(form_count(&form, "reserved", "CONSEC")->number, 7);
}

static void
a_mistake_names_the_feature_and_the_bound(void **state)
{
	(void)state;
	read_form("name=a&reserved.CONSEC=x");
	assert_string_equal(form_mistake(&mistakes, "reserved.CONSEC"),
	    "CONSEC Reserved Count must be a whole number from 0 to "
	    "10,000,000.");
	read_form("name=a&hours=23");
	assert_string_equal(form_mistake(&mistakes, "hours"),
	    "Hours must be a whole number from 24 to 240.");
}

static void
ids_have_no_dots(void **state)
{
	char id[32];

	(void)state;
	form_id(id, sizeof(id), "reserved.CONSEC");
	assert_string_equal(id, "reserved-CONSEC");
}

static void
picks_are_numbers_from_1_on(void **state)
{
	static const char *const unknown[] = { "name=a&pick.0=1",
		"name=a&pick.-1=1", "name=a&pick.x=1", "name=a&pick=1",
		"name=a&pick.9223372036854775808=1", "name=a&picks.1=1",
		"name=a&pick.1x=1", "name=a&pick.=1" };
	int64_t *picks;
	size_t count;

	(void)state;
	assert_int_equal(
	    read_form("name=a&pick.9223372036854775807=1&pick.1=1"), FORM_OK);
	picks = form_picks(&count, &arena, &form, "pick");
	assert_int_equal(count, 2);
	assert_true((picks[0] == 1 && picks[1] == INT64_MAX) ||
	    (picks[1] == 1 && picks[0] == INT64_MAX));
	assert_int_equal(read_form("name=a"), FORM_OK);
	assert_non_null(form_picks(&count, &arena, &form, "pick"));
	assert_int_equal(count, 0);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_int_equal(read_form(unknown[i]), FORM_UNKNOWN_FIELD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(picks_are_numbers_from_1_on),
		cmocka_unit_test(good_values_come_typed),
		cmocka_unit_test(unknown_names_are_refused),
		cmocka_unit_test(a_missing_required_field_is_one_mistake),
		cmocka_unit_test(length_is_bounded_exactly),
		cmocka_unit_test(numbers_are_whole_and_in_range),
		cmocka_unit_test(a_mistake_names_the_feature_and_the_bound),
		cmocka_unit_test(ids_have_no_dots),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
