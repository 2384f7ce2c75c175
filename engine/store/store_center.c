/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_center.c: the vendor's rows. Decides nothing.
 */
#include "engine/store/store_center.h"

#include "engine/store/statement.h"
#include <assert.h>

/* Device states are written out in SQL. */
_Static_assert(DEVICE_SPARE == 1, "device states of the schema");

#define CUSTOMER                                                               \
	"SELECT c.id, c.name, c.is_partner, c.stocks_spares, c.made_at,"       \
	" c.row_version,"                                                      \
	" (SELECT count(*) FROM device d WHERE d.customer = c.id),"            \
	" (SELECT count(*) FROM authcode a WHERE a.customer = c.id),"          \
	" ifnull(c.partner, 0), ifnull(p.name, '')"                            \
	" FROM customer c LEFT JOIN customer p ON p.id = c.partner "
#define CUSTOMER_MATCH                                                         \
	"WHERE instr(c.folded, lower(?1)) > 0"                                 \
	" AND (?2 = 0 OR c.id = ?2 OR c.partner = ?2) "
/* Rows of a customer within the scope ?2. */
#define WITHIN(column)                                                         \
	" AND (?2 = 0 OR " column " = ?2 OR " column                           \
	"  IN (SELECT id FROM customer WHERE partner = ?2)) "

#define DEVICE                                                                 \
	"SELECT d.id, d.hardware_id, d.serial, d.platform, d.customer,"        \
	" d.device_key, d.warranty_ends, d.contract_ends, d.state,"            \
	" d.made_at, d.contact_at, d.row_version, ifnull(c.name, '')"          \
	" FROM device d LEFT JOIN customer c ON c.id = d.customer "
#define DEVICE_MATCH                                                           \
	"WHERE (instr(lower(d.hardware_id), lower(?1)) > 0"                    \
	"  OR instr(lower(d.serial), lower(?1)) > 0"                           \
	"  OR instr(ifnull(c.folded, ''), lower(?1)) > 0)" WITHIN(             \
	    "d.customer")

#define AUTHCODE                                                               \
	"SELECT a.id, a.tail, a.customer, a.made_at, a.used_at, a.revoked_at," \
	" a.made_by, ifnull(a.device, 0), c.name, ifnull(d.hardware_id, '')"   \
	" FROM authcode a JOIN customer c ON c.id = a.customer"                \
	" LEFT JOIN device d ON d.id = a.device "
#define AUTHCODE_MATCH                                                         \
	"WHERE (instr(lower(a.tail), lower(?1)) > 0"                           \
	"  OR instr(c.folded, lower(?1)) > 0"                                  \
	"  OR instr(lower(ifnull(d.hardware_id, '')), lower(?1)) > 0)" WITHIN( \
	    "a.customer")

