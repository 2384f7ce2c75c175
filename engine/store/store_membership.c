/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_membership.c: reads which parts draw on permanent licenses without a
 * member license. Decides nothing: the server did when it drew the lease.
 */
#include "engine/store/store_membership.h"

#include "engine/base/json.h"
#include "engine/rules/catalogue.h"
#include "engine/rules/instant.h"
#include "engine/store/statement.h"
#include "engine/store/store_license.h"
#include <assert.h>
#include <string.h>

static const char sql_parts[] =
    "SELECT p.feature, p.kind = 0, p.size * p.count - p.subscription,"
    " p.granted, p.expires, k.noncompliant_at"
    "  FROM lease_part p JOIN client_contact k ON k.client = p.client"
    "  WHERE p.client = ?1 AND p.last IS NULL AND p.expires > ?2"
    "  AND k.member = '' AND p.size * p.count > p.subscription"
    "  ORDER BY p.feature, p.kind, p.granted, p.id";

static enum fault
read_part(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct membership_part *part = item;

	part->feature = statement_text(arena, statement, 0);
	part->is_reserved = statement_int(statement, 1) != 0;
	part->units = statement_int(statement, 2);
	part->granted = statement_int(statement, 3);
	part->expires = statement_int(statement, 4);
	part->since = statement_int(statement, 5);
	return FAULT_NONE;
}

enum fault
store_membership_of(struct membership_part **out, size_t *count,
    struct arena *arena, struct store *store, int64_t client, int64_t now)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_part, sql_parts, "ii", client, now);
	*out = rows;
	return fault;
}

/* ---- as a client heard it ---- */

/* Of one feature, "from" is what was said of a part, or of the feature as a whole where its parts were not named. */
static void
hear_part(struct membership_part *out, struct arena *arena,
    const json_t *feature, const json_t *from)
{
	const char *kind = json_text(from, "kind");

	*out = (struct membership_part){ 0 };
	out->feature = arena_text(arena, json_text(feature, "feature"));
	out->is_reserved = kind && strcmp(kind, "reserved") == 0;
	(void)json_int64(&out->units, from, "units", 1, INT64_MAX / 2);
	(void)json_int64(&out->granted, from, "granted", 1, INT64_MAX / 2);
	(void)json_int64(&out->expires, from, "expires", 1, INT64_MAX / 2);
	(void)json_int64(&out->since, feature, "since", 1, INT64_MAX / 2);
}

static bool
runs(const struct membership_part *part, int64_t server_now)
{
	return part->units > 0 &&
	    (part->expires == 0 || part->expires > server_now);
}

static size_t
hear_feature(struct membership_part *out, struct arena *arena,
    const json_t *feature, int64_t server_now)
{
	const json_t *parts = json_object_get(feature, "parts");
	size_t named = json_array_size(parts), count = 0;

	if (!json_text(feature, "feature"))
		return 0;
	for (size_t i = 0; i < (named ? named : 1); i++) {
		hear_part(&out[count], arena, feature,
		    named ? json_array_get(parts, i) : feature);
		count += runs(&out[count], server_now);
	}
	return count;
}

static enum fault
hear(struct membership_part **out, size_t *count, struct arena *arena,
    const json_t *list, int64_t server_now)
{
	struct membership_part *parts;
	size_t most = 0;

	for (size_t i = 0; i < json_array_size(list); i++)
		most += 1 +
		    json_array_size(
			json_object_get(json_array_get(list, i), "parts"));
	if (most == 0)
		return FAULT_NONE;
	if (!(parts = arena_array(arena, most, sizeof(*parts))))
		return FAULT_MEMORY;
	for (size_t i = 0; i < json_array_size(list); i++)
		*count += hear_feature(
		    &parts[*count], arena, json_array_get(list, i), server_now);
	*out = parts;
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

/* Not before the last answer: what came within its second is still to be told, at once. */
static bool
is_untold(const struct license_row *row, const struct link_row *link)
{
	return row->added_at > link->last_success ||
	    (row->added_at == link->last_success && link->next_sync == 0);
}

static enum fault
has_new_member(bool *out, struct arena *arena, struct store *store,
    const struct link_row *link, int64_t now)
{
	struct license_row *rows;
	size_t count;
	enum fault fault = store_license_list(&rows, &count, arena, store, now);

	*out = false;
	for (size_t i = 0; !fault && i < count; i++)
		*out |= strcmp(rows[i].feature, CATALOGUE_MEMBER) == 0 &&
		    rows[i].state == LICENSE_ACTIVE &&
		    rows[i].distrusted_at == 0 && is_untold(&rows[i], link);
	return fault;
}

enum fault
store_membership_own(struct membership_part **out, size_t *count,
    struct arena *arena, struct store *store, const struct link_row *link,
    int64_t now)
{
	int64_t server_now;
	enum fault fault;
	bool is_new;
	json_t *list;

	assert(out && count && arena && store && link);
	*out = NULL;
	*count = 0;
	if ((fault = has_new_member(&is_new, arena, store, link, now)) ||
	    is_new)
		return fault;
	if (!store_link_server_now(&server_now, link, "", 0, now))
		server_now = now;
	/* Kept as it came: what is no list says nothing. */
	list = json_loads(link->compliance, JSON_REJECT_DUPLICATES, NULL);
	fault = hear(out, count, arena, list, server_now);
	json_decref(list);
	return fault;
}

int64_t
store_membership_units(
    size_t *next, const struct membership_part *parts, size_t count)
{
	int64_t units = 0;
	size_t i = 0;

	assert(next && parts && count > 0);
	for (; i < count && strcmp(parts[i].feature, parts[0].feature) == 0;
	     i++)
		units = instant_units_add(units, parts[i].units);
	*next = i;
	return units;
}
