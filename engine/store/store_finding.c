/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_finding.c: looks through the rows for what is not as it should be.
 * Every figure comes from where a decision takes it; decides nothing.
 */
#include "engine/store/store_finding.h"

#include "engine/rules/heartbeat.h"
#include "engine/store/store_heartbeat.h"

#include "engine/base/calendar.h"
#include "engine/base/text.h"
#include "engine/rules/recovery.h"
#include "engine/store/mistake.h"
#include "engine/store/statement.h"
#include "engine/store/store_admission.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_license.h"
#include "engine/store/store_link.h"
#include "engine/store/store_membership.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_recall.h"
#include "engine/store/store_setting.h"
#include "engine/store/store_surrendered.h"
#include "engine/store/store_watch.h"
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ENDING_SECONDS (30 * SECONDS_PER_DAY)

#define FINDING(symbol, code, severity, rule, fix)                             \
	[FINDING_##symbol] = { code, severity, rule, fix },
static const struct {
	const char *code, *severity, *rule, *fix;
} kinds[FINDING__COUNT] = {
#include "engine/store/findings.tbl"
};
#undef FINDING

enum {
	SQL_SOURCE,
	SQL_EXPIRED,
	SQL_OVERDUE,
	SQL_DENIED,
	SQL__COUNT
};

/* Client, its ID, two values and two instants; one row more than are shown. */
static const char *const sql[SQL__COUNT] = {
	[SQL_SOURCE] =
	    "SELECT c.id, c.name, p.feature,"
	    " sum(p.size * p.count - p.subscription), max(k.noncompliant_at),"
	    " max(p.expires)"
	    "  FROM lease_part p JOIN client c ON c.id = p.client"
	    "  JOIN client_contact k ON k.client = c.id"
	    "  WHERE p.last IS NULL AND p.expires > ?1 AND k.member = ''"
	    "  GROUP BY c.id, p.feature"
	    "  HAVING sum(p.size * p.count - p.subscription) > 0"
	    "  ORDER BY c.folded, p.feature LIMIT ?2",
	[SQL_EXPIRED] =
	    "SELECT c.id, c.name, '', 0, c.expires,"
	    " max(p.expires)"
	    "  FROM client c JOIN lease_part p ON p.client = c.id"
	    "  WHERE c.deleted_at = 0 AND c.expires <= ?1 AND p.expires > ?1"
	    "  GROUP BY c.id ORDER BY c.folded LIMIT ?2",
	[SQL_OVERDUE] =
	    "SELECT c.id, c.name, '', 0, k.last_contact, 0"
	    "  FROM client c JOIN client_contact k ON k.client = c.id"
	    "  WHERE c.deleted_at = 0 AND c.expires > ?1"
	    "  AND k.last_contact > 0 AND k.last_contact < ?3"
	    "  ORDER BY k.last_contact, c.folded LIMIT ?2",
	[SQL_DENIED] = "SELECT c.id, c.name, d.text, 0, d.at, 0"
		       "  FROM denial d JOIN client c ON c.id = d.client"
		       "  WHERE c.deleted_at = 0 AND c.expires > ?1"
		       "  ORDER BY c.folded, d.feature LIMIT ?2",
};

/* What is found, in the order in which it is looked for. */
struct search {
	struct finding *items;
	size_t count, room;
	struct arena *arena;
	struct store *store;
	const struct appliance *appliance;
	int64_t now;
	struct watch_row watch;
};

static struct finding *
add(struct search *search, enum finding_kind kind)
{
	struct finding *one;

	if (search->count == search->room) {
		size_t room = search->room ? 2 * search->room : 16;
		struct finding *more = arena_array(
		    search->arena, room, sizeof(*more));

		if (!more)
			return NULL;
		if (search->count)
			memcpy(
			    more, search->items, search->count * sizeof(*more));
		search->items = more;
		search->room = room;
	}
	one = &search->items[search->count++];
	*one = (struct finding){ .kind = kind,
		.code = kinds[kind].code,
		.severity = kinds[kind].severity,
		.rule = kinds[kind].rule,
		.fix = kinds[kind].fix,
		.object = "",
		.text = "" };
	return one;
}

static const char *
units(struct search *search, int64_t count)
{
	return text_thousands(search->arena, count);
}

static const char *
instant_text(struct search *search, int64_t at)
{
	char text[CALENDAR_TEXT_MAX];

	calendar_format(text, at);
	return arena_text(search->arena, text);
}

/* NULL only without memory: then nothing of the list is used. */
static enum fault
done(const struct search *search, const struct finding *one)
{
	return one && one->text && !search->arena->failed ? FAULT_NONE
							  : FAULT_MEMORY;
}

/* ---- the appliance ---- */

static enum fault
find_halted(struct search *search)
{
	struct finding *one;

	if (!search->watch.halted_at)
		return FAULT_NONE;
	if ((one = add(search, FINDING_HALTED))) {
		one->since = search->watch.halted_at;
		one->text = search->watch.halted_text;
	}
	return done(search, one);
}

static enum fault
find_clock(struct search *search)
{
	struct finding *one;

	if (!search->watch.clock_behind_at)
		return FAULT_NONE;
	if ((one = add(search, FINDING_CLOCK_BEHIND))) {
		one->until = search->watch.clock_mark;
		one->text = arena_format(search->arena,
		    "The clock of this machine went back to %s. Here it stays "
		    "%s until that clock has caught up.",
		    instant_text(search, search->watch.clock_behind_at),
		    instant_text(search, search->watch.clock_mark));
	}
	return done(search, one);
}

static enum fault
find_recovering(struct search *search)
{
	struct finding *one;

	if (!search->watch.recovering_at)
		return FAULT_NONE;
	if ((one = add(search, FINDING_RECOVERING))) {
		one->since = search->watch.recovering_at;
		one->until = instant_add(
		    search->watch.recovering_at, RECOVERY_LIMIT_SECONDS);
		one->text = "This server was restored from a copy. Renewals go "
			    "on; nothing new is lent.";
	}
	return done(search, one);
}

static enum fault
find_penalty(struct search *search)
{
	struct finding *one;

	if (search->watch.penalty_until <= search->now)
		return FAULT_NONE;
	if ((one = add(search, FINDING_PENALTY))) {
		one->object = search->watch.penalty_client;
		one->until = search->watch.penalty_until;
		one->text = arena_format(search->arena,
		    "Auto-leasing is off for all clients. %s",
		    search->watch.penalty_text);
	}
	return done(search, one);
}

static enum fault
find_switch(struct search *search)
{
	struct finding *one;
	enum fault fault;
	int64_t is_on;

	if ((fault = store_setting_load(
		 &is_on, search->store, SETTING_SERVER_ENABLED)) ||
	    is_on)
		return fault;
	if ((one = add(search, FINDING_SERVER_OFF)))
		one->text = "The licensing server is off.";
	return done(search, one);
}

/* ---- contact of a virtual license server with its vendor ---- */

static enum fault
add_silence(struct search *search, const struct heartbeat_row *row)
{
	int64_t since = store_heartbeat_silent_since(row, search->now);
	int64_t days = heartbeat_days_left(since, search->now);
	bool is_stopped = heartbeat_is_stopped(since, search->now);
	struct finding *one = add(search,
	    is_stopped ? FINDING_VIRTUAL_STOPPED : FINDING_HEARTBEAT_MISSED);

	if (one) {
		one->since = row->accepted_at;
		one->until = instant_add(since, HEARTBEAT_LIMIT_SECONDS);
		one->text = is_stopped
		    ? arena_format(search->arena,
			  "This virtual license server has stopped: its "
			  "vendor's center accepted no heartbeat for 24 days. "
			  "What it lent runs to its expiry; nothing is lent "
			  "any more. %s",
			  row->failure)
		    : arena_format(search->arena,
			  "This virtual license server stops in %" PRId64
			  " day%s, because its vendor's center accepts no "
			  "heartbeat. %s",
			  days, days == 1 ? "" : "s", row->failure);
	}
	return done(search, one);
}

static enum fault
add_duplicate(struct search *search, const struct heartbeat_row *row)
{
	struct finding *one = add(search, FINDING_DUPLICATE);

	if (one) {
		one->since = row->duplicate_since;
		one->text = arena_format(search->arena,
		    "Another virtual license server uses the hardware ID %s of "
		    "this one. One of them is a copy.",
		    search->appliance->hardware_id);
	}
	return done(search, one);
}

static enum fault
find_heartbeat(struct search *search)
{
	struct heartbeat_row row;
	enum fault fault;

	if (search->appliance->role != ROLE_VIRTUAL_SERVER)
		return FAULT_NONE;
	fault = store_heartbeat_load(&row, search->arena, search->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (row.duplicate_since && (fault = add_duplicate(search, &row)))
		return fault;
	return heartbeat_is_missed(
		   store_heartbeat_silent_since(&row, search->now), search->now)
	    ? add_silence(search, &row)
	    : FAULT_NONE;
}

/* ---- features ---- */

static enum fault
find_over_allocated(struct search *search)
{
	struct pool_row *rows;
	enum fault fault;
	size_t count;

	if ((fault = store_pool_list(&rows, &count, search->arena,
		 search->store, &search->appliance->catalogue, search->now)))
		return fault;
	for (size_t i = 0; !fault && i < count; i++) {
		const struct verdict_numbers numbers = {
			.reserved = rows[i].held,
			.total = rows[i].installed,
			.missing = -rows[i].available,
		};
		struct finding *one;

		if (rows[i].available >= 0)
			continue;
		if ((one = add(search, FINDING_OVER_ALLOCATED))) {
			one->object = rows[i].feature;
			one->text = mistake_verdict_text(search->arena,
			    VERDICT_OVER_ALLOCATED, rows[i].feature, &numbers);
		}
		fault = done(search, one);
	}
	return fault;
}

static enum fault
add_recall(struct search *search, const struct surrendered_row *row)
{
	struct recall_state recall;
	struct finding *one;
	enum fault fault = store_recall_load(
	    &recall, search->arena, search->store, row, search->now);

	if (fault)
		return fault;
	if ((one = add(search, FINDING_RECALL))) {
		one->object = row->serial;
		one->client = row->client;
		one->since = row->changed_at;
		one->text = recall.verdict == VERDICT_OK
		    ? arena_format(search->arena,
			  "%s %s units may go back: client %s gets them at its "
			  "next renewal.",
			  units(search, row->units), row->feature,
			  row->client_name)
		    : recall.text;
	}
	return done(search, one);
}

static enum fault
add_uncounted(struct search *search, const struct surrendered_row *row)
{
	struct finding *one = add(search, FINDING_UNCOUNTED);

	if (one) {
		one->object = row->serial;
		one->client = row->client;
		one->since = row->distrusted_at;
		one->text = arena_format(search->arena,
		    "%s %s units that client %s surrendered do not count: %s.",
		    units(search, row->units), row->feature, row->client_name,
		    store_surrendered_uncounted(row));
	}
	return done(search, one);
}

static enum fault
find_surrendered(struct search *search)
{
	struct surrendered_row *rows;
	enum fault fault;
	size_t count;

	if ((fault = store_surrendered_list(
		 &rows, &count, search->arena, search->store, 0)))
		return fault;
	for (size_t i = 0; !fault && i < count; i++) {
		if (rows[i].state == SURRENDER_ROW_RECALLING)
			fault = add_recall(search, &rows[i]);
		if (!fault && store_surrendered_uncounted(&rows[i]))
			fault = add_uncounted(search, &rows[i]);
	}
	return fault;
}

/* ---- clients ---- */

struct client_hit {
	int64_t client;
	const char *name, *text;
	int64_t number, since, until;
};

static enum fault
read_hit(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct client_hit *hit = item;

	hit->client = statement_int(statement, 0);
	hit->name = statement_text(arena, statement, 1);
	hit->text = statement_text(arena, statement, 2);
	hit->number = statement_int(statement, 3);
	hit->since = statement_int(statement, 4);
	hit->until = statement_int(statement, 5);
	return FAULT_NONE;
}

/* The evidence in words, by kind. */
static const char *
hit_text(
    struct search *search, enum finding_kind kind, const struct client_hit *hit)
{
	const struct verdict_numbers numbers = { .leased = hit->number };

	if (kind == FINDING_SOURCE)
		return mistake_verdict_text(search->arena,
		    VERDICT_OUT_OF_COMPLIANCE, hit->text, &numbers);
	if (kind == FINDING_EXPIRED)
		return arena_format(search->arena,
		    "Its configuration expired; %s units it was signed still "
		    "run out.",
		    units(search, hit->number));
	if (kind == FINDING_OVERDUE)
		return arena_format(search->arena,
		    "It was last heard of on %s, more than two renewals ago.",
		    instant_text(search, hit->since));
	return hit->text;
}

static enum fault
add_hits(struct search *search, enum finding_kind kind,
    const struct client_hit *hits, size_t count)
{
	enum fault fault = FAULT_NONE;
	struct finding *one;

	for (size_t i = 0; !fault && i < count && i < FINDING_CLIENTS_MAX;
	     i++) {
		if ((one = add(search, kind))) {
			one->object = hits[i].name;
			one->client = hits[i].client;
			one->since = hits[i].since;
			one->until = hits[i].until;
			one->text = hit_text(search, kind, &hits[i]);
		}
		fault = done(search, one);
	}
	if (fault || count <= FINDING_CLIENTS_MAX)
		return fault;
	if ((one = add(search, kind)))
		one->text = "There are more clients like these.";
	return done(search, one);
}

/* The most that its documents give, feature by feature: one part may stand in several. */
static enum fault
count_documented(struct search *search, struct client_hit *hit)
{
	struct lease_row *rows;
	enum fault fault;
	size_t count, i, of_feature;

	if ((fault = store_lease_list(
		 &rows, &count, search->arena, search->store, hit->client)))
		return fault;
	for (i = 0; i < count; i += of_feature) {
		const struct lease_row *first = store_lease_of(
		    &of_feature, rows, count, rows[i].feature);

		hit->number = instant_units_add(hit->number,
		    store_lease_documented(first, of_feature, search->now));
	}
	return FAULT_NONE;
}

static enum fault
add_clients(
    struct search *search, enum finding_kind kind, sqlite3_stmt *statement)
{
	void *found = NULL;
	struct client_hit *hits;
	enum fault fault;
	size_t count;

	fault = statement_list(
	    &found, &count, search->arena, statement, sizeof(*hits), read_hit);
	hits = found;
	for (size_t i = 0; !fault && kind == FINDING_EXPIRED && i < count; i++)
		fault = count_documented(search, &hits[i]);
	return fault ? fault : add_hits(search, kind, hits, count);
}

/* Of a question that needs nothing but the instant. */
static enum fault
find_clients(struct search *search, enum finding_kind kind, const char *text)
{
	sqlite3_stmt *statement;
	enum fault fault = statement_start(&statement, search->store, text,
	    "ii", search->now, (int64_t)FINDING_CLIENTS_MAX + 1);

	return fault ? fault : add_clients(search, kind, statement);
}

static enum fault
find_sources(struct search *search)
{
	return find_clients(search, FINDING_SOURCE, sql[SQL_SOURCE]);
}

static enum fault
find_expired(struct search *search)
{
	return find_clients(search, FINDING_EXPIRED, sql[SQL_EXPIRED]);
}

static enum fault
find_overdue(struct search *search)
{
	sqlite3_stmt *statement;
	enum fault fault;
	int64_t interval;

	if ((fault = store_setting_load(
		 &interval, search->store, SETTING_RENEWAL_INTERVAL)) ||
	    (fault = statement_start(&statement, search->store,
		 sql[SQL_OVERDUE], "iii", search->now,
		 (int64_t)FINDING_CLIENTS_MAX + 1,
		 instant_add(search->now, -2 * interval))))
		return fault;
	return add_clients(search, FINDING_OVERDUE, statement);
}

static enum fault
find_denied(struct search *search)
{
	return find_clients(search, FINDING_DENIED, sql[SQL_DENIED]);
}

/* ---- licenses ---- */

static const char *
license_name(struct search *search, const struct license_row *row)
{
	return arena_format(search->arena, "%s %s", row->sku, row->serial);
}

static enum fault
add_license(struct search *search, const struct license_row *row,
    enum finding_kind kind, int64_t since, int64_t until, const char *text)
{
	struct finding *one = add(search, kind);

	if (one) {
		one->object = license_name(search, row);
		one->since = since;
		one->until = until;
		one->text = text;
	}
	return done(search, one);
}

static bool
ends_soon(const struct search *search, const struct license_row *row)
{
	const struct license *license = &row->license;

	return row->state == LICENSE_ACTIVE && license->is_subscription &&
	    license->renewed_at == INSTANT_NEVER &&
	    license->end <= instant_add(search->now, ENDING_SECONDS);
}

static enum fault
look_at_license(
    struct search *search, const struct license_row *row, int64_t grace)
{
	const char *count = units(search, row->license.units);
	const char *lost = arena_format(search->arena,
	    "%s %s units count until then.", count, row->feature);

	if (row->distrusted_at)
		return add_license(search, row, FINDING_DISTRUSTED,
		    row->distrusted_at, 0,
		    arena_format(search->arena, "Its %s %s units do not count.",
			count, row->feature));
	if (row->state == LICENSE_GRACE)
		return add_license(search, row, FINDING_GRACE, row->license.end,
		    instant_add(row->license.end, grace), lost);
	if (ends_soon(search, row))
		return add_license(
		    search, row, FINDING_ENDING, 0, row->license.end, lost);
	if (row->license.surrender == SURRENDER_NONE && *row->surrender_text)
		return add_license(search, row, FINDING_SURRENDER_REFUSED,
		    row->surrender_at, 0, row->surrender_text);
	return FAULT_NONE;
}

static enum fault
find_licenses(struct search *search)
{
	struct license_row *rows;
	int64_t grace;
	enum fault fault;
	size_t count;

	if ((fault = store_setting_load(
		 &grace, search->store, SETTING_GRACE)) ||
	    (fault = store_license_list(
		 &rows, &count, search->arena, search->store, search->now)))
		return fault;
	for (size_t i = 0; !fault && i < count; i++)
		fault = look_at_license(search, &rows[i], grace);
	return fault;
}

/* ---- a client's server ---- */

static enum fault
find_unreachable(struct search *search)
{
	struct link_row link;
	struct finding *one;
	enum fault fault = store_link_load(&link, search->arena, search->store);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (!*link.failure_code)
		return FAULT_NONE;
	if ((one = add(search, FINDING_UNREACHABLE))) {
		one->object = link.server;
		one->since = link.lost_at ? link.lost_at : link.last_attempt;
		one->text = link.failure_text;
	}
	return done(search, one);
}

static enum fault
add_membership(
    struct search *search, const struct membership_part *parts, size_t count)
{
	for (size_t i = 0, next; i < count; i += next) {
		const struct verdict_numbers numbers = {
			.leased = store_membership_units(
			    &next, &parts[i], count - i),
		};
		struct finding *one = add(search, FINDING_SOURCE);
		enum fault fault;

		if (one) {
			one->object = parts[i].feature;
			one->since = parts[i].since;
			for (size_t k = i; k < i + next; k++)
				one->until = instant_later(
				    one->until, parts[k].expires);
			one->text = mistake_verdict_text(search->arena,
			    VERDICT_OUT_OF_COMPLIANCE, parts[i].feature,
			    &numbers);
		}
		if ((fault = done(search, one)))
			return fault;
	}
	return FAULT_NONE;
}

static enum fault
find_membership(struct search *search)
{
	struct membership_part *parts;
	struct link_row link;
	size_t count;
	enum fault fault = store_link_load(&link, search->arena, search->store);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = store_membership_own(&parts, &count, search->arena,
		 search->store, &link, search->now)))
		return fault;
	return add_membership(search, parts, count);
}

