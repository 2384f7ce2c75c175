/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_transfer.c: see store_transfer.h. Decides nothing.
 */
#include "engine/store/store_transfer.h"

#include "engine/rules/activation.h"
#include "engine/store/statement.h"
#include <assert.h>

/* Device states are written out in SQL. */
_Static_assert(DEVICE_REPLACED == 2, "device states of the schema");
_Static_assert(TRANSFER_CLOSED == 6, "transfer states of the schema");

#define TRANSFER                                                               \
	"SELECT t.id, t.case_number, t.fault, t.partner, t.device,"            \
	" ifnull(t.spare, 0), t.state, t.made_at, t.transferred_at, t.due_at," \
	" t.notice_at, t.row_version, p.name, ifnull(c.name, ''),"             \
	" d.hardware_id, ifnull(s.hardware_id, ''), d.contract_ends,"          \
	" d.contact_at, d.reset_at, d.state = 2, ifnull(t.customer, 0),"        \
	" CASE t.transferred_at WHEN 0 THEN d.contract_ends"                   \
	" ELSE s.contract_ends END,"                                           \
	" CASE t.transferred_at WHEN 0 THEN d.state ELSE s.state END = 0" FROM
#define FROM                                                                   \
	" FROM transfer t JOIN customer p ON p.id = t.partner"                 \
	" JOIN device d ON d.id = t.device"                                    \
	" LEFT JOIN customer c ON c.id = t.customer"                           \
	" LEFT JOIN device s ON s.id = t.spare "
/* What is of the customer or partner of the scope ?2. */
#define WITHIN                                                                 \
	" AND (?2 = 0 OR t.partner = ?2 OR t.customer = ?2 OR t.customer IN"   \
	"  (SELECT id FROM customer WHERE partner = ?2)) "
#define MATCH                                                                  \
	"WHERE (instr(lower(t.case_number), lower(?1)) > 0"                    \
	"  OR instr(lower(d.hardware_id), lower(?1)) > 0"                      \
	"  OR instr(lower(ifnull(s.hardware_id, '')), lower(?1)) > 0"          \
	"  OR instr(p.folded, lower(?1)) > 0"                                  \
	"  OR instr(ifnull(c.folded, ''), lower(?1)) > 0)" WITHIN

enum {
	SQL_LIST,
	SQL_COUNT_ALL,
	SQL_LOAD,
	SQL_NAMES,
	SQL_WAITING,
	SQL_OPEN,
	SQL_FROM,
	SQL_STEPS,
	SQL_KEYS_MOVED,
	SQL_KEYS_TO_MOVE,
	SQL_INSERT,
	SQL_UPDATE,
	SQL_STEP,
	SQL_STEP_ONCE,
	SQL_KEY,
	SQL_CODES,
	SQL_HOLD,
	SQL_RESET,
	SQL_LAST_ID,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LIST] = TRANSFER MATCH "ORDER BY t.id DESC LIMIT ?3 OFFSET ?4",
	[SQL_COUNT_ALL] = ("SELECT count(*)" FROM MATCH),
	[SQL_LOAD] = TRANSFER "WHERE t.id = ?1" WITHIN,
	[SQL_NAMES] = "SELECT EXISTS (SELECT 1 FROM transfer WHERE state < 6"
		      " AND id <> ?2 AND (device = ?1 OR spare = ?1))",
	[SQL_WAITING] = "SELECT id FROM transfer WHERE device = ?1"
			" AND state = 4",
	[SQL_OPEN] = TRANSFER "WHERE t.state < 6 ORDER BY t.id DESC",
	[SQL_FROM] = TRANSFER "WHERE t.device = ?1 AND t.transferred_at > 0"
			      " ORDER BY t.id DESC LIMIT 1",
	[SQL_STEPS] = "SELECT at, actor, step, text FROM transfer_step"
		      " WHERE transfer = ?1 ORDER BY id",
	[SQL_KEYS_MOVED] =
	    "SELECT k.serial, k.successor, i.sku, i.start_date, i.end_date,"
	    " i.held_by, ifnull(i.entitlement, 0)"
	    " FROM transfer_key k JOIN issued i ON i.serial = k.serial"
	    " WHERE k.transfer = ?1 ORDER BY i.id",
	[SQL_KEYS_TO_MOVE] =
	    "SELECT serial, '', sku, start_date, end_date, held_by,"
	    " ifnull(entitlement, 0) FROM issued"
	    " WHERE hardware_id = ?1 AND revoked_at = 0 ORDER BY id",
	[SQL_INSERT] =
	    "INSERT INTO transfer (case_number, fault, partner, device, spare,"
	    " state, made_at, customer)"
	    " VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), ?6, ?7, nullif(?8, 0))",
	[SQL_UPDATE] =
	    "UPDATE transfer SET case_number = ?2, fault = ?3,"
	    " spare = nullif(?4, 0), state = ?5, transferred_at = ?6,"
	    " due_at = ?7, notice_at = ?8, row_version = ?9 WHERE id = ?1",
	[SQL_STEP] = "INSERT INTO transfer_step (transfer, at, actor, step,"
		     " text) VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_STEP_ONCE] =
	    "INSERT INTO transfer_step (transfer, at, actor, step, text)"
	    " SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1"
	    " FROM transfer_step WHERE transfer = ?1 AND step = ?4"
	    " AND text = ?5)",
	[SQL_KEY] = "INSERT INTO transfer_key (transfer, serial, successor)"
		    " VALUES (?1, ?2, ?3) ON CONFLICT (transfer, serial)"
		    " DO UPDATE SET successor = ?3",
	[SQL_CODES] = "UPDATE authcode SET device = ?2 WHERE device = ?1",
	[SQL_HOLD] = "UPDATE issued SET held_by = ?2"
		     " WHERE serial = ?1 AND revoked_at = 0",
	[SQL_RESET] = "UPDATE device SET reset_at = ?2 WHERE id = ?1",
	[SQL_LAST_ID] = "SELECT last_insert_rowid()",
};

