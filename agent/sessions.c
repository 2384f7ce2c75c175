/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sessions.c: a hash table by session ID with two counters. Does not know who
 * may be admitted.
 */
#include "agent/sessions.h"

#include "engine/base/log.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS_FIRST 256

/* FNV-1a: the IDs are chosen by the gateway, not by its users. */
static size_t
bucket_of(const struct sessions *sessions, const char *id)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *id; id++)
		hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
	return (size_t)(hash % sessions->bucket_count);
}

static void
put(struct sessions *sessions, struct session *session)
{
	struct session *
	    *bucket = &sessions->buckets[bucket_of(sessions, session->id)];

	session->next = *bucket;
	*bucket = session;
}

static enum fault
make_buckets(struct sessions *sessions)
{
	struct sessions wider = *sessions;
	struct session *session, *next;
	size_t i;

	if (sessions->count < sessions->bucket_count)
		return FAULT_NONE;
	wider.bucket_count = sessions->bucket_count ? sessions->bucket_count * 2
						    : BUCKETS_FIRST;
	wider.buckets = calloc(wider.bucket_count, sizeof(*wider.buckets));
	if (!wider.buckets)
		return FAULT_MEMORY;
	for (i = 0; i < sessions->bucket_count; i++)
		for (session = sessions->buckets[i]; session; session = next) {
			next = session->next;
			put(&wider, session);
		}
	free(sessions->buckets);
	*sessions = wider;
	return FAULT_NONE;
}

static const char *
copy_text(char **at, const char *text)
{
	size_t bytes = strlen(text) + 1;
	const char *start = memcpy(*at, text, bytes);

	*at += bytes;
	return start;
}

enum fault
sessions_reserve(struct session **out, struct sessions *sessions,
    const struct session_row *row)
{
	size_t bytes = strlen(row->id) + strlen(row->user) +
	    strlen(row->feature) + strlen(row->gateway) + 4;
	struct session *session;
	char *at;

	*out = NULL;
	if (make_buckets(sessions) ||
	    !(session = calloc(1, sizeof(*session) + bytes))) {
		log_line(LOG_SEVERITY_ERROR, "no memory for a session");
		return FAULT_MEMORY;
	}
	at = (char *)(session + 1);
	session->id = copy_text(&at, row->id);
	session->user = copy_text(&at, row->user);
	session->feature = copy_text(&at, row->feature);
	session->gateway = copy_text(&at, row->gateway);
	session->began_at = row->began_at;
	session->seen_at = row->seen_at;
	session->timeout = row->timeout;
	*out = session;
	return FAULT_NONE;
}

void
sessions_release(struct session **session)
{
	free(*session);
	*session = NULL;
}

void
sessions_add(
    struct sessions *sessions, struct session *session, int64_t elapsed_ms)
{
	assert(session && !sessions_find(sessions, session->id));
	session->is_rdp = *session->feature != '\0';
	session->heard_ms = elapsed_ms;
	put(sessions, session);
	sessions->count++;
	if (session->is_rdp)
		sessions->rdp_users++;
	else
		sessions->users++;
}

struct session *
sessions_find(const struct sessions *sessions, const char *id)
{
	struct session *session;

	if (!sessions->bucket_count)
		return NULL;
	session = sessions->buckets[bucket_of(sessions, id)];
	while (session && strcmp(session->id, id) != 0)
		session = session->next;
	return session;
}

void
sessions_remove(struct sessions *sessions, const char *id)
{
	struct session **link, *session;

	if (!sessions->bucket_count)
		return;
	link = &sessions->buckets[bucket_of(sessions, id)];
	while (*link && strcmp((*link)->id, id) != 0)
		link = &(*link)->next;
	if (!(session = *link))
		return;
	*link = session->next;
	sessions->count--;
	if (session->is_rdp)
		sessions->rdp_users--;
	else
		sessions->users--;
	free(session);
}

void
sessions_clear(struct sessions *sessions)
{
	struct session *session, *next;
	size_t i;

	for (i = 0; i < sessions->bucket_count; i++)
		for (session = sessions->buckets[i]; session; session = next) {
			next = session->next;
			free(session);
		}
	free(sessions->buckets);
	memset(sessions, 0, sizeof(*sessions));
}

static enum fault
add_rows(struct sessions *sessions, const struct session_row *rows,
    size_t count, int64_t elapsed_ms)
{
	struct session *session;
	enum fault fault;
	size_t i;

	for (i = 0; i < count; i++) {
		if ((fault = sessions_reserve(&session, sessions, &rows[i])))
			return fault;
		sessions_add(sessions, session, elapsed_ms);
		/* People see the new time at which it is over. */
		session->is_renewed = true;
	}
	return FAULT_NONE;
}

enum fault
sessions_load(
    struct sessions *sessions, struct store *store, int64_t elapsed_ms)
{
	struct sessions loaded = { 0 };
	struct session_row *rows;
	struct arena arena;
	enum fault fault;
	size_t count;

	arena_init(&arena, SIZE_MAX);
	fault = store_session_list(&rows, &count, &arena, store, NULL);
	if (!fault)
		fault = add_rows(&loaded, rows, count, elapsed_ms);
	if (fault) {
		sessions_clear(&loaded);
	} else {
		sessions_clear(sessions);
		*sessions = loaded;
	}
	arena_clear(&arena);
	return fault;
}

void
sessions_renew(struct session *session, int64_t now, int64_t elapsed_ms)
{
	session->seen_at = now;
	session->heard_ms = elapsed_ms;
	session->is_renewed = true;
}

struct session_row
sessions_row(const struct session *session)
{
	return (struct session_row){ .id = session->id,
		.user = session->user,
		.feature = session->feature,
		.gateway = session->gateway,
		.began_at = session->began_at,
		.timeout = session->timeout,
		.seen_at = session->seen_at };
}

struct session *
sessions_next(const struct sessions *sessions, const struct session *last)
{
	size_t i = last ? bucket_of(sessions, last->id) + 1 : 0;

	if (last && last->next)
		return last->next;
	for (; i < sessions->bucket_count; i++)
		if (sessions->buckets[i])
			return sessions->buckets[i];
	return NULL;
}

static int
older_first(const void *a, const void *b)
{
	const struct session *one = *(const struct session *const *)a;
	const struct session *other = *(const struct session *const *)b;

	if (one->began_at != other->began_at)
		return one->began_at < other->began_at ? -1 : 1;
	return strcmp(one->id, other->id);
}

const struct session **
sessions_sorted(const struct sessions *sessions)
{
	const struct session **sorted, *session;
	size_t i, used = 0;

	sorted = calloc(sessions->count + 1, sizeof(*sorted));
	if (!sorted)
		return NULL;
	for (i = 0; i < sessions->bucket_count; i++)
		for (session = sessions->buckets[i]; session;
		     session = session->next)
			sorted[used++] = session;
	qsort(sorted, used, sizeof(*sorted), older_first);
	return sorted;
}
