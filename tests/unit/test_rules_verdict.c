/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_verdict.c: every verdict has a code for programs and a sentence
 * for people.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/verdict.h"
#include <string.h>

static void
every_verdict_has_words(void **state)
{
	(void)state;
	for (int i = 0; i < VERDICT__COUNT; i++) {
		const char *sentence = verdict_sentence((enum verdict)i);
		const char *code = verdict_code((enum verdict)i);

		assert_true(strlen(code) > 1);
		assert_int_equal(
		    strspn(code, "abcdefghijklmnopqrstuvwxyz_"), strlen(code));
		assert_true(strlen(sentence) > 1);
		assert_int_equal(sentence[strlen(sentence) - 1], '.');
	}
}

/* A hole that no caller fills would stand in a sentence as it is. */
static void
sentences_have_known_holes_only(void **state)
{
	static const char *const holes[] = { "{feature}", "{wanted}",
		"{available}", "{increment}", "{leased}", "{maximum}",
		"{reserved}", "{bound}", "{least}", "{reachable}", "{total}",
		"{versions}", "{average}", "{unallocated}", "{hours}",
		"{missing}", "{client}", "{until}" };

	(void)state;
	for (int i = 0; i < VERDICT__COUNT; i++) {
		const char *at = verdict_sentence((enum verdict)i);

		while ((at = strchr(at, '{')) != NULL) {
			size_t n = 0;

			while (n < sizeof(holes) / sizeof(holes[0]) &&
			    strncmp(at, holes[n], strlen(holes[n])) != 0)
				n++;
			assert_true(n < sizeof(holes) / sizeof(holes[0]));
			at++;
		}
	}
}

static void
codes_are_those_of_the_protocol(void **state)
{
	(void)state;
	assert_string_equal(verdict_code(VERDICT_OK), "ok");
	assert_string_equal(
	    verdict_code(VERDICT_POOL_EXHAUSTED), "pool_exhausted");
	assert_string_equal(
	    verdict_code(VERDICT_RESERVED_EXHAUSTED), "pool_exhausted");
	assert_string_equal(
	    verdict_code(VERDICT_MAXIMUM_REACHED), "maximum_reached");
}

static void
a_number_out_of_range_is_ok_of_some_kind(void **state)
{
	(void)state;
	assert_string_equal(verdict_code(VERDICT__COUNT), "ok");
	assert_string_equal(verdict_code((enum verdict) - 1), "ok");
	assert_non_null(verdict_sentence((enum verdict) - 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verdict_has_words),
		cmocka_unit_test(sentences_have_known_holes_only),
		cmocka_unit_test(codes_are_those_of_the_protocol),
		cmocka_unit_test(a_number_out_of_range_is_ok_of_some_kind),
	};

	return cmocka_run_group_tests_name("rules verdict", tests, NULL, NULL);
}
