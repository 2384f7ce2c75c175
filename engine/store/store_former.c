/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_former.c: replaced devices as rows. Decides nothing.
 */
#include "engine/store/store_former.h"

#include "engine/store/statement.h"
#include "engine/store/store_lease.h"
#include <assert.h>

enum {
	SQL_LIST,
	SQL_FIND,
	SQL_INSERT,
	SQL_INSERT_CONTACT,
	SQL_MOVE_PARTS,
	SQL_MOVE_LICENSES,
	SQL_BIND,
	SQL_FORGET_USERS,
	SQL_FORGET_DENIALS,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = "SELECT id, hardware_id, deleted_at FROM client"
		     "  WHERE successor = ?1 AND successor > 0 ORDER BY id",
	[SQL_FIND] = "SELECT id FROM client WHERE successor = ?1"
		     "  AND successor > 0 AND hardware_id = ?2"
		     "  ORDER BY id DESC LIMIT 1",
	/* Nobody signs in as one that was replaced: it has no password. */
	[SQL_INSERT] =
	    "INSERT INTO client (name, folded, password_hash,"
	    " password_version, expires_date, expires, platform, product,"
	    " made_at, changed_at, deleted_at, hardware_id, device_key,"
	    " registered_at, announced_expiry, successor)"
	    " SELECT name, folded, '', password_version, expires_date,"
	    "  expires, platform, product, made_at, ?2, ?2, hardware_id,"
	    "  device_key, registered_at, announced_expiry, id"
	    "  FROM client WHERE id = ?1",
	[SQL_INSERT_CONTACT] =
	    "INSERT INTO client_contact (client, last_contact, address,"
	    " version, number, confirmed, epoch, unproven, member)"
	    " SELECT ?2, last_contact, address, version, number, confirmed,"
	    "  epoch, unproven, member"
	    "  FROM client_contact WHERE client = ?1",
	[SQL_MOVE_PARTS] = "UPDATE lease_part SET client = ?2"
			   "  WHERE client = ?1",
	[SQL_MOVE_LICENSES] = "UPDATE surrendered SET client = ?2"
			      "  WHERE client = ?1",
	[SQL_BIND] = "UPDATE client SET hardware_id = ?2, device_key = ?3,"
		     " registered_at = ?4, changed_at = ?4,"
		     " row_version = row_version + 1"
		     "  WHERE id = ?1",
	[SQL_FORGET_USERS] = "DELETE FROM client_users WHERE client = ?1",
	[SQL_FORGET_DENIALS] = "DELETE FROM denial WHERE client = ?1",
};

/* A replaced device. */
struct device {
	int64_t id, replaced_at;
	const char *hardware_id;
};

static enum fault
read_device(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct device *device = item;

	device->id = statement_int(statement, 0);
	device->hardware_id = statement_text(arena, statement, 1);
	device->replaced_at = statement_int(statement, 2);
	return FAULT_NONE;
}

static enum fault
load_devices(struct device **out, size_t *count, struct arena *arena,
    struct store *store, int64_t client)
{
	void *devices;
	enum fault fault = statement_all(&devices, count, arena, store,
	    sizeof(**out), read_device, sql[SQL_LIST], "i", client);

	*out = devices;
	return fault;
}

/* When the last of these rows runs out. */
static int64_t
last_end(const struct lease_row *rows, size_t count)
{
	int64_t last = 0;

	for (size_t i = 0; i < count; i++)
		last = instant_later(last, rows[i].part.expires);
	return last;
}

/* Appends what the device may still use, of each feature. */
static enum fault
list_device(struct former_row **out, size_t *count, struct arena *arena,
    struct store *store, const struct device *device, int64_t now)
{
	struct former_row *rows;
	struct lease_row *all;
	size_t i, all_count, of_feature;
	enum fault fault;

