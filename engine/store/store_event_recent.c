/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_event_recent.c: looks back over the newest events. Their ids tell how
 * far, as their instants are not indexed.
 */
#include "engine/store/store_event_recent.h"

#include "engine/store/statement.h"
#include <assert.h>

#define EVENT(symbol, code, severity, log, parameters, sentence)               \
	[EVENT_##symbol] = code,
static const char *const codes[EVENT__COUNT] = {
#include "engine/store/events.tbl"
};
#undef EVENT

enum {
	SQL_RECENT,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_RECENT] = "SELECT count(*) FROM"
		       " (SELECT at, code, object, text FROM event"
		       "   ORDER BY id DESC LIMIT 1000)"
		       "  WHERE code = ?1 AND object = ?2"
		       "  AND instr(text, ?3) > 0 AND at > ?4",
};

enum fault
store_event_recent(bool *out, struct store *store, enum event_kind kind,
    const char *object, const char *part, int64_t since)
{
	enum fault fault;
	int64_t count;

	assert(out && store && kind < EVENT__COUNT && object && part);
	fault = statement_number(&count, 0, store, sql[SQL_RECENT], "ttti",
	    codes[kind], object, part, since);
	*out = !fault && count > 0;
	return fault;
}
