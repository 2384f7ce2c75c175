/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * download.c: step by step. Each code by itself: one that is refused does not
 * stand in the way of the others. What was typed becomes a code, strictly, or
 * goes nowhere.
 */
#include "engine/peer/download.h"

#include "engine/base/authcode.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/peer/center_ask.h"
#include "engine/store/issuer_keys.h"
#include "engine/store/ledger_download.h"
#include "engine/store/ledger_revocation.h"
#include "engine/store/mistake.h"
#include "engine/store/store_revocation.h"
#include <assert.h>
#include <poll.h>
#include <string.h>

#define BETWEEN " \t\r\n,;"
/* After a center said that it is asked too often. */
#define PACE_MS 1100
#define TRIES   4

enum step { STEP_REACH, STEP_TRUST, STEP_ASK, STEP_INSTALL, STEP__COUNT };

static const char *const steps[STEP__COUNT] = { "reach", "trust", "ask",
	"install" };

struct run {
	const struct download_wish *wish;
	struct arena arena;
	struct center_ask ask;
	json_t *report; /* owned */
	const char *keys; /* that came, one a line */
	const char *tails; /* of the codes */
	const char *failure; /* the first; NULL = none */
	const char *revocations; /* signed; NULL = none came */
	const char *nothing; /* why there are no keys, and nothing is wrong; NULL = there may be */
	int64_t revoked;     /* licenses that were good before */
	bool is_refused;     /* a license key that came */
	struct download_row row;
};

/* ---- the report ---- */

static json_t *
new_report(void)
{
	json_t *list = json_array(), *report;

	for (size_t i = 0; list && i < STEP__COUNT; i++)
		if (json_array_append_new(list,
			json_pack("{s:s, s:s, s:s}", "step", steps[i], "state",
			    "waiting", "text", ""))) {
			json_decref(list);
			return NULL;
		}
	report = json_pack(
	    "{s:o, s:[], s:[], s:[], s:s, s:i, s:i, s:b, s:b, s:s}", "steps",
	    list, "codes", "keys", "issuers", "offer", "", "received", 0,
	    "installed", 0, "done", 0, "good", 0, "text", "");
	return report;
}

static void
tell(const struct run *run)
{
	if (run->wish->progress)
		run->wish->progress(run->wish->context, run->report);
}

static enum fault
set_step(struct run *run, enum step step, const char *state, const char *text)
{
	json_t *row = json_array_get(
	    json_object_get(run->report, "steps"), (size_t)step);

	if (json_object_set_new(row, "state", json_string(state)) ||
	    json_object_set_new(row, "text", json_string(text)))
		return FAULT_MEMORY;
	tell(run);
	return FAULT_NONE;
}

static enum fault
fail_step(struct run *run, enum step step, const char *text)
{
	if (!run->failure)
		run->failure = text;
	return text ? set_step(run, step, "failed", text) : FAULT_MEMORY;
}

/* ---- reach and trust ---- */

static const char *
use_text(enum center_code_use use)
{
	switch (use) {
	case CENTER_CODE_USED:
		return "The code was used.";
	case CENTER_CODE_UNSURE:
		return "Whether the code was used is not known; sent again, it "
		       "gives the same license keys.";
	case CENTER_CODE_UNUSED:
		break;
	}
	return "The code was not used.";
}

/* *is_good false when the run is over with it. */
static enum fault
run_step(bool *is_good, struct run *run, enum step step,
    enum fault (*act)(struct center_answer *, struct arena *,
	const struct center_ask *))
{
	struct center_answer answer;
	enum fault fault;

	*is_good = false;
	if ((fault = set_step(run, step, "running", "")) ||
	    (fault = act(&answer, &run->arena, &run->ask)))
		return fault;
	if (answer.text)
		return fail_step(run, step,
		    *run->wish->codes ? arena_format(&run->arena, "%s %s",
					    answer.text,
					    use_text(CENTER_CODE_UNUSED))
				      : answer.text);
	*is_good = true;
	return set_step(run, step, "ok", "");
}

/* ---- ask ---- */

