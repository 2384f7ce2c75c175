/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.h: strict reading and plain shaping of text.
 */
#ifndef LEASEHOLD_BASE_TEXT_H
#define LEASEHOLD_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Well-formed UTF-8 without NUL inside the given length? */
bool text_is_utf8(const char *text, size_t length);
/* Bytes of the one well-formed sequence "text" begins with; 0 when it begins with none, or with NUL. */
size_t text_utf8_sequence(const char *text, size_t length);
/* One or more of A-Z a-z 0-9 and nothing else (a Client ID, rules.md 4)? NULL is not. */
bool text_is_alphanumeric(const char *text);
/* ASCII comparison without regard to case. */
bool text_equals_ignoring_case(const char *a, const char *b);
/* The whole of "text" is a decimal number in [low, high]: no sign but '-', no blanks, no leading '+'. Leading zeros count for nothing. *out is 0 on failure; NULL is no number. */
bool text_parse_int64(int64_t *out, const char *text, int64_t low, int64_t high);
/* "3,000,000,000"; out needs 32 bytes. */
void text_format_thousands(char out[32], int64_t value);
/* The same in the arena; NULL when that is full. */
const char *text_thousands(struct arena *arena, int64_t value);
/* Copies and always terminates; false when cut, never inside a UTF-8 sequence. "size" >= 1. */
bool text_copy(char *out, size_t size, const char *text);
/* Trims ASCII white space in place, returns the first kept byte. */
char *text_trim(char *text);
/* Lower-case hexadecimal; out needs 2 * bytes + 1. */
void text_hex(char *out, const void *data, size_t bytes);

#endif
