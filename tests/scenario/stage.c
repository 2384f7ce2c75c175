/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stage.c: acts on the stage, each as the shipped programs do it.
 */
#include "tests/scenario/stage.h"

#include "engine/store/agreement_file.h"
#include "engine/store/store_watch.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TICK (10 * SECONDS_PER_MINUTE)

static const struct actor admin = { "admin", "192.0.2.1" };

static void
good(enum fault fault)
{
	if (fault)
		fail_msg("fault: %s", fault_text(fault));
}

static void
copy_text(char out[STAGE_NAME_MAX], const char *text)
{
	assert_true(strlen(text) < STAGE_NAME_MAX);
	(void)snprintf(out, STAGE_NAME_MAX, "%s", text);
}

/* Keys are entered under the agreement of the source tree. */
static void
accept_agreement(struct stage *stage)
{
	struct estate *estate = &stage->estate;
	const char *source = getenv("top_srcdir");
	struct agreement_text text;

	estate->appliance.data_directory = source ? source : ".";
	estate->appliance.vendor_directory = source ? source : ".";
	good(agreement_file_load(
	    &text, &estate->arena, estate->appliance.data_directory));
	stage_begin(stage);
	assert_true(stage_end(
	    stage, ledger_agreement_accept(&estate->ledger, text.digest)));
}

void
stage_open(struct stage *stage)
{
	memset(stage, 0, sizeof(*stage));
	estate_open(&stage->estate, ROLE_SERVER);
	estate_trust(&stage->estate, true);
	arena_init(&stage->kept, 0);
	stage->time = START;
	accept_agreement(stage);
}

static const char *
file_of(struct stage *stage, const char *name)
{
	return arena_format(
	    &stage->kept, "%s/%s", stage->estate.directory, name);
}

void
stage_close(struct stage *stage)
{
	for (size_t i = 0; i < stage->gateway_count; i++)
		json_decref(stage->gateways[i].answer);
	(void)unlink(file_of(stage, "copy.db"));
	estate_close(&stage->estate);
	arena_clear(&stage->kept);
}

/* ---- time ---- */

int64_t
stage_system(const struct stage *stage)
{
	return stage->time + stage->skew;
}

int64_t
stage_now(struct stage *stage)
{
	int64_t now;

	good(store_watch_now(
	    &now, stage->estate.appliance.store, stage_system(stage)));
	return now;
}

void
stage_begin(struct stage *stage)
{
	struct estate *estate = &stage->estate;

	ledger_init(&estate->ledger, estate->appliance.store,
	    &estate->appliance, &estate->arena, &admin, stage_system(stage));
	good(ledger_begin(&estate->ledger));
}

bool
stage_end(struct stage *stage, enum fault fault)
{
	good(ledger_end(&stage->estate.ledger, fault));
	return stage->estate.ledger.mistakes.count == 0;
}

/* What the agent does each minute, each in a transaction of its own. */
static void
tick(struct stage *stage)
{
	struct ledger *ledger = &stage->estate.ledger;

	stage_begin(stage);
	(void)stage_end(stage, ledger_license_sweep(ledger));
	stage_begin(stage);
	(void)stage_end(stage, ledger_watch(ledger));
	stage_begin(stage);
	(void)stage_end(stage, ledger_reclaim(ledger));
	arena_clear(&stage->estate.arena);
}

static struct stage_gateway *
next_to_sync(struct stage *stage)
{
	struct stage_gateway *next = NULL;

	for (size_t i = 0; i < stage->gateway_count; i++) {
		struct stage_gateway *gateway = &stage->gateways[i];

		if (gateway->id != 0 && !gateway->is_silent &&
		    gateway->next_sync != 0 &&
		    (!next || gateway->next_sync < next->next_sync))
			next = gateway;
	}
	return next;
}

void
stage_pass(struct stage *stage, int64_t seconds)
{
	int64_t end = stage->time + seconds;

	for (;;) {
		struct stage_gateway *next = next_to_sync(stage);
		int64_t at = stage->time - stage->time % TICK + TICK;

		if (at > end)
			at = end;
		if (next && next->next_sync <= at) {
			if (next->next_sync > stage->time)
				stage->time = next->next_sync;
			stage_sync(stage, next, false, NULL);
			continue;
		}
		stage->time = at;
		tick(stage);
		if (at == end)
			return;
	}
}

/* ---- licenses ---- */