static enum fault
take_keys(struct run *run, const struct center_answer *answer)
{
	run->keys = arena_format(
	    &run->arena, "%s%s", run->keys, answer->keys);
	run->row.received += (int64_t)answer->key_count;
	return run->keys ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
note_code(struct run *run, const char *tail, bool is_good, const char *text)
{
	if (!text)
		return FAULT_MEMORY;
	if (!is_good && !run->failure)
		run->failure = text;
	return json_array_append_new(json_object_get(run->report, "codes"),
		   json_pack("{s:s, s:b, s:s}", "ends_in", tail, "ok", is_good,
		       "text", text))
	    ? FAULT_MEMORY
	    : FAULT_NONE;
}

static bool
is_too_early(const struct center_answer *answer)
{
	return answer->code && strcmp(answer->code, "too_many_requests") == 0;
}

/* A center takes one call a second in the long run: of many codes the later ones wait. */
static enum fault
ask_for_code(struct center_answer *answer, struct run *run, const char *code)
{
	const atomic_bool *stop = run->wish->stop;
	enum fault fault;
	int tries = 0;

	do {
		if (tries > 0)
			(void)poll(NULL, 0, PACE_MS);
		fault = center_ask_code(answer, &run->arena, &run->ask, code);
	} while (!fault && is_too_early(answer) && ++tries < TRIES &&
	    !(stop && atomic_load(stop)));
	return fault;
}

static enum fault
send_code(struct run *run, const char *code)
{
	struct center_answer answer;
	char tail[AUTHCODE_TAIL_SIZE];
	enum fault fault;

	authcode_tail(tail, code);
	run->tails = arena_format(&run->arena, "%s%s%s", run->tails,
	    *run->tails ? ", " : "", tail);
	if (!run->tails)
		return FAULT_MEMORY;
	/* What came for the others is not lost by it. */
	if ((fault = ask_for_code(&answer, run, code)))
		return fault == FAULT_MEMORY
		    ? fault
		    : note_code(run, tail, false,
			  arena_format(&run->arena,
			      "It could not be asked for: %s. %s",
			      fault_text(fault),
			      use_text(CENTER_CODE_UNSURE)));
	if (answer.text)
		return note_code(run, tail, false,
		    arena_format(&run->arena, "%s %s", answer.text,
			use_text(answer.use)));
	if ((fault = take_keys(run, &answer)))
		return fault;
	return note_code(run, tail, true,
	    arena_format(&run->arena, "%zu license key%s%s.", answer.key_count,
		answer.key_count == 1 ? "" : "s",
		answer.was_before ? ", the same as before" : ""));
}

static enum fault
ask_code(struct run *run, const char *text)
{
	char code[AUTHCODE_SIZE];
	enum authcode_state state = authcode_read(code, text);

	if (state == AUTHCODE_OK)
		return send_code(run, code);
	/* Nothing of what it was is kept. */
	return note_code(run, "", false,
	    arena_format(&run->arena, "%s Nothing was sent.",
		mistake_text(&run->arena,
		    state == AUTHCODE_CHECK ? MISTAKE_AUTHCODE_CHECK
					    : MISTAKE_AUTHCODE_SHAPE,
		    NULL, NULL)));
}

static enum fault
ask_codes(struct run *run)
{
	char *rest = NULL, *text = arena_text(&run->arena, run->wish->codes);
	enum fault fault = text ? FAULT_NONE : FAULT_MEMORY;

	if (fault)
		return fault;
	for (char *code = strtok_r(text, BETWEEN, &rest); !fault && code;
	     code = strtok_r(NULL, BETWEEN, &rest))
		fault = ask_code(run, code);
	return fault;
}

static enum fault
ask_all(struct run *run)
{
	struct center_answer answer;
	enum fault fault = center_ask_keys(&answer, &run->arena, &run->ask);

	if (fault)
		return fault;
	run->failure = answer.text;
	if (answer.text)
		return FAULT_NONE;
	/* Of whom nothing was bought there is nothing to fetch. */
	if (answer.is_unknown)
		run->nothing = "The center does not know this appliance yet. "
			       "Enter an authentication code first.";
	run->revocations = answer.revocations;
	return run->wish->only_revocations ? FAULT_NONE
					   : take_keys(run, &answer);
}

static enum fault
ask(struct run *run)
{
	enum fault fault = set_step(run, STEP_ASK, "running", "");

	if (!fault)
		fault = *run->wish->codes ? ask_codes(run) : ask_all(run);
	if (fault)
		return fault;
	if (!run->failure)
		return set_step(run, STEP_ASK, "ok", "");
	return fail_step(run, STEP_ASK,
	    *run->wish->codes ? "See what is said of each code."
			      : run->failure);
}

/* ---- install ---- */

static enum fault
note_key(struct run *run, const struct license_result *result)
{
	bool is_new = result->is_installed && !result->is_duplicate;

	run->row.installed += is_new;
	if (!result->is_installed && !result->is_duplicate) {
		run->is_refused = true;
		if (!run->failure)
			run->failure = result->text;
	}
	return json_array_append_new(json_object_get(run->report, "keys"),
		   json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:s}", "shown",
		       result->shown, "sku", result->sku, "serial",
		       result->serial, "installed", result->is_installed, "new",
		       is_new, "duplicate", result->is_duplicate, "text",
		       result->text))
	    ? FAULT_MEMORY
	    : FAULT_NONE;
}

