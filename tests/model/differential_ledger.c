/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * differential_ledger.c: random sequences of steps through the shipped ledger
 * over a real store and through the plain model. Slower than differential.c,
 * which has no store; the same steps, but recalls and restores, which the
 * plays and the simulation try.
 */
#include "tests/model/chance.h"
#include "tests/store/test_ledger_estate.h"

#include "engine/base/calendar.h"
#include "engine/store/agreement_file.h"
#include "engine/store/statement.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define STEPS      100
#define OPERATIONS 20000
#define SEED       1

#define FEATURE "CONSEC"

/* One sequence runs in one transaction, which is then rolled back. */
static struct estate estate;
static struct model model;
static int64_t clients[MODEL_CLIENTS]; /* their rows */
static int64_t stored[MODEL_CLIENTS];  /* numbers of documents in the model */
static int64_t stored_here[MODEL_CLIENTS]; /* and in the ledger */
static int64_t newest_here[MODEL_CLIENTS];
static char serials[MODEL_LICENSES][32]; /* of the licenses */
static const char *member_keys[MODEL_CLIENTS];
static struct duel_step steps[STEPS];
static uint64_t seed;

static const struct actor admin = { "admin", "192.0.2.1" };

/* ---- telling ---- */

__attribute__((format(printf, 1, 2), noreturn)) static void
differ(const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	print_error("SEED=%" PRIu64 " OPERATIONS=%d: %s\n", seed, STEPS, text);
	for (size_t i = 0; i < STEPS && steps[i].kind < DUEL__COUNT; i++) {
		fputs("    ", stderr);
		duel_print(stderr, &steps[i]);
	}
	fail();
	abort();
}

static void
same(const char *what, size_t who, int64_t ledger, int64_t by_model)
{
	if (ledger != by_model)
		differ("%s of client %zu: ledger %" PRId64 ", model %" PRId64,
		    what, who + 1, ledger, by_model);
}

static void
good(enum fault fault)
{
	if (fault)
		differ("fault: %s", fault_text(fault));
}

/* ---- acts ---- */

static struct ledger *
begin(void)
{
	ledger_init(&estate.ledger, estate.appliance.store, &estate.appliance,
	    &estate.arena, &admin, model.now);
	good(store_savepoint(estate.appliance.store));
	good(ledger_watch_clock(&estate.ledger));
	return &estate.ledger;
}

static bool
end(enum fault fault)
{
	if (estate.ledger.broken)
		differ("granting stops: %s", estate.ledger.broken);
	good(fault);
	if (estate.ledger.mistakes.count == 0) {
		good(store_keep(estate.appliance.store));
		return true;
	}
	good(store_undo(estate.appliance.store));
	return false;
}

static int64_t
events(void)
{
	int64_t count;

	good(statement_number(&count, 0, estate.appliance.store,
	    "SELECT count(*) FROM event", ""));
	return count;
}

/* "Reclaim twice equals once": the second tells of nothing; the sums are compared behind every step. */
static bool
pass(const struct duel_step *step)
{
	int64_t told;

	model_pass(&model, model.now + step->a);
	(void)end(ledger_license_sweep(begin()));
	(void)end(ledger_watch(begin()));
	(void)end(ledger_reclaim(begin()));
	told = events();
	(void)end(ledger_reclaim(begin()));
	same("events of a second reclaim, all in all,", 0, events(), told);
	return true;
}

static bool
may_ask(size_t who)
{
	const struct model_client *c = &model.clients[who];

	return c->is_there && !c->is_deleted && model.now < c->expires;
}

static int64_t
units_of_part(const json_t *part)
{
	return json_integer_value(json_object_get(part, "units"));
}

/* Units of the answer's parts of one kind that were granted and end then. */
static int64_t
units_like(const json_t *parts, const struct model_piece *piece)
{
	int64_t units = 0;

	for (size_t i = 0; i < json_array_size(parts); i++) {
		const json_t *part = json_array_get(parts, i);
		const char *kind = json_string_value(
		    json_object_get(part, "kind"));

		if (kind &&
		    (strcmp(kind, "reserved") == 0) == piece->is_reserved &&
		    json_integer_value(json_object_get(part, "granted")) ==
			piece->granted &&
		    json_integer_value(json_object_get(part, "expires")) ==
			piece->expires)
			units += units_of_part(part);
	}
	return units;
}

