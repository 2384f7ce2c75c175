/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.c: whole files. A reader sees the old content or the new, never half
 * of either, even after a power cut.
 */
#include "engine/base/file.h"

#include "engine/base/log.h"
#include "engine/base/secret.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_READ_BYTES ((size_t)4096)

struct buffer {
	char *data;
	size_t used;
	size_t size;
};

static enum fault
refused(const char *what, const char *path)
{
	int error = errno;

	log_line(LOG_SEVERITY_ERROR, "%s %s: %s", what, path, strerror(error));
	return error == ENOSPC || error == EDQUOT ? FAULT_FULL : FAULT_IO;
}

static void
buffer_clear(struct buffer *buffer)
{
	secret_wipe(buffer->data, buffer->used);
	free(buffer->data);
	*buffer = (struct buffer){ 0 };
}

/* Not realloc, which may leave an unwiped copy of a secret behind. */
static bool
buffer_grow(struct buffer *buffer)
{
	size_t size = buffer->size ? buffer->size * 2 : FIRST_READ_BYTES;
	char *data;

	if (size < buffer->size || !(data = malloc(size)))
		return false;
	if (buffer->used)
		memcpy(data, buffer->data, buffer->used);
	secret_wipe(buffer->data, buffer->used);
	free(buffer->data);
	buffer->data = data;
	buffer->size = size;
	return true;
}

static enum fault
read_into(struct buffer *buffer, int descriptor, size_t max_bytes)
{
	ssize_t got;

	for (;;) {
		if (buffer->used == buffer->size && !buffer_grow(buffer))
			return FAULT_MEMORY;
		got = read(descriptor, buffer->data + buffer->used,
		    buffer->size - buffer->used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return FAULT_IO;
		if (got == 0)
			return FAULT_NONE;
		buffer->used += (size_t)got;
		if (buffer->used > max_bytes)
			return FAULT_FULL;
	}
}

static enum fault
write_all(int descriptor, const char *data, size_t bytes)
{
	ssize_t written;

	for (; bytes; bytes -= (size_t)written, data += written) {
		written = write(descriptor, data, bytes);
		if (written < 0 && errno == EINTR)
			written = 0;
		else if (written < 0)
			return FAULT_IO;
	}
	return FAULT_NONE;
}

/* The folder's entry must reach the disk too. What stands there when this fails, nobody knows. */
static enum fault
sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path) : 1, descriptor;
	enum fault fault = FAULT_NONE;

	snprintf(folder, sizeof(folder), "%.*s", length ? length : 1,
	    slash ? path : ".");
	descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0 || fsync(descriptor)) {
		(void)refused("sync folder", folder);
		fault = FAULT_UNKNOWN_OUTCOME;
	}
	if (descriptor >= 0)
		close(descriptor);
	return fault;
}

/* A complete, durable file under a name of its own beside "path". */
static enum fault
write_beside(char temporary[PATH_MAX], const char *path, const void *data,
    size_t bytes, mode_t mode)
{
	enum fault fault = FAULT_NONE;
	int descriptor, length;

	length = snprintf(temporary, PATH_MAX, "%s.new-XXXXXX", path);
	if (length < 0 || length >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return refused("write", path);
	}
	if ((descriptor = mkostemp(temporary, O_CLOEXEC)) < 0)
		return refused("create", temporary);
	if (write_all(descriptor, data, bytes) || fchmod(descriptor, mode) ||
	    fsync(descriptor))
		fault = refused("write", temporary);
	if (close(descriptor) && !fault)
		fault = refused("close", temporary);
	if (fault)
		unlink(temporary);
	return fault;
}

static enum fault
read_whole(char **out, size_t *bytes, struct arena *arena, int descriptor,
    size_t max_bytes)
{
	struct buffer buffer = { 0 };
	enum fault fault = read_into(&buffer, descriptor, max_bytes);

	if (!fault && !(*out = arena_text_n(arena, buffer.data, buffer.used)))
		fault = FAULT_MEMORY;
	if (!fault && bytes)
		*bytes = buffer.used;
	buffer_clear(&buffer);
	return fault;
}

enum fault
file_read_descriptor(char **out, size_t *bytes, struct arena *arena,
    int descriptor, size_t max_bytes)
{
	enum fault fault;

	assert(out && arena);
	*out = NULL;
	if (bytes)
		*bytes = 0;
	fault = read_whole(out, bytes, arena, descriptor, max_bytes);
	if (fault)
		log_line(LOG_SEVERITY_ERROR, "read descriptor %d: %s",
		    descriptor, fault_text(fault));
	return fault;
}

enum fault
file_read(char **out, size_t *bytes, struct arena *arena, const char *path,
    size_t max_bytes)
{
	enum fault fault;
	int descriptor;

	assert(out && arena && path);
	*out = NULL;
	if (bytes)
		*bytes = 0;
	descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
		return FAULT_NOT_FOUND;
	if (descriptor < 0)
		return refused("open", path);
	fault = read_whole(out, bytes, arena, descriptor, max_bytes);
	if (fault)
		log_line(
		    LOG_SEVERITY_ERROR, "read %s: %s", path, fault_text(fault));
	close(descriptor);
	return fault;
}

enum fault
file_replace(const char *path, const void *data, size_t bytes, mode_t mode)
{
	char temporary[PATH_MAX];
	enum fault fault;

	assert(path && (data || bytes == 0));
	if ((fault = write_beside(temporary, path, data, bytes, mode)))
		return fault;
	if (rename(temporary, path)) {
		fault = refused("rename to", path);
		unlink(temporary);
		return fault;
	}
	return sync_folder_of(path);
}

/* A hard link, unlike a rename, refuses to take a name that is in use. */
enum fault
file_create(const char *path, const void *data, size_t bytes, mode_t mode)
{
	char temporary[PATH_MAX];
	enum fault fault;

	assert(path && (data || bytes == 0));
	if ((fault = write_beside(temporary, path, data, bytes, mode)))
		return fault;
	if (link(temporary, path))
		fault = refused("create", path);
	unlink(temporary);
	return fault ? fault : sync_folder_of(path);
}

bool
file_exists(const char *path)
{
	struct stat about;

	assert(path);
	return stat(path, &about) == 0;
}
