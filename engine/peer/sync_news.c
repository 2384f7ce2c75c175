/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_news.c: from rows to what is said of them. Sends nothing.
 */
#include "engine/peer/sync_news.h"

#include "engine/store/store_license.h"
#include <assert.h>
#include <string.h>

/* Of the JSON of one interval, and of what stands around a key. */
#define AUTO_LEASE_BYTES ((size_t)96)
#define AROUND_KEY_BYTES ((size_t)40)

static bool
is_member(const struct license_row *row)
{
	return strcmp(row->feature, CATALOGUE_MEMBER) == 0 &&
	    (row->state == LICENSE_ACTIVE || row->state == LICENSE_GRACE);
}

static bool
is_on_the_way(const struct license_row *row)
{
	return row->license.surrender == SURRENDER_PENDING ||
	    row->license.surrender == SURRENDER_RECALLING;
}

/* Bytes of keys that are left for more. */
static bool
fits(size_t *left, const char *key)
{
	size_t bytes = strlen(key) + AROUND_KEY_BYTES;

	if (bytes > *left)
		return false;
	*left -= bytes;
	return true;
}

static void
add_license(struct sync_news *out, size_t *left, const struct license_row *row)
{
	bool is_recall = row->license.surrender == SURRENDER_RECALLING;

	if (out->license_count >= SYNC_NEWS_LICENSES_MAX ||
	    (!is_recall && !fits(left, row->statement)))
		return;
	out->licenses[out->license_count++] = (struct sync_news_license){
		.key = row->statement,
		.serial = row->serial,
		.since = row->surrender_at,
		.is_recall = is_recall,
	};
}

/* Bytes of a request that the rest leaves for keys. */
static size_t
room_for_keys(const struct sync_news *news)
{
	return SYNC_NEWS_BYTES_MAX - (news->lease ? strlen(news->lease) : 0) -
	    news->auto_lease_count * AUTO_LEASE_BYTES;
}

/* What is on the way must arrive; what has arrived is named again while there is room; what was left with another server is not named. */
static void
add_licenses(
    struct sync_news *out, const struct license_row *rows, size_t count)
{
	size_t i, left = room_for_keys(out);

	for (i = 0; i < count; i++)
		if (is_member(&rows[i]) &&
		    out->member_count < SYNC_NEWS_MEMBERS_MAX &&
		    fits(&left, rows[i].statement))
			out->members[out->member_count++] = rows[i].statement;
	for (i = 0; i < count; i++)
		if (is_on_the_way(&rows[i]) && rows[i].left_at == 0)
			add_license(out, &left, &rows[i]);
	for (i = 0; i < count; i++)
		if (rows[i].license.surrender == SURRENDER_ACCEPTED &&
		    rows[i].left_at == 0)
			add_license(out, &left, &rows[i]);
}

static enum fault
load_licenses(struct sync_news *out, struct ledger *ledger)
{
	struct license_row *rows;
	enum fault fault;
	size_t count;

	if ((fault = store_license_list(
		 &rows, &count, ledger->arena, ledger->store, ledger->now)))
		return fault;
	out->members = arena_array(ledger->arena, count, sizeof(*out->members));
	out->licenses = arena_array(
	    ledger->arena, count, sizeof(*out->licenses));
	if (!out->members || !out->licenses)
		return FAULT_MEMORY;
	add_licenses(out, rows, count);
	for (size_t i = 0; i < count; i++)
		if (rows[i].license.surrender != SURRENDER_NONE &&
		    !rows[i].is_surrender_sent)
			return ledger_surrender_sent(ledger);
	return FAULT_NONE;
}

/* Oldest first; what does not go into this request goes into the next. */
static enum fault
load_auto_leases(
    struct sync_news *out, struct ledger *ledger, int64_t server_now)
{
	struct link_auto_lease_row *row;
	enum fault fault;
	size_t i;

	if (server_now == INSTANT_NEVER)
		return FAULT_NONE;
	if ((fault = store_link_auto_lease_list(&out->auto_leases,
		 &out->auto_lease_count, ledger->arena, ledger->store)))
		return fault;
	if (out->auto_lease_count > SYNC_NEWS_AUTO_LEASES_MAX)
		out->auto_lease_count = SYNC_NEWS_AUTO_LEASES_MAX;
	for (i = 0; i < out->auto_lease_count; i++) {
		row = &out->auto_leases[i];
		if (row->to == 0)
			row->to = instant_later(row->from, server_now);
	}
	return FAULT_NONE;
}

enum fault
sync_news_load(struct sync_news *out, struct ledger *ledger, int64_t server_now,
    const char *lease)
{
	enum fault fault;

	assert(out && ledger);
	memset(out, 0, sizeof(*out));
	if (lease && *lease && strlen(lease) <= SYNC_NEWS_LEASE_MAX_BYTES)
		out->lease = lease;
	if ((fault = load_auto_leases(out, ledger, server_now)))
		return fault;
	return load_licenses(out, ledger);
}

int64_t
sync_news_since(const struct sync_news *news, const char *serial)
{
	size_t i;

	assert(news && serial);
	for (i = 0; i < news->license_count; i++)
		if (strcmp(news->licenses[i].serial, serial) == 0)
			return news->licenses[i].since;
	return 0;
}

enum fault
sync_news_is_stale(bool *out, const struct sync_news *news, struct arena *arena,
    struct store *store, int64_t now)
{
	struct link_auto_lease_row *taken;
	struct license_row *rows;
	enum fault fault;
	size_t count, i;

	assert(out && news && arena && store);
	*out = false;
	if ((fault = store_link_auto_lease_list(&taken, &count, arena, store)))
		return fault;
	*out = count > 0;
	if ((fault = store_license_list(&rows, &count, arena, store, now)))
		return fault;
	for (i = 0; i < count; i++)
		if (is_on_the_way(&rows[i]) && rows[i].left_at == 0 &&
		    sync_news_since(news, rows[i].serial) !=
			rows[i].surrender_at)
			*out = true;
	return FAULT_NONE;
}