	if ((fault = store_lease_list(
		 &all, &all_count, arena, store, device->id)))
		return fault;
	if (!(rows = arena_array(arena, *count + all_count, sizeof(*rows))))
		return FAULT_MEMORY;
	for (i = 0; i < *count; i++)
		rows[i] = (*out)[i];
	for (i = 0; i < all_count; i += of_feature) {
		const char *feature = all[i].feature;
		const struct lease_row *found = store_lease_of(
		    &of_feature, all, all_count, feature);
		int64_t units = store_lease_documented(found, of_feature, now);

		if (units > 0)
			rows[(*count)++] = (struct former_row){
				device->hardware_id, device->replaced_at,
				feature, units, last_end(found, of_feature)
			};
	}
	*out = rows;
	return FAULT_NONE;
}

enum fault
store_former_list(struct former_row **out, size_t *count, struct arena *arena,
    struct store *store, int64_t client, int64_t now)
{
	struct device *devices;
	size_t device_count;
	enum fault fault;

	assert(out && count && arena && store);
	*out = NULL;
	*count = 0;
	fault = load_devices(&devices, &device_count, arena, store, client);
	for (size_t i = 0; !fault && i < device_count; i++)
		fault = list_device(out, count, arena, store, &devices[i], now);
	return fault;
}

enum fault
store_former_leases(struct former_lease **out, size_t *count,
    struct arena *arena, struct store *store, int64_t client)
{
	struct device *devices;
	enum fault fault;

	assert(out && count && arena && store);
	*out = NULL;
	if ((fault = load_devices(&devices, count, arena, store, client)))
		return fault;
	if (!(*out = arena_array(arena, *count, sizeof(**out))))
		return FAULT_MEMORY;
	for (size_t i = 0; !fault && i < *count; i++)
		fault = store_lease_list(&(*out)[i].rows, &(*out)[i].row_count,
		    arena, store, devices[i].id);
	return fault;
}

int64_t
store_former_units(const struct former_lease *leases, size_t count,
    const char *feature, int64_t at)
{
	int64_t units = 0;

	assert((leases || count == 0) && feature);
	for (size_t i = 0; i < count; i++) {
		size_t of_feature;
		const struct lease_row *rows = store_lease_of(
		    &of_feature, leases[i].rows, leases[i].row_count, feature);

		units = instant_units_add(
		    units, store_lease_documented(rows, of_feature, at));
	}
	return units;
}

enum fault
store_former_find(
    int64_t *out, struct store *store, int64_t client, const char *hardware_id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && store && hardware_id);
	*out = 0;
	if ((fault = statement_row(
		 &row, store, sql[SQL_FIND], "it", client, hardware_id)))
		return fault;
	*out = statement_int(row, 0);
	statement_done(row);
	return FAULT_NONE;
}

enum fault
store_former_insert(
    int64_t *out, struct store *store, int64_t client, int64_t now)
{
	enum fault fault;

	assert(out && store && client > 0 && now > 0);
	*out = 0;
	if ((fault = statement_run(store, sql[SQL_INSERT], "ii", client, now)))
		return fault;
	*out = statement_inserted(store);
	return statement_run(
	    store, sql[SQL_INSERT_CONTACT], "ii", client, *out);
}

enum fault
store_former_move(struct store *store, int64_t from, int64_t to)
{
	enum fault fault;

	assert(store && from > 0 && to > 0 && from != to);
	if ((fault = statement_run(store, sql[SQL_MOVE_PARTS], "ii", from, to)))
		return fault;
	return statement_run(store, sql[SQL_MOVE_LICENSES], "ii", from, to);
}

enum fault
store_former_bind(struct store *store, const struct client_row *row)
{
	const void *key;
	enum fault fault;

	assert(store && row && row->id > 0 && row->hardware_id);
	key = row->has_device_key ? row->device_key : NULL;
	if ((fault = statement_run(store, sql[SQL_BIND], "itbi", row->id,
		 row->hardware_id, key, sizeof(row->device_key),
		 row->changed_at)) ||
	    (fault = statement_run(store, sql[SQL_FORGET_USERS], "i", row->id)))
		return fault;
	return statement_run(store, sql[SQL_FORGET_DENIALS], "i", row->id);
}
