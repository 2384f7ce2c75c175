/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json.h: glue over jansson: strict loading and typed members. A member of
 * the wrong type is as wrong as a missing one: the caller is told which.
 */
#ifndef LEASEHOLD_BASE_JSON_H
#define LEASEHOLD_BASE_JSON_H

#include "engine/base/arena.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One JSON object, UTF-8, no duplicate names, no NUL, at most 32 levels deep, nothing after it; NULL and a reason ("line 3: …", never quoting the text, as it may hold secrets) otherwise. New reference. */
json_t *json_load_object(const char *text, size_t length, char *reason, size_t reason_size);
/* Borrowed text of member "name", or NULL when absent or not a string (or when it holds a NUL). */
const char *json_text(const json_t *object, const char *name);
/* Integer member in [low, high]; false (and 0) when absent, of another type or out of range. */
bool json_int64(int64_t *out, const json_t *object, const char *name, int64_t low, int64_t high);
/* Boolean member; "otherwise" when absent or of another type. */
bool json_bool(const json_t *object, const char *name, bool otherwise);
/* Compact text in the arena, sorted keys; NULL when full. */
char *json_dump(struct arena *arena, const json_t *value);

#endif
