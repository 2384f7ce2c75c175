/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_event.c: rows of the two logs and the chain of hashes through both.
 * Does not know what happened: the sentences are in events.tbl.
 */
#include "engine/store/store_event.h"

#include "engine/base/digest.h"
#include "engine/store/sentence.h"
#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

struct kind {
	const char *code;
	int64_t severity;
	const char *log;
	const char *parameters;
	const char *sentence;
};

#define EVENT(symbol, code, severity, log, parameters, sentence)               \
	[EVENT_##symbol] = { code, severity, log, parameters, sentence },
static const struct kind kinds[EVENT__COUNT] = {
#include "engine/store/events.tbl"
};
#undef EVENT

#define COLUMNS "id, at, severity, log, code, actor, address, object, text"

#define MATCHING                                                               \
	" FROM event WHERE (?1 IS NULL OR log = ?1) AND severity >= ?2"        \
	" AND (?3 = '' OR instr(lower(code || ' ' || actor || ' ' || object"   \
	"  || ' ' || text), lower(?3)) > 0)"

enum {
	SQL_LAST,
	SQL_INSERT,
	SQL_LIST,
	SQL_PAGE,
	SQL_MATCHING,
	SQL_LOAD,
	SQL_CHAIN,
	SQL_HIGHEST,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_LAST] = "SELECT id, hash FROM event ORDER BY id DESC LIMIT 1",
	[SQL_INSERT] = "INSERT INTO event (id, at, log, code, severity, actor,"
		       "  address, object, text, hash)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[SQL_LIST] = "SELECT " COLUMNS " FROM event"
		     " WHERE (?1 IS NULL OR log = ?1)"
		     "   AND (?2 IS NULL OR object = ?2)"
		     " ORDER BY id DESC LIMIT ?3",
	[SQL_PAGE] = "SELECT " COLUMNS MATCHING
		     " ORDER BY id DESC LIMIT ?4 OFFSET ?5",
	[SQL_MATCHING] = "SELECT count(*)" MATCHING,
	[SQL_LOAD] = "SELECT " COLUMNS " FROM event WHERE id = ?1",
	[SQL_CHAIN] = "SELECT " COLUMNS ", hash FROM event ORDER BY id",
	[SQL_HIGHEST] = "SELECT seq FROM sqlite_sequence WHERE name = 'event'",
};

/* What a hash covers, put down so that no two rows read alike. */
struct record {
	uint8_t *data;
	size_t used;
};

static size_t
record_size(const struct event_row *row)
{
	return DIGEST_BYTES + 9 * sizeof(uint64_t) + strlen(row->log) +
	    strlen(row->code) + strlen(row->actor) + strlen(row->address) +
	    strlen(row->object) + strlen(row->text);
}

static void
put_number(struct record *record, int64_t value)
{
	uint64_t bits = (uint64_t)value;
	int shift;

	for (shift = 56; shift >= 0; shift -= 8)
		record->data[record->used++] = (uint8_t)(bits >> shift);
}

static void
put_text(struct record *record, const char *text)
{
	size_t length = strlen(text);

	put_number(record, (int64_t)length);
	memcpy(record->data + record->used, text, length);
	record->used += length;
}

/* "hash" comes in as that of the row before and goes out as this one's. */
static enum fault
chain(uint8_t hash[DIGEST_BYTES], struct arena *arena,
    const struct event_row *row)
{
	struct record record = { .used = DIGEST_BYTES };

	if (!(record.data = arena_alloc(arena, record_size(row))))
		return FAULT_MEMORY;
	memcpy(record.data, hash, DIGEST_BYTES);
	put_number(&record, row->id);
	put_number(&record, row->at);
	put_number(&record, row->severity);
	put_text(&record, row->log);
	put_text(&record, row->code);
	put_text(&record, row->actor);
	put_text(&record, row->address);
	put_text(&record, row->object);
	put_text(&record, row->text);
	return digest_sha256(hash, record.data, record.used);
}

static enum fault
load_last(int64_t *id, uint8_t hash[DIGEST_BYTES], struct store *store)
{
	sqlite3_stmt *row;
	enum fault fault;

	*id = 0;
	memset(hash, 0, DIGEST_BYTES);
	fault = statement_row(&row, store, sql[SQL_LAST], "");
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	*id = statement_int(row, 0);
	(void)statement_blob(hash, DIGEST_BYTES, row, 1);
	statement_done(row);
	return FAULT_NONE;
}

/* The next id is one above the highest ever: what is missing at the end shows. */
static enum fault
next_id(int64_t *out, struct store *store, int64_t last)
{
	enum fault fault = statement_number(
	    out, last, store, sql[SQL_HIGHEST], "");

	*out = (*out > last ? *out : last) + 1;
	return fault;
}

static enum fault
insert(struct store *store, struct arena *arena, struct event_row *row)
{
	uint8_t hash[DIGEST_BYTES];
	enum fault fault;
	int64_t last;

	if ((fault = load_last(&last, hash, store)) ||
	    (fault = next_id(&row->id, store, last)) ||
	    (fault = chain(hash, arena, row)))
		return fault;
	return statement_run(store, sql[SQL_INSERT], "iittittttb", row->id,
	    row->at, row->log, row->code, row->severity, row->actor,
	    row->address, row->object, row->text, hash, sizeof(hash));
}

/* The object and four values. */
#define VALUES 5