static enum fault
begin(struct ledger *ledger, struct run *run)
{
	ledger_init(ledger, run->wish->store, run->wish->appliance,
	    &run->arena, &run->wish->actor, clock_now());
	return ledger_begin(ledger);
}

static enum fault
take_revocations(struct run *run, struct ledger *ledger)
{
	int64_t before, after;
	bool is_taken;
	enum fault fault;

	if (!run->revocations)
		return FAULT_NONE;
	if ((fault = store_revocation_count(&before, ledger->store)) ||
	    (fault = ledger_revocation_take(
		 &is_taken, ledger, run->revocations)) ||
	    (fault = store_revocation_count(&after, ledger->store)))
		return fault;
	run->revoked = after - before;
	return FAULT_NONE;
}

/* Every signature is looked at: what the center says of a key counts for nothing. */
static enum fault
install(struct run *run)
{
	struct license_result *results = NULL;
	struct ledger ledger;
	size_t count = 0;
	enum fault fault = set_step(run, STEP_INSTALL, "running", "");

	if (fault || (fault = begin(&ledger, run)))
		return fault;
	fault = take_revocations(run, &ledger);
	if (!fault && *run->keys)
		fault = ledger_license_add(
		    &results, &count, &ledger, run->keys);
	if ((fault = ledger_end(&ledger, fault)))
		return fault;
	for (size_t i = 0; !fault && i < count; i++)
		fault = note_key(run, &results[i]);
	if (fault)
		return fault;
	if (ledger.mistakes.count > 0)
		return fail_step(
		    run, STEP_INSTALL, ledger.mistakes.items[0].text);
	if (run->is_refused)
		return fail_step(
		    run, STEP_INSTALL, "See what is said of each license key.");
	return set_step(run, STEP_INSTALL, "ok", "");
}

/* Where nothing was refused nobody waits for an offer. */
static enum fault
note_offer(struct run *run, const char *text)
{
	if (!run->is_refused)
		return FAULT_NONE;
	return !text ||
		json_object_set_new(run->report, "offer", json_string(text))
	    ? FAULT_MEMORY
	    : FAULT_NONE;
}

static enum fault
note_issuers(struct run *run, const json_t *offered, const char *signer)
{
	json_t *list = json_object_get(run->report, "issuers"), *jwk;
	size_t index;

	json_array_foreach(offered, index,
	    jwk) if (json_array_append_new(list,
			 json_pack("{s:O, s:s}", "jwk", jwk, "signer",
			     signer))) return FAULT_MEMORY;
	return FAULT_NONE;
}

