/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_text.c: UTF-8 at its edges, numbers at theirs.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/text.h"
#include <string.h>

#define UTF8(literal) text_is_utf8(literal, sizeof(literal) - 1)

static void
well_formed_utf8_is_taken(void **state)
{
	(void)state;
	assert_true(text_is_utf8(NULL, 0));
	assert_true(UTF8("plain"));
	assert_true(UTF8("\x7f"));
	assert_true(UTF8("\xc2\x80"));
	assert_true(UTF8("\xdf\xbf"));
	assert_true(UTF8("\xe0\xa0\x80"));
	assert_true(UTF8("\xed\x9f\xbf"));
	assert_true(UTF8("\xee\x80\x80"));
	assert_true(UTF8("\xef\xbf\xbf"));
	assert_true(UTF8("\xf0\x90\x80\x80"));
	assert_true(UTF8("\xf4\x8f\xbf\xbf"));
}

static void
malformed_utf8_is_refused(void **state)
{
	(void)state;
	assert_false(UTF8("a\0b"));
	assert_false(UTF8("\x80"));
	assert_false(UTF8("\xc0\xaf"));
	assert_false(UTF8("\xc1\xbf"));
	assert_false(UTF8("\xe0\x80\xaf"));
	assert_false(UTF8("\xe0\x9f\xbf"));
	assert_false(UTF8("\xed\xa0\x80"));
	assert_false(UTF8("\xed\xbf\xbf"));
	assert_false(UTF8("\xf0\x80\x80\xaf"));
	assert_false(UTF8("\xf0\x8f\xbf\xbf"));
	assert_false(UTF8("\xf4\x90\x80\x80"));
	assert_false(UTF8("\xf5\x80\x80\x80"));
	assert_false(UTF8("\xff"));
	assert_false(UTF8("\xe2\x82"));
	assert_false(UTF8("\xe2\x28\xa1"));
	assert_false(UTF8("\xe2\x82\x28"));
	assert_false(UTF8("\xf0\x90\x80"));
	assert_false(UTF8("\xc2"));
}

/* Against the definition: decode, then look whether the value is allowed and the form the shortest. */
static void
three_byte_forms_agree_with_the_definition(void **state)
{
	unsigned first, second;
	char text[3] = { 0, 0, '\x80' };

	(void)state;
	for (first = 0xe0; first <= 0xef; first++) {
		for (second = 0; second <= 0xff; second++) {
			unsigned value = (first & 15u) << 12 |
			    (second & 63u) << 6;
			int good = (second & 0xc0) == 0x80 && value >= 0x800 &&
			    !(value >= 0xd800 && value <= 0xdfff);

			text[0] = (char)first;
			text[1] = (char)second;
			assert_int_equal(
			    text_utf8_sequence(text, 3), good ? 3 : 0);
			assert_int_equal(text_utf8_sequence(text, 2), 0);
		}
	}
}

static void
client_ids_are_letters_and_digits(void **state)
{
	(void)state;
	assert_true(text_is_alphanumeric("0"));
	assert_true(text_is_alphanumeric("azAZ09"));
	assert_false(text_is_alphanumeric(NULL));
	assert_false(text_is_alphanumeric(""));
	assert_false(text_is_alphanumeric("a b"));
	assert_false(text_is_alphanumeric("a-b"));
	assert_false(text_is_alphanumeric("a@"));
	assert_false(text_is_alphanumeric("a["));
	assert_false(text_is_alphanumeric("a`"));
	assert_false(text_is_alphanumeric("a{"));
	assert_false(text_is_alphanumeric("a/"));
	assert_false(text_is_alphanumeric("a:"));
	assert_false(text_is_alphanumeric("\xc3\xa4"));
	assert_false(text_is_alphanumeric("a\n"));
}

static void
case_is_ignored_in_ascii_only(void **state)
{
	(void)state;
	assert_true(text_equals_ignoring_case("", ""));
	assert_true(text_equals_ignoring_case("aBc", "AbC"));
	assert_false(text_equals_ignoring_case("abc", "abcd"));
	assert_false(text_equals_ignoring_case("abcd", "abc"));
	assert_false(text_equals_ignoring_case("[", "{"));
	assert_false(text_equals_ignoring_case("@", "`"));
	assert_false(text_equals_ignoring_case("\xc3\x84", "\xc3\xa4"));
}

