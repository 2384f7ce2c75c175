/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * password.h: scrypt through EVP (protocol.md 8). Text form:
 * "$scrypt$ln=15,r=8,p=3$<salt>$<hash>", so parameters travel along.
 */
#ifndef LEASEHOLD_BASE_PASSWORD_H
#define LEASEHOLD_BASE_PASSWORD_H

#include "engine/base/fault.h"
#include <stdbool.h>
#include <stddef.h>

#define PASSWORD_HASH_MAX 160
#define PASSWORD_MAX_BYTES 1024
#define PASSWORD_ADMIN_LEAST 8	/* bytes of an administrator's */
#define PASSWORD_ADMIN_LEAST_TEXT "8"

enum password_kind { PASSWORD_ADMIN, PASSWORD_CLIENT };

/* Salted anew each time. A password longer than PASSWORD_MAX_BYTES is FAULT_FULL: check it as a mistake before. */
enum fault password_hash(char out[PASSWORD_HASH_MAX], enum password_kind kind, const char *password) MUST_CHECK;
/* *matches is set on every path. NULL "hash" burns the same time and never matches, nor does an overlong password; an unreadable hash is FAULT_DAMAGED. Bounds its own memory use: at most two hashes of kind ADMIN at once per process, eight of kind CLIENT; more wait. */
enum fault password_verify(bool *matches, enum password_kind kind, const char *hash, const char *password) MUST_CHECK;
/* The hash was made with other parameters than today's, or is unreadable? */
bool password_is_outdated(enum password_kind kind, const char *hash);

#endif
