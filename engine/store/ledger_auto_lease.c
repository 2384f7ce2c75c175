/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_auto_lease.c: a license client takes units by itself while it cannot
 * reach its server, and gives them back. How many, and until when, its agent
 * asks the rules; here they become rows that are reported later.
 */
#include "engine/store/ledger_act.h"

#include "engine/store/store_link_auto_lease.h"
#include <assert.h>
#include <string.h>

static enum fault
load(struct link_auto_lease_row **out, size_t *count, struct ledger *ledger)
{
	return store_link_auto_lease_list(
	    out, count, ledger->arena, ledger->store);
}

static bool
is_running(const struct link_auto_lease_row *row, const char *feature)
{
	return row->to == 0 && (!feature || strcmp(row->feature, feature) == 0);
}

/* Two of one instant are one interval: the server knows them by where they begin. */
static enum fault
take(struct ledger *ledger, const struct link_auto_lease_row *taken)
{
	struct link_auto_lease_row *rows;
	enum fault fault;
	size_t count;

	if ((fault = load(&rows, &count, ledger)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if (is_running(&rows[i], taken->feature) &&
		    rows[i].from == taken->from)
			return store_link_auto_lease_grow(
			    ledger->store, rows[i].id, taken->units);
	return store_link_auto_lease_insert(ledger->store, taken);
}

enum fault
ledger_auto_lease_begin(struct ledger *ledger, const char *feature,
    int64_t units, int64_t server_now)
{
	const struct link_auto_lease_row taken = { .feature = feature,
		.units = units,
		.from = server_now,
		.taken_at = server_now };
	enum fault fault;

	assert(ledger && feature);
	/* Without the server's clock nobody could say later when it was. */
	if (units <= 0 || server_now <= 0 || server_now == INSTANT_NEVER)
		return FAULT_NONE;
	if ((fault = take(ledger, &taken)))
		return fault;
	return ledger_act_event(ledger, EVENT_AUTO_LEASE_TAKEN, feature,
	    feature, ledger_act_units(ledger, units), NULL, NULL);
}

static enum fault
tell_over(struct ledger *ledger)
{
	struct link_row link;
	enum fault fault = store_link_load(&link, ledger->arena, ledger->store);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return ledger_act_event(ledger, EVENT_AUTO_LEASE_OVER, link.server,
	    link.server, NULL, NULL, NULL);
}

enum fault
ledger_auto_lease_end(
    struct ledger *ledger, const char *feature, int64_t server_now)
{
	struct link_auto_lease_row *rows;
	bool has_ended = false;
	enum fault fault;
	size_t count;

	assert(ledger);
	if ((fault = load(&rows, &count, ledger)))
		return fault;
	for (size_t i = 0; i < count; i++) {
		if (!is_running(&rows[i], feature))
			continue;
		has_ended = true;
		if ((fault = store_link_auto_lease_end(
			 ledger->store, &rows[i], server_now)))
			return fault;
	}
	return has_ended ? tell_over(ledger) : FAULT_NONE;
}

/* What was taken of a feature ends then; now where there is contact. */
static int64_t
end_of(const struct link_row *link, const struct link_feature_row *features,
    size_t count, const char *feature, int64_t server_now)
{
	for (size_t i = 0; i < count; i++) {
		struct auto_lease_contact contact;
		instant ends;

		if (strcmp(features[i].feature, feature) != 0)
			continue;
		contact = store_link_auto_lease_contact(link, &features[i]);
		ends = auto_lease_ends(&contact);
		return ends == INT64_MIN ? server_now : ends;
	}
	return server_now;
}

enum fault
ledger_auto_lease_lapse(struct ledger *ledger, int64_t server_now)
{
	struct link_row link;
	struct link_feature_row *features;
	struct link_auto_lease_row *rows;
	bool has_ended = false;
	enum fault fault;
	size_t count, feature_count;

	assert(ledger);
	/* Expired parts, too: an end that has passed was one. */
	if ((fault = store_link_load(&link, ledger->arena, ledger->store)) ||
	    (fault = store_link_features(
		 &features, &feature_count, ledger->arena, ledger->store, 0)) ||
	    (fault = load(&rows, &count, ledger)))
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	for (size_t i = 0; i < count; i++) {
		int64_t end = end_of(&link, features, feature_count,
		    rows[i].feature, server_now);

		if (rows[i].to != 0 || end > server_now)
			continue;
		has_ended = true;
		if ((fault = store_link_auto_lease_end(
			 ledger->store, &rows[i], end)))
			return fault;
	}
	return has_ended ? tell_over(ledger) : FAULT_NONE;
}

/* One ends; what of it is still needed goes on in a row of its own. */
static enum fault
drop_from(struct ledger *ledger, const struct link_auto_lease_row *row,
    int64_t units, int64_t server_now)
{
	struct link_auto_lease_row rest = *row;
	enum fault fault = store_link_auto_lease_end(
	    ledger->store, row, server_now);

	if (fault || units >= row->units)
		return fault;
	rest.units -= units;
	rest.from = server_now;
	return take(ledger, &rest);
}

/* The one in use for longest; NULL when none is. */
static struct link_auto_lease_row *
oldest(struct link_auto_lease_row *rows, size_t count, const char *feature)
{
	struct link_auto_lease_row *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (is_running(&rows[i], feature) &&
		    (!best || rows[i].taken_at < best->taken_at))
			best = &rows[i];
	return best;
}

enum fault
ledger_auto_lease_drop(struct ledger *ledger, const char *feature,
    int64_t units, int64_t server_now)
{
	struct link_auto_lease_row *rows, *row;
	enum fault fault;
	size_t count;

	assert(ledger && feature);
	if ((fault = load(&rows, &count, ledger)))
		return fault;
	while (units > 0 && (row = oldest(rows, count, feature)) != NULL) {
		if ((fault = drop_from(ledger, row, units, server_now)))
			return fault;
		units -= row->units;
		row->to = server_now;
	}
	return FAULT_NONE;
}
