/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * appliance.c: puts together what a program works with: the one row that says
 * what this installation is, the store, and the files beside it. Does not
 * decide anything about licenses.
 */
#include "engine/store/appliance.h"

#include "engine/base/file.h"
#include "engine/base/calendar.h"
#include "engine/base/log.h"
#include "engine/base/random.h"
#include "engine/base/secret.h"
#include "engine/store/catalogue_file.h"
#include "engine/store/statement.h"
#include "engine/store/vendor_pack.h"
#include "engine/store/store_event.h"
#include "engine/store/store_watch.h"
#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)32 * 1024 * 1024)
#define TRUST_NAME  "trusted.jwks"
/* Remembered in place of a digest while there is no such file. */
#define TRUST_ABSENT "absent"

enum {
	SQL_LOAD,
	SQL_INSERT,
	SQL_TRUST_LOAD,
	SQL_TRUST_SAVE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT role, hostname, listen, redirect, hardware_id,"
		     "  platform, product, version, zone, center_url, epoch,"
		     "  token_secret FROM appliance WHERE id = 1",
	[SQL_INSERT] = "INSERT INTO appliance (id, role, hostname, listen,"
		       "  redirect, hardware_id, platform, product, version,"
		       "  zone, center_url, token_secret, made_at)"
		       " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
		       "  ?11, ?12)",
	[SQL_TRUST_LOAD] = "SELECT trust_digest FROM appliance WHERE id = 1",
	[SQL_TRUST_SAVE] =
	    "UPDATE appliance SET trust_digest = ?1 WHERE id = 1",
};

static const char *const role_words[] = {
	[ROLE_SERVER] = "server",
	[ROLE_VIRTUAL_SERVER] = "virtual-server",
	[ROLE_CLIENT] = "client",
	[ROLE_CENTER] = "center",
};

#define ROLES (sizeof(role_words) / sizeof(role_words[0]))

static const struct actor system_actor = { "System", "" };

const char *
appliance_role_word(enum appliance_role role)
{
	assert((size_t)role < ROLES);
	return role_words[role];
}

bool
appliance_role_parse(enum appliance_role *out, const char *word)
{
	size_t i;

	assert(out && word);
	*out = ROLE_CLIENT;
	for (i = 0; i < ROLES; i++) {
		if (strcmp(role_words[i], word) == 0) {
			*out = (enum appliance_role)i;
			return true;
		}
	}
	return false;
}

bool
appliance_lends(const struct appliance *appliance)
{
	assert(appliance);
	return appliance->role == ROLE_SERVER ||
	    appliance->role == ROLE_VIRTUAL_SERVER;
}

bool
appliance_lends_subscriptions_only(const struct appliance *appliance,
    const struct feature *feature, const struct platform *platform)
{
	assert(appliance && feature);
	return appliance->role == ROLE_VIRTUAL_SERVER &&
	    !catalogue_is_usable_for_good(feature, platform);
}

static const char *
directory(const char *variable, const char *otherwise)
{
	const char *value = getenv(variable);

	return value && *value ? value : otherwise;
}

const char *
appliance_data_directory(void)
{
	return directory("LEASEHOLD_DATADIR", LEASEHOLD_DATADIR);
}

const char *
appliance_program_directory(void)
{
	return directory("LEASEHOLD_LIBEXECDIR", LEASEHOLD_LIBEXECDIR);
}

bool
appliance_path(
    char *out, size_t size, const char *state_directory, const char *name)
{
	int length;

	assert(out && size && state_directory && name);
	length = snprintf(out, size, "%s/%s", state_directory, name);
	return length > 0 && (size_t)length < size;
}

static enum fault
explain(char *reason, size_t reason_size, enum fault fault, const char *what)
{
	(void)snprintf(reason, reason_size, "%s: %s", what, fault_text(fault));
	return fault;
}

static enum fault
read_row(struct appliance *out, sqlite3_stmt *row)
{
	struct arena *arena = &out->arena;
	const char *role = statement_text(arena, row, 0);
	const char *id = statement_text(arena, row, 4);

	out->hostname = statement_text(arena, row, 1);
	out->listen = statement_text(arena, row, 2);
	out->redirect = statement_text(arena, row, 3);
	out->platform = statement_text(arena, row, 5);
	out->product = (int)statement_int(row, 6);
	out->version = statement_text(arena, row, 7);
	out->zone = statement_text(arena, row, 8);
	out->center_url = statement_text(arena, row, 9);
	out->epoch = statement_int(row, 10);
	if (arena->failed)
		return FAULT_MEMORY;
	if (!statement_blob(
		out->token_secret, sizeof(out->token_secret), row, 11) ||
	    !appliance_role_parse(&out->role, role) ||
	    !hardware_id_is_valid(id))
		return FAULT_DAMAGED;
	(void)snprintf(out->hardware_id, sizeof(out->hardware_id), "%s", id);
	return FAULT_NONE;
}

