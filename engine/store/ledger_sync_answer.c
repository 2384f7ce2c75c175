/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_answer.c: what was decided, as the JSON of the lease protocol
 * (protocol.md 3). Decides nothing, reads no row.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/base/json.h"
#include "engine/store/sentence.h"
#include <assert.h>
#include <string.h>

struct notice {
	const char *code, *severity, *sentence;
};

#define NOTICE(symbol, code, severity, sentence)                               \
	[SYNC_NOTICE_##symbol] = { code, severity, sentence },
static const struct notice notices[SYNC_NOTICE__COUNT] = {
#include "engine/store/notices.tbl"
};
#undef NOTICE

/* New reference to a number, or to null for "none". */
static json_t *
number_or_null(int64_t value)
{
	return value != 0 ? json_integer(value) : json_null();
}

static json_t *
make_part(const struct lease_part *part)
{
	json_int_t units = instant_units_times(part->size, part->count);

	if (part->kind == LEASE_PART_RESERVED)
		return json_pack("{s:s, s:I, s:I, s:I}", "kind", "reserved",
		    "units", units, "granted", (json_int_t)part->granted,
		    "expires", (json_int_t)part->expires);
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "kind", "quantum",
	    "units", units, "size", (json_int_t)part->size, "count",
	    (json_int_t)part->count, "granted", (json_int_t)part->granted,
	    "expires", (json_int_t)part->expires);
}

/* New reference, NULL without memory. */
static json_t *
make_parts(const struct lease_plan *plan)
{
	json_t *parts = json_array();

	for (size_t i = 0; i < plan->part_count; i++) {
		if (json_array_append_new(parts, make_part(&plan->parts[i]))) {
			json_decref(parts);
			return NULL;
		}
	}
	return parts;
}

static json_t *
make_holders(const struct sync_decision *decision)
{
	json_t *holders = json_array();

	for (size_t i = 0; i < decision->holder_count; i++) {
		const struct pool_holder *holder = &decision->holders[i];
		json_t *one = json_pack("{s:s, s:I, s:o}", "client",
		    holder->client, "units", (json_int_t)holder->units,
		    "expires", number_or_null(holder->expires));

		if (json_array_append_new(holders, one)) {
			json_decref(holders);
			return NULL;
		}
	}
	return holders;
}

static json_t *
make_frees(const struct sync_decision *decision)
{
	json_t *frees = json_array();

	for (size_t i = 0; i < decision->free_count; i++) {
		const struct pool_free *item = &decision->frees[i];
		json_t *one = json_pack("{s:I, s:I, s:s}", "at",
		    (json_int_t)item->at, "units", (json_int_t)item->units,
		    "client", item->client);

		if (json_array_append_new(frees, one)) {
			json_decref(frees);
			return NULL;
		}
	}
	return frees;
}

static json_t *
make_denied(const struct sync_decision *decision)
{
	const struct verdict_numbers *numbers = &decision->plan.numbers;

	if (!decision->denied_code)
		return json_null();
	return json_pack("{s:s, s:I, s:I, s:s, s:o, s:o}", "code",
	    decision->denied_code, "wanted", (json_int_t)numbers->wanted,
	    "available", (json_int_t)numbers->available, "text",
	    decision->denied_text, "holders", make_holders(decision),
	    "next_free", make_frees(decision));
}

/* Latest end of the quanta, and the end of the reserved part; 0 = none. */
static void
find_ends(int64_t *quanta, int64_t *reserved, const struct lease_plan *plan)
{
	*quanta = *reserved = 0;
	for (size_t i = 0; i < plan->part_count; i++) {
		const struct lease_part *part = &plan->parts[i];
		int64_t *end = part->kind == LEASE_PART_RESERVED ? reserved
								 : quanta;

		*end = instant_later(*end, part->expires);
	}
}

static json_t *
make_feature(const struct sync_decision *decision, json_t *parts)
{
	const struct allocation *allocation = &decision->allocation;
	int64_t quanta, reserved;

	find_ends(&quanta, &reserved, &decision->plan);
	return json_pack("{s:I, s:I, s:I, s:I, s:o, s:o, s:b, s:o, s:O}",
	    "reserved", (json_int_t)allocation->reserved, "increment",
	    (json_int_t)allocation->increment, "maximum",
	    (json_int_t)allocation->maximum, "leased",
	    (json_int_t)decision->plan.leased, "expires",
	    number_or_null(quanta != 0 ? quanta : reserved), "reserved_expires",
	    number_or_null(reserved), "auto_lease", decision->may_auto_lease,
	    "denied", make_denied(decision), "parts", parts);
}

enum fault
ledger_sync_answer_begin(struct sync_work *work)
{
	assert(work && !work->features);
	work->features = json_object();
	work->document = json_object();
	work->notices = json_array();
	work->compliance = json_array();
	work->surrenders = json_array();
	work->recalls = json_array();
	return work->features && work->document && work->notices &&
		work->compliance && work->surrenders && work->recalls
	    ? FAULT_NONE
	    : FAULT_MEMORY;
}

enum fault
ledger_sync_answer_feature(
    struct sync_work *work, const struct sync_decision *decision)
{
	json_t *parts = make_parts(&decision->plan), *lease;
	int failed = 1;