static int64_t
model_units_like(
    const struct model_lease *lease, const struct model_piece *piece)
{
	int64_t units = 0;

	for (size_t i = 0; i < lease->count; i++)
		if (lease->pieces[i].is_reserved == piece->is_reserved &&
		    lease->pieces[i].granted == piece->granted &&
		    lease->pieces[i].expires == piece->expires)
			units += lease->pieces[i].units;
	return units;
}

/* Who is no member and draws on permanent units is told so, and nobody else. */
static void
compare_compliance(
    size_t who, const json_t *json, const struct model_lease *lease)
{
	int64_t permanent = 0;

	for (size_t i = 0; i < lease->count; i++)
		permanent += lease->pieces[i].units -
		    lease->pieces[i].subscription;
	same("out of compliance", who,
	    json_array_size(json_object_get(json, "compliance")) > 0,
	    permanent > 0 && !model.clients[who].is_member);
}

static void
compare_answer(
    size_t who, const json_t *json, const struct model_answer *answer)
{
	const json_t *feature = json_object_get(
	    json_object_get(json, "features"), FEATURE);
	const json_t *denied = json_object_get(feature, "denied");
	const json_t *parts = json_object_get(feature, "parts");
	const char *code = json_string_value(json_object_get(denied, "code"));

	if (strcmp(code ? code : "ok", verdict_code(answer->denial)) != 0)
		differ("denial of client %zu: ledger %s, model %s", who + 1,
		    code ? code : "ok", verdict_code(answer->denial));
	same("L by the answer", who,
	    json_integer_value(json_object_get(feature, "leased")),
	    answer->leased);
	for (size_t i = 0; i < answer->lease.count; i++)
		same("units of like parts", who,
		    units_like(parts, &answer->lease.pieces[i]),
		    model_units_like(&answer->lease, &answer->lease.pieces[i]));
	if (!code || answer->denial == VERDICT_NOT_ALLOCATED)
		return;
	same("wanted by a denial", who,
	    json_integer_value(json_object_get(denied, "wanted")),
	    answer->wanted);
	same("available of a denial", who,
	    json_integer_value(json_object_get(denied, "available")),
	    answer->available);
}

static bool
ask(const struct duel_step *step)
{
	size_t who = step->who;
	const struct sync_want want = { FEATURE, step->a };
	struct model_answer answer;
	struct sync_request request;
	struct sync_answer out;
	json_t *json;

	if (!may_ask(who) ||
	    model.clients[who].document_count + 1 >= MODEL_DOCUMENTS)
		return true;
	model_confirm(&model, who, stored[who]);
	model_ask(&answer, &model, who, step->a);
	request = estate_request(&estate, clients[who], &want, 0, model.now);
	request.holds = stored_here[who];
	request.members = &member_keys[who];
	request.member_count = model.clients[who].is_member;
	(void)end(ledger_sync(&out, begin(), &request));
	if (out.status != 200)
		differ("client %zu was refused: %s", who + 1, out.code);
	json = json_loads(out.answer, 0, NULL);
	compare_answer(who, json, &answer);
	compare_compliance(who, json, &answer.lease);
	json_decref(json);
	newest_here[who] = out.number;
	if (step->b == 0) {
		stored[who] = model.clients[who].number;
		stored_here[who] = out.number;
	}
	return true;
}

static bool
repeat(const struct duel_step *step)
{
	if (!may_ask(step->who))
		return true;
	stored[step->who] = model.clients[step->who].number;
	stored_here[step->who] = newest_here[step->who];
	return true;
}

