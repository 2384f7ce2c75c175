/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_setting.c: settings that differ from their default. Does not know
 * what a setting means.
 */
#include "engine/store/store_setting.h"

#include "engine/store/statement.h"
#include <assert.h>

enum {
	SQL_LOAD,
	SQL_SAVE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT value FROM setting WHERE name = ?1",
	[SQL_SAVE] = "INSERT INTO setting (name, value) VALUES (?1, ?2)"
		     " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
};

/* A row written under other bounds must not get past those of today. */
static int64_t
within(const struct setting_row *row, int64_t value)
{
	if (value < row->low)
		return row->low;
	return value > row->high ? row->high : value;
}

enum fault
store_setting_load(int64_t *out, struct store *store, enum setting setting)
{
	const struct setting_row *row;
	enum fault fault;

	assert(out && store && setting < SETTING__COUNT);
	row = &setting_rows[setting];
	fault = statement_number(
	    out, row->value, store, sql[SQL_LOAD], "t", row->name);
	*out = within(row, *out);
	return fault;
}

enum fault
store_setting_save(struct store *store, enum setting setting, int64_t value)
{
	const struct setting_row *row;

	assert(store && setting < SETTING__COUNT);
	row = &setting_rows[setting];
	assert(value >= row->low && value <= row->high);
	return statement_run(store, sql[SQL_SAVE], "ti", row->name, value);
}
