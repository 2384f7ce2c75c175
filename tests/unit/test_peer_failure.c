/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_peer_failure.c: every failure has a code and a sentence, and every
 * outcome and refusal is a failure that tells what to do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/peer/link_failure.h"
#include <string.h>

static struct arena arena;

static int
make(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int
drop(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void
each_has_a_code_of_its_own_and_a_whole_sentence(void **state)
{
	const char *text;
	int i, j;

	(void)state;
	for (i = LINK_FAILURE_NONE + 1; i < LINK_FAILURE__COUNT; i++) {
		assert_true(*link_failure_code((enum link_failure)i));
		text = link_failure_text(
		    &arena, (enum link_failure)i, "lic01", "this");
		assert_non_null(text);
		assert_int_equal(text[strlen(text) - 1], '.');
		assert_null(strchr(text, '{'));
		for (j = LINK_FAILURE_NONE; j < i; j++)
			assert_string_not_equal(
			    link_failure_code((enum link_failure)i),
			    link_failure_code((enum link_failure)j));
	}
	assert_string_equal(link_failure_code(LINK_FAILURE_NONE), "");
}

static void
a_sentence_names_server_and_detail(void **state)
{
	const char *text = link_failure_text(
	    &arena, LINK_FAILURE_PIN_CHANGED, "lic01:8443", "sha256//{server}");

	(void)state;
	assert_non_null(strstr(text, "lic01:8443"));
	assert_non_null(strstr(text, "sha256//{server}"));
}

static void
only_an_answer_is_no_failure(void **state)
{
	int i;

	(void)state;
	assert_int_equal(
	    link_failure_of_outcome(HTTP_ANSWERED), LINK_FAILURE_NONE);
	for (i = HTTP_ANSWERED + 1; i <= HTTP_BROKEN; i++)
		assert_int_not_equal(
		    link_failure_of_outcome((enum http_outcome)i),
		    LINK_FAILURE_NONE);
}

static void
a_refusal_goes_by_its_code_then_by_its_status(void **state)
{
	(void)state;
	assert_int_equal(link_failure_of_refusal(409, "hardware_mismatch"),
	    LINK_FAILURE_HARDWARE_MISMATCH);
	assert_int_equal(link_failure_of_refusal(403, "server_disabled"),
	    LINK_FAILURE_SERVER_DISABLED);
	assert_int_equal(
	    link_failure_of_refusal(401, NULL), LINK_FAILURE_UNAUTHORIZED);
	assert_int_equal(link_failure_of_refusal(429, "odd"),
	    LINK_FAILURE_TOO_MANY_REQUESTS);
	assert_int_equal(
	    link_failure_of_refusal(502, NULL), LINK_FAILURE_SERVER_TROUBLE);
	assert_int_equal(
	    link_failure_of_refusal(404, NULL), LINK_FAILURE_PROTOCOL);
	assert_int_equal(
	    link_failure_of_refusal(301, "moved"), LINK_FAILURE_PROTOCOL);
}

static void
a_server_cannot_name_a_failure_of_ours(void **state)
{
	(void)state;
	assert_int_equal(link_failure_of_refusal(400, "pin_unconfirmed"),
	    LINK_FAILURE_PROTOCOL);
	assert_int_equal(
	    link_failure_of_refusal(400, ""), LINK_FAILURE_PROTOCOL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_has_a_code_of_its_own_and_a_whole_sentence),
		cmocka_unit_test(a_sentence_names_server_and_detail),
		cmocka_unit_test(only_an_answer_is_no_failure),
		cmocka_unit_test(a_refusal_goes_by_its_code_then_by_its_status),
		cmocka_unit_test(a_server_cannot_name_a_failure_of_ours),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
