/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_base64.c: RFC 4648's vectors, and every text that is not the one
 * text of its value.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/base64.h"
#include <string.h>

static struct arena arena;

static int
clear_arena(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static bool
url_refuses(const char *text)
{
	size_t bytes = 7;

	return !base64_url_decode(&bytes, &arena, text, strlen(text)) &&
	    bytes == 0;
}

static bool
plain_refuses(const char *text)
{
	size_t bytes = 7;

	return !base64_decode(&bytes, &arena, text, strlen(text)) && bytes == 0;
}

static void
rfc_4648_vectors(void **state)
{
	static const char *const plain[] = { "", "Zg==", "Zm8=", "Zm9v",
		"Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };
	static const char *const url[] = { "", "Zg", "Zm8", "Zm9v", "Zm9vYg",
		"Zm9vYmE", "Zm9vYmFy" };
	size_t i, bytes;
	uint8_t *data;

	(void)state;
	for (i = 0; i <= 6; i++) {
		assert_string_equal(
		    base64_encode(&arena, "foobar", i), plain[i]);
		assert_string_equal(
		    base64_url_encode(&arena, "foobar", i), url[i]);
		data = base64_decode(
		    &bytes, &arena, plain[i], strlen(plain[i]));
		assert_int_equal(bytes, i);
		assert_memory_equal(data, "foobar", i);
		assert_int_equal(data[i], 0);
		data = base64_url_decode(&bytes, &arena, url[i], strlen(url[i]));
		assert_int_equal(bytes, i);
		assert_memory_equal(data, "foobar", i);
		assert_int_equal(data[i], 0);
	}
}

static void
every_byte_and_length_comes_back(void **state)
{
	uint8_t data[256], *back;
	size_t i, bytes;
	char *text;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 167 + 13);
	for (i = 0; i <= sizeof(data); i++) {
		text = base64_url_encode(&arena, data, i);
		assert_null(strpbrk(text, "+/="));
		back = base64_url_decode(&bytes, &arena, text, strlen(text));
		assert_int_equal(bytes, i);
		assert_memory_equal(back, data, i);
		text = base64_encode(&arena, data, i);
		assert_null(strpbrk(text, "-_"));
		back = base64_decode(&bytes, &arena, text, strlen(text));
		assert_int_equal(bytes, i);
		assert_memory_equal(back, data, i);
	}
}

static void
alphabets_do_not_mix(void **state)
{
	(void)state;
	assert_string_equal(
	    base64_url_encode(&arena, "\xfb\xff\xff", 3), "-___");
	assert_string_equal(base64_encode(&arena, "\xfb\xff\xff", 3), "+///");
	assert_true(url_refuses("+///"));
	assert_true(plain_refuses("-___"));
}

static void
one_value_has_one_text(void **state)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789-_";
	char text[4] = "AA";
	size_t i, bytes;

	(void)state;
	for (i = 0; i < 64; i++) {
		text[1] = letters[i];
		assert_int_equal(
		    !base64_url_decode(&bytes, &arena, text, 2), i % 16 != 0);
	}
	text[1] = 'A';
	for (i = 0; i < 64; i++) {
		text[2] = letters[i];
		assert_int_equal(
		    !base64_url_decode(&bytes, &arena, text, 3), i % 4 != 0);
	}
	assert_true(plain_refuses("Zh=="));
	assert_true(plain_refuses("Zm9="));
}

static void
malformed_text_is_refused(void **state)
{
	size_t bytes;

	(void)state;
	assert_true(url_refuses("A"));
	assert_true(url_refuses("AAAAA"));
	assert_true(url_refuses("AA=="));
	assert_true(url_refuses("AA A"));
	assert_true(url_refuses("AAA\n"));
	assert_true(url_refuses("AA\xc3\xa4"));
	assert_null(base64_url_decode(&bytes, &arena, "AA\0A", 4));
	assert_true(plain_refuses("Zg"));
	assert_true(plain_refuses("Zg="));
	assert_true(plain_refuses("Z==="));
	assert_true(plain_refuses("===="));
	assert_true(plain_refuses("="));
	assert_true(plain_refuses("Zg==Zg=="));
	assert_true(plain_refuses("Zg==\n"));
	assert_true(plain_refuses(" Zg="));
}

static void
full_arena_is_refused(void **state)
{
	struct arena small;
	size_t bytes;

	(void)state;
	arena_init(&small, 4);
	assert_null(base64_url_encode(&small, "foobar", 6));
	assert_null(base64_encode(&small, "foobar", 6));
	assert_null(base64_url_decode(&bytes, &small, "Zm9vYmFy", 8));
	assert_null(base64_encode(&small, "x", SIZE_MAX));
	arena_clear(&small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(rfc_4648_vectors, clear_arena),
		cmocka_unit_test_teardown(
		    every_byte_and_length_comes_back, clear_arena),
		cmocka_unit_test_teardown(alphabets_do_not_mix, clear_arena),
		cmocka_unit_test_teardown(one_value_has_one_text, clear_arena),
		cmocka_unit_test_teardown(
		    malformed_text_is_refused, clear_arena),
		cmocka_unit_test(full_arena_is_refused),
	};

	return cmocka_run_group_tests_name("base/base64", tests, NULL, NULL);
}
