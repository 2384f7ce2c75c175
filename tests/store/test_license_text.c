/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_license_text.c: a license key comes out of what mail programs and
 * people make of it.
 */
#include "tests/store/fixture.h"

#include "engine/store/license_text.h"
#include <stdlib.h>
#include <string.h>

#define MOST 5

static char *key, *other;
static struct fixture fixture;

static int
set_up(void **state)
{
	const struct fixture_claims one = {
		.jti = "A-1", .sku = "ACCESS-5U", .start = "2026-01-01"
	};
	const struct fixture_claims two = {
		.jti = "A-2", .sku = "CONSEC-7U", .start = "2026-01-01"
	};

	(void)state;
	fixture_open(&fixture, ROLE_SERVER, "PSA-5000");
	key = strdup(fixture_key(&fixture, &one));
	other = strdup(fixture_key(&fixture, &two));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(key);
	free(other);
	fixture_close(&fixture);
	return 0;
}

static const char **
find(size_t wanted, const char *text)
{
	const char **keys;
	size_t count;

	assert_int_equal(
	    license_text_find(&keys, &count, &fixture.arena, text, MOST),
	    FAULT_NONE);
	if (count != wanted)
		fail_msg("%zu keys in: %s", count, text);
	return keys;
}

/* "text" broken after every "width" characters by "brk". */
static char *
fold(const char *text, size_t width, const char *brk)
{
	char *out = arena_text(&fixture.arena, "");
	size_t length = strlen(text), at;

	for (at = 0; at < length; at += width)
		out = arena_format(&fixture.arena, "%s%s%.*s", out,
		    at ? brk : "", (int)width, text + at);
	return out;
}

static void
a_bare_key_is_found(void **state)
{
	(void)state;
	assert_string_equal(find(1, key)[0], key);
	assert_string_equal(
	    find(1, arena_format(&fixture.arena, "  %s\r\n", key))[0], key);
}

static void
nothing_is_found_in_prose(void **state)
{
	static const char *const texts[] = { "", " \r\n", "Hello.", "a.b.c",
		"See example.center.test for keys.", "eyes.on.it", "eyJ",
		"eyJhbGciOiJFZERTQSJ9", "key: ....", "expires.at.midnight" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		find(0, texts[i]);
}

static void
keys_broken_over_lines_are_joined(void **state)
{
	static const size_t widths[] = { 20, 60, 64, 72, 76, 78, 100, 200 };
	static const char *const breaks[] = { "\n", "\r\n", "=\n", "=\r\n",
		"\n> ", "\n>> ", "\r\n> > ", " \n", "\n\t", "\n | " };
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		for (k = 0; k < sizeof(breaks) / sizeof(breaks[0]); k++)
			assert_string_equal(
			    find(1,
				arena_format(&fixture.arena,
				    "Dear customer,\n\n%s\n\nBest regards\n",
				    fold(key, widths[i], breaks[k])))[0],
			    key);
}

static void
prose_on_the_next_line_is_left_out(void **state)
{
	(void)state;
	assert_string_equal(
	    find(1,
		arena_format(&fixture.arena,
		    "Your key:\n%s\nBest regards\nThe center\n", key))[0],
	    key);
	assert_string_equal(
	    find(1, arena_format(&fixture.arena, "(%s), thanks", key))[0], key);
	assert_string_equal(
	    find(1, arena_format(&fixture.arena, "The key is %s.", key))[0],
	    key);
	assert_string_equal(
	    find(1,
		arena_format(&fixture.arena,
		    "<a href=\"https://c.test/?key=%s\">", key))[0],
	    key);
}

static void
several_keys_come_in_order(void **state)
{
	static const char *const between[] = { "\n", "\r\n", "\n\n", " ", ", ",
		"\n> ", "\nSecond: ", "\n--\n" };
	const char **keys;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(between) / sizeof(between[0]); i++) {
		keys = find(2,
		    arena_format(&fixture.arena, "%s%s%s", fold(key, 76, "\n"),
			between[i], fold(other, 76, "\n")));
		assert_string_equal(keys[0], key);
		assert_string_equal(keys[1], other);
	}
}

static void
a_key_cut_short_does_not_swallow_the_next(void **state)
{
	size_t dot = strcspn(key, "."), cut;
	const char **keys;

	(void)state;
	for (cut = 1; cut < strlen(key) - dot; cut += 13) {
		keys = find(2,
		    arena_format(&fixture.arena, "%.*s\n%s",
			(int)(strlen(key) - cut), key, fold(other, 76, "\n")));
		assert_int_equal(strlen(keys[0]), strlen(key) - cut);
		assert_string_equal(keys[1], other);
	}
	/* Without a dot it is no key at all. */
	keys = find(1,
	    arena_format(&fixture.arena, "%.*s\n%s", (int)dot, key,
		fold(other, 76, "\n")));
	assert_string_equal(keys[0], other);
}

static void
a_key_cut_short_is_found_as_it_is(void **state)
{
	char *cut = arena_text_n(&fixture.arena, key, strlen(key) - 10);

	(void)state;
	assert_string_equal(find(1, cut)[0], cut);
	assert_string_equal(
	    find(1, arena_format(&fixture.arena, "%s\n\nBye", cut))[0], cut);
}

static void
what_follows_without_a_gap_belongs_to_it(void **state)
{
	char *longer = arena_format(&fixture.arena, "%sAAAA", key);

	(void)state;
	assert_string_equal(find(1, longer)[0], longer);
}

static void
no_more_than_asked_for_are_found(void **state)
{
	char *text = arena_text(&fixture.arena, "");
	int i;

	(void)state;
	for (i = 0; i < MOST + 3; i++)
		text = arena_format(&fixture.arena, "%s%s\n", text, key);
	find(MOST, text);
}

static void
a_huge_run_ends_at_the_largest_key(void **state)
{
	size_t size = 200000;
	char *text = arena_array(&fixture.arena, size + 1, 1);
	const char **keys;

	(void)state;
	memset(text, 'A', size);
	memcpy(text, "eyJ.", 4);
	keys = find(1, text);
	assert_true(strlen(keys[0]) <= (size_t)64 * 1024);
	/* Many beginnings that come to nothing cost no more than their length. */
	memset(text, '\n', size);
	for (size_t at = 0; at + 4 < size; at += 4)
		memcpy(text + at, "eyJ", 3);
	find(0, text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bare_key_is_found),
		cmocka_unit_test(nothing_is_found_in_prose),
		cmocka_unit_test(keys_broken_over_lines_are_joined),
		cmocka_unit_test(prose_on_the_next_line_is_left_out),
		cmocka_unit_test(several_keys_come_in_order),
		cmocka_unit_test(a_key_cut_short_does_not_swallow_the_next),
		cmocka_unit_test(a_key_cut_short_is_found_as_it_is),
		cmocka_unit_test(what_follows_without_a_gap_belongs_to_it),
		cmocka_unit_test(no_more_than_asked_for_are_found),
		cmocka_unit_test(a_huge_run_ends_at_the_largest_key),
	};

	return cmocka_run_group_tests_name(
	    "license text", tests, set_up, tear_down);
}
