/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sessions.c: a hash table by session ID with two counters. Does not know who
 * may be admitted.
 */
#include "agent/sessions.h"

#include "engine/base/log.h"
#include "engine/store/store_link.h"
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
    const char *id, const char *user, const char *feature)
{
	size_t bytes = strlen(id) + strlen(user) + strlen(feature) + 3;
	struct session *session;
	char *at;

	*out = NULL;
	if (make_buckets(sessions) ||
	    !(session = calloc(1, sizeof(*session) + bytes))) {
		log_line(LOG_SEVERITY_ERROR, "no memory for a session");
		return FAULT_MEMORY;
	}
	at = (char *)(session + 1);
	session->id = copy_text(&at, id);
	session->user = copy_text(&at, user);
	session->feature = copy_text(&at, feature);
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
sessions_add(struct sessions *sessions, struct session *session, bool is_rdp,
    int64_t now)
{
	assert(session && !sessions_find(sessions, session->id));
	session->is_rdp = is_rdp;
	session->began_at = now;
	put(sessions, session);
	sessions->count++;
	if (is_rdp)
		sessions->rdp_users++;
	else
		sessions->users++;
}

const struct session *
sessions_find(const struct sessions *sessions, const char *id)
{
	const struct session *session;

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

static bool
counts_rdp(const struct catalogue *catalogue, const char *name)
{
	const struct feature *feature = catalogue_feature(catalogue, name);

	return feature && feature->kind == FEATURE_RDP;
}

static enum fault
add_rows(struct sessions *sessions, const struct session_row *rows,
    size_t count, const struct catalogue *catalogue)
{
	struct session *session;
	enum fault fault;
	size_t i;

	for (i = 0; i < count; i++) {
		if ((fault = sessions_reserve(&session, sessions, rows[i].id,
			 rows[i].user, rows[i].feature)))
			return fault;
		sessions_add(sessions, session,
		    counts_rdp(catalogue, rows[i].feature), rows[i].began_at);
	}
	return FAULT_NONE;
}

enum fault
sessions_load(struct sessions *sessions, struct store *store,
    const struct catalogue *catalogue)
{
	struct sessions loaded = { 0 };
	struct session_row *rows;
	struct arena arena;
	enum fault fault;
	size_t count;

	arena_init(&arena, SIZE_MAX);
	fault = store_session_list(&rows, &count, &arena, store);
	if (!fault)
		fault = add_rows(&loaded, rows, count, catalogue);
	if (fault) {
		sessions_clear(&loaded);
	} else {
		sessions_clear(sessions);
		*sessions = loaded;
	}
	arena_clear(&arena);
	return fault;
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
