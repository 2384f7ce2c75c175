/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_backup.c: copies of an appliance's store, made while it runs, and put
 * back while it does not, or put in the place of a spare's that goes on for it.
 * Keys and certificates are not in them.
 */
#include "ctl/commands.h"
#include "ctl/master_lock.h"

#include "engine/base/hardware_id.h"
#include "engine/base/keypair.h"
#include "engine/store/ledger_recovery.h"
#include "engine/store/store_backup.h"
#include "engine/store/store_setting.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STORE_NAME  "store.db"
#define CHUNK_BYTES ((size_t)64 * 1024)

static int
failed(struct command *command, const char *what, const char *path)
{
	return command_fail(
	    command, "%s cannot be %s: %s", path, what, strerror(errno));
}

/* ---- bytes ---- */

static bool
write_all(int to, const char *bytes, size_t count)
{
	ssize_t written;

	for (; count; count -= (size_t)written, bytes += written) {
		written = write(to, bytes, count);
		if (written < 0 && errno == EINTR)
			written = 0;
		else if (written < 0)
			return false;
	}
	return true;
}

static bool
copy_bytes(int from, int to)
{
	static char chunk[CHUNK_BYTES];
	ssize_t got;

	for (;;) {
		got = read(from, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		if (!write_all(to, chunk, (size_t)got))
			return false;
	}
}

/* ---- a directory of our own in that of the appliance ---- */

static bool
make_place(char place[PATH_MAX], struct command *command)
{
	int length = snprintf(
	    place, PATH_MAX, "%s/copy-XXXXXX", command->state_directory);

	if (length > 0 && length < PATH_MAX && mkdtemp(place))
		return true;
	command->status = failed(command, "made", place);
	return false;
}

static void
remove_place(const char *place)
{
	static const char *const names[] = { STORE_NAME, STORE_NAME "-wal",
		STORE_NAME "-shm", STORE_NAME "-journal" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (appliance_path(path, sizeof(path), place, names[i]))
			(void)unlink(path);
	(void)rmdir(place);
}

/* ---- backup ---- */

static int
write_failed(struct command *command, enum fault fault, const char *path)
{
	if (fault == FAULT_BUSY)
		return command_fail(
		    command, "%s is there already; name another file", path);
	return command_fault(command, fault);
}

/* Standard output may be a pipe: the copy is whole before its first byte goes there. */
static int
stream_copy(struct command *command, const char *place)
{
	char path[PATH_MAX];
	enum fault fault;
	int from;
	bool is_done;

	if (!appliance_path(path, sizeof(path), place, STORE_NAME))
		return command_fail(
		    command, "the name of %s is too long", place);
	if ((fault = store_backup_write(command->appliance.store, path)))
		return write_failed(command, fault, path);
	if ((from = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return failed(command, "read", path);
	is_done = copy_bytes(from, STDOUT_FILENO);
	(void)close(from);
	return is_done ? COMMAND_DONE
		       : failed(command, "written", "standard output");
}

static int
write_stream(struct command *command)
{
	char place[PATH_MAX];
	int status;

	if (isatty(STDOUT_FILENO))
		return command_usage(
		    command, "a copy is no text: send it to a file or a pipe");
	if (!make_place(place, command))
		return command->status;
	status = stream_copy(command, place);
	remove_place(place);
	return status;
}

static int
tell_of_backup(struct command *command)
{
	return command_begin(command)
	    ? command_end(command, ledger_backup(&command->ledger))
	    : command->status;
}

/* Nothing is lent any more after what the copy has: it may go on elsewhere. */
static bool
end_lending(struct command *command)
{
	struct server_input input = { .is_enabled = false };
	enum fault fault;

	if (!command_needs_role(command, ROLE_SERVER))
		return false;
	if ((fault = store_setting_load(&input.duration,
		 command->appliance.store, SETTING_LEASE_DURATION)) ||
	    (fault = store_setting_load(&input.interval,
		 command->appliance.store, SETTING_RENEWAL_INTERVAL))) {
		command->status = command_fault(command, fault);
		return false;
	}
	if (!command_begin(command))
		return false;
	command->status = command_end(
	    command, ledger_server_save(&command->ledger, &input));
	return command->status == COMMAND_DONE;
}

int
ctl_backup_run(struct command *command)
{
	bool is_last = false;
	const struct options_row rows[] = {
		{ .name = "last", .flag = &is_last },
	};
	const char *path;
	enum fault fault;
	int status = COMMAND_DONE;

	if (!command_read(command, rows, 1, 1, 1) ||
	    !command_open(command, false))
		return command->status;
	if (is_last && !end_lending(command))
		return command->status;
	path = command->operands[0];
	(void)umask(077);
	if (strcmp(path, "-") == 0)
		status = write_stream(command);
	else if ((fault = store_backup_write(command->appliance.store, path)))
		status = write_failed(command, fault, path);
	return status == COMMAND_DONE ? tell_of_backup(command) : status;
}

/* ---- restore: nobody runs it meanwhile ---- */

/* ---- restore: the copy is looked at ---- */

static bool
has_log_beside(struct command *command, const char *path)
{
	const char *log = arena_format(&command->arena, "%s-wal", path);
	struct stat about;

	if (log && (stat(log, &about) || about.st_size == 0))
		return false;
	command->status = command_fail(command,
	    "%s has a log beside it that belongs to it: it is a running store, "
	    "no copy made by leasehold backup",
	    path);
	return true;
}

static bool
take_copy(struct command *command, const char *place, const char *path)
{
	char copy[PATH_MAX];
	int from = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), to = -1;
	bool is_done = false;

	if (from < 0) {
		command->status = failed(command, "read", path);
		return false;
	}
	if (appliance_path(copy, sizeof(copy), place, STORE_NAME))
		to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to >= 0)
		is_done = copy_bytes(from, to) && !fsync(to);
	if (!is_done)
		command->status = failed(command, "copied", path);
	if (to >= 0)
		(void)close(to);
	(void)close(from);
	return is_done;
}

static bool
open_copy(struct appliance *copy, struct command *command, const char *place,
    const char *path)
{
	char reason[512] = "";
	enum fault fault = appliance_open(
	    copy, place, true, reason, sizeof(reason));

	if (!fault && (fault = store_verify(copy->store)))
		appliance_close(copy);
	if (!fault)
		return true;
	command->status = command_fail(command,
	    "%s cannot be restored: it is no whole store of this version or an "
	    "older one (%s)",
	    path, fault_text(fault));
	return false;
}

/* What this machine is, its key says: the store may be gone. */
static bool
read_own_id(char own[HARDWARE_ID_SIZE], struct command *command)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	struct keypair *keypair = NULL;
	char path[PATH_MAX];
	enum fault fault = appliance_path(path, sizeof(path),
			       command->state_directory, "device.key")
	    ? keypair_load(&keypair, path)
	    : FAULT_IO;

	if (!fault) {
		keypair_public(public_key, keypair);
		fault = hardware_id_of(own, public_key);
	}
	keypair_free(&keypair);
	if (!fault)
		return true;
	command->status = command_fail(command,
	    "%s cannot be read: name the directory of an appliance (%s)", path,
	    fault_text(fault));
	return false;
}

/* Whose place is to be taken; all NULL when the copy is to be of this appliance. */
struct replacing {
	const char *hardware_id, *key_path; /* as named */
	struct appliance own;
	struct keypair *key;
};

static bool
is_of_this(
    struct command *command, const struct appliance *copy, const char *path)
{
	char own[HARDWARE_ID_SIZE];

	if (!read_own_id(own, command))
		return false;
	if (strcmp(own, copy->hardware_id) == 0)
		return true;
	command->status = command_fail(command,
	    "%s is a copy of appliance %s; this one is %s. A license server "
	    "that takes the place of another says so with --replace",
	    path, copy->hardware_id, own);
	return false;
}

static bool
may_replace(struct command *command, const struct replacing *replacing,
    const struct appliance *copy, const char *path)
{
	const struct appliance *own = &replacing->own;

	if (strcmp(replacing->hardware_id, copy->hardware_id) != 0)
		command->status = command_fail(command,
		    "%s is a copy of appliance %s, not of %s", path,
		    copy->hardware_id, replacing->hardware_id);
	else if (strcmp(own->hardware_id, copy->hardware_id) == 0)
		command->status = command_fail(command,
		    "%s is a copy of this very appliance: restore it without "
		    "--replace",
		    path);
	else if (!appliance_lends(copy) || own->role != copy->role)
		command->status = command_fail(command,
		    "only a license server takes the place of another, a "
		    "virtual one that of a virtual one");
	return command->status == COMMAND_DONE;
}

/* Clients know their license server by this key. */
static bool
load_key(struct replacing *out, struct command *command)
{
	enum fault fault = keypair_load(&out->key, out->key_path);

	if (!fault)
		return true;
	command->status = command_fail(command,
	    "%s is no key: name the file server.key of the license server "
	    "that is replaced (%s)",
	    out->key_path, fault_text(fault));
	return false;
}

static bool
open_own(struct replacing *out, struct command *command)
{
	char reason[512] = "";
	enum fault fault = appliance_open(
	    &out->own, command->state_directory, false, reason, sizeof(reason));

	if (!fault)
		return true;
	command->status = command_fail(command,
	    "%s is no appliance yet: make it one with leasehold init first "
	    "(%s)",
	    command->state_directory, fault_text(fault));
	return false;
}

/* What was signed with the key before nobody has: it is kept all the same. */
static bool
place_key(struct command *command, const struct replacing *replacing)
{
	char path[PATH_MAX], kept[PATH_MAX], name[64];

	(void)snprintf(
	    name, sizeof(name), "server.key.replaced-%" PRId64, command->now);
	if (!appliance_path(
		path, sizeof(path), command->state_directory, "server.key") ||
	    !appliance_path(kept, sizeof(kept), command->state_directory, name))
		return false;
	if (rename(path, kept) && errno != ENOENT) {
		command->status = failed(command, "renamed", path);
		return false;
	}
	if (!keypair_save(replacing->key, path))
		return true;
	command->status = failed(command, "written", path);
	return false;
}

/* ---- restore: the copy becomes the store ---- */

/*
 * Whoever restores the same copy twice must get two epochs: the one that is
 * replaced counts, too. Where that cannot be read, no epoch was as high as
 * the number of the second it is.
 */
static void
find_marks(struct recovery_marks *out, const struct command *command)
{
	struct store *store = NULL;
	enum fault fault = store_open(&store, command->state_directory, false);

	*out = (struct recovery_marks){ 0 };
	if (!fault)
		fault = ledger_recovery_marks(out, store);
	store_close(&store);
	if (fault)
		out->epoch = command->now;
}

static enum fault
begin_in(struct ledger *ledger, const struct recovery_marks *marks,
    const struct replacing *replacing)
{
	enum fault fault = ledger_recovery_restore(ledger, marks);

	return fault || !replacing->hardware_id
	    ? fault
	    : ledger_replace(ledger, &replacing->own);
}

static bool
begin_epoch(struct command *command, struct appliance *copy,
    const struct replacing *replacing)
{
	struct recovery_marks marks;
	struct ledger ledger;
	enum fault fault;

	find_marks(&marks, command);
	ledger_init(&ledger, copy->store, copy, &command->arena,
	    &command->actor, command->now);
	if (!(fault = store_begin(copy->store)))
		fault = ledger_end(
		    &ledger, begin_in(&ledger, &marks, replacing));
	if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}

static int
adopt(struct command *command, const char *place, const char *path)
{
	char stamp[32], replaced[PATH_MAX];
	enum fault fault;

	(void)snprintf(stamp, sizeof(stamp), "%" PRId64, command->now);
	fault = store_backup_adopt(
	    replaced, command->state_directory, place, stamp);
	if (fault == FAULT_BUSY)
		return command_fail(command,
		    "another program has the store open; let it end first");
	if (fault)
		return command_fault(command, fault);
	if (command->json)
		return command_print(command,
		    json_pack(
			"{s:s, s:s}", "restored", path, "replaced", replaced));
	(void)printf("Restored %s.\n", path);
	if (*replaced)
		(void)printf("The store before is kept as %s.\n", replaced);
	return command_flush(command);
}

static bool
is_ready(struct command *command, struct appliance *copy,
    const struct replacing *replacing, const char *path)
{
	if (!replacing->hardware_id)
		return is_of_this(command, copy, path) &&
		    begin_epoch(command, copy, replacing);
	return may_replace(command, replacing, copy, path) &&
	    begin_epoch(command, copy, replacing) &&
	    place_key(command, replacing);
}

static int
restore_from(struct command *command, const char *place, const char *path,
    const struct replacing *replacing)
{
	struct appliance copy = { 0 };
	bool is_good;

	if (!take_copy(command, place, path) ||
	    !open_copy(&copy, command, place, path))
		return command->status;
	is_good = is_ready(command, &copy, replacing, path);
	appliance_close(&copy);
	return is_good ? adopt(command, place, path) : command->status;
}

static bool
prepare(struct replacing *replacing, struct command *command)
{
	if (!replacing->hardware_id && !replacing->key_path)
		return true;
	if (!replacing->hardware_id || !replacing->key_path) {
		command->status = command_usage(command,
		    "--replace and --key belong together: whose place is "
		    "taken, and that one's server.key");
		return false;
	}
	return load_key(replacing, command) && open_own(replacing, command);
}

static int
restore_locked(
    struct command *command, const char *path, struct replacing *replacing)
{
	char place[PATH_MAX];

	if (prepare(replacing, command) && make_place(place, command)) {
		/* Its rows are kept in memory; nobody may have its store open. */
		store_close(&replacing->own.store);
		command->status = restore_from(command, place, path, replacing);
		remove_place(place);
	}
	appliance_close(&replacing->own);
	keypair_free(&replacing->key);
	return command->status;
}

int
ctl_backup_restore(struct command *command)
{
	struct replacing replacing = { .hardware_id = NULL };
	const struct options_row rows[] = {
		{ .name = "replace", .text = &replacing.hardware_id },
		{ .name = "key", .text = &replacing.key_path },
	};
	const char *path;
	int lock;

	if (!command_read(command, rows, 2, 1, 1) ||
	    !command_needs_state(command))
		return command->status;
	path = command->operands[0];
	(void)umask(077);
	if (has_log_beside(command, path) || !master_lock_take(&lock, command))
		return command->status;
	(void)restore_locked(command, path, &replacing);
	(void)close(lock);
	return command->status;
}
