/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_hardware_id.c: what the check character catches, character by
 * character, and where the bits come from.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/crockford.h"
#include "engine/base/digest.h"
#include "engine/base/hardware_id.h"
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
make_id(char out[HARDWARE_ID_SIZE], uint8_t seed)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];

	memset(key, seed, sizeof(key));
	assert_int_equal(hardware_id_of(out, key), FAULT_NONE);
}

static void
encoding_takes_the_first_bits(void **state)
{
	char out[27];

	(void)state;
	crockford_encode(out, 0, NULL, 0);
	assert_string_equal(out, "");
	crockford_encode(out, 8, "\x00\x44\x32\x14\xc7", 5);
	assert_string_equal(out, "01234567");
	crockford_encode(out, 26,
	    "\xff\xff\xff\xff\xff\xff\xff\xff"
	    "\xff\xff\xff\xff\xff\xff\xff\xff",
	    16);
	assert_string_equal(out, "ZZZZZZZZZZZZZZZZZZZZZZZZZW");
	crockford_encode(out, 2, "\x80", 1);
	assert_string_equal(out, "G0");
}

static void
id_is_75_bits_of_the_digest_and_a_check(void **state)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES] = { 0 }, digest[DIGEST_BYTES];
	char id[HARDWARE_ID_SIZE];
	size_t i, bit, value;

	(void)state;
	assert_int_equal(digest_sha256(digest, key, sizeof(key)), FAULT_NONE);
	assert_int_equal(hardware_id_of(id, key), FAULT_NONE);
	assert_int_equal(strlen(id), 16);
	for (i = 0; i < 15; i++) {
		value = (size_t)(strchr(alphabet, id[i]) - alphabet);
		for (bit = 0; bit < 5; bit++)
			assert_int_equal(value >> (4 - bit) & 1,
			    digest[(i * 5 + bit) / 8] >>
				    (7 - (i * 5 + bit) % 8) &
				1);
	}
	assert_true(hardware_id_is_valid(id));
	/* A fixed vector, so that another implementation can compare. */
	assert_string_equal(id, "CSM7NBFRCAYQEV4Y");
}

static void
every_wrong_character_is_noticed(void **state)
{
	char id[HARDWARE_ID_SIZE], kept;
	int seed, i;
	size_t a;

	(void)state;
	for (seed = 0; seed < 64; seed++) {
		make_id(id, (uint8_t)seed);
		for (i = 0; i < 16; i++) {
			kept = id[i];
			for (a = 0; a < 32; a++) {
				id[i] = alphabet[a];
				assert_int_equal(hardware_id_is_valid(id),
				    alphabet[a] == kept);
			}
			id[i] = kept;
		}
	}
}

/* Luhn is blind to exactly one pair: 0 and Z side by side. */
static void
every_exchange_but_0_with_z_is_noticed(void **state)
{
	char text[HARDWARE_ID_SIZE], kept;
	size_t a, b, at;
	int is_blind;

	(void)state;
	for (at = 0; at < 15; at++) {
		for (a = 0; a < 32; a++) {
			for (b = 0; b < 32; b++) {
				memset(text, '7', 15);
				text[at] = alphabet[a];
				if (at + 1 < 15)
					text[at + 1] = alphabet[b];
				text[15] = crockford_check(text, 15);
				text[16] = '\0';
				assert_true(hardware_id_is_valid(text));
				is_blind = text[at] == text[at + 1] ||
				    (text[at] == '0' && text[at + 1] == 'Z') ||
				    (text[at] == 'Z' && text[at + 1] == '0');
				kept = text[at];
				text[at] = text[at + 1];
				text[at + 1] = kept;
				assert_int_equal(
				    hardware_id_is_valid(text), is_blind);
			}
		}
	}
}

static void
other_texts_are_no_ids(void **state)
{
	char id[HARDWARE_ID_SIZE + 1];

	(void)state;
	make_id(id, 1);
	assert_true(hardware_id_is_valid(id));
	id[16] = '0';
	id[17] = '\0';
	assert_false(hardware_id_is_valid(id));
	id[15] = '\0';
	assert_false(hardware_id_is_valid(id));
	assert_true(hardware_id_is_valid("0000000000000000"));
	assert_false(hardware_id_is_valid(NULL));
	assert_false(hardware_id_is_valid(""));
	assert_false(hardware_id_is_valid("0000000000000000 "));
	assert_false(hardware_id_is_valid("00000000-0000000"));
	assert_false(hardware_id_is_valid("O000000000000000"));
	assert_false(hardware_id_is_valid("I000000000000000"));
	assert_false(hardware_id_is_valid("L000000000000000"));
	assert_false(hardware_id_is_valid("U000000000000000"));
	assert_false(hardware_id_is_valid("\xc3\xa4"
					  "00000000000000"));
	assert_int_equal(crockford_check("abc", 3), '\0');
	assert_false(crockford_is_valid("0", 1));
	assert_false(crockford_is_valid("a\0", 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encoding_takes_the_first_bits),
		cmocka_unit_test(id_is_75_bits_of_the_digest_and_a_check),
		cmocka_unit_test(every_wrong_character_is_noticed),
		cmocka_unit_test(every_exchange_but_0_with_z_is_noticed),
		cmocka_unit_test(other_texts_are_no_ids),
	};

	return cmocka_run_group_tests_name(
	    "base/hardware_id", tests, NULL, NULL);
}