bool
stage_license(struct stage *stage, const char *name, const char *sku,
    const char *start, const char *end)
{
	struct estate *estate = &stage->estate;
	struct license_result *results;
	char serial[STAGE_NAME_MAX];
	const char *key;
	size_t count;
	bool is_good;

	(void)snprintf(
	    serial, sizeof(serial), "%s-%d", name, (int)++stage->serials);
	key = estate_key(
	    estate, estate->appliance.hardware_id, serial, sku, start, end);
	stage_begin(stage);
	is_good = stage_end(
	    stage, ledger_license_add(&results, &count, &estate->ledger, key));
	if (!is_good || count != 1 || !results[0].is_installed) {
		print_message("license %s: %s\n", sku,
		    is_good ? results[0].text : "a mistake");
		return false;
	}
	assert_true(stage->license_count < STAGE_LICENSES);
	copy_text(stage->licenses[stage->license_count][0], name);
	copy_text(stage->licenses[stage->license_count++][1], serial);
	return true;
}

void
stage_license_remove(struct stage *stage, const char *name)
{
	for (size_t i = 0; i < stage->license_count; i++) {
		if (strcmp(stage->licenses[i][0], name) != 0)
			continue;
		stage_begin(stage);
		assert_true(stage_end(stage,
		    ledger_license_remove(
			&stage->estate.ledger, stage->licenses[i][1])));
		stage->may_be_short = true;
		return;
	}
	fail_msg("no license is called %s", name);
}

struct pool_row
stage_pool(struct stage *stage, const char *feature)
{
	return estate_pool(&stage->estate, feature, stage_now(stage));
}

/* ---- gateways ---- */

struct stage_gateway *
stage_gateway(struct stage *stage, const char *name)
{
	struct stage_gateway *gateway;

	for (size_t i = 0; i < stage->gateway_count; i++)
		if (strcmp(stage->gateways[i].name, name) == 0)
			return &stage->gateways[i];
	assert_true(stage->gateway_count < STAGE_GATEWAYS);
	gateway = &stage->gateways[stage->gateway_count++];
	copy_text(gateway->name, name);
	(void)snprintf(gateway->hardware_id, STAGE_NAME_MAX, "DEVICE%010d",
	    (int)stage->gateway_count);
	return gateway;
}

static void
set_count(struct stage *stage, struct stage_gateway *gateway,
    const char *feature, const struct allocation *allocation)
{
	size_t i = 0;

	while (i < gateway->count_count &&
	    strcmp(gateway->counts[i].feature, feature) != 0)
		i++;
	if (i == gateway->count_count) {
		assert_true(gateway->count_count++ < STAGE_FEATURES);
		gateway->counts[i].feature = arena_text(&stage->kept, feature);
	}
	gateway->counts[i].allocation = *allocation;
}

bool
stage_save(struct stage *stage, struct stage_gateway *gateway,
    const char *feature, const struct allocation *allocation,
    const char *expires)
{
	struct ledger *ledger = &stage->estate.ledger;
	struct stage_gateway before = *gateway;
	struct client_input input = {
		.name = gateway->name,
		.password_hash = gateway->id ? NULL : "hash",
		.expires_date = expires,
		.platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.counts = gateway->counts,
	};
	enum fault fault;

	set_count(stage, gateway, feature, allocation);
	input.count_count = gateway->count_count;
	stage_begin(stage);
	fault = gateway->id ? ledger_client_change(ledger, gateway->id, &input)
			    : ledger_client_add(&gateway->id, ledger, &input);
	if (stage_end(stage, fault))
		return true;
	*gateway = before;
	return false;
}

void
stage_delete(struct stage *stage, struct stage_gateway *gateway)
{
	stage_begin(stage);
	assert_true(stage_end(stage,
	    ledger_client_delete(
		&stage->estate.ledger, gateway->id, 0, false)));
	gateway->id = 0;
}

void
stage_want(struct stage_gateway *gateway, const char *feature, int64_t users)
{
	size_t i = 0;

	while (i < gateway->want_count &&
	    strcmp(gateway->wants[i].feature, feature) != 0)
		i++;
	if (i == gateway->want_count)
		assert_true(gateway->want_count++ < STAGE_FEATURES);
	gateway->wants[i] = (struct sync_want){ feature, users };
}

/* ---- syncs ---- */

/* What a request borrows while it is under way. */
struct message {
	struct sync_request request;
	struct sync_surrender surrenders[STAGE_FEATURES];
	struct sync_recall recalls[STAGE_FEATURES];
	struct sync_auto_lease taken[STAGE_FEATURES];
	const char *members[1];
};

static void
add_surrenders(struct message *message, const struct stage_gateway *gateway)
{
	struct sync_request *request = &message->request;

	for (size_t i = 0; i < gateway->surrender_count; i++) {
		const struct stage_surrender *one = &gateway->surrenders[i];

		if (one->is_recall)
			message->recalls[request->recall_count++] =
			    (struct sync_recall){ one->serial, one->since };
		else
			message->surrenders[request->surrender_count++] =
			    (struct sync_surrender){ one->key, one->since };
	}
	request->surrenders = message->surrenders;
	request->recalls = message->recalls;
}

