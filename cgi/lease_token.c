/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_token.c: "1.<client>.<issued>.<HMAC in hexadecimal>". A token is
 * checked by making it again and comparing the whole text, so that it has
 * one spelling only.
 */
#include "cgi/lease_token.h"

#include "engine/base/digest.h"
#include "engine/base/secret.h"
#include "engine/base/text.h"
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DOMAIN      "leasehold lease token 1"
#define PREFIX      "1."
#define SIGNED_SIZE 192
/* How far the clock may have been set back since a token was issued. */
#define STEP_SECONDS (15 * 60)

enum fault
lease_token_make(char out[LEASE_TOKEN_SIZE], const uint8_t secret[32],
    const struct lease_token_subject *subject, int64_t issued)
{
	char text[SIGNED_SIZE], hex[2 * DIGEST_BYTES + 1];
	uint8_t mac[DIGEST_BYTES];
	enum fault fault;
	int length;

	assert(out && secret && subject && subject->hardware_id);
	out[0] = '\0';
	length = snprintf(text, sizeof(text),
	    DOMAIN "\n%" PRId64 "\n%" PRId64 "\n%" PRId64 "\n%s\n%" PRId64,
	    subject->client, subject->made_at, subject->password_version,
	    subject->hardware_id, issued);
	if (length < 0 || length >= (int)sizeof(text))
		return FAULT_MEMORY;
	if ((fault = digest_hmac(mac, secret, 32, text, (size_t)length)))
		return fault;
	text_hex(hex, mac, sizeof(mac));
	snprintf(out, LEASE_TOKEN_SIZE, PREFIX "%" PRId64 ".%" PRId64 ".%s",
	    subject->client, issued, hex);
	secret_wipe(mac, sizeof(mac));
	return FAULT_NONE;
}

/* The number up to the next dot, and what follows the dot. */
static bool
take_number(int64_t *out, const char **rest, const char *text)
{
	const char *dot = strchr(text, '.');
	char digits[24];
	size_t length = dot ? (size_t)(dot - text) : 0;

	*out = 0;
	*rest = "";
	if (!length || length >= sizeof(digits))
		return false;
	memcpy(digits, text, length);
	digits[length] = '\0';
	*rest = dot + 1;
	return text_parse_int64(out, digits, 0, INT64_MAX);
}

static bool
take_numbers(int64_t *client, int64_t *issued, const char *token)
{
	const char *rest;

	*client = 0;
	*issued = 0;
	if (strncmp(token, PREFIX, strlen(PREFIX)) != 0)
		return false;
	return take_number(client, &rest, token + strlen(PREFIX)) &&
	    take_number(issued, &rest, rest);
}

bool
lease_token_client(int64_t *out, const char *token)
{
	int64_t issued;

	assert(out && token);
	return take_numbers(out, &issued, token);
}

enum lease_token_state
lease_token_check(const char *token, const uint8_t secret[32],
    const struct lease_token_subject *subject, int64_t now)
{
	char genuine[LEASE_TOKEN_SIZE];
	int64_t client, issued;
	bool is_genuine;

	assert(token && secret && subject);
	if (!take_numbers(&client, &issued, token) ||
	    client != subject->client ||
	    lease_token_make(genuine, secret, subject, issued))
		return LEASE_TOKEN_FORGED;
	is_genuine = secret_equals(
	    token, strlen(token), genuine, strlen(genuine));
	secret_wipe(genuine, sizeof(genuine));
	if (!is_genuine || issued - STEP_SECONDS > now)
		return LEASE_TOKEN_FORGED;
	return now - issued < LEASE_TOKEN_SECONDS ? LEASE_TOKEN_GOOD
						  : LEASE_TOKEN_OVER;
}
