/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_factory_reset.c: an appliance as it was when it was new: without license
 * keys, clients, leases, accounts and logs. What it is stays: its device key
 * and hardware ID, its role, name and address, and whom it trusts. The new
 * store is whole before it takes the place of the old one, so that a reset that
 * is killed is done again from where it stands.
 */
#include "ctl/commands.h"

#include "ctl/master_lock.h"
#include "engine/base/certificate.h"
#include "engine/base/file.h"
#include "engine/base/keypair.h"
#include "engine/base/random.h"
#include "engine/peer/center_ask.h"
#include "engine/store/ledger_reset.h"
#include "engine/store/ledger_revocation.h"
#include "engine/store/store_download.h"
#include "engine/store/store_license.h"
#include "engine/store/store_pool.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ASIDE	    "reset"
#define FIRST_ADMIN "admin"

struct reset {
	struct command *command;
	char aside[PATH_MAX]; /* where the new one is made */
	char password[27];
	const char *sure; /* the hardware ID that was said */
	bool is_forced, only_confirms;
};

/* ---- what is lost ---- */

static enum fault
count_loss(int64_t *licenses, int64_t *surrendered, int64_t *leased,
    struct command *command)
{
	const struct appliance *appliance = &command->appliance;
	struct license_row *rows;
	struct pool_row *pools;
	size_t count;
	enum fault fault = store_license_list(&rows, &count, &command->arena,
	    appliance->store, command->now);

	*surrendered = *leased = 0;
	if (fault)
		return fault;
	*licenses = (int64_t)count;
	for (size_t i = 0; i < count; i++)
		*surrendered += rows[i].license.surrender != SURRENDER_NONE;
	if (!appliance_lends(appliance))
		return FAULT_NONE;
	fault = store_pool_list(&pools, &count, &command->arena,
	    appliance->store, &appliance->catalogue, command->now);
	for (size_t i = 0; !fault && i < count; i++)
		*leased += pools[i].held;
	return fault;
}

/* Nobody resets the wrong appliance, or one that others rely on, by a slip. */
static bool
is_agreed(struct reset *reset)
{
	struct command *command = reset->command;
	const char *hardware_id = command->appliance.hardware_id;
	int64_t licenses, surrendered, leased;
	enum fault fault = count_loss(
	    &licenses, &surrendered, &leased, command);

	if (fault) {
		command->status = command_fault(command, fault);
		return false;
	}
	if (!reset->sure || strcmp(reset->sure, hardware_id) != 0)
		command->status = command_fail(command,
		    "a factory reset takes away %lld license keys and all "
		    "clients, leases, accounts, settings and logs of this "
		    "appliance; say --yes %s",
		    (long long)licenses, hardware_id);
	else if ((surrendered || leased) && !reset->is_forced)
		command->status = command_fail(command,
		    "%lld licenses are surrendered to a license server and "
		    "%lld units are lent to clients; recall them and let the "
		    "leases run out first, or say --force",
		    (long long)surrendered, (long long)leased);
	else
		return true;
	return false;
}

/* ---- the new one, aside ---- */

/* What a reset that was killed has left is made anew. */
static void
clear_aside(const struct reset *reset)
{
	DIR *directory = opendir(reset->aside);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		(void)unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		(void)closedir(directory);
	(void)rmdir(reset->aside);
}

static enum fault
make_keys(const struct reset *reset)
{
	const struct appliance *appliance = &reset->command->appliance;
	struct keypair *keypair = NULL;
	char path[PATH_MAX], address[128];
	enum fault fault = FAULT_NONE;

	if (appliance_lends(appliance)) {
		if (!appliance_path(
			path, sizeof(path), reset->aside, "server.key"))
			return FAULT_IO;
		if (!(fault = keypair_generate(&keypair)))
			fault = keypair_save(keypair, path);
		keypair_free(&keypair);
	}
	if (fault ||
	    !appliance_path(path, sizeof(path), reset->aside, "tls.pem"))
		return fault ? fault : FAULT_IO;
	(void)snprintf(address, sizeof(address), "%.*s",
	    (int)strcspn(appliance->listen, ":"), appliance->listen);
	return certificate_make(
	    path, appliance->hostname, address, reset->command->now);
}

static enum fault
fill_store(struct store *store, struct reset *reset)
{
	struct command *command = reset->command;
	struct download_settings settings;
	struct appliance fresh = command->appliance;
	char hash[PASSWORD_HASH_MAX];
	struct ledger ledger;
	enum fault fault;

	fresh.store = store;
	if ((fault = store_download_settings(&settings, &command->arena,
		 command->appliance.store)) ||
	    (fault = random_password(reset->password)) ||
	    (fault = password_hash(hash, PASSWORD_ADMIN, reset->password)))
		return fault;
	ledger_init(&ledger, store, &fresh, &command->arena, &command->actor,
	    command->now);
	if ((fault = ledger_begin(&ledger)))
		return fault;
	fault = ledger_reset_first(
	    &ledger, FIRST_ADMIN, hash, settings.network);
	/* A license key that moved to a spare does not count again here. */
	if (!fault)
		fault = ledger_revocation_carry(
		    &ledger, command->appliance.store);
	return ledger_end(&ledger, fault);
}

