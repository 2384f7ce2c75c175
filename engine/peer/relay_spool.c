/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay_spool.c: one file for a request, one for its answer. Nothing here
 * outlives a restart, so nothing is flushed to the disk.
 */
#include "engine/peer/relay_spool.h"

#include "engine/base/digest.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/random.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER           "run/relay"
#define REQUEST          ".request"
#define ANSWER           ".answer"
#define ANSWER_MAX_BYTES ((size_t)256 * 1024)
#define FILE_MODE        0600
#define FOLDER_MODE      0700

static enum fault
failed(const char *what)
{
	log_line(LOG_SEVERITY_ERROR, "relay: %s: %s", what, strerror(errno));
	return errno == ENOSPC ? FAULT_FULL : FAULT_IO;
}

static const char *
path_of(struct arena *arena, const char *state_directory, const char *id,
    const char *ending)
{
	return arena_format(
	    arena, "%s/" FOLDER "/%s%s", state_directory, id, ending);
}

static enum fault
write_all(const char *path, const char *text)
{
	int file = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	size_t left = strlen(text);
	enum fault fault = FAULT_NONE;
	ssize_t written;

	if (file < 0)
		return failed(path);
	while (left && !fault) {
		written = write(file, text, left);
		if (written < 0 && errno != EINTR)
			fault = failed(path);
		if (written > 0) {
			text += written;
			left -= (size_t)written;
		}
	}
	if (close(file) && !fault)
		fault = failed(path);
	if (fault)
		(void)unlink(path);
	return fault;
}

/* Whole or not there at all; "temporary" is gone afterwards. */
static enum fault
place(struct arena *arena, const char *state_directory, const char *id,
    const char *ending, const char *text)
{
	char name[33];
	const char *path = path_of(arena, state_directory, id, ending);
	const char *temporary;
	enum fault fault = random_hex(name, (sizeof(name) - 1) / 2);

	if (fault)
		return fault;
	temporary = path_of(arena, state_directory, name, "");
	if (!path || !temporary)
		return FAULT_MEMORY;
	if ((fault = write_all(temporary, text)))
		return fault;
	if (link(temporary, path))
		fault = errno == EEXIST ? FAULT_BUSY : failed(path);
	(void)unlink(temporary);
	return fault;
}

enum fault
relay_spool_put(char id[RELAY_SPOOL_ID_SIZE], struct arena *arena,
    const char *state_directory, const char *node, const char *text)
{
	enum fault fault;

	assert(id && arena && state_directory && node && text);
	if ((fault = digest_sha256_hex(id, node, strlen(node))))
		return fault;
	return place(arena, state_directory, id, REQUEST, text);
}

enum fault
relay_spool_get(char **out, struct arena *arena, const char *state_directory,
    const char *id)
{
	const char *path = path_of(arena, state_directory, id, ANSWER);

	assert(out && arena);
	return path ? file_read(out, NULL, arena, path, ANSWER_MAX_BYTES)
		    : FAULT_MEMORY;
}

void
relay_spool_drop(
    struct arena *arena, const char *state_directory, const char *id)
{
	const char *request = path_of(arena, state_directory, id, REQUEST);
	const char *answer = path_of(arena, state_directory, id, ANSWER);

	/* The request first: from then on no answer comes. */
	if (request)
		(void)unlink(request);
	if (answer)
		(void)unlink(answer);
}

/* NULL when it is not the name of a request. */
static const char *
id_of(struct arena *arena, const char *name)
{
	const char *end = strstr(name, REQUEST);

	if (!end || end - name != RELAY_SPOOL_ID_SIZE - 1 ||
	    strcmp(end, REQUEST) != 0)
		return NULL;
	return arena_text_n(arena, name, RELAY_SPOOL_ID_SIZE - 1);
}

static enum fault
read_entry(struct relay_spool_entry *out, struct arena *arena,
    const char *state_directory, const char *id)
{
	const char *path = path_of(arena, state_directory, id, REQUEST);
	char *text;
	enum fault fault = path
	    ? file_read(&text, &out->bytes, arena, path, RELAY_SPOOL_MAX_BYTES)
	    : FAULT_MEMORY;

	out->id = id;
	out->text = fault ? NULL : text;
	return fault;
}

static enum fault
read_folder(struct relay_spool_entry *entries, size_t *count, size_t most,
    struct arena *arena, const char *state_directory, DIR *folder)
{
	const struct dirent *item;
	enum fault fault = FAULT_NONE;
	const char *id;

	while (*count < most && !fault && (item = readdir(folder))) {
		if (!(id = id_of(arena, item->d_name)))
			continue;
		fault = read_entry(
		    &entries[*count], arena, state_directory, id);
		/* Taken away meanwhile. */
		if (fault == FAULT_NOT_FOUND)
			fault = FAULT_NONE;
		else if (!fault)
			++*count;
	}
	return fault;
}

enum fault
relay_spool_list(struct relay_spool_entry **out, size_t *count,
    struct arena *arena, const char *state_directory, size_t most)
{
	const char *path = arena_format(arena, "%s/" FOLDER, state_directory);
	enum fault fault;
	DIR *folder;

	assert(out && count);
	*count = 0;
	*out = arena_array(arena, most, sizeof(**out));
	if (!path || !*out)
		return FAULT_MEMORY;
	if (!(folder = opendir(path)))
		return errno == ENOENT ? FAULT_NONE : failed(path);
	fault = read_folder(*out, count, most, arena, state_directory, folder);
	closedir(folder);
	return fault;
}

enum fault
relay_spool_answer(struct arena *arena, const char *state_directory,
    const char *id, const char *text)
{
	const char *path = path_of(arena, state_directory, id, REQUEST);
	enum fault fault;

	assert(arena && id && text);
	if (!path)
		return FAULT_MEMORY;
	if (!file_exists(path))
		return FAULT_NONE;
	fault = place(arena, state_directory, id, ANSWER, text);
	return fault == FAULT_BUSY ? FAULT_NONE : fault;
}

enum fault
relay_spool_open(struct arena *arena, const char *state_directory)
{
	const char *path = arena_format(arena, "%s/" FOLDER, state_directory);
	const struct dirent *item;
	DIR *folder;

	if (!path)
		return FAULT_MEMORY;
	if (mkdir(path, FOLDER_MODE) && errno != EEXIST)
		return failed(path);
	if (!(folder = opendir(path)))
		return failed(path);
	while ((item = readdir(folder)))
		if (item->d_name[0] != '.')
			(void)unlinkat(dirfd(folder), item->d_name, 0);
	closedir(folder);
	return FAULT_NONE;
}