enum {
	SQL_CUSTOMER_LIST,
	SQL_CUSTOMER_COUNT,
	SQL_CUSTOMER_LOAD,
	SQL_CUSTOMER_LOAD_ID,
	SQL_CUSTOMER_RELIED_ON,
	SQL_WITHIN,
	SQL_CUSTOMER_INSERT,
	SQL_CUSTOMER_UPDATE,
	SQL_DEVICE_LIST,
	SQL_DEVICE_COUNT,
	SQL_STOCK_LIST,
	SQL_DEVICE_LOAD,
	SQL_DEVICE_INSERT,
	SQL_DEVICE_UPDATE,
	SQL_AUTHCODE_LIST,
	SQL_AUTHCODE_COUNT,
	SQL_AUTHCODE_LOAD,
	SQL_AUTHCODE_FIND,
	SQL_AUTHCODE_INSERT,
	SQL_AUTHCODE_MARK,
	SQL_ENTITLEMENT_LIST,
	SQL_ENTITLEMENT_INSERT,
	SQL_NONCE_FORGET,
	SQL_NONCE_TAKE,
	SQL_NONCE_KNOWN,
	SQL_LAST_ID,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_CUSTOMER_LIST] = CUSTOMER CUSTOMER_MATCH
	"ORDER BY c.folded LIMIT ?3 OFFSET ?4",
	[SQL_CUSTOMER_COUNT] =
	    ("SELECT count(*) FROM customer c " CUSTOMER_MATCH),
	[SQL_CUSTOMER_LOAD] = CUSTOMER "WHERE c.folded = lower(?1)",
	[SQL_CUSTOMER_LOAD_ID] = CUSTOMER "WHERE c.id = ?1",
	[SQL_CUSTOMER_RELIED_ON] =
	    "SELECT EXISTS (SELECT 1 FROM customer WHERE partner = ?1) OR"
	    " EXISTS (SELECT 1 FROM admin WHERE customer = ?1"
	    "  AND center_role = 'partner')",
	[SQL_WITHIN] = "SELECT 1 FROM customer"
		       " WHERE id = ?2 AND (id = ?1 OR partner = ?1)",
	[SQL_CUSTOMER_INSERT] = "INSERT INTO customer (name, folded,"
				" is_partner, stocks_spares, partner, made_at)"
				" VALUES (?1, lower(?1), ?2, ?3, nullif(?4, 0),"
				" ?5)",
	[SQL_CUSTOMER_UPDATE] = "UPDATE customer SET name = ?2,"
				" folded = lower(?2), is_partner = ?3,"
				" stocks_spares = ?4, partner = nullif(?5, 0),"
				" row_version = ?6"
				" WHERE id = ?1",
	[SQL_DEVICE_LIST] = DEVICE DEVICE_MATCH
	"ORDER BY d.hardware_id LIMIT ?3 OFFSET ?4",
	[SQL_DEVICE_COUNT] = "SELECT count(*) FROM device d"
			     " LEFT JOIN customer c"
			     " ON c.id = d.customer " DEVICE_MATCH,
	[SQL_STOCK_LIST] = DEVICE "WHERE d.customer = ?1 AND d.state = 1"
				  " ORDER BY d.hardware_id",
	[SQL_DEVICE_LOAD] = DEVICE "WHERE d.hardware_id = ?1",
	[SQL_DEVICE_INSERT] =
	    "INSERT INTO device (hardware_id, serial, platform, customer,"
	    " device_key, warranty_ends, contract_ends, state, made_at,"
	    " contact_at)"
	    " VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6, ?7, ?8, ?9, ?10)",
	[SQL_DEVICE_UPDATE] =
	    "UPDATE device SET serial = ?2, platform = ?3,"
	    " customer = nullif(?4, 0), device_key = ?5, warranty_ends = ?6,"
	    " contract_ends = ?7, state = ?8, contact_at = ?9,"
	    " row_version = ?10 WHERE id = ?1",
	[SQL_AUTHCODE_LIST] = AUTHCODE AUTHCODE_MATCH
	"ORDER BY a.id DESC LIMIT ?3 OFFSET ?4",
	[SQL_AUTHCODE_COUNT] = "SELECT count(*) FROM authcode a"
			       " JOIN customer c ON c.id = a.customer"
			       " LEFT JOIN device d"
			       " ON d.id = a.device " AUTHCODE_MATCH,
	[SQL_AUTHCODE_LOAD] = AUTHCODE "WHERE a.id = ?1",
	[SQL_AUTHCODE_FIND] = AUTHCODE "WHERE a.digest = ?1",
	[SQL_AUTHCODE_INSERT] = "INSERT INTO authcode (digest, tail, customer,"
				" made_at, made_by)"
				" VALUES (?1, ?2, ?3, ?4, ?5)",
	[SQL_AUTHCODE_MARK] = "UPDATE authcode SET device = nullif(?2, 0),"
			      " used_at = ?3, revoked_at = ?4 WHERE id = ?1",
	/* A key that was revoked is no answer any more. */
	[SQL_ENTITLEMENT_LIST] =
	    "SELECT e.id, e.authcode, e.sku, e.start_date, e.end_date,"
	    " ifnull(i.serial, ''), ifnull(i.statement, '')"
	    " FROM entitlement e LEFT JOIN issued i"
	    " ON i.entitlement = e.id AND i.revoked_at = 0"
	    " WHERE e.authcode = ?1 ORDER BY e.id",
	[SQL_ENTITLEMENT_INSERT] = "INSERT INTO entitlement (authcode, sku,"
				   " start_date, end_date)"
				   " VALUES (?1, ?2, ?3, ?4)",
	[SQL_NONCE_KNOWN] = "SELECT EXISTS (SELECT 1 FROM device_nonce"
			    " WHERE hardware_id = ?1 AND nonce = ?2)",
	[SQL_NONCE_FORGET] = "DELETE FROM device_nonce WHERE at < ?1",
	[SQL_NONCE_TAKE] = "INSERT OR IGNORE INTO device_nonce (hardware_id,"
			   " nonce, at) VALUES (?1, ?2, ?3)",
	[SQL_LAST_ID] = "SELECT last_insert_rowid()",
};

