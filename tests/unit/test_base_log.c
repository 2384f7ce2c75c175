/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_log.c: one event is one line, whatever a stranger put into it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/log.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char caught[8192];

static void
escapes_to(const char *text, const char *expected)
{
	char out[64];

	assert_int_equal(log_escape(out, sizeof(out), text), strlen(expected));
	assert_string_equal(out, expected);
}

static void
control_characters_are_escaped(void **state)
{
	(void)state;
	escapes_to("", "");
	escapes_to("plain text", "plain text");
	escapes_to("a\nb\rc\td", "a\\nb\\rc\\td");
	escapes_to("\x1b[31m\x7f\x01", "\\x1b[31m\\x7f\\x01");
	escapes_to("back\\slash", "back\\\\slash");
	escapes_to("\xc3\xa4 \xe2\x82\xac", "\xc3\xa4 \xe2\x82\xac");
	escapes_to("\xc2\x9b"
		   "31m",
	    "\\xc2\\x9b31m");
	escapes_to("\xc2\xa0", "\xc2\xa0");
	escapes_to("\xff\xc0\xaf", "\\xff\\xc0\\xaf");
	escapes_to("\xed\xa0\x80", "\\xed\\xa0\\x80");
}

static void
escaping_is_cut_between_characters(void **state)
{
	char out[4];

	(void)state;
	assert_int_equal(log_escape(out, sizeof(out), "abc"), 3);
	assert_int_equal(log_escape(out, sizeof(out), "abcd"), 3);
	assert_int_equal(log_escape(out, sizeof(out), "ab\xc3\xa4"), 2);
	assert_int_equal(log_escape(out, sizeof(out), "a\x01"), 1);
	assert_string_equal(out, "a");
	assert_int_equal(log_escape(out, 1, "a"), 0);
	assert_string_equal(out, "");
}

/* What log_line writes while standard error is a pipe. */
static void
catch_line(const char *text)
{
	int ends[2], kept = dup(STDERR_FILENO);
	ssize_t got;

	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	close(ends[1]);
	log_line(LOG_SEVERITY_WARNING, "%s", text);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	close(kept);
	got = read(ends[0], caught, sizeof(caught) - 1);
	assert_true(got > 0);
	caught[got] = '\0';
	close(ends[0]);
}

static void
line_names_program_and_process(void **state)
{
	char expected[128];

	(void)state;
	log_open("/usr/lib/leasehold/console.fcgi");
	catch_line("forged\n<0>line");
	snprintf(expected, sizeof(expected),
	    "<4>console.fcgi[%ld]: forged\\n<0>line\n", (long)getpid());
	assert_string_equal(caught, expected);
	log_open("a\nprogram with a very, very long name");
	catch_line("x");
	assert_memory_equal(caught, "<4>a\\nprogram", 13);
	log_open("test");
}

static void
overlong_text_is_one_cut_line(void **state)
{
	static char text[10000];
	size_t length;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	catch_line(text);
	length = strlen(caught);
	assert_true(length > 2000 && length <= 4096);
	assert_string_equal(caught + length - 7, " [cut]\n");
	memset(text, '\x01', sizeof(text) - 1);
	catch_line(text);
	length = strlen(caught);
	assert_true(length > 2000 && length <= 4096);
	assert_string_equal(caught + length - 7, " [cut]\n");
	assert_ptr_equal(strchr(caught, '\n'), caught + length - 1);
}

static void
errno_is_kept(void **state)
{
	(void)state;
	errno = ENOTTY;
	catch_line("x");
	errno = EXDEV;
	log_line(LOG_SEVERITY_INFO, "a line of the test itself");
	assert_int_equal(errno, EXDEV);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(control_characters_are_escaped),
		cmocka_unit_test(escaping_is_cut_between_characters),
		cmocka_unit_test(line_names_program_and_process),
		cmocka_unit_test(overlong_text_is_one_cut_line),
		cmocka_unit_test(errno_is_kept),
	};

	return cmocka_run_group_tests_name("base/log", tests, NULL, NULL);
}
