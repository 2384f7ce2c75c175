/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_auth.h: who sends a request. Name and password, or the token of an
 * earlier answer, and the device that signed it. Whoever does not fit is not
 * told what did not.
 */
#ifndef LEASEHOLD_CGI_LEASE_AUTH_H
#define LEASEHOLD_CGI_LEASE_AUTH_H

#include "cgi/lease_request.h"
#include "cgi/lease_token.h"
#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/peer/device_proof.h"
#include "engine/store/store_client.h"
#include <stdbool.h>

enum lease_auth_kind {
	LEASE_AUTH_NONE, /* none given, or of no kind we know */
	LEASE_AUTH_PASSWORD,
	LEASE_AUTH_TOKEN
};

struct lease_auth_input {
	const char *authorization; /* the header, or NULL */
	const char *proof;         /* the header Leasehold-Device, or NULL */
	struct device_proof_subject subject;
	const uint8_t *token_secret;
};

struct lease_identity {
	enum lease_auth_kind kind;
	const char *client, *password; /* as given; client "" with a token */
	bool is_known;
	struct client_row row; /* when is_known */
	bool is_token_good;    /* kind TOKEN: genuine and not over */
	bool is_token_over;
	bool device_fits; /* the key that must sign, if any, has signed */
	bool is_registered_device; /* and it is the one the server knows, now */
	bool is_other_device; /* it names another hardware ID than the bound one, and its own key, if it has one, has signed */
};

/* Reads the credentials and looks for the client; checks everything but the password. */
enum fault lease_auth_identify(struct lease_identity *out, struct arena *arena,
    struct store *store, const struct lease_auth_input *input,
    const struct lease_request_body *body, int64_t now) MUST_CHECK;
/* Takes the time of one scrypt for whomever. True: that client, that password, and that device or one that owns to be another. */
enum fault lease_auth_check_password(
    bool *out, const struct lease_identity *identity) MUST_CHECK;
/* Of whom a token speaks once "hardware_id" is registered. */
struct lease_token_subject
lease_auth_token_subject(const struct client_row *row, const char *hardware_id);

#endif
