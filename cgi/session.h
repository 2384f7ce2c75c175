/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.h: an administrator's sign-in in a cookie. Gateway users' sessions
 * are something else and live in the agent.
 */
#ifndef LEASEHOLD_CGI_SESSION_H
#define LEASEHOLD_CGI_SESSION_H

#include "cgi/request.h"
#include "engine/base/fault.h"

/* Fills is_signed_in, sign_in and its digest from the cookie. No cookie, or one of an ended sign-in, is no fault. */
enum fault session_load(struct request *request) MUST_CHECK;
/* A new token: its digest, the csrf word, and the Set-Cookie text. */
enum fault session_start(uint8_t digest[DIGEST_BYTES], char csrf[33],
    struct request *request) MUST_CHECK;
/* The Set-Cookie text that ends it. */
void session_end(struct request *request);
/* For the sign-in form, where no sign-in exists yet: a word good for an hour. */
const char *session_guest_csrf(struct request *request);
bool
session_guest_csrf_is_good(const struct request *request, const char *word);
/* A path of this site to go to after sign-in; anything else becomes "/". */
const char *session_next(const char *next);

#endif
