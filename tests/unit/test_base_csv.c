/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_csv.c: a table that any spreadsheet reads as it was meant, and
 * none as a program.
 */
#include "engine/base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
fields_are_quoted(void **state)
{
	static const char *const line[] = { "plain", "with, comma",
		"\"quoted\"", "two\nlines", "", NULL };
	struct csv csv = { .text = NULL };

	(void)state;
	csv_line(&csv, line);
	assert_string_equal(csv.text,
	    "\"plain\",\"with, comma\",\"\"\"quoted\"\"\",\"two\nlines\","
	    "\"\"\r\n");
	csv_free(&csv);
	assert_null(csv.text);
}

static void
formulas_are_text(void **state)
{
	static const char *const line[] = { "=1+1", "+1", "-1", "@x", "\tx",
		"\rx", "a=1", NULL };
	struct csv csv = { .text = NULL };

	(void)state;
	csv_line(&csv, line);
	assert_string_equal(csv.text,
	    "\"'=1+1\",\"'+1\",\"'-1\",\"'@x\",\"'\tx\",\"'\rx\",\"a=1\"\r\n");
	csv_free(&csv);
}

static void
numbers_stand_bare(void **state)
{
	struct csv csv = { .text = NULL };

	(void)state;
	csv_number(&csv, INT64_MAX);
	csv_number(&csv, -1);
	csv_number(&csv, INT64_MIN);
	csv_text(&csv, NULL);
	csv_end_line(&csv);
	assert_string_equal(
	    csv.text, "9223372036854775807,-1,-9223372036854775808,\"\"\r\n");
	csv_free(&csv);
}

static void
long_tables_are_whole(void **state)
{
	static const char *const line[] = { "0123456789", "0123456789", NULL };
	struct csv csv = { .text = NULL };

	(void)state;
	for (size_t i = 0; i < 10000; i++)
		csv_line(&csv, line);
	assert_false(csv.has_failed);
	assert_int_equal(csv.length, 10000 * 27);
	assert_int_equal(strlen(csv.text), csv.length);
	csv_free(&csv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_quoted),
		cmocka_unit_test(formulas_are_text),
		cmocka_unit_test(numbers_stand_bare),
		cmocka_unit_test(long_tables_are_whole),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
