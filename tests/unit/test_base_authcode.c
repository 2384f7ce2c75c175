/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_authcode.c: codes are alike only if they are the same, and every
 * slip of a finger shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/authcode.h"
#include <ctype.h>
#include <string.h>

static void
a_code_reads_as_it_was_made(void **state)
{
	char code[AUTHCODE_SIZE], other[AUTHCODE_SIZE], read[AUTHCODE_SIZE],
	    tail[AUTHCODE_TAIL_SIZE];

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(authcode_make(code), FAULT_NONE);
		assert_int_equal(authcode_make(other), FAULT_NONE);
		assert_string_not_equal(code, other);
		assert_int_equal(authcode_read(read, code), AUTHCODE_OK);
		assert_string_equal(read, code);
	}
	assert_int_equal(strlen(code), 23);
	authcode_tail(tail, code);
	assert_string_equal(tail, code + 18);
	for (char *at = code; *at; at++)
		*at = (char)tolower(*at);
	assert_int_equal(authcode_read(other, code), AUTHCODE_OK);
	assert_string_equal(other, read);
}

static void
every_wrong_character_shows(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char code[AUTHCODE_SIZE], wrong[AUTHCODE_SIZE], read[AUTHCODE_SIZE];

	(void)state;
	assert_int_equal(authcode_make(code), FAULT_NONE);
	for (size_t i = 0; i < AUTHCODE_SIZE - 1; i++) {
		if (code[i] == '-')
			continue;
		for (const char *c = alphabet; *c; c++) {
			if (*c == code[i])
				continue;
			memcpy(wrong, code, sizeof(wrong));
			wrong[i] = *c;
			assert_int_equal(
			    authcode_read(read, wrong), AUTHCODE_CHECK);
		}
	}
}

/* Nothing that could be part of a command, a path, a page or an SQL text is a code. */
static void
what_is_no_code_is_none(void **state)
{
	static const char *const texts[] = { "", "-", "7K3QD-0M9XW-4RTZ8-HB2N",
		"7K3QD0M9XW4RTZ8HB2NC", "7K3QD-0M9XW-4RTZ8-HB2NCX",
		" 7K3QD-0M9XW-4RTZ8-HB2N", "7K3QD 0M9XW 4RTZ8 HB2NC",
		"7K3QD-0M9XW-4RTZ8-HB2N\n", "IK3QD-0M9XW-4RTZ8-HB2NC",
		"7K3QD-0M9XW-4RTZ8-HB2N;", "$(touch /tmp/pwn)-AAAAA",
		"-n x -e /tmp/x AAAAAAA", "' OR 1=1--AAAAA-AAAAA-A",
		"../../../etc/passwd-AAA", "%n%s%p%1000000d-AAAAA-A",
		"7K3QD-0M9XW-4RTZ8-HB2\xc3\xa9" };
	char read[AUTHCODE_SIZE] = "untouched";

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(authcode_read(read, texts[i]), AUTHCODE_SHAPE);
	assert_string_equal(read, "untouched");
}

static void
a_digest_is_of_the_code(void **state)
{
	uint8_t a[DIGEST_BYTES], b[DIGEST_BYTES];
	char code[AUTHCODE_SIZE];

	(void)state;
	assert_int_equal(authcode_make(code), FAULT_NONE);
	assert_int_equal(authcode_digest(a, code), FAULT_NONE);
	assert_int_equal(authcode_digest(b, code), FAULT_NONE);
	assert_memory_equal(a, b, sizeof(a));
	assert_int_equal(authcode_make(code), FAULT_NONE);
	assert_int_equal(authcode_digest(b, code), FAULT_NONE);
	assert_memory_not_equal(a, b, sizeof(a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_reads_as_it_was_made),
		cmocka_unit_test(every_wrong_character_shows),
		cmocka_unit_test(what_is_no_code_is_none),
		cmocka_unit_test(a_digest_is_of_the_code),
	};

	return cmocka_run_group_tests_name("authcode", tests, NULL, NULL);
}
