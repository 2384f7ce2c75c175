/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_client_list.h: many license clients at once: those that a filter
 * admits, a page at a time, in what state each is, and what all have together.
 */
#ifndef LEASEHOLD_STORE_STORE_CLIENT_LIST_H
#define LEASEHOLD_STORE_STORE_CLIENT_LIST_H

#include "engine/store/store_client.h"

/* Of what holds, the worst: in that order. */
enum client_state {
	CLIENT_STATE_OK,
	CLIENT_STATE_DENIED,		/* its last request was granted in part, or not at all */
	CLIENT_STATE_OVERDUE,		/* two renewals were missed */
	CLIENT_STATE_ENDED,		/* the same, and nothing of its lease runs */
	CLIENT_STATE_NONCOMPLIANT,	/* it uses permanent units without a member license (rules.md 5) */
	CLIENT_STATE_NEVER,		/* it was never heard of */
	CLIENT_STATE_EXPIRED,		/* its configuration expired */
	CLIENT_STATES
};
/* "ok", "denied", "overdue", "ended", "noncompliant", "never", "expired". */
const char *store_client_list_word(enum client_state state);
/* False when it is none of these. */
bool store_client_list_parse(enum client_state *out, const char *word);

struct client_filter {
	const char *find;	/* part of the Client ID, any case; "" or NULL = all, likewise below */
	const char *platform, *cluster;
	const char *feature;	/* that it has a Maximum Count of */
	int product;		/* 0 = any */
	bool has_state;
	enum client_state state;
	int64_t now, interval;	/* of the states: the instant, and the Lease Renewal Interval */
	const char *sort;	/* "name", "platform", "contact", "expires", "state"; another one is "name" */
	bool descending;
	int64_t offset, limit;	/* limit 0 = all */
};

struct client_list_row { struct client_row client; enum client_state state; };
/* A page of them, and how many match in all. Deleted clients that still hold units are listed by store_client_list_releasing. */
enum fault store_client_list(struct client_list_row **out, size_t *count, int64_t *matching, struct arena *arena, struct store *store, const struct client_filter *filter) MUST_CHECK;
enum fault store_client_list_releasing(struct client_row **out, size_t *count, struct arena *arena, struct store *store, int64_t now) MUST_CHECK;

/* What all of a filter have of a feature, by name; with "feature" of that one alone. */
struct client_list_sum { const char *feature; int64_t reserved, leased, maximum; };
enum fault store_client_list_sums(struct client_list_sum **out, size_t *count, struct arena *arena, struct store *store, const struct client_filter *filter) MUST_CHECK;

/* Platforms, or clusters, that clients have, each once, by name; "most" at most. */
enum fault store_client_list_platforms(const char ***out, size_t *count, struct arena *arena, struct store *store, int64_t most) MUST_CHECK;
enum fault store_client_list_clusters(const char ***out, size_t *count, struct arena *arena, struct store *store, int64_t most) MUST_CHECK;

#endif