static enum fault
load_row(struct appliance *out)
{
	sqlite3_stmt *row;
	enum fault fault;

	fault = statement_row(&row, out->store, sql[SQL_LOAD], "");
	if (!fault)
		fault = read_row(out, row);
	statement_done(row);
	if (fault == FAULT_NOT_FOUND || fault == FAULT_DAMAGED) {
		log_line(LOG_SEVERITY_ERROR,
		    "store in %s: the appliance's row "
		    "is missing or damaged",
		    out->state_directory);
		return FAULT_DAMAGED;
	}
	return fault;
}

/* A pack that was damaged since is told; without one the product is its own. */
static enum fault
load_vendor(struct appliance *out, char *reason, size_t reason_size)
{
	char directory[PATH_MAX], facts[PATH_MAX];

	out->vendor_directory = out->data_directory;
	if (!appliance_path(facts, sizeof(facts), out->state_directory,
		"vendor/vendor.json") ||
	    !appliance_path(directory, sizeof(directory), out->state_directory,
		"vendor"))
		return explain(reason, reason_size, FAULT_IO, "vendor");
	if (!file_exists(facts))
		return FAULT_NONE;
	out->vendor = arena_alloc(&out->arena, sizeof(*out->vendor));
	if (!out->vendor)
		return explain(reason, reason_size, FAULT_MEMORY, "vendor");
	out->vendor_directory = arena_text(&out->arena, directory);
	return vendor_pack_load(
	    out->vendor, &out->arena, directory, reason, reason_size);
}

static enum fault
load_catalogue(struct appliance *out, char *reason, size_t reason_size)
{
	char path[PATH_MAX], what[256];
	enum fault fault;

	if (out->vendor) {
		out->catalogue = out->vendor->catalogue;
		return FAULT_NONE;
	}
	if (!appliance_path(
		path, sizeof(path), out->vendor_directory,
		"conf/catalogue.json"))
		return explain(reason, reason_size, FAULT_IO, "data directory");
	fault = catalogue_file_load(
	    &out->catalogue, &out->arena, path, what, sizeof(what));
	if (fault)
		(void)snprintf(reason, reason_size, "%s: %s", path, what);
	return fault;
}

/* No file is no issuer: an appliance without one installs no license. */
static enum fault
load_trust(struct jwks *out, struct arena *arena, const char *state_directory)
{
	char path[PATH_MAX];
	enum fault fault;

	if (!appliance_path(path, sizeof(path), state_directory, TRUST_NAME))
		return FAULT_IO;
	fault = jwks_load(out, arena, path);
	if (fault != FAULT_NOT_FOUND)
		return fault;
	(void)snprintf(out->digest, sizeof(out->digest), TRUST_ABSENT);
	return FAULT_NONE;
}

static enum fault
load_all(struct appliance *out, bool check, char *reason, size_t reason_size)
{
	enum fault fault;

	if ((fault = store_open(&out->store, out->state_directory, check)))
		return explain(reason, reason_size, fault, "store.db");
	if ((fault = load_row(out)))
		return explain(reason, reason_size, fault, "store.db");
	if (!calendar_zone_set(out->zone))
		return explain(reason, reason_size, FAULT_DAMAGED, "time zone");
	if ((fault = load_vendor(out, reason, reason_size)) ||
	    (fault = load_catalogue(out, reason, reason_size)))
		return fault;
	if ((fault = load_trust(
		 &out->trust, &out->arena, out->state_directory)))
		return explain(reason, reason_size, fault, TRUST_NAME);
	return FAULT_NONE;
}

enum fault
appliance_open(struct appliance *out, const char *state_directory, bool check,
    char *reason, size_t reason_size)
{
	enum fault fault;

	assert(out && state_directory && reason && reason_size);
	memset(out, 0, sizeof(*out));
	reason[0] = '\0';
	arena_init(&out->arena, ARENA_BYTES);
	out->state_directory = arena_text(&out->arena, state_directory);
	out->data_directory = arena_text(
	    &out->arena, appliance_data_directory());
	if (out->arena.failed)
		fault = explain(reason, reason_size, FAULT_MEMORY, "appliance");
	else
		fault = load_all(out, check, reason, reason_size);
	if (fault)
		appliance_close(out);
	return fault;
}