	assert(work && decision && decision->feature);
	if (parts)
		failed = json_object_set_new(work->features, decision->feature,
		    make_feature(decision, parts));
	if (!failed && decision->plan.part_count > 0) {
		lease = json_pack("{s:O}", "parts", parts);
		failed = json_object_set_new(
		    work->document, decision->feature, lease);
	}
	json_decref(parts);
	return failed ? FAULT_MEMORY : FAULT_NONE;
}

const char *
ledger_sync_answer_holders(
    struct sync_work *work, const struct sync_decision *decision)
{
	json_t *holders = make_holders(decision);
	char *text;

	assert(work && decision);
	text = holders ? json_dump(work->ledger->arena, holders) : NULL;
	json_decref(holders);
	return text;
}

enum fault
ledger_sync_answer_notice(struct sync_work *work, enum sync_notice notice,
    const char *a, const char *b, int64_t since)
{
	const struct sentence_value values[] = { { "a", a }, { "b", b } };
	const char *text = sentence_fill(
	    work->ledger->arena, notices[notice].sentence, values, 2);
	json_t *one;

	if (!text)
		return FAULT_MEMORY;
	one = json_pack("{s:s, s:s, s:s, s:I}", "code", notices[notice].code,
	    "severity", notices[notice].severity, "text", text, "since",
	    (json_int_t)since);
	return json_array_append_new(work->notices, one) ? FAULT_MEMORY
							 : FAULT_NONE;
}

enum fault
ledger_sync_answer_license(json_t *list, const char *serial, const char *state,
    const char *code, const char *text, int64_t missing)
{
	json_t *one = json_pack("{s:s, s:s, s:s*, s:s*}", "serial", serial,
	    "state", state, "code", code, "text", text);

	if (one && missing > 0 &&
	    json_object_set_new(
		one, "missing", json_integer((json_int_t)missing))) {
		json_decref(one);
		one = NULL;
	}
	return json_array_append_new(list, one) ? FAULT_MEMORY : FAULT_NONE;
}

/* New reference to who asks for the nodes of its cluster, or to null. */
static json_t *
make_cluster(const struct sync_work *work)
{
	if (!work->leader)
		return json_null();
	return json_pack("{s:s, s:I}", "leader", work->leader, "until",
	    (json_int_t)work->leader_until);
}

/* What answer and document have in common. */
static json_t *
make_answer(const struct sync_work *work)
{
	const struct ledger *ledger = work->ledger;
	int64_t renew_after = lease_renew_after(
	    work->interval, work->earliest, ledger->now);

	return json_pack("{s:i, s:s, s:I, s:s, s:I, s:I, s:I, s:O,"
			 " s:O, s:O, s:o, s:[], s:o, s:O, s:O}",
	    "protocol", 1, "request_id", work->request->request_id,
	    "server_time", (json_int_t)ledger->now, "server_id",
	    ledger->appliance->hardware_id, "renew_after",
	    (json_int_t)renew_after, "number", (json_int_t)work->out->number,
	    "epoch", (json_int_t)work->recovery.epoch, "features",
	    work->features, "surrenders", work->surrenders, "recalls",
	    work->recalls, "cluster", make_cluster(work), "on_behalf",
	    "penalty_until", number_or_null(work->watch.penalty_until),
	    "compliance", work->compliance, "notices", work->notices);
}

static json_t *
make_document(const struct sync_work *work)
{
	const struct ledger *ledger = work->ledger;

	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:O}", "iss",
	    ledger->appliance->hardware_id, "client", work->client.name,
	    "hardware_id", work->client.hardware_id, "request_id",
	    work->request->request_id, "number", (json_int_t)work->out->number,
	    "epoch", (json_int_t)work->recovery.epoch, "issued",
	    (json_int_t)ledger->now, "features", work->document);
}

enum fault
ledger_sync_answer_finish(struct sync_work *work)
{
	json_t *answer = make_answer(work), *document = make_document(work);

	assert(work->out->number > 0);
	if (answer)
		work->out->answer = json_dump(work->ledger->arena, answer);
	if (document)
		work->out->document = json_dump(work->ledger->arena, document);
	json_decref(answer);
	json_decref(document);
	return work->out->answer && work->out->document ? FAULT_NONE
							: FAULT_MEMORY;
}

char *
ledger_sync_answer_probe(const struct ledger *ledger, const char *request_id)
{
	json_t *answer = json_pack("{s:i, s:s, s:I, s:s, s:b}", "protocol", 1,
	    "request_id", request_id, "server_time", (json_int_t)ledger->now,
	    "server_id", ledger->appliance->hardware_id, "probe", 1);
	char *text = answer ? json_dump(ledger->arena, answer) : NULL;

	json_decref(answer);
	return text;
}

void
ledger_sync_answer_clear(struct sync_work *work)
{
	json_decref(work->features);
	json_decref(work->document);
	json_decref(work->notices);
	json_decref(work->compliance);
	json_decref(work->surrenders);
	json_decref(work->recalls);
	work->surrenders = work->recalls = NULL;
	work->features = work->document = NULL;
	work->notices = work->compliance = NULL;
}
