/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * authcode.h: authentication codes, against which a center issues license
 * keys: 95 random bits and a check character in four groups of five, as in
 * 7K3QD-0M9XW-4RTZ8-HB2NC (protocol.md 4). A code is a secret: what is stored
 * of it is its digest, what is shown of it its last group.
 */
#ifndef LEASEHOLD_BASE_AUTHCODE_H
#define LEASEHOLD_BASE_AUTHCODE_H

#include "engine/base/digest.h"
#include "engine/base/fault.h"

#define AUTHCODE_SIZE 24	/* with the three dashes and NUL */
#define AUTHCODE_TAIL_SIZE 6

enum authcode_state {
	AUTHCODE_OK,
	AUTHCODE_SHAPE,		/* not four groups of five of the alphabet, dashes between them */
	AUTHCODE_CHECK		/* its check character says that one was mistyped */
};

/* A new one; no two are alike. */
enum fault authcode_make(char out[AUTHCODE_SIZE]) MUST_CHECK;
/* Strictly: letters of either case, nothing before or after. *out is upper case; not touched unless AUTHCODE_OK. */
enum authcode_state authcode_read(char out[AUTHCODE_SIZE], const char *text);
/* Of a code as authcode_read writes it. */
enum fault authcode_digest(uint8_t out[DIGEST_BYTES], const char *code) MUST_CHECK;
/* Its last group. */
void authcode_tail(char out[AUTHCODE_TAIL_SIZE], const char *code);

#endif