/* ---- a client's users ---- */

static enum fault
find_beyond(struct search *search)
{
	struct beyond_row *rows;
	struct finding *one;
	enum fault fault;
	size_t count;

	fault = store_admission_beyond_list(
	    &rows, &count, search->arena, search->store);
	for (size_t i = 0; !fault && i < count; i++) {
		const struct verdict_numbers numbers = {
			.wanted = rows[i].users, .total = rows[i].capacity
		};
		enum verdict verdict = *rows[i].feature
		    ? VERDICT_RDP_BEYOND_CAPACITY
		    : VERDICT_BEYOND_CAPACITY;

		if ((one = add(search, FINDING_BEYOND))) {
			one->since = rows[i].since;
			one->text = mistake_verdict_text(
			    search->arena, verdict, "", &numbers);
		}
		fault = done(search, one);
	}
	return fault;
}

/* ---- all of it ---- */

static enum fault (*const on_server[])(struct search *) = {
	find_halted,
	find_clock,
	find_heartbeat,
	find_recovering,
	find_switch,
	find_over_allocated,
	find_sources,
	find_surrendered,
	find_expired,
	find_overdue,
	find_denied,
	find_penalty,
	find_licenses,
};

static enum fault (*const on_client[])(struct search *) = {
	find_unreachable,
	find_membership,
	find_beyond,
	find_licenses,
};

