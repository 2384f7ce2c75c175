/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_admin.c: the people who may sign in. Never sees a password, only the
 * text of its hash.
 */
#include "engine/store/store_admin.h"

#include "engine/base/log.h"
#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

#define COLUMNS                                                                \
	"a.id, a.name, a.password_hash,"                                       \
	" iif(a.center_role = '', a.role, a.center_role), a.made_at,"          \
	" a.last_sign_in_at, a.last_sign_in_from, a.failures, a.failed_at,"    \
	" ifnull(a.customer, 0), ifnull(c.name, '')"                           \
	" FROM admin a LEFT JOIN customer c ON c.id = a.customer "

enum {
	SQL_LOAD,
	SQL_LOAD_ID,
	SQL_LIST,
	SQL_INSERT,
	SQL_DELETE,
	SQL_COUNT,
	SQL_HASH,
	SQL_FAILURES,
	SQL_SIGNED_IN,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT " COLUMNS "WHERE a.name = ?1",
	[SQL_LOAD_ID] = "SELECT " COLUMNS "WHERE a.id = ?1",
	[SQL_LIST] = "SELECT " COLUMNS "ORDER BY a.name",
	[SQL_INSERT] = "INSERT INTO admin (name, password_hash, role,"
		       " center_role, customer, made_at)"
		       " VALUES (?1, ?2, ?3, ?4, nullif(?5, 0), ?6)",
	[SQL_DELETE] = "DELETE FROM admin WHERE id = ?1",
	[SQL_COUNT] = "SELECT count(*) FROM admin WHERE"
		      " iif(center_role = '', role, center_role) = ?1",
	[SQL_HASH] = "UPDATE admin SET password_hash = ?2 WHERE id = ?1",
	[SQL_FAILURES] = "UPDATE admin SET failures = ?2, failed_at = ?3"
			 " WHERE id = ?1",
	[SQL_SIGNED_IN] = "UPDATE admin SET failures = 0, failed_at = 0,"
			  "  last_sign_in_at = ?2, last_sign_in_from = ?3"
			  " WHERE id = ?1",
};

static const char *const role_words[] = {
	[ADMIN_ADMINISTRATOR] = "administrator",
	[ADMIN_OPERATOR] = "operator",
	[ADMIN_READ_ONLY] = "read-only",
	[ADMIN_SUPPORT_AGENT] = "support-agent",
	[ADMIN_PARTNER] = "partner",
	[ADMIN_CUSTOMER] = "customer",
};

#define ROLES (sizeof(role_words) / sizeof(role_words[0]))

const char *
store_admin_role_word(enum admin_role role)
{
	assert((size_t)role < ROLES);
	return role_words[role];
}

bool
store_admin_role_parse(enum admin_role *out, const char *word)
{
	size_t i;

	assert(out && word);
	/* The least that anybody may, should the answer be overlooked. */
	*out = ADMIN_READ_ONLY;
	for (i = 0; i < ROLES; i++) {
		if (strcmp(role_words[i], word) == 0) {
			*out = (enum admin_role)i;
			return true;
		}
	}
	return false;
}

bool
store_admin_is_guest(enum admin_role role)
{
	return role == ADMIN_PARTNER || role == ADMIN_CUSTOMER;
}

bool
store_admin_role_fits(enum admin_role role, bool is_center)
{
	if (role == ADMIN_ADMINISTRATOR || role == ADMIN_READ_ONLY)
		return true;
	return is_center ? role != ADMIN_OPERATOR : role == ADMIN_OPERATOR;
}

static enum fault
read_admin(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct admin_row *out = item;
	const char *role = statement_text(arena, statement, 3);

	out->id = statement_int(statement, 0);
	out->name = statement_text(arena, statement, 1);
	out->password_hash = statement_text(arena, statement, 2);
	out->made_at = statement_int(statement, 4);
	out->last_sign_in_at = statement_int(statement, 5);
	out->last_sign_in_from = statement_text(arena, statement, 6);
	out->failures = statement_int(statement, 7);
	out->failed_at = statement_int(statement, 8);
	out->customer = statement_int(statement, 9);
	out->customer_name = statement_text(arena, statement, 10);
	if (arena->failed)
		return FAULT_MEMORY;
	if (!store_admin_role_parse(&out->role, role)) {
		log_line(LOG_SEVERITY_ERROR, "administrator row %lld: role",
		    (long long)out->id);
		return FAULT_DAMAGED;
	}
	return FAULT_NONE;
}

static enum fault
read_only_row(struct admin_row *out, struct arena *arena, sqlite3_stmt *row)
{
	enum fault fault = read_admin(out, arena, row);

	statement_done(row);
	return fault;
}

enum fault
store_admin_load(struct admin_row *out, struct arena *arena,
    struct store *store, const char *name)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store && name);
	memset(out, 0, sizeof(*out));
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "t", name)))
		return fault;
	return read_only_row(out, arena, row);
}

enum fault
store_admin_load_id(
    struct admin_row *out, struct arena *arena, struct store *store, int64_t id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	memset(out, 0, sizeof(*out));
	if ((fault = statement_row(&row, store, sql[SQL_LOAD_ID], "i", id)))
		return fault;
	return read_only_row(out, arena, row);
}

enum fault
store_admin_list(struct admin_row **out, size_t *count, struct arena *arena,
    struct store *store)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_admin, sql[SQL_LIST], "");
	*out = rows;
	return fault;
}

enum fault
store_admin_insert(struct store *store, const struct admin_row *row)
{
	const char *word;
	bool is_vendor;

	assert(store && row && row->name && row->password_hash);
	/* A word that an appliance of another role does not know is the least there. */
	is_vendor = row->role > ADMIN_READ_ONLY;
	word = store_admin_role_word(row->role);
	return statement_run(store, sql[SQL_INSERT], "ttttii", row->name,
	    row->password_hash,
	    is_vendor ? role_words[ADMIN_READ_ONLY] : word,
	    is_vendor ? word : "", row->customer, row->made_at);
}

enum fault
store_admin_delete(struct store *store, int64_t id)
{
	assert(store && id > 0);
	return statement_run(store, sql[SQL_DELETE], "i", id);
}

enum fault
store_admin_count(int64_t *out, struct store *store, enum admin_role role)
{
	assert(out && store);
	return statement_number(out, 0, store, sql[SQL_COUNT], "t",
	    store_admin_role_word(role));
}

enum fault
store_admin_hash_save(
    struct store *store, int64_t id, const char *password_hash)
{
	assert(store && password_hash && *password_hash);
	return statement_run(store, sql[SQL_HASH], "it", id, password_hash);
}

enum fault
store_admin_failures_save(
    struct store *store, int64_t id, int64_t failures, int64_t at)
{
	assert(store && failures >= 0);
	return statement_run(store, sql[SQL_FAILURES], "iii", id, failures, at);
}

enum fault
store_admin_signed_in(
    struct store *store, int64_t id, const char *address, int64_t now)
{
	assert(store && address);
	return statement_run(
	    store, sql[SQL_SIGNED_IN], "iit", id, now, address);
}