static enum fault
read_transfer(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct transfer_row *row = item;

	row->id = statement_int(statement, 0);
	row->case_number = statement_text(arena, statement, 1);
	row->fault = statement_text(arena, statement, 2);
	row->partner = statement_int(statement, 3);
	row->device = statement_int(statement, 4);
	row->spare = statement_int(statement, 5);
	row->state = (enum transfer_state)statement_int(statement, 6);
	row->made_at = statement_int(statement, 7);
	row->transferred_at = statement_int(statement, 8);
	row->due_at = statement_int(statement, 9);
	row->notice_at = statement_int(statement, 10);
	row->row_version = statement_int(statement, 11);
	row->partner_name = statement_text(arena, statement, 12);
	row->customer_name = statement_text(arena, statement, 13);
	row->hardware_id = statement_text(arena, statement, 14);
	row->spare_hardware_id = statement_text(arena, statement, 15);
	row->contract_ends = statement_text(arena, statement, 16);
	row->contact_at = statement_int(statement, 17);
	row->reset_at = statement_int(statement, 18);
	row->is_replaced = statement_int(statement, 19) != 0;
	row->customer = statement_int(statement, 20);
	row->covered_until = statement_text(arena, statement, 21);
	row->is_covered_in_service = statement_int(statement, 22) != 0;
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_transfer_list(struct transfer_row **out, size_t *count, int64_t *matching,
    struct arena *arena, struct store *store,
    const struct center_filter *filter)
{
	enum fault fault;
	void *rows;

	assert(out && count && matching && arena && store && filter->find);
	if ((fault = statement_number(matching, 0, store, sql[SQL_COUNT_ALL],
		 "ti", filter->find, filter->scope)))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_transfer, sql[SQL_LIST], "tiii", filter->find, filter->scope,
	    filter->limit, filter->offset);
	*out = rows;
	return fault;
}

enum fault
store_transfer_load(struct transfer_row *out, struct arena *arena,
    struct store *store, int64_t id, int64_t scope)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && id > 0);
	if ((fault = statement_row(
		 &row, store, sql[SQL_LOAD], "ii", id, scope)))
		return fault;
	fault = read_transfer(out, arena, row);
	statement_done(row);
	return fault;
}

enum fault
store_transfer_names(
    bool *out, struct store *store, int64_t device, int64_t but)
{
	int64_t found = 0;
	enum fault fault;

	assert(out && store);
	fault = statement_number(
	    &found, 0, store, sql[SQL_NAMES], "ii", device, but);
	*out = found != 0;
	return fault;
}

enum fault
store_transfer_waiting(int64_t *out, struct store *store, int64_t device)
{
	assert(out && store);
	return statement_number(
	    out, 0, store, sql[SQL_WAITING], "i", device);
}

