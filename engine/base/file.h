/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.h: whole files, read with a bound and written atomically and durably.
 */
#ifndef LEASEHOLD_BASE_FILE_H
#define LEASEHOLD_BASE_FILE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The whole file, NUL-terminated; *bytes may be NULL. Larger than "max_bytes" is FAULT_FULL; absent is FAULT_NOT_FOUND, and only that is not logged. */
enum fault file_read(char **out, size_t *bytes, struct arena *arena, const char *path, size_t max_bytes) MUST_CHECK;
/* All of an open descriptor until its end. */
enum fault file_read_descriptor(char **out, size_t *bytes, struct arena *arena, int descriptor, size_t max_bytes) MUST_CHECK;
/* New content replaces old in one step: temporary file, fsync, rename, fsync of the folder. FAULT_UNKNOWN_OUTCOME when only the last of these failed. */
enum fault file_replace(const char *path, const void *data, size_t bytes, mode_t mode) MUST_CHECK;
/* The same for a file that must not exist yet: an existing one stays as it is, and the answer is FAULT_IO. */
enum fault file_create(const char *path, const void *data, size_t bytes, mode_t mode) MUST_CHECK;
/* Something of that name is there (a link that leads nowhere is not). */
bool file_exists(const char *path);

#endif
