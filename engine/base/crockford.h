/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crockford.h: Crockford's base32, without the letters people confuse, and
 * the Luhn-mod-32 check character of hardware IDs and authentication codes
 * (rules.md 1).
 */
#ifndef LEASEHOLD_BASE_CROCKFORD_H
#define LEASEHOLD_BASE_CROCKFORD_H

#include <stdbool.h>
#include <stddef.h>

/* The first 5 * "characters" bits of "data" (bits past "bytes" are 0), most significant first; out needs characters + 1. */
void
crockford_encode(char *out, size_t characters, const void *data, size_t bytes);
/*
 * The character that, put after these, makes the whole valid; '\0' when one
 * is not of the alphabet. It shows every single wrong character and every
 * exchange of two neighbours but "0Z" with "Z0", which Luhn cannot see.
 */
char crockford_check(const char *text, size_t length);
/* Upper case characters of the alphabet, the last of them the check character? */
bool crockford_is_valid(const char *text, size_t length);

#endif
