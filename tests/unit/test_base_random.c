/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_random.c: shapes and ranges of random values, and the small
 * rooms that need few words: secret, clock, fault.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/base/secret.h"
#include <string.h>

static void
bytes_differ(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	assert_int_equal(random_bytes(a, sizeof(a)), FAULT_NONE);
	assert_int_equal(random_bytes(b, sizeof(b)), FAULT_NONE);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(random_bytes(NULL, 0), FAULT_NONE);
}

static void
hexadecimal_has_two_digits_a_byte(void **state)
{
	static const size_t sizes[] = { 0, 1, 31, 32, 33, 100 };
	char out[201];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(out, 'x', sizeof(out));
		assert_int_equal(random_hex(out, sizes[i]), FAULT_NONE);
		assert_int_equal(strlen(out), 2 * sizes[i]);
		assert_int_equal(strspn(out, "0123456789abcdef"), 2 * sizes[i]);
	}
}

static void
password_is_26_characters_a_person_can_copy(void **state)
{
	char a[27], b[27];

	(void)state;
	assert_int_equal(random_password(a), FAULT_NONE);
	assert_int_equal(random_password(b), FAULT_NONE);
	assert_int_equal(strlen(a), 26);
	assert_int_equal(strspn(a, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
	assert_string_not_equal(a, b);
}

static void
numbers_stay_below_their_limit(void **state)
{
	int seen[6] = { 0 };
	int64_t value;
	int i;

	(void)state;
	for (i = 0; i < 6000; i++) {
		value = random_below(6);
		assert_in_range(value, 0, 5);
		seen[value]++;
	}
	/* Expected 1,000 each; 700 is ten standard deviations away. */
	for (i = 0; i < 6; i++)
		assert_in_range(seen[i], 700, 1300);
	assert_int_equal(random_below(1), 0);
	value = random_below(INT64_MAX);
	assert_true(value >= 0 && value < INT64_MAX);
}

static void
secrets_are_compared_whole_and_wiped(void **state)
{
	char secret[] = "secret";

	(void)state;
	assert_true(secret_equals("abc", 3, "abc", 3));
	assert_true(secret_equals(NULL, 0, NULL, 0));
	assert_false(secret_equals("abc", 3, "abd", 3));
	assert_false(secret_equals("abc", 3, "ab", 2));
	assert_false(secret_equals("", 0, "a", 1));
	assert_true(secret_equals("a\0b", 3, "a\0b", 3));
	assert_false(secret_equals("a\0b", 3, "a\0c", 3));
	secret_wipe(secret, sizeof(secret));
	assert_memory_equal(secret, "\0\0\0\0\0\0", sizeof(secret));
	secret_wipe(NULL, 5);
}

static void
clocks_go_forward(void **state)
{
	int64_t elapsed = clock_elapsed_ms();
	const char *boot = clock_boot_id();

	(void)state;
	assert_true(clock_now() > 1577836800);
	assert_true(elapsed > 0);
	assert_true(clock_elapsed_ms() >= elapsed);
	assert_true(strlen(boot) == 36 || *boot == '\0');
	assert_ptr_equal(clock_boot_id(), boot);
	assert_null(strchr(boot, '\n'));
}

static void
each_fault_has_words_of_its_own(void **state)
{
	int a, b;

	(void)state;
	for (a = FAULT_NONE; a <= FAULT_UNKNOWN_OUTCOME; a++) {
		assert_true(strlen(fault_text((enum fault)a)) > 0);
		for (b = FAULT_NONE; b < a; b++)
			assert_string_not_equal(fault_text((enum fault)a),
			    fault_text((enum fault)b));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_differ),
		cmocka_unit_test(hexadecimal_has_two_digits_a_byte),
		cmocka_unit_test(password_is_26_characters_a_person_can_copy),
		cmocka_unit_test(numbers_stay_below_their_limit),
		cmocka_unit_test(secrets_are_compared_whole_and_wiped),
		cmocka_unit_test(clocks_go_forward),
		cmocka_unit_test(each_fault_has_words_of_its_own),
	};

	return cmocka_run_group_tests_name("base/random", tests, NULL, NULL);
}
