/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * agreement_file.c: the license agreement's text. Does not know who has
 * accepted it.
 */
#include "engine/store/agreement_file.h"

#include "engine/base/digest.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include <assert.h>
#include <string.h>

#define FILE_BYTES_MAX    ((size_t)256 * 1024)
#define VERSION_BYTES_MAX ((size_t)32)
#define FIRST_WORD        "version: "

static enum fault
damaged(const char *path, const char *what)
{
	log_line(LOG_SEVERITY_ERROR, "%s: %s", path, what);
	return FAULT_DAMAGED;
}

/* The first line, and the text behind the blank one. */
static enum fault
split(struct agreement_text *out, struct arena *arena, const char *text,
    const char *path)
{
	const size_t skip = strlen(FIRST_WORD);
	const char *end = strchr(text, '\n');
	size_t length;

	if (strncmp(text, FIRST_WORD, skip) || !end)
		return damaged(path, "line 1: no version");
	length = (size_t)(end - text) - skip;
	if (length == 0 || length > VERSION_BYTES_MAX)
		return damaged(path, "line 1: no version");
	if (end[1] != '\n' || !end[2])
		return damaged(path, "no text behind a blank line 2");
	out->version = arena_text_n(arena, text + skip, length);
	out->body = end + 2;
	return out->version ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
load(struct agreement_text *out, struct arena *arena, const char *path)
{
	enum fault fault;
	size_t bytes;
	char *text;

	if ((fault = file_read(&text, &bytes, arena, path, FILE_BYTES_MAX)))
		return fault;
	if (!text_is_utf8(text, bytes))
		return damaged(path, "is not UTF-8 text");
	if ((fault = digest_sha256_hex(out->digest, text, bytes)))
		return fault;
	return split(out, arena, text, path);
}

enum fault
agreement_file_load(
    struct agreement_text *out, struct arena *arena, const char *data_directory)
{
	enum fault fault;
	char *path;

	assert(out && arena && data_directory);
	memset(out, 0, sizeof(*out));
	path = arena_format(arena, "%s/conf/agreement.txt", data_directory);
	if (!path)
		return FAULT_MEMORY;
	fault = load(out, arena, path);
	if (fault == FAULT_NOT_FOUND)
		log_line(LOG_SEVERITY_ERROR, "%s is missing", path);
	return fault;
}
