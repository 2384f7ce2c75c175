/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_backup.c: whole stores as files. Knows which files SQLite keeps
 * beside a store, and no table.
 */
#include "engine/store/store_backup.h"

#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/store/statement.h"
#include "engine/store/store_private.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define STORE_NAME "store.db"

/* What a store may have beside it. The log holds what the file does not say yet. */
static const char *const beside[] = { "-wal", "-shm", "-journal" };

#define BESIDE (sizeof(beside) / sizeof(*beside))

static enum fault
failed(const char *what, const char *path)
{
	int error = errno;

	log_line(LOG_SEVERITY_ERROR, "%s %s: %s", what, path, strerror(error));
	if (error == EEXIST)
		return FAULT_BUSY;
	return error == ENOSPC || error == EDQUOT ? FAULT_FULL : FAULT_IO;
}

static enum fault
join(char out[PATH_MAX], const char *a, const char *b, const char *c)
{
	int length = snprintf(out, PATH_MAX, "%s%s%s", a, b, c);

	if (length > 0 && length < PATH_MAX)
		return FAULT_NONE;
	errno = ENAMETOOLONG;
	return failed("name", a);
}

static enum fault
sync_path(const char *path, int flags)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | flags);
	enum fault fault = FAULT_NONE;

	if (descriptor < 0 || fsync(descriptor))
		fault = failed("sync", path);
	if (descriptor >= 0)
		(void)close(descriptor);
	return fault;
}

static enum fault
sync_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash - path) : 1;

	(void)snprintf(folder, sizeof(folder), "%.*s", length ? length : 1,
	    slash ? path : ".");
	return sync_path(folder, O_DIRECTORY);
}

/* ---- a copy ---- */

/* All pages in one step: a read transaction, so that the copy is of one instant. */
static enum fault
copy_pages(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	int code;

	if (!backup)
		return statement_fault(to, sqlite3_errcode(to), "backup");
	code = sqlite3_backup_step(backup, -1);
	(void)sqlite3_backup_finish(backup);
	return code == SQLITE_DONE ? FAULT_NONE
				   : statement_fault(from, code, "backup");
}

/* The file has no name of its own yet: a journal would only cost time. */
static enum fault
write_pages(const char *path, struct store *store)
{
	sqlite3 *to = NULL;
	enum fault fault = FAULT_NONE;
	int code = sqlite3_open_v2(path, &to,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
	    NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(
		    to, "PRAGMA journal_mode = OFF", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		fault = statement_fault(to, code, path);
	else
		fault = copy_pages(to, store->db);
	(void)sqlite3_close(to);
	return fault;
}

static enum fault
make_beside(char temporary[PATH_MAX], const char *path)
{
	int descriptor;
	enum fault fault;

	if ((fault = join(temporary, path, ".new-XXXXXX", "")))
		return fault;
	/* Mode 0600. */
	if ((descriptor = mkostemp(temporary, O_CLOEXEC)) < 0)
		return failed("create", temporary);
	(void)close(descriptor);
	return FAULT_NONE;
}

enum fault
store_backup_write(struct store *store, const char *path)
{
	char temporary[PATH_MAX];
	enum fault fault;

	assert(store && path);
	if (file_exists(path))
		return FAULT_BUSY;
	if ((fault = make_beside(temporary, path)))
		return fault;
	if (!(fault = write_pages(temporary, store)) &&
	    !(fault = sync_path(temporary, 0)) && link(temporary, path))
		fault = failed("create", path);
	(void)unlink(temporary);
	return fault ? fault : sync_folder_of(path);
}

/* ---- a copy in the place of a store ---- */

/* Closing the last connection puts the log into the file. False: it is damaged, or of a newer schema. */
static bool
put_log_into(const char *state_directory)
{
	struct store *store = NULL;
	bool is_sound = !store_open(&store, state_directory, false);

	store_close(&store);
	return is_sound;
}

static enum fault
find_beside(bool *out, const char *path)
{
	char name[PATH_MAX];
	enum fault fault;

	*out = false;
	for (size_t i = 0; i < BESIDE; i++) {
		if ((fault = join(name, path, beside[i], "")))
			return fault;
		*out |= file_exists(name);
	}
	return FAULT_NONE;
}

/* With a damaged store goes what is beside it: the new one must not take that for its own. */
static enum fault
move_beside(const char *path, const char *replaced)
{
	char from[PATH_MAX], to[PATH_MAX];
	enum fault fault;

	for (size_t i = 0; i < BESIDE; i++) {
		if ((fault = join(from, path, beside[i], "")) ||
		    (fault = join(to, replaced, beside[i], "")))
			return fault;
		if (file_exists(from) && rename(from, to))
			return failed("rename", from);
	}
	return FAULT_NONE;
}

static enum fault
put_aside(const char *state_directory, const char *path, const char *replaced)
{
	bool is_sound = put_log_into(state_directory), has_more;
	enum fault fault;

	if ((fault = find_beside(&has_more, path)))
		return fault;
	if (is_sound && has_more) {
		log_line(LOG_SEVERITY_ERROR, "%s is in use", path);
		return FAULT_BUSY;
	}
	if (link(path, replaced))
		return failed("keep as", replaced);
	return move_beside(path, replaced);
}

enum fault
store_backup_adopt(char replaced[PATH_MAX], const char *state_directory,
    const char *from_directory, const char *stamp)
{
	char path[PATH_MAX], from[PATH_MAX];
	enum fault fault;
	bool has_more;

	assert(replaced && state_directory && from_directory && stamp);
	if ((fault = join(path, state_directory, "/" STORE_NAME, "")) ||
	    (fault = join(from, from_directory, "/" STORE_NAME, "")) ||
	    (fault = join(replaced, path, ".replaced-", stamp)) ||
	    (fault = find_beside(&has_more, from)))
		return fault;
	if (has_more)
		return FAULT_BUSY;
	if ((fault = sync_path(from, 0)))
		return fault;
	if (!file_exists(path))
		*replaced = '\0';
	else if ((fault = put_aside(state_directory, path, replaced)))
		return fault;
	if (rename(from, path))
		return failed("rename", from);
	return sync_path(state_directory, O_DIRECTORY);
}