static enum fault
make_store(struct reset *reset)
{
	struct command *command = reset->command;
	const struct appliance *old = &command->appliance;
	struct download_settings settings;
	struct appliance_input input = {
		.role = old->role,
		.hostname = old->hostname,
		.listen = old->listen,
		.redirect = old->redirect,
		.hardware_id = old->hardware_id,
		.platform = old->platform,
		.version = old->version,
		.zone = old->zone,
		.product = old->product,
	};
	struct store *store = NULL;
	enum fault fault = store_download_settings(
	    &settings, &command->arena, old->store);

	if (fault)
		return fault;
	input.center_url = settings.center;
	if ((fault = store_create(&store, reset->aside)))
		return fault;
	if (!(fault = store_begin(store))) {
		fault = appliance_insert(store, &input, command->now);
		if (!fault)
			fault = store_commit(store);
		else
			store_rollback(store);
	}
	if (!fault)
		fault = fill_store(store, reset);
	store_close(&store);
	return fault;
}

/* ---- it takes the place of the old one ---- */

static enum fault
move(const struct reset *reset, const char *name)
{
	char from[PATH_MAX], to[PATH_MAX];

	if (!appliance_path(from, sizeof(from), reset->aside, name) ||
	    !appliance_path(
		to, sizeof(to), reset->command->state_directory, name))
		return FAULT_IO;
	if (!file_exists(from))
		return FAULT_NONE;
	return rename(from, to) ? FAULT_IO : FAULT_NONE;
}

/* The last one to close the old store has taken its log into it: nothing of it is left beside. */
static enum fault
take_place(struct reset *reset)
{
	char path[PATH_MAX];
	enum fault fault;

	store_close(&reset->command->appliance.store);
	if (!appliance_path(path, sizeof(path),
		reset->command->state_directory, "store.db-wal"))
		return FAULT_IO;
	if (file_exists(path))
		return FAULT_BUSY;
	if ((fault = move(reset, "store.db")) ||
	    (fault = move(reset, "server.key")) ||
	    (fault = move(reset, "tls.pem")))
		return fault;
	clear_aside(reset);
	return FAULT_NONE;
}

static bool
wipe(struct reset *reset)
{
	struct command *command = reset->command;
	enum fault fault = FAULT_IO;

	clear_aside(reset);
	if (!mkdir(reset->aside, 0700) &&
	    !(fault = make_keys(reset)) && !(fault = make_store(reset)))
		fault = take_place(reset);
	if (!fault)
		return true;
	command->status = command_fault(command, fault);
	return false;
}

/* ---- the center is told ---- */

static enum fault
tell(struct center_answer *answer, struct command *command)
{
	struct center_ask wish;
	enum fault fault = center_ask_open(&wish, &command->arena,
	    &command->appliance, command->appliance.store, NULL);

	if (!fault)
		fault = center_ask_reset(answer, &command->arena, &wish);
	center_ask_close(&wish);
	return fault;
}

static int
confirm(struct reset *reset)
{
	struct command *command = reset->command;
	struct center_answer answer;
	enum fault fault = tell(&answer, command);

	if (fault)
		return command_fault(command, fault);
	if (answer.text)
		return command_fail(command,
		    "the reset is done, and the center does not know it yet: "
		    "%s Say leasehold factory-reset --confirm when it can be "
		    "reached",
		    answer.text);
	(void)printf("The center knows that this appliance was reset.\n");
	return command_flush(command);
}

static int
run(struct reset *reset)
{
	struct command *command = reset->command;

	if (!is_agreed(reset) || !wipe(reset))
		return command->status;
	(void)printf("This appliance is as new.\nAdministrator: " FIRST_ADMIN
		     "\nPassword: %s (shown only now)\n",
	    reset->password);
	(void)fflush(stdout);
	if (!command_open(command, false))
		return command->status;
	return confirm(reset);
}

int
ctl_factory_reset_run(struct command *command)
{
	struct reset reset = { .command = command };
	const struct options_row rows[] = {
		{ .name = "yes", .text = &reset.sure },
		{ .name = "force", .flag = &reset.is_forced },
		{ .name = "confirm", .flag = &reset.only_confirms },
	};
	int lock, status;

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !command_open(command, false))
		return command->status;
	if (command->appliance.role == ROLE_CENTER)
		return command_fail(command,
		    "a center is not reset: it is the vendor's record of what "
		    "was sold");
	if (reset.only_confirms && ledger_reset_is_new(&command->appliance))
		return confirm(&reset);
	if (reset.only_confirms)
		return command_fail(command,
		    "this appliance was not reset, or has license keys or "
		    "clients again; nothing is confirmed");
	if (!appliance_path(reset.aside, sizeof(reset.aside),
		command->state_directory, ASIDE) ||
	    !master_lock_take(&lock, command))
		return command->status;
	status = run(&reset);
	(void)close(lock);
	return status;
}