static enum fault
last_id(int64_t *out, struct store *store)
{
	return statement_number(out, 0, store, sql[SQL_LAST_ID], "");
}

/* ---- customers ---- */

static enum fault
read_customer(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct center_customer_row *row = item;

	row->id = statement_int(statement, 0);
	row->name = statement_text(arena, statement, 1);
	row->is_partner = statement_int(statement, 2) != 0;
	row->stocks_spares = statement_int(statement, 3) != 0;
	row->made_at = statement_int(statement, 4);
	row->row_version = statement_int(statement, 5);
	row->devices = statement_int(statement, 6);
	row->codes = statement_int(statement, 7);
	row->partner = statement_int(statement, 8);
	row->partner_name = statement_text(arena, statement, 9);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_center_customer_list(struct center_customer_row **out, size_t *count,
    int64_t *matching, struct arena *arena, struct store *store,
    const struct center_filter *filter)
{
	enum fault fault;
	void *rows;

	assert(out && count && matching && arena && store && filter->find);
	if ((fault = statement_number(matching, 0, store,
		 sql[SQL_CUSTOMER_COUNT], "ti", filter->find, filter->scope)))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_customer, sql[SQL_CUSTOMER_LIST], "tiii", filter->find,
	    filter->scope, filter->limit, filter->offset);
	*out = rows;
	return fault;
}

enum fault
store_center_customer_load(struct center_customer_row *out, struct arena *arena,
    struct store *store, const char *name)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && name);
	*out = (struct center_customer_row){ .name = "", .partner_name = "" };
	if ((fault = statement_row(
		 &row, store, sql[SQL_CUSTOMER_LOAD], "t", name)))
		return fault;
	fault = read_customer(out, arena, row);
	statement_done(row);
	return fault;
}

enum fault
store_center_customer_load_id(struct center_customer_row *out,
    struct arena *arena, struct store *store, int64_t id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct center_customer_row){ .name = "", .partner_name = "" };
	if ((fault = statement_row(
		 &row, store, sql[SQL_CUSTOMER_LOAD_ID], "i", id)))
		return fault;
	fault = read_customer(out, arena, row);
	statement_done(row);
	return fault;
}

enum fault
store_center_customer_is_relied_on(bool *out, struct store *store, int64_t id)
{
	int64_t relied = 0;
	enum fault fault;

	assert(out && store);
	fault = statement_number(
	    &relied, 0, store, sql[SQL_CUSTOMER_RELIED_ON], "i", id);
	*out = relied != 0;
	return fault;
}

enum fault
store_center_is_within(
    bool *out, struct store *store, int64_t scope, int64_t customer)
{
	int64_t found = 0;
	enum fault fault;

	assert(out && store);
	*out = scope == 0;
	if (*out)
		return FAULT_NONE;
	fault = statement_number(
	    &found, 0, store, sql[SQL_WITHIN], "ii", scope, customer);
	*out = found != 0;
	return fault;
}

enum fault
store_center_customer_save(struct store *store, struct center_customer_row *row)
{
	enum fault fault;

	assert(store && row && row->name);
	if (row->id)
		return statement_run(store, sql[SQL_CUSTOMER_UPDATE], "itiiii",
		    row->id, row->name, (int64_t)row->is_partner,
		    (int64_t)row->stocks_spares, row->partner,
		    row->row_version);
	fault = statement_run(store, sql[SQL_CUSTOMER_INSERT], "tiiii",
	    row->name, (int64_t)row->is_partner, (int64_t)row->stocks_spares,
	    row->partner, row->made_at);
	return fault ? fault : last_id(&row->id, store);
}

