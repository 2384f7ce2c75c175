/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_estate.c: an appliance for the tests of the ledger.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/base/calendar.h"
#include "engine/base/jws.h"
#include "engine/store/statement.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* No test gives a client as many. */
#define DOCUMENTS 100000

static const struct version_floor consec_floors[] = {
	{ PRODUCT_PCS, "8.0r5" },
	{ PRODUCT_PCS, "7.4r12" },
};

static const struct feature features[] = {
	{ "ACCESS", FEATURE_USERS, PRODUCT_PCS | PRODUCT_PPS, "any", true,
	    false, NULL, 0 },
	{ "CONSEC", FEATURE_USERS, PRODUCT_PCS, "any", true, true,
	    consec_floors, 2 },
	{ "ACCESS-RDP", FEATURE_RDP, PRODUCT_PCS, "any", true, false, NULL, 0 },
	{ "ACCESSX600", FEATURE_USERS, PRODUCT_PCS | PRODUCT_PPS, "MAG", false,
	    false, NULL, 0 },
	{ "member", FEATURE_SWITCH, PRODUCT_PCS | PRODUCT_PPS, "any", false,
	    false, NULL, 0 },
};

static const struct sku_prefix prefixes[] = {
	{ "CONSEC", "CONSEC", true },
	{ "ACCESS", "ACCESS", true },
	{ "PSA-LICENSE-MBR", "member", false },
	{ "MAG-LICENSE-MBR", "member", false },
};

static const struct platform platforms[] = {
	{ "PSA-5000", "PSA", false, 10000, 0 },
	{ "MAG-SM160", "MAG", false, 1000, 0 },
	{ "VA-SPE", "VA", true, 1000, 0 },
};

static const char *const virtual_families[] = { "VA", "PSA" };

static const char sql_agreement[] =
    "INSERT INTO agreement (version, digest, actor, address, at)"
    " VALUES ('1', 'x', 'admin', '', 1)";
static const char sql_appliance[] =
    "INSERT INTO appliance (id, role, hostname, listen, hardware_id,"
    " platform, product, version, zone, token_secret, made_at)"
    " VALUES (1, ?1, 'here', '127.0.0.1:1', '0331J8K29P4T77QX', 'PSA-5000',"
    " 1, '9.1r1', 'UTC', zeroblob(32), 1)";

static const struct actor admin = { "admin", "192.0.2.1" };

static void
good(enum fault fault)
{
	assert_string_equal(fault_text(fault), fault_text(FAULT_NONE));
}

void
estate_open(struct estate *estate, enum appliance_role role)
{
	struct appliance *appliance = &estate->appliance;

	memset(estate, 0, sizeof(*estate));
	assert_true(calendar_zone_set("UTC"));
	strcpy(estate->directory, "/tmp/leasehold-ledger-XXXXXX");
	assert_non_null(mkdtemp(estate->directory));
	good(store_create(&appliance->store, estate->directory));
	arena_init(&estate->arena, 0);
	appliance->role = role;
	strcpy(appliance->hardware_id, "0331J8K29P4T77QX");
	appliance->platform = "PSA-5000";
	appliance->product = PRODUCT_PCS;
	appliance->epoch = 1;
	appliance->catalogue = (struct catalogue){
		.features = features,
		.feature_count = sizeof(features) / sizeof(*features),
		.prefixes = prefixes,
		.prefix_count = sizeof(prefixes) / sizeof(*prefixes),
		.platforms = platforms,
		.platform_count = sizeof(platforms) / sizeof(*platforms),
		.virtual_families = virtual_families,
		.virtual_family_count = 2,
	};
	estate_begin(estate, START);
	good(statement_run(appliance->store, sql_agreement, ""));
	good(statement_run(
	    appliance->store, sql_appliance, "t", appliance_role_word(role)));
	good(store_setting_save(appliance->store, SETTING_SERVER_ENABLED, 1));
	good(estate_end(estate, FAULT_NONE));
}

