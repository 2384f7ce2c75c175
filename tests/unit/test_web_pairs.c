/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_web_pairs.c: what anybody may send as a form, a query or a cookie.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/pairs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct pairs pairs;

static enum pairs_state
parse(const char *text)
{
	arena_clear(&arena);
	arena_init(&arena, 16 * 1024 * 1024);
	return pairs_parse_form(&pairs, &arena, text, strlen(text));
}

static int
release(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void
nothing_is_no_pair(void **state)
{
	(void)state;
	assert_int_equal(parse(""), PAIRS_OK);
	assert_int_equal(pairs.count, 0);
	assert_null(pairs_find(&pairs, "a"));
}

static void
names_and_values_are_decoded(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("a=1+2%2B3&reserved.CONSEC=50&%61b=%C3%A9&empty="), PAIRS_OK);
	assert_string_equal(pairs_find(&pairs, "a"), "1 2+3");
	assert_string_equal(pairs_find(&pairs, "reserved.CONSEC"), "50");
	assert_string_equal(pairs_find(&pairs, "ab"), "\xc3\xa9");
	assert_string_equal(pairs_find(&pairs, "empty"), "");
}

static void
a_name_without_equals_has_an_empty_value(void **state)
{
	(void)state;
	assert_int_equal(parse("a&b=1"), PAIRS_OK);
	assert_string_equal(pairs_find(&pairs, "a"), "");
}

static void
broken_escapes_are_refused(void **state)
{
	static const char *const texts[] = { "a=%", "a=%4", "a=%zz", "a=%4g",
		"%=1", "a=x%" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse(texts[i]), PAIRS_MALFORMED);
}

static void
nul_and_bad_utf8_are_refused(void **state)
{
	static const char *const texts[] = { "a=x%00y", "%00=1", "a=%FF",
		"a=%C0%80", "a=%ED%A0%80", "a=%F4%90%80%80" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(parse(texts[i]), PAIRS_MALFORMED);
	assert_int_equal(
	    pairs_parse_form(&pairs, &arena, "a=\0b", 4), PAIRS_MALFORMED);
}

static void
empty_names_are_refused(void **state)
{
	(void)state;
	assert_int_equal(parse("=1"), PAIRS_MALFORMED);
	assert_int_equal(parse("a=1&"), PAIRS_MALFORMED);
	assert_int_equal(parse("&"), PAIRS_MALFORMED);
}

static void
a_name_twice_is_refused_however_it_is_written(void **state)
{
	(void)state;
	assert_int_equal(parse("a=1&b=2&a=1"), PAIRS_REPEATED);
	assert_int_equal(parse("a=1&%61=2"), PAIRS_REPEATED);
}

static char *
many_pairs(size_t count)
{
	char *text = malloc(count * 8 + 1);
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		used += (size_t)snprintf(
		    text + used, 9, "%sn%zu=1", i ? "&" : "", i);
	return text;
}

static void
the_bound_on_pairs_is_exact(void **state)
{
	char *text = many_pairs(PAIRS_MAX);

	(void)state;
	assert_int_equal(parse(text), PAIRS_OK);
	assert_int_equal(pairs.count, PAIRS_MAX);
	free(text);
	text = many_pairs(PAIRS_MAX + 1);
	assert_int_equal(parse(text), PAIRS_TOO_LARGE);
	free(text);
}

static void
the_bound_on_bytes_is_exact(void **state)
{
	char *text = malloc(PAIRS_MAX_BYTES + 2);

	(void)state;
	memset(text, 'x', PAIRS_MAX_BYTES + 1);
	memcpy(text, "a=", 2);
	text[PAIRS_MAX_BYTES] = '\0';
	assert_int_equal(parse(text), PAIRS_OK);
	assert_int_equal(strlen(pairs_find(&pairs, "a")), PAIRS_MAX_BYTES - 2);
	text[PAIRS_MAX_BYTES] = 'x';
	text[PAIRS_MAX_BYTES + 1] = '\0';
	assert_int_equal(parse(text), PAIRS_TOO_LARGE);
	free(text);
}

static void
a_full_arena_is_no_crash(void **state)
{
	(void)state;
	arena_clear(&arena);
	arena_init(&arena, 16);
	assert_int_equal(
	    pairs_parse_form(&pairs, &arena, "a=1&b=2&c=3&d=4", 15),
	    PAIRS_MEMORY);
}

static void
cookies_are_found_by_whole_name(void **state)
{
	const char *header = "x__Host-lh=9; __Host-lh=abc; other=1";

	(void)state;
	parse("");
	assert_string_equal(pairs_cookie(&arena, header, "__Host-lh"), "abc");
	assert_string_equal(pairs_cookie(&arena, header, "other"), "1");
	assert_null(pairs_cookie(&arena, header, "__Host-l"));
	assert_null(pairs_cookie(&arena, "", "other"));
}

static void
a_cookie_sent_twice_is_none(void **state)
{
	(void)state;
	parse("");
	assert_null(pairs_cookie(&arena, "a=1; a=2", "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_no_pair),
		cmocka_unit_test(names_and_values_are_decoded),
		cmocka_unit_test(a_name_without_equals_has_an_empty_value),
		cmocka_unit_test(broken_escapes_are_refused),
		cmocka_unit_test(nul_and_bad_utf8_are_refused),
		cmocka_unit_test(empty_names_are_refused),
		cmocka_unit_test(a_name_twice_is_refused_however_it_is_written),
		cmocka_unit_test(the_bound_on_pairs_is_exact),
		cmocka_unit_test(the_bound_on_bytes_is_exact),
		cmocka_unit_test(a_full_arena_is_no_crash),
		cmocka_unit_test(cookies_are_found_by_whole_name),
		cmocka_unit_test(a_cookie_sent_twice_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
