/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hardware_id.c: an appliance's name follows from its device key, so nobody
 * can take a name without the key.
 */
#include "engine/base/hardware_id.h"

#include "engine/base/crockford.h"
#include "engine/base/digest.h"
#include <assert.h>
#include <string.h>

#define DATA_CHARACTERS 15

enum fault
hardware_id_of(
    char out[HARDWARE_ID_SIZE], const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	uint8_t digest[DIGEST_BYTES];
	enum fault fault;

	assert(out && public_key);
	*out = '\0';
	if ((fault = digest_sha256(digest, public_key, KEYPAIR_PUBLIC_BYTES)))
		return fault;
	crockford_encode(out, DATA_CHARACTERS, digest, sizeof(digest));
	out[DATA_CHARACTERS] = crockford_check(out, DATA_CHARACTERS);
	out[DATA_CHARACTERS + 1] = '\0';
	return FAULT_NONE;
}

bool
hardware_id_is_valid(const char *text)
{
	return text && strlen(text) == DATA_CHARACTERS + 1 &&
	    crockford_is_valid(text, DATA_CHARACTERS + 1);
}

void
hardware_id_tidy(char *text)
{
	size_t length = 0;

	assert(text);
	for (size_t i = 0; text[i] != '\0'; i++)
		if (text[i] != ' ' && text[i] != '-')
			text[length++] = text[i] >= 'a' && text[i] <= 'z'
			    ? (char)(text[i] - 'a' + 'A')
			    : text[i];
	text[length] = '\0';
}