/* ---- devices ---- */

static enum fault
read_device(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct center_device_row *row = item;

	row->id = statement_int(statement, 0);
	row->hardware_id = statement_text(arena, statement, 1);
	row->serial = statement_text(arena, statement, 2);
	row->platform = statement_text(arena, statement, 3);
	row->customer = statement_int(statement, 4);
	row->has_device_key = statement_blob(
	    row->device_key, sizeof(row->device_key), statement, 5);
	row->warranty_ends = statement_text(arena, statement, 6);
	row->contract_ends = statement_text(arena, statement, 7);
	row->state = (enum device_state)statement_int(statement, 8);
	row->made_at = statement_int(statement, 9);
	row->contact_at = statement_int(statement, 10);
	row->row_version = statement_int(statement, 11);
	row->customer_name = statement_text(arena, statement, 12);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_center_device_list(struct center_device_row **out, size_t *count,
    int64_t *matching, struct arena *arena, struct store *store,
    const struct center_filter *filter)
{
	enum fault fault;
	void *rows;

	assert(out && count && matching && arena && store && filter->find);
	if ((fault = statement_number(matching, 0, store, sql[SQL_DEVICE_COUNT],
		 "ti", filter->find, filter->scope)))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_device, sql[SQL_DEVICE_LIST], "tiii", filter->find,
	    filter->scope, filter->limit, filter->offset);
	*out = rows;
	return fault;
}

enum fault
store_center_stock_list(struct center_device_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t partner)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_device, sql[SQL_STOCK_LIST], "i", partner);
	*out = rows;
	return fault;
}

enum fault
store_center_device_load(struct center_device_row *out, struct arena *arena,
    struct store *store, const char *hardware_id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && hardware_id);
	*out = (struct center_device_row){ .hardware_id = "",
		.serial = "",
		.platform = "",
		.warranty_ends = "",
		.contract_ends = "",
		.customer_name = "" };
	if ((fault = statement_row(
		 &row, store, sql[SQL_DEVICE_LOAD], "t", hardware_id)))
		return fault;
	fault = read_device(out, arena, row);
	statement_done(row);
	return fault;
}

enum fault
store_center_device_save(struct store *store, struct center_device_row *row)
{
	const void *key;
	enum fault fault;

	assert(store && row && row->hardware_id && row->serial);
	key = row->has_device_key ? row->device_key : NULL;
	if (row->id)
		return statement_run(store, sql[SQL_DEVICE_UPDATE],
		    "ittibttiii", row->id, row->serial, row->platform,
		    row->customer, key, sizeof(row->device_key),
		    row->warranty_ends, row->contract_ends,
		    (int64_t)row->state, row->contact_at, row->row_version);
	fault = statement_run(store, sql[SQL_DEVICE_INSERT], "tttibttiii",
	    row->hardware_id, row->serial, row->platform, row->customer, key,
	    sizeof(row->device_key), row->warranty_ends, row->contract_ends,
	    (int64_t)row->state, row->made_at, row->contact_at);
	return fault ? fault : last_id(&row->id, store);
}

/* ---- authentication codes ---- */

static enum fault
read_authcode(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct center_authcode_row *row = item;

	row->id = statement_int(statement, 0);
	row->tail = statement_text(arena, statement, 1);
	row->customer = statement_int(statement, 2);
	row->made_at = statement_int(statement, 3);
	row->used_at = statement_int(statement, 4);
	row->revoked_at = statement_int(statement, 5);
	row->made_by = statement_text(arena, statement, 6);
	row->device = statement_int(statement, 7);
	row->customer_name = statement_text(arena, statement, 8);
	row->hardware_id = statement_text(arena, statement, 9);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_center_authcode_list(struct center_authcode_row **out, size_t *count,
    int64_t *matching, struct arena *arena, struct store *store,
    const struct center_filter *filter)
{
	enum fault fault;
	void *rows;

	assert(out && count && matching && arena && store && filter->find);
	if ((fault = statement_number(matching, 0, store,
		 sql[SQL_AUTHCODE_COUNT], "ti", filter->find, filter->scope)))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_authcode, sql[SQL_AUTHCODE_LIST], "tiii", filter->find,
	    filter->scope, filter->limit, filter->offset);
	*out = rows;
	return fault;
}