static void
add_taken(struct message *message, const struct stage_gateway *gateway,
    int64_t sent_at)
{
	for (size_t i = 0; i < gateway->taken_count; i++)
		message->taken[i] = (struct sync_auto_lease){
			gateway->taken[i].feature, gateway->taken[i].units,
			gateway->taken[i].from, sent_at
		};
	message->request.auto_leases = message->taken;
	message->request.auto_lease_count = gateway->taken_count;
}

static void
write_message(struct message *out, struct stage *stage,
    const struct stage_gateway *gateway, const char *request_id)
{
	*out = (struct message){ .members = { gateway->member } };
	out->request = (struct sync_request){
		.client = gateway->id,
		.password_version = 1,
		.request_id = request_id,
		.sent_at = stage->time,
		.hardware_id = gateway->hardware_id,
		.platform = "PSA-5000",
		.version = "9.1r1",
		.cluster = gateway->cluster,
		.address = "192.0.2.9",
		.product = PRODUCT_PCS,
		.holds = gateway->holds,
		.wants = gateway->wants,
		.want_count = gateway->want_count,
		.offers_to_lead = gateway->offers_to_lead,
		.members = out->members,
		.member_count = gateway->member != NULL,
		.proof = gateway->epoch != 0 && stage->was_restored &&
			gateway->epoch != stage->estate.appliance.epoch
		    ? gateway->document
		    : NULL,
	};
	add_surrenders(out, gateway);
	add_taken(out, gateway, stage->time);
}

static void
send(struct sync_answer *answer, struct stage *stage,
    const struct sync_request *request)
{
	stage_begin(stage);
	if (!stage_end(
		stage, ledger_sync(answer, &stage->estate.ledger, request)))
		fail_msg("a sync made a mistake");
}

/* What the server says of one license, in both lists. */
static void
read_states(struct stage_gateway *gateway, const char *list)
{
	const json_t *rows = json_object_get(gateway->answer, list);

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *serial = json_string_value(
		    json_object_get(row, "serial"));
		const char *state = json_string_value(
		    json_object_get(row, "state"));

		for (size_t n = 0; n < gateway->surrender_count; n++)
			if (serial && state &&
			    strcmp(gateway->surrenders[n].serial, serial) == 0)
				copy_text(gateway->surrenders[n].state, state);
	}
}

static void
receive(struct stage *stage, struct stage_gateway *gateway,
    const struct sync_answer *answer)
{
	json_decref(gateway->answer);
	gateway->answer = NULL;
	copy_text(gateway->refusal, answer->code);
	gateway->lost_id[0] = '\0';
	if (answer->status != 200) {
		gateway->next_sync = stage->time + HOUR;
		return;
	}
	gateway->answer = json_loads(answer->answer, 0, NULL);
	assert_non_null(gateway->answer);
	gateway->holds = answer->number;
	gateway->epoch = json_integer_value(
	    json_object_get(gateway->answer, "epoch"));
	gateway->document = arena_text(&stage->kept, answer->document);
	gateway->next_sync = stage->time +
	    json_integer_value(json_object_get(gateway->answer, "renew_after"));
	gateway->taken_count = 0;
	read_states(gateway, "surrenders");
	read_states(gateway, "recalls");
}

/* An answer that gives less is confirmed at once. */
static bool
gives_less(struct stage *stage, const struct stage_gateway *gateway,
    const char *before)
{
	struct stage_gateway old = *gateway;

	old.document = before;
	for (size_t i = 0; before && i < gateway->want_count; i++)
		if (stage_usable(stage, gateway, gateway->wants[i].feature) <
		    stage_usable(stage, &old, gateway->wants[i].feature))
			return true;
	return false;
}

static void
lose(struct stage *stage, struct stage_gateway *gateway,
    const struct sync_request *request)
{
	copy_text(gateway->lost_id, request->request_id);
	memcpy(gateway->lost_wants, gateway->wants, sizeof(gateway->wants));
	gateway->lost_want_count = gateway->want_count;
	gateway->lost_at = request->sent_at;
	gateway->lost_holds = request->holds;
	gateway->next_sync = stage->time + HOUR;
}

