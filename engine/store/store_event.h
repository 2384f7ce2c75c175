/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_event.h: event log and admin log, each row chained to the one before
 * by a SHA-256. Written inside the transaction of the effect it tells of.
 */
#ifndef LEASEHOLD_STORE_STORE_EVENT_H
#define LEASEHOLD_STORE_STORE_EVENT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"

/* events.tbl: EVENT(symbol, "LIC30503", severity, log, "names of object, a, b, c, d", "sentence with {names}") */
#define EVENT(symbol, code, severity, log, parameters, sentence) EVENT_##symbol,
enum event_kind {
#include "engine/store/events.tbl"
	EVENT__COUNT
};
#undef EVENT

struct actor {
	const char *name;	/* administrator, "System", or a client's ID */
	const char *address;	/* "" = this machine */
};

struct event_row {
	int64_t id, at;
	const char *log, *code, *actor, *address, *object, *text;
	int64_t severity;
};

/* Appends one row; the object and the values fill the sentence of the table under the names that stand there. */
enum fault store_event_append(struct store *store, enum event_kind kind, const struct actor *actor, const char *object, const char *a, const char *b, const char *c, const char *d, int64_t now) MUST_CHECK;
/* Newest first; "log" NULL = both, "object" NULL = all. */
enum fault store_event_list(struct event_row **out, size_t *count, struct arena *arena, struct store *store, const char *log, const char *object, int64_t limit) MUST_CHECK;
/* What of the logs a page shows; newest first. */
struct event_filter {
	const char *log;	/* NULL = both */
	const char *find;	/* part of code, actor, object or sentence, in any case; "" = all */
	int64_t severity;	/* this one or worse */
	int64_t offset, limit;
};
/* *matching is how many there are in all. */
enum fault store_event_page(struct event_row **out, size_t *count, int64_t *matching, struct arena *arena, struct store *store, const struct event_filter *filter) MUST_CHECK;
/* FAULT_NOT_FOUND when it is missing. */
enum fault store_event_load(struct event_row *out, struct arena *arena, struct store *store, int64_t id) MUST_CHECK;
/* Recomputes the chain; *broken = id of the first row that does not fit, 0 = none. */
enum fault store_event_verify(int64_t *broken, struct store *store) MUST_CHECK;

#endif