enum fault
store_transfer_open(struct transfer_row **out, size_t *count,
    struct arena *arena, struct store *store)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_transfer, sql[SQL_OPEN], "");
	*out = rows;
	return fault;
}

enum fault
store_transfer_from(struct transfer_row *out, struct arena *arena,
    struct store *store, int64_t device)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	if ((fault = statement_row(&row, store, sql[SQL_FROM], "i", device)))
		return fault;
	fault = read_transfer(out, arena, row);
	statement_done(row);
	return fault;
}

static enum fault
read_step(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct transfer_step_row *row = item;

	row->at = statement_int(statement, 0);
	row->actor = statement_text(arena, statement, 1);
	row->step = statement_text(arena, statement, 2);
	row->text = statement_text(arena, statement, 3);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_transfer_steps(struct transfer_step_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t id)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_step, sql[SQL_STEPS], "i", id);
	*out = rows;
	return fault;
}

static enum fault
read_key(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct transfer_key_row *row = item;

	row->serial = statement_text(arena, statement, 0);
	row->successor = statement_text(arena, statement, 1);
	row->sku = statement_text(arena, statement, 2);
	row->start_date = statement_text(arena, statement, 3);
	row->end_date = statement_text(arena, statement, 4);
	row->held_by = statement_text(arena, statement, 5);
	row->entitlement = statement_int(statement, 6);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_transfer_keys(struct transfer_key_row **out, size_t *count,
    struct arena *arena, struct store *store, const struct transfer_row *row)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store && row);
	fault = row->transferred_at
	    ? statement_all(&rows, count, arena, store, sizeof(**out), read_key,
		  sql[SQL_KEYS_MOVED], "i", row->id)
	    : statement_all(&rows, count, arena, store, sizeof(**out), read_key,
		  sql[SQL_KEYS_TO_MOVE], "t", row->hardware_id);
	*out = rows;
	return fault;
}

enum fault
store_transfer_save(struct store *store, struct transfer_row *row)
{
	enum fault fault;

	assert(store && row && row->case_number && row->fault);
	if (row->id)
		return statement_run(store, sql[SQL_UPDATE], "ittiiiiii",
		    row->id, row->case_number, row->fault, row->spare,
		    (int64_t)row->state, row->transferred_at, row->due_at,
		    row->notice_at, row->row_version);
	fault = statement_run(store, sql[SQL_INSERT], "ttiiiiii",
	    row->case_number, row->fault, row->partner, row->device,
	    row->spare, (int64_t)row->state, row->made_at, row->customer);
	return fault ? fault
		     : statement_number(
			   &row->id, 0, store, sql[SQL_LAST_ID], "");
}

enum fault
store_transfer_step(
    struct store *store, int64_t id, const struct transfer_step_row *step)
{
	assert(store && id > 0 && step);
	return statement_run(store, sql[SQL_STEP], "iittt", id, step->at,
	    step->actor, step->step, step->text);
}

enum fault
store_transfer_step_once(bool *is_new, struct store *store, int64_t id,
    const struct transfer_step_row *step)
{
	enum fault fault;

	assert(is_new && store && id > 0 && step);
	fault = statement_run(store, sql[SQL_STEP_ONCE], "iittt", id, step->at,
	    step->actor, step->step, step->text);
	*is_new = !fault && statement_changes(store) > 0;
	return fault;
}

enum fault
store_transfer_key(struct store *store, int64_t id, const char *serial,
    const char *successor)
{
	assert(store && id > 0 && serial && successor);
	return statement_run(
	    store, sql[SQL_KEY], "itt", id, serial, successor);
}

enum fault
store_transfer_codes(struct store *store, int64_t from, int64_t to)
{
	assert(store && from > 0 && to > 0);
	return statement_run(store, sql[SQL_CODES], "ii", from, to);
}

enum fault
store_transfer_hold(bool *is_there, struct store *store, const char *serial,
    const char *held_by)
{
	enum fault fault;

	assert(is_there && store && serial && held_by);
	fault = statement_run(store, sql[SQL_HOLD], "tt", serial, held_by);
	*is_there = !fault && statement_changes(store) > 0;
	return fault;
}

enum fault
store_transfer_reset(struct store *store, int64_t device, int64_t at)
{
	assert(store && device > 0);
	return statement_run(store, sql[SQL_RESET], "ii", device, at);
}