void
stage_sync(struct stage *stage, struct stage_gateway *gateway, bool is_lost,
    const struct stage_gateway *asker)
{
	const char *before = gateway->document;
	char request_id[STAGE_NAME_MAX];
	struct message message;
	struct sync_answer answer;

	(void)snprintf(request_id, sizeof(request_id), "request-%" PRId64,
	    ++stage->requests);
	write_message(&message, stage, gateway, request_id);
	memset(message.request.body_digest, (int)(stage->requests & 0xff),
	    DIGEST_BYTES);
	message.request.relayed_by = asker ? asker->id : 0;
	send(&answer, stage, &message.request);
	if (is_lost) {
		lose(stage, gateway, &message.request);
		return;
	}
	receive(stage, gateway, &answer);
	if (answer.status == 200 && gives_less(stage, gateway, before) &&
	    !asker)
		stage_sync(stage, gateway, false, NULL);
}

void
stage_repeat(struct stage *stage, struct stage_gateway *gateway)
{
	char request_id[STAGE_NAME_MAX];
	struct message message;
	struct sync_answer answer;

	if (gateway->lost_id[0] == '\0')
		fail_msg("%s has lost no answer", gateway->name);
	copy_text(request_id, gateway->lost_id);
	write_message(&message, stage, gateway, request_id);
	message.request.sent_at = gateway->lost_at;
	message.request.holds = gateway->lost_holds;
	message.request.wants = gateway->lost_wants;
	message.request.want_count = gateway->lost_want_count;
	memset(message.request.body_digest,
	    (int)(strtoll(request_id + strlen("request-"), NULL, 10) & 0xff),
	    DIGEST_BYTES);
	send(&answer, stage, &message.request);
	if (!answer.is_repeat)
		fail_msg("the answer was made anew");
	receive(stage, gateway, &answer);
}

int64_t
stage_usable(struct stage *stage, const struct stage_gateway *gateway,
    const char *feature)
{
	json_t *document = gateway->document
	    ? json_loads(gateway->document, 0, NULL)
	    : NULL;
	const json_t *parts = json_object_get(
	    json_object_get(json_object_get(document, "features"), feature),
	    "parts");
	int64_t units = 0;

	for (size_t i = 0; i < json_array_size(parts); i++) {
		const json_t *part = json_array_get(parts, i);

		if (json_integer_value(json_object_get(part, "expires")) >
		    stage_now(stage))
			units += json_integer_value(
			    json_object_get(part, "units"));
	}
	json_decref(document);
	return units;
}

/* ---- copies ---- */

static void
copy_file(const char *to, const char *from)
{
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	char bytes[65536];
	size_t got;

	assert_non_null(in);
	assert_non_null(out);
	while ((got = fread(bytes, 1, sizeof(bytes), in)) > 0)
		assert_int_equal(fwrite(bytes, 1, got, out), got);
	(void)fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* Closing the last connection folds the log into the file. */
static void
between(struct stage *stage, const char *to, const char *from)
{
	struct store **store = &stage->estate.appliance.store;

	store_close(store);
	copy_file(file_of(stage, to), file_of(stage, from));
	good(store_open(store, stage->estate.directory, false));
}

void
stage_copy(struct stage *stage)
{
	between(stage, "copy.db", "store.db");
}

void
stage_restore(struct stage *stage)
{
	between(stage, "store.db", "copy.db");
	stage->was_restored = true;
	stage_begin(stage);
	assert_true(
	    stage_end(stage, ledger_watch_restored(&stage->estate.ledger)));
	stage->estate.appliance.epoch++;
}

/* ---- invariants ---- */

static void
check_feature(struct stage *stage, const struct pool_row *pool)
{
	int64_t usable = 0;

	for (size_t i = 0; i < stage->gateway_count; i++)
		usable += stage_usable(
		    stage, &stage->gateways[i], pool->feature);
	if (usable > pool->held && !stage->was_restored)
		fail_msg("%s: gateways may use %" PRId64 " units, only %" PRId64
			 " count as held",
		    pool->feature, usable, pool->held);
	if (usable > pool->installed && !stage->may_be_short)
		fail_msg("%s: gateways may use %" PRId64 " units of %" PRId64,
		    pool->feature, usable, pool->installed);
}

void
stage_check(struct stage *stage)
{
	struct estate *estate = &stage->estate;
	struct watch_row watch;
	struct pool_row *pools;
	size_t count;

	good(store_watch_load(&watch, &estate->arena, estate->appliance.store));
	if (watch.halted_at != 0)
		fail_msg("granting stopped: %s", watch.halted_text);
	good(store_pool_list(&pools, &count, &estate->arena,
	    estate->appliance.store, &estate->appliance.catalogue,
	    stage_now(stage)));
	for (size_t i = 0; i < count; i++)
		check_feature(stage, &pools[i]);
	arena_clear(&estate->arena);
}