static bool
parses_as(const char *text, int64_t expected)
{
	int64_t value;

	return text_parse_int64(&value, text, INT64_MIN, INT64_MAX) &&
	    value == expected;
}

static bool
is_no_number(const char *text)
{
	int64_t value = 7;

	return !text_parse_int64(&value, text, INT64_MIN, INT64_MAX) &&
	    value == 0;
}

static void
numbers_are_read_whole(void **state)
{
	(void)state;
	assert_true(parses_as("0", 0));
	assert_true(parses_as("-0", 0));
	assert_true(parses_as("007", 7));
	assert_true(parses_as("-1", -1));
	assert_true(parses_as("9223372036854775807", INT64_MAX));
	assert_true(parses_as("-9223372036854775808", INT64_MIN));
	assert_true(is_no_number("9223372036854775808"));
	assert_true(is_no_number("-9223372036854775809"));
	assert_true(is_no_number("99999999999999999999999"));
	assert_true(is_no_number(NULL));
	assert_true(is_no_number(""));
	assert_true(is_no_number("-"));
	assert_true(is_no_number("--1"));
	assert_true(is_no_number("+1"));
	assert_true(is_no_number(" 1"));
	assert_true(is_no_number("1 "));
	assert_true(is_no_number("1\n"));
	assert_true(is_no_number("1.0"));
	assert_true(is_no_number("1e3"));
	assert_true(is_no_number("0x10"));
	assert_true(is_no_number("1,000"));
}

static void
number_bounds_are_inclusive(void **state)
{
	int64_t value;

	(void)state;
	assert_true(text_parse_int64(&value, "5", 5, 10));
	assert_true(text_parse_int64(&value, "10", 5, 10));
	assert_false(text_parse_int64(&value, "4", 5, 10));
	assert_false(text_parse_int64(&value, "11", 5, 10));
	assert_int_equal(value, 0);
}

static void
thousands_are_grouped(void **state)
{
	static const struct {
		int64_t value;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 999, "999" },
		{ 1000, "1,000" },
		{ -999, "-999" },
		{ -1000, "-1,000" },
		{ 123456, "123,456" },
		{ 3000000000, "3,000,000,000" },
		{ INT64_MAX, "9,223,372,036,854,775,807" },
		{ INT64_MIN, "-9,223,372,036,854,775,808" },
	};
	char out[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		text_format_thousands(out, rows[i].value);
		assert_string_equal(out, rows[i].text);
	}
}

static void
copies_end_and_never_split_a_character(void **state)
{
	char out[4];

	(void)state;
	assert_true(text_copy(out, sizeof(out), "abc"));
	assert_string_equal(out, "abc");
	assert_false(text_copy(out, sizeof(out), "abcd"));
	assert_string_equal(out, "abc");
	assert_false(text_copy(out, sizeof(out), "ab\xc3\xa4"));
	assert_string_equal(out, "ab");
	assert_false(text_copy(out, sizeof(out), "\xf0\x9f\x98\x80"));
	assert_string_equal(out, "");
	assert_true(text_copy(out, 1, ""));
	assert_false(text_copy(out, 1, "a"));
	assert_string_equal(out, "");
}

static void
trimming_keeps_the_middle(void **state)
{
	char text[] = " \t\r\n a  b \v\f";
	char blank[] = "   ";
	char none[] = "";

	(void)state;
	assert_string_equal(text_trim(text), "a  b");
	assert_string_equal(text_trim(blank), "");
	assert_string_equal(text_trim(none), "");
}

static void
hexadecimal_is_lower_case(void **state)
{
	char out[9];

	(void)state;
	text_hex(out, "\x00\x9a\xbc\xff", 4);
	assert_string_equal(out, "009abcff");
	text_hex(out, NULL, 0);
	assert_string_equal(out, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_utf8_is_taken),
		cmocka_unit_test(malformed_utf8_is_refused),
		cmocka_unit_test(three_byte_forms_agree_with_the_definition),
		cmocka_unit_test(client_ids_are_letters_and_digits),
		cmocka_unit_test(case_is_ignored_in_ascii_only),
		cmocka_unit_test(numbers_are_read_whole),
		cmocka_unit_test(number_bounds_are_inclusive),
		cmocka_unit_test(thousands_are_grouped),
		cmocka_unit_test(copies_end_and_never_split_a_character),
		cmocka_unit_test(trimming_keeps_the_middle),
		cmocka_unit_test(hexadecimal_is_lower_case),
	};

	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
