/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_password.c: hashes that match one password only, and stored ones
 * that ask for too much.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/password.h"
#include <pthread.h>
#include <string.h>

static bool
matches(enum password_kind kind, const char *hash, const char *password)
{
	bool is_match = true;

	assert_int_equal(
	    password_verify(&is_match, kind, hash, password), FAULT_NONE);
	return is_match;
}

static void
right_password_matches_and_wrong_does_not(void **state)
{
	char hash[PASSWORD_HASH_MAX], again[PASSWORD_HASH_MAX];

	(void)state;
	assert_int_equal(
	    password_hash(hash, PASSWORD_CLIENT, "correct"), FAULT_NONE);
	assert_int_equal(
	    password_hash(again, PASSWORD_CLIENT, "correct"), FAULT_NONE);
	assert_string_not_equal(hash, again);
	assert_memory_equal(hash, "$scrypt$ln=13,r=8,p=1$", 22);
	assert_true(matches(PASSWORD_CLIENT, hash, "correct"));
	assert_false(matches(PASSWORD_CLIENT, hash, "Correct"));
	assert_false(matches(PASSWORD_CLIENT, hash, "correct "));
	assert_false(matches(PASSWORD_CLIENT, hash, ""));
	assert_false(matches(PASSWORD_CLIENT, NULL, "correct"));
}

static void
administrators_hash_costs_more(void **state)
{
	char hash[PASSWORD_HASH_MAX];

	(void)state;
	assert_int_equal(password_hash(hash, PASSWORD_ADMIN, ""), FAULT_NONE);
	assert_memory_equal(hash, "$scrypt$ln=15,r=8,p=3$", 22);
	assert_true(matches(PASSWORD_ADMIN, hash, ""));
	assert_false(password_is_outdated(PASSWORD_ADMIN, hash));
	assert_true(password_is_outdated(PASSWORD_CLIENT, hash));
}

/* RFC 7914 section 12 cannot be read here (its salts are short); this one was made with Python's hashlib.scrypt. */
static void
other_parameters_are_honoured_and_outdated(void **state)
{
	static const char hash[] =
	    "$scrypt$ln=10,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$"
	    "aZc1Owg6UWvFi14jrlfEt3C8Ah1L0bZsLjorbNCKHOM";

	(void)state;
	assert_true(matches(PASSWORD_CLIENT, hash, "pleaseletmein"));
	assert_false(matches(PASSWORD_CLIENT, hash, "pleaseletmeout"));
	assert_true(password_is_outdated(PASSWORD_CLIENT, hash));
}

static void
unreadable_hashes_are_damaged(void **state)
{
#define SALT "AAECAwQFBgcICQoLDA0ODw"
#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	static const char *const bad[] = { "", "x", "$scrypt$", "$2b$10$abc",
		"$scrypt$ln=40,r=8,p=1$" SALT "$" HASH,
		"$scrypt$ln=17,r=8,p=1$" SALT "$" HASH,
		"$scrypt$ln=0,r=8,p=1$" SALT "$" HASH,
		"$scrypt$ln=13,r=9,p=1$" SALT "$" HASH,
		"$scrypt$ln=13,r=8,p=17$" SALT "$" HASH,
		"$scrypt$ln=13,r=8,p=0$" SALT "$" HASH,
		"$scrypt$ln=13,r=8,p=1$" SALT "$" HASH "A",
		"$scrypt$ln=13,r=8,p=1$" SALT "$" HASH "$",
		"$scrypt$ln=13,r=8,p=1$" SALT "A$" HASH,
		"$scrypt$ln=13,r=8,p=1$" SALT,
		"$scrypt$ln=13,p=1,r=8$" SALT "$" HASH,
		"$scrypt$ln=+13,r=8,p=1$" SALT "$" HASH,
		" $scrypt$ln=13,r=8,p=1$" SALT "$" HASH };
	char longest[PASSWORD_HASH_MAX + 1];
	bool is_match;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		is_match = true;
		assert_int_equal(
		    password_verify(&is_match, PASSWORD_CLIENT, bad[i], "x"),
		    FAULT_DAMAGED);
		assert_false(is_match);
		assert_true(password_is_outdated(PASSWORD_CLIENT, bad[i]));
	}
	memset(longest, 'a', PASSWORD_HASH_MAX);
	longest[PASSWORD_HASH_MAX] = '\0';
	assert_int_equal(
	    password_verify(&is_match, PASSWORD_CLIENT, longest, "x"),
	    FAULT_DAMAGED);
}

static void
length_is_bounded(void **state)
{
	char password[PASSWORD_MAX_BYTES + 2], hash[PASSWORD_HASH_MAX];

	(void)state;
	memset(password, 'x', sizeof(password));
	password[PASSWORD_MAX_BYTES] = '\0';
	assert_int_equal(
	    password_hash(hash, PASSWORD_CLIENT, password), FAULT_NONE);
	assert_true(matches(PASSWORD_CLIENT, hash, password));
	password[PASSWORD_MAX_BYTES - 1] = 'y';
	assert_false(matches(PASSWORD_CLIENT, hash, password));
	password[PASSWORD_MAX_BYTES - 1] = 'x';
	password[PASSWORD_MAX_BYTES] = 'x';
	password[PASSWORD_MAX_BYTES + 1] = '\0';
	assert_false(matches(PASSWORD_CLIENT, hash, password));
	assert_int_equal(
	    password_hash(hash, PASSWORD_CLIENT, password), FAULT_FULL);
	assert_string_equal(hash, "");
}

static void *
verify_once(void *hash)
{
	bool is_match = false;

	if (password_verify(&is_match, PASSWORD_CLIENT, hash, "x"))
		return NULL;
	return is_match ? hash : NULL;
}

static void
many_threads_take_turns(void **state)
{
	char hash[PASSWORD_HASH_MAX];
	pthread_t threads[20];
	void *answer;
	size_t i;

	(void)state;
	assert_int_equal(password_hash(hash, PASSWORD_CLIENT, "x"), FAULT_NONE);
	for (i = 0; i < 20; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, verify_once, hash), 0);
	for (i = 0; i < 20; i++) {
		pthread_join(threads[i], &answer);
		assert_ptr_equal(answer, hash);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right_password_matches_and_wrong_does_not),
		cmocka_unit_test(administrators_hash_costs_more),
		cmocka_unit_test(other_parameters_are_honoured_and_outdated),
		cmocka_unit_test(unreadable_hashes_are_damaged),
		cmocka_unit_test(length_is_bounded),
		cmocka_unit_test(many_threads_take_turns),
	};

	return cmocka_run_group_tests_name("base/password", tests, NULL, NULL);
}
