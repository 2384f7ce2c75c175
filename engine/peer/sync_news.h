/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_news.h: what a license client tells its server beside its users: member
 * licenses, surrenders and recalls, and what it took by itself. Read from the
 * store once for each request ID, so that a repeated request is the same.
 */
#ifndef LEASEHOLD_PEER_SYNC_NEWS_H
#define LEASEHOLD_PEER_SYNC_NEWS_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/ledger.h"
#include "engine/store/store_link_auto_lease.h"

/* Of a server's 32, 128 and 256. */
#define SYNC_NEWS_MEMBERS_MAX	  8
#define SYNC_NEWS_LICENSES_MAX	  120
#define SYNC_NEWS_AUTO_LEASES_MAX 128
/* Of the 64 KiB that a request may have; a longer lease is not shown. */
#define SYNC_NEWS_BYTES_MAX	  ((size_t)52 * 1024)
#define SYNC_NEWS_LEASE_MAX_BYTES ((size_t)24 * 1024)

struct sync_news_license {
	const char *key, *serial;
	int64_t since;
	bool is_recall;
};

struct sync_news {
	const char **members;	/* keys */
	size_t member_count;
	struct sync_news_license *licenses;	/* surrendered and recalled ones, those on the way first */
	size_t license_count;
	struct link_auto_lease_row *auto_leases;	/* each with its "to": what is in use is told of up to now */
	size_t auto_lease_count;
	const char *lease;	/* the document held goes along, to prove it; NULL = it does not */
};

/*
 * Inside an open transaction, to be committed before the request leaves: from
 * then on a server may know of every surrender named. "server_now" INT64_MAX =
 * its clock is not known: then no unit was taken. "lease" NULL or "" = none is
 * to be shown.
 */
enum fault sync_news_load(struct sync_news *out, struct ledger *ledger, int64_t server_now, const char *lease) MUST_CHECK;
/* The "since" under which a license was named; 0 = it was not. */
int64_t sync_news_since(const struct sync_news *news, const char *serial);
/* Is there something in the store by now that was not said? */
enum fault sync_news_is_stale(bool *out, const struct sync_news *news, struct arena *arena, struct store *store, int64_t now) MUST_CHECK;

#endif