static int
compare(const void *a, const void *b)
{
	const struct finding *one = a, *other = b;

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	/* "There are more" comes last. */
	if (!*one->object != !*other->object)
		return *one->object ? -1 : 1;
	return strcmp(one->object, other->object);
}

static enum fault
look(struct search *search, enum fault (*const *places)(struct search *),
    size_t count)
{
	enum fault fault = store_watch_load(
	    &search->watch, search->arena, search->store);

	for (size_t i = 0; !fault && i < count; i++)
		fault = places[i](search);
	return fault;
}

enum fault
store_finding_list(struct finding **out, size_t *count, struct arena *arena,
    struct store *store, const struct appliance *appliance, int64_t now)
{
	struct search search = { .arena = arena,
		.store = store,
		.appliance = appliance,
		.now = now };
	enum fault fault;

	assert(out && count && arena && store && appliance);
	*out = NULL;
	*count = 0;
	if (appliance_lends(appliance))
		fault = look(&search, on_server,
		    sizeof(on_server) / sizeof(on_server[0]));
	else if (appliance->role == ROLE_CLIENT)
		fault = look(&search, on_client,
		    sizeof(on_client) / sizeof(on_client[0]));
	else
		return FAULT_NONE;
	if (fault)
		return fault;
	if (search.count)
		qsort(
		    search.items, search.count, sizeof(*search.items), compare);
	*out = search.items;
	*count = search.count;
	return FAULT_NONE;
}