void
appliance_close(struct appliance *appliance)
{
	assert(appliance);
	store_close(&appliance->store);
	secret_wipe(appliance->token_secret, sizeof(appliance->token_secret));
	arena_clear(&appliance->arena);
	memset(appliance, 0, sizeof(*appliance));
}

enum fault
appliance_store(struct store **out, const struct appliance *appliance)
{
	enum fault fault;

	assert(out && appliance && appliance->state_directory);
	fault = store_open(out, appliance->state_directory, false);
	if (!fault && (fault = store_keep_little(*out)))
		store_close(out);
	return fault;
}

/* The digest of the file when some program of this appliance last looked; "" = never. */
static enum fault
load_remembered(char out[65], struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	out[0] = '\0';
	if ((fault = statement_row(&row, store, sql[SQL_TRUST_LOAD], "")))
		return fault;
	(void)snprintf(
	    out, 65, "%s", (const char *)sqlite3_column_text(row, 0));
	statement_done(row);
	return FAULT_NONE;
}

/* Inside a transaction, so that of several programs one writes the event. */
static enum fault
remember_trust(struct store *store, const char *digest, int64_t now)
{
	char before[65];
	enum fault fault;

	if ((fault = load_remembered(before, store)) ||
	    strcmp(before, digest) == 0)
		return fault;
	fault = statement_run(store, sql[SQL_TRUST_SAVE], "t", digest);
	/* The first look at it is no change. */
	if (fault || before[0] == '\0')
		return fault;
	return store_event_append(store, EVENT_TRUST_CHANGED, &system_actor,
	    TRUST_NAME, NULL, NULL, NULL, NULL, now);
}

static enum fault
record_trust(struct store *store, const char *digest, int64_t now)
{
	char before[65];
	enum fault fault;

	if ((fault = load_remembered(before, store)) ||
	    strcmp(before, digest) == 0)
		return fault;
	if ((fault = store_begin(store)))
		return fault;
	if (!(fault = store_watch_now(&now, store, now)) &&
	    !(fault = remember_trust(store, digest, now)))
		return store_commit(store);
	store_rollback(store);
	return fault;
}

/* The arena lives long, so it only grows when there is something new. */
static enum fault
take_trust(struct appliance *appliance)
{
	struct jwks trust;
	enum fault fault;

	if ((fault = load_trust(
		 &trust, &appliance->arena, appliance->state_directory)))
		return fault;
	appliance->trust = trust;
	return FAULT_NONE;
}

enum fault
appliance_refresh_trust(struct appliance *appliance, int64_t now)
{
	struct arena arena;
	struct jwks trust;
	enum fault fault;

	assert(appliance && appliance->store);
	arena_init(&arena, 0);
	fault = load_trust(&trust, &arena, appliance->state_directory);
	if (!fault && strcmp(trust.digest, appliance->trust.digest))
		fault = take_trust(appliance);
	if (!fault)
		fault = record_trust(
		    appliance->store, appliance->trust.digest, now);
	arena_clear(&arena);
	return fault;
}

static enum fault
insert_row(
    struct store *store, const struct appliance_input *input, int64_t now)
{
	uint8_t secret[32];
	enum fault fault;

	if ((fault = random_bytes(secret, sizeof(secret))))
		return fault;
	fault = statement_run(store, sql[SQL_INSERT], "ttttttitttbi",
	    appliance_role_word(input->role), input->hostname, input->listen,
	    input->redirect ? input->redirect : "", input->hardware_id,
	    input->platform, (int64_t)input->product, input->version,
	    input->zone, input->center_url ? input->center_url : "", secret,
	    sizeof(secret), now);
	secret_wipe(secret, sizeof(secret));
	return fault;
}

enum fault
appliance_insert(
    struct store *store, const struct appliance_input *input, int64_t now)
{
	enum fault fault;

	assert(store && input && input->hostname && input->listen);
	assert(input->platform && input->version && input->zone);
	assert(input->hardware_id && hardware_id_is_valid(input->hardware_id));
	if ((fault = insert_row(store, input, now)))
		return fault;
	return store_event_append(store, EVENT_APPLIANCE_MADE, &system_actor,
	    input->hostname, appliance_role_word(input->role), NULL, NULL, NULL,
	    now);
}
