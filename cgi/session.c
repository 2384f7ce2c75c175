/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.c: the cookie of a sign-in. Only its SHA-256 is stored.
 */
#include "cgi/session.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cgi/pairs.h"
#include "engine/base/random.h"
#include "engine/base/secret.h"
#include "engine/base/text.h"

#define TOKEN_BYTES   32
#define GUEST_SECONDS 3600

/* Cookies ignore ports, so the name holds the hardware ID. */
static const char *
cookie_name(struct request *request)
{
	return arena_format(
	    &request->arena, "__Host-lh-%s", request->appliance->hardware_id);
}

enum fault
session_load(struct request *request)
{
	const char *name = cookie_name(request);
	const char *token;
	enum fault fault;

	if (!name)
		return FAULT_MEMORY;
	token = pairs_cookie(&request->arena, request->cookies, name);
	if (!token || strlen(token) != 2 * TOKEN_BYTES)
		return FAULT_NONE;
	if ((fault = digest_sha256(
		 request->sign_in_digest, token, strlen(token))))
		return fault;
	fault = store_sign_in_load(&request->sign_in, &request->arena,
	    request->store, request->sign_in_digest, request->now);
	request->is_signed_in = fault == FAULT_NONE;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

enum fault
session_start(
    uint8_t digest[DIGEST_BYTES], char csrf[33], struct request *request)
{
	char token[2 * TOKEN_BYTES + 1];
	const char *name = cookie_name(request);
	enum fault fault;

	if ((fault = random_hex(token, TOKEN_BYTES)) ||
	    (fault = random_hex(csrf, 16)))
		return fault;
	if ((fault = digest_sha256(digest, token, strlen(token))))
		return fault;
	request->response.set_cookie = arena_format(&request->arena,
	    "%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax", name, token);
	secret_wipe(token, sizeof(token));
	return name && request->response.set_cookie ? FAULT_NONE : FAULT_MEMORY;
}

void
session_end(struct request *request)
{
	request->response.set_cookie = arena_format(&request->arena,
	    "%s=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
	    cookie_name(request));
}

static bool
guest_word(
    char out[2 * DIGEST_BYTES + 24], const struct request *request, int64_t at)
{
	uint8_t mac[DIGEST_BYTES];
	char text[48];
	size_t used;

	snprintf(text, sizeof(text), "console sign-in %" PRId64, at);
	if (digest_hmac(mac, request->appliance->token_secret,
		sizeof(request->appliance->token_secret), text, strlen(text)))
		return false;
	used = (size_t)snprintf(out, 24, "%" PRId64 ".", at);
	for (size_t i = 0; i < 16; i++)
		snprintf(out + used + 2 * i, 3, "%02x", mac[i]);
	return true;
}

const char *
session_guest_csrf(struct request *request)
{
	char word[2 * DIGEST_BYTES + 24];

	return guest_word(word, request, request->now)
	    ? arena_text(&request->arena, word)
	    : NULL;
}

bool
session_guest_csrf_is_good(const struct request *request, const char *word)
{
	char expected[2 * DIGEST_BYTES + 24], digits[24];
	size_t length = strcspn(word, ".");
	int64_t at;

	if (length >= sizeof(digits))
		return false;
	memcpy(digits, word, length);
	digits[length] = '\0';
	if (!text_parse_int64(&at, digits, 0, request->now) ||
	    request->now - at > GUEST_SECONDS)
		return false;
	return guest_word(expected, request, at) &&
	    secret_equals(expected, strlen(expected), word, strlen(word));
}

const char *
session_next(const char *next)
{
	if (next[0] != '/' || next[1] == '/' || next[1] == '\\')
		return "/";
	for (const char *c = next; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '\\')
			return "/";
	return next;
}
