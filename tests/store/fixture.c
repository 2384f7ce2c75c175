/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fixture.c: see fixture.h.
 */
#include "tests/store/fixture.h"

#include "engine/base/hardware_id.h"
#include "engine/base/file.h"
#include "engine/base/jws.h"
#include "engine/store/agreement_file.h"
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <unistd.h>

void
fixture_directory(struct fixture *fixture)
{
	const char *source = getenv("top_srcdir");

	memset(fixture, 0, sizeof(*fixture));
	arena_init(&fixture->arena, 0);
	setenv("LEASEHOLD_DATADIR", source ? source : ".", 1);
	snprintf(fixture->state, sizeof(fixture->state), "%s",
	    "/tmp/leasehold-store-XXXXXX");
	assert_non_null(mkdtemp(fixture->state));
}

const char *
fixture_path(struct fixture *fixture, const char *name)
{
	const char *path = arena_format(
	    &fixture->arena, "%s/%s", fixture->state, name);

	assert_non_null(path);
	return path;
}

static void
write_trust(struct fixture *fixture)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	json_t *jwk, *set;
	char *text;

	keypair_public(public_key, fixture->issuer);
	jwk = keypair_public_to_jwk(public_key);
	json_object_set_new(jwk, "kid", json_string(fixture->kid));
	json_object_set_new(jwk, "iss", json_string(FIXTURE_ISSUER));
	set = json_pack("{s:[o]}", "keys", jwk);
	text = json_dumps(set, 0);
	assert_int_equal(file_replace(fixture_path(fixture, "trusted.jwks"),
			     text, strlen(text), 0644),
	    FAULT_NONE);
	free(text);
	json_decref(set);
}

static void
write_row(
    struct fixture *fixture, enum appliance_role role, const char *platform)
{
	struct appliance_input input = { .role = role,
		.hostname = "box.test",
		.listen = "127.0.0.1:8443",
		.redirect = "",
		.platform = platform,
		.version = "8.0r5",
		.zone = "UTC",
		.center_url = "",
		.product = PRODUCT_PCS };
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	char hardware_id[HARDWARE_ID_SIZE];
	struct keypair *device = NULL;
	struct store *store = NULL;

	assert_int_equal(keypair_generate(&device), FAULT_NONE);
	keypair_public(public_key, device);
	assert_int_equal(hardware_id_of(hardware_id, public_key), FAULT_NONE);
	keypair_free(&device);
	input.hardware_id = hardware_id;
	assert_int_equal(store_create(&store, fixture->state), FAULT_NONE);
	assert_int_equal(
	    appliance_insert(store, &input, FIXTURE_NOW), FAULT_NONE);
	store_close(&store);
}

static void
write_issuer(struct fixture *fixture)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/issuer.key", fixture->state);
	assert_int_equal(keypair_save(fixture->issuer, path), FAULT_NONE);
}

void
fixture_open(
    struct fixture *fixture, enum appliance_role role, const char *platform)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	char reason[256];

	fixture_directory(fixture);
	assert_int_equal(keypair_generate(&fixture->issuer), FAULT_NONE);
	keypair_public(public_key, fixture->issuer);
	assert_int_equal(
	    keypair_thumbprint(fixture->kid, public_key), FAULT_NONE);
	write_trust(fixture);
	if (role == ROLE_CENTER)
		write_issuer(fixture);
	write_row(fixture, role, platform);
	assert_int_equal(appliance_open(&fixture->appliance, fixture->state,
			     true, reason, sizeof(reason)),
	    FAULT_NONE);
}

static void
remove_directory(const char *path)
{
	char name[512];
	struct dirent *entry;
	DIR *directory = opendir(path);

	while (directory && (entry = readdir(directory))) {
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] == '.')
			continue;
		if (entry->d_type == DT_DIR)
			remove_directory(name);
		else
			unlink(name);
	}
	if (directory)
		closedir(directory);
	rmdir(path);
}

void
fixture_close(struct fixture *fixture)
{
	appliance_close(&fixture->appliance);
	keypair_free(&fixture->issuer);
	arena_clear(&fixture->arena);
	remove_directory(fixture->state);
}

struct ledger *
fixture_begin(struct fixture *fixture, int64_t now)
{
	static const struct actor ada = { "ada", "192.0.2.7" };

	ledger_init(&fixture->ledger, fixture->appliance.store,
	    &fixture->appliance, &fixture->arena, &ada, now);
	assert_int_equal(store_begin(fixture->appliance.store), FAULT_NONE);
	return &fixture->ledger;
}

size_t
fixture_end(struct fixture *fixture, enum fault fault)
{
	assert_int_equal(ledger_end(&fixture->ledger, fault), FAULT_NONE);
	return fixture->ledger.mistakes.count;
}

void
fixture_accept(struct fixture *fixture)
{
	struct agreement_text text;
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);

	assert_int_equal(agreement_file_load(&text, &fixture->arena,
			     fixture->appliance.data_directory),
	    FAULT_NONE);
	assert_int_equal(
	    fixture_end(fixture, ledger_agreement_accept(ledger, text.digest)),
	    0);
}

const char *
fixture_key_by(struct fixture *fixture, const struct fixture_claims *claims,
    const char *typ, const char *kid, const struct keypair *signer)
{
	json_t *payload = json_pack(
	    "{s:s*, s:s*, s:I, s:s*, s:s*, s:s*, s:s*, s:s*}", "iss",
	    claims->iss, "jti", claims->jti, "iat", (json_int_t)FIXTURE_NOW,
	    "sub", claims->sub, "sku", claims->sku, "start", claims->start,
	    "end", claims->end, "renews", claims->renews);
	char *key = NULL;

	assert_non_null(payload);
	assert_int_equal(
	    jws_sign(&key, &fixture->arena, signer, typ, kid, payload),
	    FAULT_NONE);
	json_decref(payload);
	return key;
}

const char *
fixture_key(struct fixture *fixture, const struct fixture_claims *claims)
{
	struct fixture_claims whole = *claims;

	if (!whole.iss)
		whole.iss = FIXTURE_ISSUER;
	if (!whole.sub)
		whole.sub = fixture->appliance.hardware_id;
	return fixture_key_by(
	    fixture, &whole, "license+jwt", fixture->kid, fixture->issuer);
}

static sqlite3 *
open_raw(struct fixture *fixture)
{
	sqlite3 *db = NULL;

	assert_int_equal(
	    sqlite3_open(fixture_path(fixture, "store.db"), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

void
fixture_sql(struct fixture *fixture, const char *text)
{
	sqlite3 *db = open_raw(fixture);

	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

int64_t
fixture_sql_number(struct fixture *fixture, const char *text)
{
	sqlite3 *db = open_raw(fixture);
	sqlite3_stmt *statement = NULL;
	int64_t number;

	assert_int_equal(
	    sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return number;
}