/* Gives each value its name; what has none keeps "-", which no sentence asks for. */
static enum fault
name_values(struct sentence_value values[VALUES], struct arena *arena,
    const char *names)
{
	size_t i;

	for (i = 0; i < VALUES; i++) {
		size_t length = strcspn(names, " ");

		values[i].name = arena_text_n(arena, names, length);
		if (!values[i].name)
			return FAULT_MEMORY;
		names += length + (names[length] == ' ');
	}
	return FAULT_NONE;
}

enum fault
store_event_append(struct store *store, enum event_kind kind,
    const struct actor *actor, const char *object, const char *a, const char *b,
    const char *c, const char *d, int64_t now)
{
	struct sentence_value values[VALUES] = { { NULL, object }, { NULL, a },
		{ NULL, b }, { NULL, c }, { NULL, d } };
	struct event_row row = { .at = now, .object = object };
	enum fault fault = FAULT_MEMORY;
	struct arena arena;

	assert(store && kind < EVENT__COUNT && actor && actor->name && object);
	arena_init(&arena, 0);
	row.log = kinds[kind].log;
	row.code = kinds[kind].code;
	row.severity = kinds[kind].severity;
	row.actor = actor->name;
	row.address = actor->address ? actor->address : "";
	if (!name_values(values, &arena, kinds[kind].parameters) &&
	    (row.text = sentence_fill(
		 &arena, kinds[kind].sentence, values, VALUES)))
		fault = insert(store, &arena, &row);
	arena_clear(&arena);
	return fault;
}

static enum fault
read_event(void *item, struct arena *arena, sqlite3_stmt *statement)
{
	struct event_row *row = item;

	row->id = statement_int(statement, 0);
	row->at = statement_int(statement, 1);
	row->severity = statement_int(statement, 2);
	row->log = statement_text(arena, statement, 3);
	row->code = statement_text(arena, statement, 4);
	row->actor = statement_text(arena, statement, 5);
	row->address = statement_text(arena, statement, 6);
	row->object = statement_text(arena, statement, 7);
	row->text = statement_text(arena, statement, 8);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
store_event_list(struct event_row **out, size_t *count, struct arena *arena,
    struct store *store, const char *log, const char *object, int64_t limit)
{
	enum fault fault;
	void *rows;

	assert(out && count && arena && store && limit >= 0);
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_event, sql[SQL_LIST], "tti", log, object, limit);
	*out = rows;
	return fault;
}

enum fault
store_event_page(struct event_row **out, size_t *count, int64_t *matching,
    struct arena *arena, struct store *store, const struct event_filter *filter)
{
	enum fault fault;
	void *rows;

	assert(out && count && matching && arena && store && filter);
	*out = NULL;
	*count = 0;
	if ((fault = statement_number(matching, 0, store, sql[SQL_MATCHING],
		 "tit", filter->log, filter->severity, filter->find)))
		return fault;
	fault = statement_all(&rows, count, arena, store, sizeof(**out),
	    read_event, sql[SQL_PAGE], "titii", filter->log, filter->severity,
	    filter->find, filter->limit, filter->offset);
	*out = rows;
	return fault;
}

enum fault
store_event_load(
    struct event_row *out, struct arena *arena, struct store *store, int64_t id)
{
	sqlite3_stmt *row;
	enum fault fault;

	assert(out && arena && store);
	*out = (struct event_row){ 0 };
	if ((fault = statement_row(&row, store, sql[SQL_LOAD], "i", id)))
		return fault;
	fault = read_event(out, arena, row);
	statement_done(row);
	return fault;
}

/* Does the row continue the chain? "hash" moves on when it does. */
static enum fault
check_row(bool *fits, uint8_t hash[DIGEST_BYTES], struct arena *arena,
    sqlite3_stmt *statement, int64_t id)
{
	uint8_t found[DIGEST_BYTES];
	struct event_row row;
	enum fault fault;

	if ((fault = read_event(&row, arena, statement)) ||
	    (fault = chain(hash, arena, &row)))
		return fault;
	*fits = row.id == id &&
	    statement_blob(found, DIGEST_BYTES, statement, 9) &&
	    memcmp(found, hash, DIGEST_BYTES) == 0;
	return FAULT_NONE;
}

/* The first id at which the chain breaks, or one above the last. */
static enum fault
walk(int64_t *id, bool *fits, struct arena *arena, sqlite3_stmt *statement)
{
	uint8_t hash[DIGEST_BYTES] = { 0 };
	enum fault fault;
	bool has_row;

	*fits = true;
	for (*id = 1; *fits; ++*id) {
		if ((fault = statement_step(&has_row, statement)) || !has_row)
			return fault;
		fault = check_row(fits, hash, arena, statement, *id);
		arena_clear(arena);
		if (fault)
			return fault;
	}
	--*id;
	return FAULT_NONE;
}

enum fault
store_event_verify(int64_t *broken, struct store *store)
{
	sqlite3_stmt *statement;
	struct arena arena;
	enum fault fault;
	int64_t id = 0, highest;
	bool fits = true;

	assert(broken && store);
	*broken = 0;
	if ((fault = statement_start(&statement, store, sql[SQL_CHAIN], "")))
		return fault;
	arena_init(&arena, 0);
	fault = walk(&id, &fits, &arena, statement);
	statement_done(statement);
	arena_clear(&arena);
	if (!fault)
		fault = statement_number(
		    &highest, 0, store, sql[SQL_HIGHEST], "");
	if (!fault && (!fits || highest >= id))
		*broken = id;
	return fault;
}
