/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_contact.c: the last contact of each client and its kept answers as
 * rows. Nothing here is indexed by what a renewal changes.
 */
#include "engine/store/store_contact.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_LOAD,
	SQL_SAVE,
	SQL_ANSWER_LOAD,
	SQL_ANSWER_INSERT,
	SQL_ANSWER_PRUNE,
	SQL_ANSWER_PRUNE_SILENT,
	SQL_ANSWER_FORGET,
	SQL_ANSWER_DELETE_ALL,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT last_contact, address, version, users, number,"
		     " confirmed, skewed_at, epoch, member, unproven,"
		     " noncompliant_at"
		     "  FROM client_contact WHERE client = ?1",
	[SQL_SAVE] = "INSERT INTO client_contact (client, last_contact,"
		     " address, version, users, number, confirmed, skewed_at,"
		     " epoch, member, unproven, noncompliant_at)"
		     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
		     "  ?12)"
		     " ON CONFLICT (client) DO UPDATE SET"
		     " last_contact = excluded.last_contact,"
		     " address = excluded.address,"
		     " version = excluded.version, users = excluded.users,"
		     " number = excluded.number,"
		     " confirmed = excluded.confirmed,"
		     " skewed_at = excluded.skewed_at,"
		     " epoch = excluded.epoch,"
		     " member = excluded.member,"
		     " unproven = excluded.unproven,"
		     " noncompliant_at = excluded.noncompliant_at",
	[SQL_ANSWER_LOAD] = "SELECT body_digest, answer, document, number, at"
			    "  FROM sync_answer"
			    "  WHERE client = ?1 AND request_id = ?2",
	[SQL_ANSWER_INSERT] = "INSERT INTO sync_answer (client, request_id,"
			      " body_digest, answer, document, number, at)"
			      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[SQL_ANSWER_PRUNE] = "DELETE FROM sync_answer"
			     "  WHERE client = ?1 AND at <= ?2",
	/* Whoever was heard of since had its own answers pruned then. */
	[SQL_ANSWER_PRUNE_SILENT] =
	    "DELETE FROM sync_answer WHERE at <= ?1 AND client IN"
	    " (SELECT client FROM client_contact WHERE last_contact <= ?1)",
	[SQL_ANSWER_FORGET] = "DELETE FROM sync_answer WHERE at > ?1",
	[SQL_ANSWER_DELETE_ALL] = "DELETE FROM sync_answer WHERE client = ?1",
};

enum fault
store_contact_load(struct contact_row *out, struct arena *arena,
    struct store *store, int64_t client)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct contact_row){
		.address = "", .version = "", .member = ""
	};
	fault = statement_row(&row, store, sql[SQL_LOAD], "i", client);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	out->last_contact = statement_int(row, 0);
	out->address = statement_text(arena, row, 1);
	out->version = statement_text(arena, row, 2);
	out->users = statement_int(row, 3);
	out->number = statement_int(row, 4);
	out->confirmed = statement_int(row, 5);
	out->skewed_at = statement_int(row, 6);
	out->epoch = statement_int(row, 7);
	out->member = statement_text(arena, row, 8);
	out->unproven = statement_int(row, 9);
	out->noncompliant_at = statement_int(row, 10);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_contact_save(
    struct store *store, int64_t client, const struct contact_row *row)
{
	assert(store && row && row->member && row->confirmed <= row->number);
	return statement_run(store, sql[SQL_SAVE], "iittiiiiitii", client,
	    row->last_contact, row->address, row->version, row->users,
	    row->number, row->confirmed, row->skewed_at, row->epoch,
	    row->member, row->unproven, row->noncompliant_at);
}

enum fault
store_contact_answer_load(struct answer_row *out, struct arena *arena,
    struct store *store, int64_t client, const char *request_id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && request_id);
	*out = (struct answer_row){ .request_id = request_id };
	if ((fault = statement_row(
		 &row, store, sql[SQL_ANSWER_LOAD], "it", client, request_id)))
		return fault;
	if (!statement_blob(out->body_digest, DIGEST_BYTES, row, 0))
		fault = FAULT_DAMAGED;
	out->answer = arena_text(arena, statement_text(arena, row, 1));
	out->document = arena_text(arena, statement_text(arena, row, 2));
	out->number = statement_int(row, 3);
	out->at = statement_int(row, 4);
	statement_done(row);
	return arena->failed ? FAULT_MEMORY : fault;
}

enum fault
store_contact_answer_insert(
    struct store *store, int64_t client, const struct answer_row *row)
{
	assert(store && row && row->answer && row->document);
	return statement_run(store, sql[SQL_ANSWER_INSERT], "itbttii", client,
	    row->request_id, (const void *)row->body_digest,
	    (size_t)DIGEST_BYTES, row->answer, row->document, row->number,
	    row->at);
}

enum fault
store_contact_answer_prune(struct store *store, int64_t client, int64_t now)
{
	assert(store);
	return statement_run(store, sql[SQL_ANSWER_PRUNE], "ii", client,
	    (int64_t)(now - STORE_CONTACT_KEEP_SECONDS));
}

enum fault
store_contact_answer_prune_silent(struct store *store, int64_t now)
{
	assert(store);
	return statement_run(store, sql[SQL_ANSWER_PRUNE_SILENT], "i",
	    (int64_t)(now - STORE_CONTACT_KEEP_SECONDS));
}

enum fault
store_contact_answer_forget(struct store *store, int64_t at)
{
	assert(store);
	return statement_run(store, sql[SQL_ANSWER_FORGET], "i", at);
}

enum fault
store_contact_answer_delete_all(struct store *store, int64_t client)
{
	assert(store);
	return statement_run(store, sql[SQL_ANSWER_DELETE_ALL], "i", client);
}