void
estate_close(struct estate *estate)
{
	static const char *const names[] = { "store.db", "store.db-wal",
		"store.db-shm" };
	char path[128];

	good(store_verify(estate->appliance.store));
	store_close(&estate->appliance.store);
	arena_clear(&estate->arena);
	keypair_free(&estate->issuer);
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(
		    path, sizeof(path), "%s/%s", estate->directory, names[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(estate->directory), 0);
}

static int
set_up(void **state, enum appliance_role role)
{
	static struct estate estate;

	estate_open(&estate, role);
	*state = &estate;
	return 0;
}

int
estate_set_up_server(void **state)
{
	return set_up(state, ROLE_SERVER);
}

int
estate_set_up_client(void **state)
{
	return set_up(state, ROLE_CLIENT);
}

int
estate_tear_down(void **state)
{
	estate_close(*state);
	return 0;
}

void
estate_begin(struct estate *estate, int64_t now)
{
	ledger_init(&estate->ledger, estate->appliance.store,
	    &estate->appliance, &estate->arena, &admin, now);
	good(store_begin(estate->appliance.store));
}

enum fault
estate_end(struct estate *estate, enum fault fault)
{
	return ledger_end(&estate->ledger, fault);
}

int64_t
estate_license(struct estate *estate, const char *feature, int64_t units,
    const char *end_date)
{
	static int64_t serial;
	struct license_row row = {
		.license = { .prefix = feature,
		    .units = units,
		    .is_subscription = *end_date != '\0' },
		.issuer = "test",
		.kid = "k",
		.sku = "s",
		.feature = feature,
		.org = "",
		.statement = "",
		.added_by = "admin",
		.start_date = *end_date ? "2025-01-01" : "",
		.end_date = end_date,
		.added_at = START,
	};
	int64_t id;

	row.serial = arena_format(&estate->arena, "S-%d", (int)++serial);
	estate_begin(estate, START);
	good(store_license_insert(estate->appliance.store, &row));
	id = statement_inserted(estate->appliance.store);
	good(estate_end(estate, FAULT_NONE));
	return id;
}

void
estate_license_remove(struct estate *estate, int64_t id)
{
	estate_begin(estate, START);
	good(store_license_delete(estate->appliance.store, id));
	good(estate_end(estate, FAULT_NONE));
}

void
estate_set(struct estate *estate, enum setting setting, int64_t value)
{
	estate_begin(estate, START);
	good(store_setting_save(estate->appliance.store, setting, value));
	good(estate_end(estate, FAULT_NONE));
}

void
estate_trust(struct estate *estate, bool is_trusted)
{
	static struct jwks_key key = { .issuer = "" };

	if (!estate->issuer) {
		good(keypair_generate(&estate->issuer));
		keypair_public(key.public_key, estate->issuer);
		good(keypair_thumbprint(estate->kid, key.public_key));
		key.kid = estate->kid;
	}
	estate->appliance.trust.keys = &key;
	estate->appliance.trust.count = is_trusted;
	strcpy(estate->appliance.trust.digest, is_trusted ? "one" : "none");
}

const char *
estate_hardware(struct estate *estate, int64_t client)
{
	return arena_format(&estate->arena, "DEVICE%010d", (int)client);
}

const char *
estate_key(struct estate *estate, const char *hardware_id, const char *serial,
    const char *sku, const char *start, const char *end)
{
	json_t *payload = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*}", "iss",
	    "test", "jti", serial, "sub", hardware_id, "sku", sku, "start",
	    start, "end", end);
	char *key = NULL;

	assert_non_null(estate->issuer);
	good(jws_sign(&key, &estate->arena, estate->issuer, "license+jwt",
	    estate->kid, payload));
	json_decref(payload);
	return key;
}

static struct client_input
input_of(const char *name, struct client_count *count, const char *expires)
{
	return (struct client_input){ .name = name,
		.password_hash = "hash",
		.expires_date = expires,
		.platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.counts = count,
		.count_count = 1 };
}

int64_t
estate_client(struct estate *estate, const char *name, const char *feature,
    struct allocation allocation, const char *expires_date, int64_t now)
{
	struct client_count count = { feature, allocation };
	struct client_input input = input_of(name, &count, expires_date);
	int64_t id;

	estate_begin(estate, now);
	good(estate_end(
	    estate, ledger_client_add(&id, &estate->ledger, &input)));
	return id;
}

bool
estate_change(struct estate *estate, int64_t id, const char *feature,
    struct allocation allocation, const char *expires_date, int64_t now)
{
	struct client_count count = { feature, allocation };
	struct client_row row;
	struct client_input input;

	good(store_client_load_id(
	    &row, &estate->arena, estate->appliance.store, id));
	input = input_of(row.name, &count, expires_date);
	input.password_hash = NULL;
	input.row_version = row.row_version;
	estate_begin(estate, now);
	good(estate_end(
	    estate, ledger_client_change(&estate->ledger, id, &input)));
	return estate->ledger.mistakes.count == 0;
}

void
estate_delete(struct estate *estate, int64_t id, int64_t now)
{
	estate_begin(estate, now);
	good(estate_end(
	    estate, ledger_client_delete(&estate->ledger, id, 0, false)));
}

void
estate_reclaim(struct estate *estate, int64_t now)
{
	estate_begin(estate, now);
	good(estate_end(estate, ledger_reclaim(&estate->ledger)));
}

static int64_t
made_at(struct estate *estate, int64_t client)
{
	struct client_row row = { 0 };
	enum fault fault = store_client_load_id(
	    &row, &estate->arena, estate->appliance.store, client);

	assert_true(fault == FAULT_NONE || fault == FAULT_NOT_FOUND);
	return row.made_at;
}

int64_t
estate_document(struct estate *estate, int64_t client, int64_t number)
{
	return number - made_at(estate, client);
}

