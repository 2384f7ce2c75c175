/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_auth.c: credentials against one client's row. Does not slow anybody
 * down, and answers nobody.
 */
#include "cgi/lease_auth.h"

#include "engine/base/base64.h"
#include "engine/base/password.h"
#include <assert.h>
#include <string.h>
#include <strings.h>

/* The rest of the header behind "scheme ", or NULL. */
static const char *
after_scheme(const char *header, const char *scheme)
{
	size_t length = strlen(scheme);

	if (strncasecmp(header, scheme, length) != 0 || header[length] != ' ')
		return NULL;
	return header + length + strspn(header + length, " ");
}

static bool
read_basic(struct lease_identity *out, struct arena *arena, const char *text)
{
	size_t bytes;
	char *pair = (char *)base64_decode(&bytes, arena, text, strlen(text));
	char *colon = pair ? memchr(pair, ':', bytes) : NULL;

	if (!colon || memchr(pair, '\0', bytes))
		return false;
	*colon = '\0';
	out->client = pair;
	out->password = colon + 1;
	return true;
}

/* The header decides; the body's client and password are for IDs too long for one. *token is NULL unless it is the kind. */
static void
read_credentials(struct lease_identity *out, const char **token,
    struct arena *arena, const char *header,
    const struct lease_request_body *body)
{
	const char *rest;

	*token = NULL;
	if (!header && body->client && body->password) {
		out->kind = LEASE_AUTH_PASSWORD;
		out->client = body->client;
		out->password = body->password;
	} else if (header && (rest = after_scheme(header, "Basic"))) {
		if (read_basic(out, arena, rest))
			out->kind = LEASE_AUTH_PASSWORD;
	} else if (header && (rest = after_scheme(header, "Bearer"))) {
		out->kind = LEASE_AUTH_TOKEN;
		*token = rest;
	}
}

static enum fault
load_client(struct lease_identity *out, struct arena *arena,
    struct store *store, const char *token)
{
	enum fault fault = FAULT_NOT_FOUND;
	int64_t id;

	if (out->kind == LEASE_AUTH_PASSWORD)
		fault = store_client_load(&out->row, arena, store, out->client);
	else if (token && lease_token_client(&id, token))
		fault = store_client_load_id(&out->row, arena, store, id);
	out->is_known = !fault && !out->row.deleted_at;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static void
check_token(struct lease_identity *out, const char *token,
    const uint8_t *secret, int64_t now)
{
	struct lease_token_subject subject;
	enum lease_token_state state;

	if (!token || !out->is_known)
		return;
	subject = lease_auth_token_subject(&out->row, out->row.hardware_id);
	state = lease_token_check(token, secret, &subject, now);
	out->is_token_good = state == LEASE_TOKEN_GOOD;
	out->is_token_over = state == LEASE_TOKEN_OVER;
}

/* A registered key must sign; one that is presented must show that its owner has it. */
static void
check_device(struct lease_identity *out, struct arena *arena,
    const struct lease_auth_input *input, const struct lease_request_body *body,
    int64_t now)
{
	bool is_registered = out->is_known && out->row.has_device_key;
	const uint8_t *key = is_registered ? out->row.device_key
	    : body->has_device_key         ? body->device_key
					   : NULL;

	out->device_fits = !key ||
	    device_proof_check(arena, key, input->proof, &input->subject);
	out->is_registered_device = is_registered && out->device_fits &&
	    device_proof_is_fresh(arena, input->proof, now);
	/* A key of its own that did not sign shows nothing: then it is a stranger. */
	out->is_other_device = out->is_known && *out->row.hardware_id &&
	    strcmp(out->row.hardware_id, body->hardware_id) != 0 &&
	    (!body->has_device_key ||
		device_proof_check(
		    arena, body->device_key, input->proof, &input->subject));
}

enum fault
lease_auth_identify(struct lease_identity *out, struct arena *arena,
    struct store *store, const struct lease_auth_input *input,
    const struct lease_request_body *body, int64_t now)
{
	const char *token;
	enum fault fault;

	assert(out && arena && store && input && body);
	*out = (struct lease_identity){ .client = "", .password = "" };
	read_credentials(out, &token, arena, input->authorization, body);
	if ((fault = load_client(out, arena, store, token)))
		return fault;
	check_token(out, token, input->token_secret, now);
	check_device(out, arena, input, body, now);
	return FAULT_NONE;
}

enum fault
lease_auth_check_password(bool *out, const struct lease_identity *identity)
{
	enum fault fault;
	bool matches;

	assert(out && identity && identity->kind == LEASE_AUTH_PASSWORD);
	fault = password_verify(&matches, PASSWORD_CLIENT,
	    identity->is_known ? identity->row.password_hash : NULL,
	    identity->password);
	*out = !fault && matches && identity->is_known &&
	    (identity->device_fits || identity->is_other_device);
	return fault;
}

struct lease_token_subject
lease_auth_token_subject(const struct client_row *row, const char *hardware_id)
{
	assert(row && hardware_id);
	return (struct lease_token_subject){ .client = row->id,
		.made_at = row->made_at,
		.password_version = row->password_version,
		.hardware_id = hardware_id };
}
