/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_trial.c: the one row of a trial. When it is over, and what counts
 * then, the rules say.
 */
#include "engine/store/store_link_trial.h"

#include "engine/rules/trial.h"
#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

enum {
	SQL_LOAD,
	SQL_IS_THERE,
	SQL_SAVE,
	SQL_DELETE,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LOAD] = "SELECT before, began_at, seconds, boot, elapsed_ms, actor"
		     "  FROM link_trial",
	[SQL_IS_THERE] = "SELECT count(*) FROM link_trial",
	[SQL_SAVE] = "INSERT OR REPLACE INTO link_trial"
		     " (id, before, began_at, seconds, boot, elapsed_ms, actor)"
		     " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
	[SQL_DELETE] = "DELETE FROM link_trial",
};

enum fault
store_link_trial_load(
    struct link_trial_row *out, struct arena *arena, struct store *store)
{
	const char *text;
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct link_trial_row){ .seconds = 0 };
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "")))
		return fault;
	text = statement_text(arena, row, 0);
	out->began_at = statement_int(row, 1);
	out->seconds = statement_int(row, 2);
	out->boot = statement_text(arena, row, 3);
	out->elapsed_ms = statement_int(row, 4);
	out->actor = statement_text(arena, row, 5);
	statement_done(row);
	if (arena->failed)
		return FAULT_MEMORY;
	return link_copy_of_text(&out->before, arena, text);
}

enum fault
store_link_trial_is_there(bool *out, struct store *store)
{
	int64_t count;
	enum fault fault;

	assert(out && store);
	fault = statement_number(&count, 0, store, sql[SQL_IS_THERE], "");
	*out = !fault && count > 0;
	return fault;
}

static enum trial_boot
boot_of(const struct link_trial_row *row, const char *boot_id)
{
	if (strcmp(row->boot, boot_id) != 0)
		return TRIAL_BOOT_OTHER;
	return *boot_id ? TRIAL_BOOT_SAME : TRIAL_BOOT_NAMELESS;
}

int64_t
store_link_trial_left(const struct link_trial_row *row,
    const struct link_moment *moment, int64_t now)
{
	const struct trial trial = { row->seconds, row->elapsed_ms,
		row->began_at };

	assert(row && moment && moment->boot_id);
	return trial_left(
	    &trial, boot_of(row, moment->boot_id), moment->elapsed_ms, now);
}

static struct trial_word
word_of(const struct link_row *link)
{
	return (struct trial_word){ link->has_server_key, link->epoch,
		link->number };
}

bool
store_link_trial_keeps_word(
    const struct link_trial_row *row, const struct link_row *link)
{
	const struct link_row *before = &row->before.row;
	const struct trial_pair pair = {
		.before = word_of(before),
		.now = word_of(link),
		.is_same_place = store_link_is_with(
		    before, link->server, link->client_name),
		.is_same_key = memcmp(before->server_key, link->server_key,
				   sizeof(link->server_key)) == 0,
		.is_same_client = strcmp(before->client_name,
				      link->client_name) == 0,
	};

	return trial_keeps_word(&pair);
}

enum link_trial_outcome
store_link_trial_outcome(const struct link_row *link)
{
	assert(link);
	if (*link->failure_code)
		return LINK_TRIAL_FAILED;
	return link->last_attempt > 0 ? LINK_TRIAL_CONNECTED
				      : LINK_TRIAL_UNTRIED;
}

const char *
store_link_trial_outcome_name(const struct link_row *link)
{
	static const char *const names[] = {
		[LINK_TRIAL_UNTRIED] = "untried",
		[LINK_TRIAL_FAILED] = "failed",
		[LINK_TRIAL_CONNECTED] = "connected",
	};

	return names[store_link_trial_outcome(link)];
}

enum fault
store_link_trial_save(
    struct store *store, struct arena *arena, const struct link_trial_row *row)
{
	const char *text;

	assert(store && arena && row && row->boot && row->actor);
	if (!(text = link_copy_to_text(arena, &row->before)))
		return FAULT_MEMORY;
	return statement_run(store, sql[SQL_SAVE], "tiitit", text,
	    row->began_at, row->seconds, row->boot, row->elapsed_ms,
	    row->actor);
}

enum fault
store_link_trial_delete(struct store *store)
{
	assert(store);
	return statement_run(store, sql[SQL_DELETE], "");
}
