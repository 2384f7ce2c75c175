/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * book.h: the shipped rules with a license server's rows in memory instead of
 * a store, kept as engine/store keeps them: parts that name the documents they
 * stand in, and sums over these. For millions of decisions a minute.
 */
#ifndef LEASEHOLD_TESTS_MODEL_BOOK_H
#define LEASEHOLD_TESTS_MODEL_BOOK_H

#include "engine/rules/lease.h"
#include "engine/rules/license.h"

#define BOOK_CLIENTS 5
#define BOOK_LICENSES 6
#define BOOK_ROWS 256
#define BOOK_LIVE INT64_MAX

struct book_row {
	struct lease_part part;
	int64_t first, last;	/* documents it stands in; BOOK_LIVE = the newest and the next */
};

struct book_client {
	bool is_there, is_deleted, is_member;
	struct allocation allocation;
	instant expires;
	int64_t number;
	struct book_row rows[BOOK_ROWS];
	size_t row_count;
};

struct book {
	instant now;
	int64_t duration, grace;
	int64_t surrendered, recalling;
	bool is_recovering, is_strict;
	int64_t ids;
	struct book_client clients[BOOK_CLIENTS];
	struct license licenses[BOOK_LICENSES];
	size_t license_count;
};

struct book_answer {
	struct lease_plan plan;
	struct lease_part parts[BOOK_ROWS + 3];
};

void book_init(struct book *book, instant now);
/* The sums a decision is made of, as store_pool_load() finds them. "falls" holds 4 for each license. */
void book_pool(struct pool *pool, struct pool_fall *falls, const struct book *book, size_t client);
/* The most units any document gives at "now" or later. */
int64_t book_documented(const struct book *book, size_t client, instant at);
int64_t book_leased(const struct book *book, size_t client);
/* What the agent does each minute. */
void book_pass(struct book *book, instant now);
void book_confirm(struct book *book, size_t client, int64_t number);
void book_ask(struct book_answer *out, struct book *book, size_t client, int64_t users);
void book_delete(struct book *book, size_t client);
/* Do the recalled units leave? As a sync of the client that recalls them finds it. */
bool book_return(struct book *book);
bool book_may_save(const struct book *book, size_t client, const struct allocation *allocation, instant expires);

#endif
