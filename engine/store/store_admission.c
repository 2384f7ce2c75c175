/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_admission.c: the settings of admission put together with what there
 * are units for. Decides nothing.
 */
#include "engine/store/store_admission.h"

#include "engine/store/statement.h"
#include "engine/store/store_link.h"
#include "engine/store/store_setting.h"
#include <assert.h>

enum {
	SQL_BEYOND_LIST,
	SQL_BEYOND_SAVE,
	SQL_BEYOND_DELETE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_BEYOND_LIST] = "SELECT feature, since, users, capacity"
			    " FROM beyond ORDER BY feature",
	[SQL_BEYOND_SAVE] = "INSERT OR REPLACE INTO beyond"
			    " (feature, since, users, capacity)"
			    " VALUES (?1, ?2, ?3, ?4)",
	[SQL_BEYOND_DELETE] = "DELETE FROM beyond WHERE feature = ?1",
};

enum fault
store_admission_settings(struct admission_input *out, struct store *store)
{
	const struct {
		int64_t *value;
		enum setting setting;
	} rows[] = {
		{ &out->mode, SETTING_ADMISSION_MODE },
		{ &out->wait, SETTING_CAPACITY_WAIT },
		{ &out->ahead, SETTING_ASK_AHEAD },
		{ &out->timeout, SETTING_SESSION_TIMEOUT },
		{ &out->allowance, SETTING_OVER_CAPACITY },
		{ &out->default_users, SETTING_DEFAULT_USERS },
	};
	enum fault fault = FAULT_NONE;

	assert(out && store);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !fault; i++)
		fault = store_setting_load(
		    rows[i].value, store, rows[i].setting);
	return fault;
}

enum fault
store_admission_gateway(struct demand_gateway *out, struct store *store,
    const struct appliance *appliance, bool has_server)
{
	int64_t mode;
	enum fault fault;

	assert(out && store && appliance);
	*out = (struct demand_gateway){ .platform = catalogue_platform(
					    &appliance->catalogue,
					    appliance->platform),
		.has_server = has_server };
	if ((fault = store_setting_load(
		 &out->default_users, store, SETTING_DEFAULT_USERS)) ||
	    (fault = store_setting_load(
		 &out->allowance, store, SETTING_OVER_CAPACITY)) ||
	    (fault = store_setting_load(&mode, store, SETTING_ADMISSION_MODE)))
		return fault;
	out->has_allowance = out->allowance != ADMISSION_PLATFORM;
	out->is_monitoring = mode == ADMISSION_MONITORING;
	return FAULT_NONE;
}

enum fault
store_admission_limits(struct admission_limits *out, struct arena *arena,
    struct store *store, const struct appliance *appliance, int64_t now,
    int64_t server_now)
{
	struct demand_gateway gateway;
	struct demand_feature *features;
	struct link_row link;
	size_t count;
	enum fault fault;

	assert(out && arena && store && appliance);
	*out = (struct admission_limits){ 0 };
	fault = store_link_load(&link, arena, store);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if ((fault = store_admission_gateway(
		 &gateway, store, appliance, fault == FAULT_NONE)) ||
	    (fault = store_link_demand(&features, &count, arena, store,
		 &appliance->catalogue, appliance->product, now, server_now)) ||
	    (fault = store_session_count(
		 &out->users_here, &out->rdp_here, store)))
		return fault;
	demand_limit_users(&out->users, features, count, &gateway);
	demand_limit_rdp(&out->rdp, features, count, &gateway);
	out->is_monitoring = gateway.is_monitoring;
	return FAULT_NONE;
}

static enum fault
read_beyond(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct beyond_row *row = item;

	row->feature = statement_text(arena, statement, 0);
	row->since = statement_int(statement, 1);
	row->users = statement_int(statement, 2);
	row->capacity = statement_int(statement, 3);
	return FAULT_NONE;
}

enum fault
store_admission_beyond_list(struct beyond_row **out, size_t *count,
    struct arena *arena, struct store *store)
{
	void *rows;
	enum fault fault;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_beyond, sql[SQL_BEYOND_LIST], "");
	*out = rows;
	return fault;
}

enum fault
store_admission_beyond_save(struct store *store, const struct beyond_row *row)
{
	assert(store && row && row->feature);
	return statement_run(store, sql[SQL_BEYOND_SAVE], "tiii", row->feature,
	    row->since, row->users, row->capacity);
}

enum fault
store_admission_beyond_delete(struct store *store, const char *feature)
{
	assert(store && feature);
	return statement_run(store, sql[SQL_BEYOND_DELETE], "t", feature);
}