static enum fault
finish_authcode(struct center_authcode_row *out, struct arena *arena,
    sqlite3_stmt *row)
{
	enum fault fault = read_authcode(out, arena, row);

	statement_done(row);
	return fault;
}

enum fault
store_center_authcode_load(struct center_authcode_row *out, struct arena *arena,
    struct store *store, int64_t id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	if ((fault = statement_row(
		 &row, store, sql[SQL_AUTHCODE_LOAD], "i", id)))
		return fault;
	return finish_authcode(out, arena, row);
}

enum fault
store_center_authcode_find(struct center_authcode_row *out, struct arena *arena,
    struct store *store, const uint8_t digest[DIGEST_BYTES])
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && digest);
	if ((fault = statement_row(&row, store, sql[SQL_AUTHCODE_FIND], "b",
		 (const void *)digest, (size_t)DIGEST_BYTES)))
		return fault;
	return finish_authcode(out, arena, row);
}

enum fault
store_center_authcode_insert(struct store *store,
    struct center_authcode_row *row, const uint8_t digest[DIGEST_BYTES])
{
	enum fault fault;

	assert(store && row && row->customer > 0 && digest);
	fault = statement_run(store, sql[SQL_AUTHCODE_INSERT], "btiit",
	    (const void *)digest, (size_t)DIGEST_BYTES, row->tail,
	    row->customer, row->made_at, row->made_by);
	return fault ? fault : last_id(&row->id, store);
}

enum fault
store_center_authcode_mark(
    struct store *store, const struct center_authcode_row *row)
{
	assert(store && row && row->id > 0);
	return statement_run(store, sql[SQL_AUTHCODE_MARK], "iiii", row->id,
	    row->device, row->used_at, row->revoked_at);
}

static enum fault
read_entitlement(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct center_entitlement_row *row = item;

	row->id = statement_int(statement, 0);
	row->authcode = statement_int(statement, 1);
	row->sku = statement_text(arena, statement, 2);
	row->start_date = statement_text(arena, statement, 3);
	row->end_date = statement_text(arena, statement, 4);
	row->serial = statement_text(arena, statement, 5);
	row->statement = statement_text(arena, statement, 6);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_center_entitlement_list(struct center_entitlement_row **out,
    size_t *count, struct arena *arena, struct store *store, int64_t authcode)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_entitlement, sql[SQL_ENTITLEMENT_LIST], "i", authcode);
	*out = rows;
	return fault;
}

enum fault
store_center_entitlement_insert(
    struct store *store, const struct center_entitlement_row *row)
{
	assert(store && row && row->authcode > 0 && row->sku);
	return statement_run(store, sql[SQL_ENTITLEMENT_INSERT], "ittt",
	    row->authcode, row->sku, row->start_date, row->end_date);
}

/* ---- calls ---- */

enum fault
store_center_nonce_is_known(
    bool *out, struct store *store, const char *hardware_id, const char *nonce)
{
	int64_t known;
	enum fault fault;

	assert(out && store && hardware_id && nonce);
	fault = statement_number(
	    &known, 0, store, sql[SQL_NONCE_KNOWN], "tt", hardware_id, nonce);
	*out = !fault && known;
	return fault;
}

enum fault
store_center_nonce_take(bool *is_new, struct store *store,
    const char *hardware_id, const char *nonce, int64_t now, int64_t oldest)
{
	enum fault fault;

	assert(is_new && store && hardware_id && nonce);
	*is_new = false;
	if ((fault = statement_run(
		 store, sql[SQL_NONCE_FORGET], "i", oldest)) ||
	    (fault = statement_run(store, sql[SQL_NONCE_TAKE], "tti",
		 hardware_id, nonce, now)))
		return fault;
	*is_new = statement_changes(store) > 0;
	return FAULT_NONE;
}
