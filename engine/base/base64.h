/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base64.h: base64url without padding (RFC 7515) and plain base64 (Basic
 * authentication), strict on input: no white space, no stray bits.
 */
#ifndef LEASEHOLD_BASE_BASE64_H
#define LEASEHOLD_BASE_BASE64_H

#include "engine/base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text in the arena, or NULL when it is full. */
char *base64_url_encode(struct arena *arena, const void *data, size_t bytes);
/* Decoded bytes (NUL-terminated beyond *bytes) or NULL when malformed. */
uint8_t *base64_url_decode(size_t *bytes, struct arena *arena, const char *text, size_t length);
/* Standard alphabet with padding, as HTTP Basic uses it. */
char *base64_encode(struct arena *arena, const void *data, size_t bytes);
uint8_t *base64_decode(size_t *bytes, struct arena *arena, const char *text, size_t length);

#endif