static void
add_client(size_t who)
{
	struct model_client *c = &model.clients[who];
	char serial[32];

	c->is_there = true;
	c->is_deleted = c->is_member = false;
	c->lease.count = c->document_count = 0;
	c->number = 0;
	stored[who] = stored_here[who] = newest_here[who] = 0;
	(void)snprintf(serial, sizeof(serial), "M-%d", (int)clients[who]);
	member_keys[who] = estate_key(&estate,
	    estate_hardware(&estate, clients[who]), serial, "PSA-LICENSE-MBR",
	    "2024-01-01", NULL);
}

/* The same counts on the ledger; true when they were saved. */
static bool
save_here(const struct duel_step *step, int64_t expires)
{
	size_t who = step->who;
	struct client_count count = { FEATURE, { step->a, step->b, step->c } };
	char name[16], date[11] = "";
	struct client_input input = {
		.name = name,
		.platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.expires_date = date,
		.counts = &count,
		.count_count = 1,
	};

	(void)snprintf(name, sizeof(name), "gw%zu", who);
	if (expires != MODEL_NEVER)
		calendar_date_closed_by(date, expires);
	if (model.clients[who].is_there)
		return end(ledger_client_change(begin(), clients[who], &input));
	input.password_hash = "hash";
	return end(ledger_client_add(&clients[who], begin(), &input));
}

static bool
save(const struct duel_step *step)
{
	struct model_client *c = &model.clients[step->who];
	int64_t today = model.now - model.now % MODEL_DAY;
	int64_t expires = step->d == 0 ? MODEL_NEVER
				       : today + step->d * MODEL_DAY;
	bool by_model;

	if (c->is_there && c->is_deleted)
		return true;
	by_model = model_may_save(
	    &model, step->who, step->a, step->b, step->c, expires);
	same(
	    "saving the counts", step->who, save_here(step, expires), by_model);
	if (!by_model)
		return true;
	if (!c->is_there)
		add_client(step->who);
	c->reserved = step->a;
	c->increment = step->b;
	c->maximum = step->c;
	c->expires = expires;
	return true;
}

static bool
delete_client(const struct duel_step *step)
{
	struct model_client *c = &model.clients[step->who];

	if (!c->is_there || c->is_deleted)
		return true;
	model_delete(&model, step->who);
	(void)end(ledger_client_delete(begin(), clients[step->who], 0, false));
	return true;
}

/* By a key, as an administrator does; true when it was taken. */
static bool
enter_license(size_t place, const struct model_license *license)
{
	static int64_t keys;
	char sku[48], start[11], end_date[11];
	struct license_result *results;
	const char *key;
	size_t count;

	(void)snprintf(
	    serials[place], sizeof(serials[place]), "D-%" PRId64, ++keys);
	(void)snprintf(sku, sizeof(sku), "%s-ADD-%" PRId64 "U%s", FEATURE,
	    license->units, license->is_subscription ? "-1YR" : "");
	calendar_date_of(start, license->start);
	if (license->end != MODEL_NEVER)
		calendar_date_closed_by(end_date, license->end);
	key = estate_key(&estate, estate.appliance.hardware_id, serials[place],
	    sku, start, license->end != MODEL_NEVER ? end_date : NULL);
	if (!end(ledger_license_add(&results, &count, begin(), key)))
		differ("a key was a mistake: %s",
		    estate.ledger.mistakes.items[0].text);
	return results[0].is_installed;
}

static bool
add_license(const struct duel_step *step)
{
	struct model_license *m = &model.licenses[step->who];
	int64_t today = model.now - model.now % MODEL_DAY;

	if (m->is_there)
		return true;
	*m = (struct model_license){
		.is_subscription = step->d != 0,
		.units = step->a,
		.start = today + step->b * MODEL_DAY,
		.end = step->d ? today + (step->b + step->c) * MODEL_DAY
			       : MODEL_NEVER,
	};
	m->is_there = enter_license(step->who, m);
	return true;
}

static bool
lose_license(const struct duel_step *step)
{
	if (!model.licenses[step->who].is_there)
		return true;
	model.licenses[step->who].is_there = false;
	if (!end(ledger_license_remove(begin(), serials[step->who])))
		differ("license %zu could not be deleted", step->who + 1);
	return true;
}