struct sync_request
estate_request(struct estate *estate, int64_t client,
    const struct sync_want *want, int64_t holds, int64_t now)
{
	struct sync_request request = {
		.client = client,
		.password_version = 1,
		.sent_at = now,
		.platform = "PSA-5000",
		.version = "9.1r1",
		.cluster = "",
		.address = "192.0.2.9",
		.product = PRODUCT_PCS,
		.holds = holds > 0 && holds < DOCUMENTS
		    ? made_at(estate, client) + holds
		    : holds,
		.wants = want,
		.want_count = want != NULL,
	};

	request.request_id = arena_format(
	    &estate->arena, "request-%d", (int)++estate->requests);
	request.hardware_id = estate_hardware(estate, client);
	memset(
	    request.body_digest, (int)(estate->requests & 0xff), DIGEST_BYTES);
	return request;
}

void
estate_send(struct sync_outcome *out, struct estate *estate,
    const struct sync_request *request, int64_t now)
{
	memset(out, 0, sizeof(*out));
	estate_begin(estate, now);
	good(estate_end(
	    estate, ledger_sync(&out->answer, &estate->ledger, request)));
	if (out->answer.status != 200)
		return;
	out->json = json_loads(out->answer.answer, 0, NULL);
	out->document = json_loads(out->answer.document, 0, NULL);
	assert_non_null(out->json);
	assert_non_null(out->document);
}

void
estate_forget(struct sync_outcome *outcome)
{
	json_decref(outcome->json);
	json_decref(outcome->document);
	memset(outcome, 0, sizeof(*outcome));
}

int64_t
estate_sync(struct estate *estate, int64_t client, const char *feature,
    int64_t users, int64_t holds, int64_t now)
{
	const struct sync_want want = { feature, users };
	struct sync_request request = estate_request(
	    estate, client, &want, holds, now);
	struct sync_outcome outcome;
	int64_t number;

	estate_send(&outcome, estate, &request, now);
	assert_string_equal(outcome.answer.code, "");
	assert_int_equal(outcome.answer.status, 200);
	number = estate_document(estate, client, outcome.answer.number);
	estate_forget(&outcome);
	return number;
}

struct client_feature_row
estate_feature(
    struct estate *estate, int64_t client, const char *feature, int64_t now)
{
	struct client_feature_row *rows,
	    none = { .denied_code = "", .denied_text = "" };
	size_t count;

	good(store_client_features(&rows, &count, &estate->arena,
	    estate->appliance.store, client, now));
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].feature, feature) == 0)
			return rows[i];
	return none;
}

int64_t
estate_leased(
    struct estate *estate, int64_t client, const char *feature, int64_t now)
{
	return estate_feature(estate, client, feature, now).leased;
}

struct pool_row
estate_pool(struct estate *estate, const char *feature, int64_t now)
{
	struct pool_row *rows, none = { 0 };
	size_t count;

	good(store_pool_list(&rows, &count, &estate->arena,
	    estate->appliance.store, &estate->appliance.catalogue, now));
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].feature, feature) == 0)
			return rows[i];
	return none;
}

bool
estate_link_save(struct estate *estate, const struct link_input *input)
{
	estate_begin(estate, START);
	good(estate_end(estate, ledger_link_save(&estate->ledger, input)));
	return estate->ledger.mistakes.count == 0;
}

struct link_row
estate_link(struct estate *estate)
{
	struct link_row row;

	good(store_link_load(&row, &estate->arena, estate->appliance.store));
	return row;
}

void
estate_attempt_fails(
    struct estate *estate, const char *code, const char *pin, int64_t now)
{
	estate_begin(estate, now);
	good(estate_end(estate,
	    ledger_link_failed(&estate->ledger, code, "why", pin, now + 60)));
	assert_int_equal(estate->ledger.mistakes.count, 0);
}

void
estate_auto_lease(struct estate *estate, int64_t units, int64_t server_now)
{
	estate_begin(estate, START);
	good(estate_end(estate,
	    ledger_auto_lease_begin(
		&estate->ledger, "CONSEC", units, server_now)));
	assert_int_equal(estate->ledger.mistakes.count, 0);
}

struct link_auto_lease_row *
estate_taken(size_t *count, struct estate *estate)
{
	struct link_auto_lease_row *rows;

	good(store_link_auto_lease_list(
	    &rows, count, &estate->arena, estate->appliance.store));
	return rows;
}

size_t
estate_events(struct estate *estate, const char *code, const char *object)
{
	struct event_row *rows;
	size_t count, found = 0;

	good(store_event_list(&rows, &count, &estate->arena,
	    estate->appliance.store, NULL, object, 100000));
	for (size_t i = 0; i < count; i++)
		found += strcmp(rows[i].code, code) == 0;
	return found;
}

const char *
estate_last_event(struct estate *estate, const char *code)
{
	struct event_row *rows;
	size_t count;

	good(store_event_list(&rows, &count, &estate->arena,
	    estate->appliance.store, NULL, NULL, 1000));
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].code, code) == 0)
			return rows[i].text;
	return "";
}

bool
estate_has_mistake(
    const struct estate *estate, const char *field, enum mistake_kind kind)
{
	const struct mistakes *mistakes = &estate->ledger.mistakes;

	for (size_t i = 0; i < mistakes->count; i++)
		if (mistakes->items[i].kind == kind &&
		    strcmp(mistakes->items[i].field, field) == 0)
			return true;
	return false;
}
