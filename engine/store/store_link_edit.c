/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_edit.c: rows of the link written. Decides nothing.
 */
#include "engine/store/store_link_edit.h"

#include "engine/store/statement.h"
#include "engine/store/store_cluster_node.h"
#include "engine/store/store_link_auto_lease.h"
#include <assert.h>

enum {
	SQL_SAVE,
	SQL_HASTEN,
	SQL_DELETE,
	SQL_FEATURES_DELETE,
	SQL_FEATURE_INSERT,
	SQL_PARTS_DELETE,
	SQL_PART_INSERT,
	SQL_LAPSED_MARK,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_SAVE] =
	    "INSERT OR REPLACE INTO link (id, server, client_name, password,"
	    " network, verify, row_version, pin, seen_pin, server_key,"
	    " server_id, token, epoch, number, document, last_success,"
	    " last_attempt, failure_code, failure_text, next_sync,"
	    " network_used, server_time, anchor_boot, anchor_elapsed_ms,"
	    " anchor_wall, cluster, offers_to_lead, leader, leader_until,"
	    " penalty_until, success_time, lost_at, notices, compliance)"
	    " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
	    " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,"
	    " ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33)",
	[SQL_HASTEN] = "UPDATE link SET next_sync = 0",
	[SQL_DELETE] = "DELETE FROM link",
	[SQL_FEATURES_DELETE] = "DELETE FROM link_feature",
	[SQL_FEATURE_INSERT] = "INSERT INTO link_feature (feature, reserved,"
			       " increment, maximum, auto_lease, denied_code,"
			       " denied_text)"
			       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[SQL_PARTS_DELETE] = "DELETE FROM link_part",
	[SQL_PART_INSERT] = "INSERT INTO link_part"
			    " (feature, kind, units, granted, expires)"
			    " VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_LAPSED_MARK] = ("UPDATE link_part SET told = expires <= ?1"
			     "  WHERE told <> (expires <= ?1)"),
};

enum fault
store_link_edit_save(struct store *store, const struct link_row *row)
{
	assert(store && row && row->server && row->client_name);
	return statement_run(store, sql[SQL_SAVE],
	    "ttttiittbttiitiittititiititiiiitt", row->server, row->client_name,
	    row->password, row->network, (int64_t)row->verify, row->row_version,
	    row->pin, row->seen_pin,
	    (const void *)(row->has_server_key ? row->server_key : NULL),
	    sizeof(row->server_key), row->server_id, row->token, row->epoch,
	    row->number, row->document, row->last_success, row->last_attempt,
	    row->failure_code, row->failure_text, row->next_sync,
	    row->network_used, row->server_time, row->anchor_boot,
	    row->anchor_elapsed_ms, row->anchor_wall, row->cluster,
	    (int64_t)row->offers_to_lead, row->leader, row->leader_until,
	    row->penalty_until, row->success_time, row->lost_at, row->notices,
	    row->compliance);
}

enum fault
store_link_edit_hasten(struct store *store)
{
	assert(store);
	return statement_run(store, sql[SQL_HASTEN], "");
}

enum fault
store_link_edit_delete(struct store *store)
{
	enum fault fault;

	assert(store);
	if ((fault = statement_run(store, sql[SQL_DELETE], "")))
		return fault;
	if ((fault = statement_run(store, sql[SQL_FEATURES_DELETE], "")))
		return fault;
	if ((fault = statement_run(store, sql[SQL_PARTS_DELETE], "")))
		return fault;
	if ((fault = store_cluster_node_forget_heard(store)))
		return fault;
	return store_link_auto_lease_delete_all(store);
}

enum fault
store_link_edit_features(
    struct store *store, const struct link_feature_row *features, size_t count)
{
	enum fault fault;

	assert(store && (features || count == 0));
	if ((fault = statement_run(store, sql[SQL_FEATURES_DELETE], "")))
		return fault;
	for (size_t i = 0; i < count; i++) {
		const struct link_feature_row *row = &features[i];

		if ((fault = statement_run(store, sql[SQL_FEATURE_INSERT],
			 "tiiiitt", row->feature, row->reserved, row->increment,
			 row->maximum, (int64_t)row->auto_lease,
			 row->denied_code ? row->denied_code : "",
			 row->denied_text ? row->denied_text : "")))
			return fault;
	}
	return FAULT_NONE;
}

enum fault
store_link_edit_parts(
    struct store *store, const struct link_part_row *parts, size_t count)
{
	enum fault fault;

	assert(store && (parts || count == 0));
	if ((fault = statement_run(store, sql[SQL_PARTS_DELETE], "")))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = statement_run(store, sql[SQL_PART_INSERT], "tiiii",
			 parts[i].feature, (int64_t)parts[i].kind,
			 parts[i].units, parts[i].granted, parts[i].expires)))
			return fault;
	return FAULT_NONE;
}

enum fault
store_link_edit_mark_lapsed(struct store *store, int64_t server_now)
{
	assert(store);
	return statement_run(store, sql[SQL_LAPSED_MARK], "i", server_now);
}
