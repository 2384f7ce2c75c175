/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_token.h: the bearer token of an answer. Derived, not stored: an HMAC
 * over the client's row, its hardware ID, its password version and the time
 * of issue, so that a changed password or another device voids it.
 */
#ifndef LEASEHOLD_CGI_LEASE_TOKEN_H
#define LEASEHOLD_CGI_LEASE_TOKEN_H

#include "engine/base/fault.h"
#include <stdbool.h>
#include <stdint.h>

#define LEASE_TOKEN_SECONDS (24 * 3600)
#define LEASE_TOKEN_SIZE    128

/* Whom a token speaks of. "made_at" tells a client from an earlier one that had its row number. */
struct lease_token_subject {
	int64_t client;
	int64_t made_at;
	int64_t password_version;
	const char *hardware_id;
};

enum lease_token_state {
	LEASE_TOKEN_GOOD,
	LEASE_TOKEN_OVER,  /* genuine, but issued 24 h ago or longer */
	LEASE_TOKEN_FORGED /* or of another password, device or client */
};

enum fault
lease_token_make(char out[LEASE_TOKEN_SIZE], const uint8_t secret[32],
    const struct lease_token_subject *subject, int64_t issued) MUST_CHECK;
/* The client's row number as the token claims it; false when it is no token. */
bool lease_token_client(int64_t *out, const char *token);
enum lease_token_state
lease_token_check(const char *token, const uint8_t secret[32],
    const struct lease_token_subject *subject, int64_t now);

#endif