/* Its issuer may be new: a person says whether it is trusted. */
static enum fault
offer_issuers(struct run *run)
{
	struct center_answer answer;
	const char *signer;
	json_t *offered;
	enum fault fault = center_ask_issuers(&answer, &run->arena, &run->ask);

	if (fault == FAULT_MEMORY)
		return fault;
	if (fault || answer.text)
		return note_offer(run,
		    arena_format(&run->arena,
			"Whether the center offers newer issuer keys could "
			"not be asked: %s",
			fault ? fault_text(fault) : answer.text));
	if ((fault = issuer_keys_offered(&offered, &signer, &run->arena,
		 &run->wish->appliance->trust, answer.issuers)))
		return fault;
	fault = signer ? note_issuers(run, offered, signer)
		       : note_offer(run,
			     "Nothing that the center says of its issuer keys "
			     "is signed by one that is trusted here. Get the "
			     "vendor's issuer keys on another way, and put "
			     "them into trusted.jwks.");
	json_decref(offered);
	return fault;
}

/* ---- the whole ---- */

static const char *
summary(struct run *run)
{
	const char *text = run->failure;

	if (!text && run->wish->only_revocations)
		text = "The list of revoked license keys was fetched.";
	if (!text)
		text = run->nothing;
	if (!text && run->row.received == 0)
		text = "The center has no license keys for this appliance.";
	if (!text)
		text = arena_format(&run->arena,
		    "%lld license key%s came, %lld of them new.",
		    (long long)run->row.received,
		    run->row.received == 1 ? "" : "s",
		    (long long)run->row.installed);
	return !text || run->revoked <= 0
	    ? text
	    : arena_format(&run->arena,
		  "%s Licenses that the issuer has revoked since the last "
		  "time, and that count no more: %lld. The Licensing Summary "
		  "says which.",
		  text, (long long)run->revoked);
}

static enum fault
finish(struct run *run)
{
	struct download_row *row = &run->row;
	struct ledger ledger;
	enum fault fault;

	row->ended_at = clock_now();
	row->started_by = run->wish->actor.name;
	row->is_automatic = run->wish->is_automatic;
	row->codes = *run->wish->codes && !*run->tails ? DOWNLOAD_CODES_NONE
							: run->tails;
	if (run->wish->only_revocations)
		row->codes = DOWNLOAD_CODES_REVOCATIONS;
	row->is_good = !run->failure;
	if (!(row->text = summary(run)))
		return FAULT_MEMORY;
	if ((fault = begin(&ledger, run)))
		return fault;
	if ((fault = ledger_end(&ledger, ledger_download_done(&ledger, row))))
		return fault;
	if (json_object_set_new(
		run->report, "received", json_integer(row->received)) ||
	    json_object_set_new(
		run->report, "installed", json_integer(row->installed)) ||
	    json_object_set_new(
		run->report, "good", json_boolean(row->is_good)) ||
	    json_object_set_new(run->report, "text", json_string(row->text)) ||
	    json_object_set_new(run->report, "done", json_true()))
		return FAULT_MEMORY;
	tell(run);
	return FAULT_NONE;
}

static enum fault
work(struct run *run)
{
	enum fault fault;
	bool is_good;

	if ((fault = center_ask_open(&run->ask, &run->arena,
		 run->wish->appliance, run->wish->store, run->wish->stop)) ||
	    (fault = run_step(&is_good, run, STEP_REACH, center_ask_reach)))
		return fault;
	if (is_good &&
	    (fault = run_step(&is_good, run, STEP_TRUST, center_ask_trust)))
		return fault;
	if (is_good) {
		if ((fault = ask(run)) ||
		    ((*run->keys || run->revocations) &&
			(fault = install(run))) ||
		    (!run->wish->only_revocations &&
			(fault = offer_issuers(run))))
			return fault;
	}
	return finish(run);
}

enum fault
download_run(json_t **report, const struct download_wish *wish)
{
	struct run run = { .wish = wish, .keys = "", .tails = "" };
	enum fault fault;

	assert(report && wish && wish->codes);
	arena_init(&run.arena, 0);
	run.row.began_at = clock_now();
	run.report = new_report();
	fault = run.report ? work(&run) : FAULT_MEMORY;
	center_ask_close(&run.ask);
	arena_clear(&run.arena);
	if (fault) {
		json_decref(run.report);
		run.report = NULL;
	}
	*report = run.report;
	return fault;
}