static void
set(enum setting setting, int64_t value)
{
	(void)begin();
	(void)end(store_setting_save(estate.appliance.store, setting, value));
}

static bool
set_duration(const struct duel_step *step)
{
	model.duration = step->a;
	set(SETTING_LEASE_DURATION, step->a);
	return true;
}

static bool
set_member(const struct duel_step *step)
{
	model.clients[step->who].is_member = step->a != 0;
	return true;
}

static bool
set_strict(const struct duel_step *step)
{
	model.is_strict = step->a != 0;
	set(SETTING_STRICT_MEMBERSHIP, step->a);
	return true;
}

/* Surrenders, recalls and restores are left out: plays and the simulation try them. */
static bool (*const performers[DUEL__COUNT])(const struct duel_step *step) = {
	[DUEL_PASS] = pass,
	[DUEL_ASK] = ask,
	[DUEL_REPEAT] = repeat,
	[DUEL_SAVE] = save,
	[DUEL_DELETE] = delete_client,
	[DUEL_LICENSE] = add_license,
	[DUEL_LOSE] = lose_license,
	[DUEL_DURATION] = set_duration,
	[DUEL_MEMBER] = set_member,
	[DUEL_STRICT] = set_strict,
};

/* ---- all sums ---- */

static void
compare_clients(void)
{
	for (size_t i = 0; i < MODEL_CLIENTS; i++) {
		struct client_feature_row row;

		if (!model.clients[i].is_there)
			continue;
		row = estate_feature(&estate, clients[i], FEATURE, model.now);
		same("L", i, row.leased, model_leased(&model, i));
		same("held", i, row.held, model_held(&model, i));
	}
}

static void
compare_pool(void)
{
	struct pool_row pool = estate_pool(&estate, FEATURE, model.now);
	int64_t leased = 0;

	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		if (model.clients[i].is_there)
			leased += model_leased(&model, i);
	same("T seen", 0, pool.installed, model_total(&model, model.now));
	same("sum of held seen", 0, pool.held, model_held_sum(&model));
	same("sum of leased seen", 0, pool.leased, leased);
}

static void
try_sequence(void)
{
	chance_seed(seed);
	model_init(&model, DUEL_START);
	for (size_t i = 0; i < STEPS; i++)
		steps[i].kind = DUEL__COUNT;
	good(store_begin(estate.appliance.store));
	for (size_t i = 0; i < STEPS; i++) {
		do
			chance_step(&steps[i], &model, i);
		while (!performers[steps[i].kind]);
		performers[steps[i].kind](&steps[i]);
		compare_clients();
		compare_pool();
	}
	store_rollback(estate.appliance.store);
	arena_clear(&estate.arena);
}

static uint64_t
number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static void
accept_agreement(void)
{
	const char *source = getenv("top_srcdir");
	struct agreement_text text;

	model.now = START;
	estate.appliance.data_directory = source ? source : ".";
	estate.appliance.vendor_directory = source ? source : ".";
	good(agreement_file_load(
	    &text, &estate.arena, estate.appliance.data_directory));
	good(store_begin(estate.appliance.store));
	(void)end(ledger_agreement_accept(begin(), text.digest));
	good(store_commit(estate.appliance.store));
}

static void
ledger_and_model_agree(void **state)
{
	uint64_t operations = number_from("OPERATIONS", OPERATIONS);

	(void)state;
	steps[0].kind = DUEL__COUNT;
	estate_open(&estate, ROLE_SERVER);
	estate_trust(&estate, true);
	accept_agreement();
	seed = number_from("SEED", SEED);
	for (uint64_t tried = 0; tried < operations; tried += STEPS, seed++)
		try_sequence();
	estate_close(&estate);
	print_message("%" PRIu64 " operations\n", operations);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ledger_and_model_agree),
	};

	return cmocka_run_group_tests_name(
	    "ledger against model", tests, NULL, NULL);
}
