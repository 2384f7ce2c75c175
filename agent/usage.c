/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usage.c: figures of what the sessions did. A crash loses those of the last
 * minute; who is here is in the store.
 */
#include "agent/usage.h"

#include "agent/act.h"
#include "engine/base/clock.h"
#include <assert.h>

/* One user who comes and goes at the limit makes no two events each time. */
#define WITHIN_MS 60000

static const char *
feature_of(int kind)
{
	return kind == USAGE_RDP ? "ACCESS-RDP" : "";
}

static int64_t
users_of(const struct agent *agent, int kind)
{
	return kind == USAGE_RDP ? agent->sessions.rdp_users
				 : agent->sessions.users;
}

static const struct demand_limit *
limit_of(const struct agent *agent, int kind)
{
	return kind == USAGE_RDP ? &agent->admission.rdp
				 : &agent->admission.users;
}

enum fault
usage_load(struct agent *agent)
{
	struct beyond_row *rows;
	size_t count;
	enum fault fault;

	arena_clear(&agent->scratch);
	fault = store_admission_beyond_list(
	    &rows, &count, &agent->scratch, agent->appliance.store);
	for (size_t i = 0; !fault && i < count; i++) {
		struct usage *usage =
		    &agent->usage[*rows[i].feature ? USAGE_RDP : USAGE_USERS];

		usage->beyond_since = rows[i].since;
		usage->beyond_most = rows[i].users;
		usage->beyond_capacity = rows[i].capacity;
	}
	arena_clear(&agent->scratch);
	for (int kind = 0; kind < USAGE__COUNT; kind++)
		agent->usage[kind].most = users_of(agent, kind);
	return fault;
}

void
usage_admitted(struct agent *agent, bool is_rdp, enum demand_seat seat)
{
	int kind = is_rdp ? USAGE_RDP : USAGE_USERS;
	struct usage *usage = &agent->usage[kind];

	if (users_of(agent, kind) > usage->most)
		usage->most = users_of(agent, kind);
	if (seat == DEMAND_BEYOND)
		usage->is_beyond = true;
}

void
usage_refused(struct agent *agent, bool is_rdp)
{
	agent->usage[is_rdp ? USAGE_RDP : USAGE_USERS].denials++;
}

/* ---- acts ---- */

static enum fault
save_beyond(struct ledger *ledger, void *row)
{
	return ledger_session_usage_beyond(ledger, row);
}

static enum fault
save_within(struct ledger *ledger, void *row)
{
	return ledger_session_usage_within(ledger, row);
}

static enum fault
save_note(struct ledger *ledger, void *note)
{
	return ledger_session_usage(ledger, note);
}

/* ---- beyond capacity ---- */

static void
note_beyond(struct agent *agent, int kind)
{
	struct usage *usage = &agent->usage[kind];
	const struct demand_limit *limit = limit_of(agent, kind);
	struct beyond_row row = { .feature = feature_of(kind),
		.since = usage->beyond_since,
		.users = users_of(agent, kind),
		.capacity = limit->capacity + limit->over_capacity };

	usage->within_ms = 0;
	if (usage->beyond_since && row.users <= usage->beyond_most)
		return;
	if (usage->beyond_since)
		row.capacity = usage->beyond_capacity;
	if (act_run(agent, NULL, save_beyond, &row))
		return;
	usage->beyond_most = row.users;
	usage->beyond_capacity = row.capacity;
	if (!usage->beyond_since)
		usage->beyond_since = clock_now();
}

static void
note_within(struct agent *agent, int kind, int64_t elapsed_ms)
{
	struct usage *usage = &agent->usage[kind];
	struct beyond_row row = { .feature = feature_of(kind),
		.since = usage->beyond_since,
		.users = usage->beyond_most,
		.capacity = usage->beyond_capacity };

	if (!usage->within_ms)
		usage->within_ms = elapsed_ms;
	if (elapsed_ms - usage->within_ms < WITHIN_MS ||
	    act_run(agent, NULL, save_within, &row))
		return;
	usage->beyond_since = usage->within_ms = 0;
}

static void
look(struct agent *agent, int kind, int64_t elapsed_ms)
{
	struct usage *usage = &agent->usage[kind];
	bool is_beyond = demand_beyond(
			     users_of(agent, kind), limit_of(agent, kind)) > 0;
	bool begins = usage->is_beyond ||
	    (is_beyond && agent->admission.is_monitoring);

	usage->is_beyond = false;
	if (begins || (is_beyond && usage->beyond_since))
		note_beyond(agent, kind);
	else if (usage->beyond_since)
		note_within(agent, kind, elapsed_ms);
}

void
usage_second(struct agent *agent, int64_t elapsed_ms)
{
	for (int kind = 0; kind < USAGE__COUNT; kind++)
		look(agent, kind, elapsed_ms);
}

/* ---- history ---- */

static int64_t
borrowed(const struct agent *agent, int kind)
{
	const enum feature_kind wanted = kind == USAGE_RDP ? FEATURE_RDP
							   : FEATURE_USERS;
	const struct admission *admission = &agent->admission;
	int64_t units = 0;
	size_t i;

	for (i = 0; i < admission->feature_count; i++)
		if (admission->features[i].feature->kind == wanted)
			units = instant_units_add(units,
			    instant_units_add(admission->features[i].leased,
				admission->features[i].auto_leased));
	return units;
}

void
usage_minute(struct agent *agent)
{
	for (int kind = 0; kind < USAGE__COUNT; kind++) {
		struct usage *usage = &agent->usage[kind];
		const struct demand_limit *limit = limit_of(agent, kind);
		struct usage_note note = { .feature = feature_of(kind),
			.capacity = limit->capacity + limit->over_capacity,
			.borrowed = borrowed(agent, kind),
			.users = usage->most,
			.denials = usage->denials };

		if (act_run(agent, NULL, save_note, &note))
			continue;
		usage->most = users_of(agent, kind);
		usage->denials = 0;
	}
}
