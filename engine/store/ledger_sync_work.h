/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_work.h: one sync in the making, shared by the files
 * ledger_sync*.c and nobody else.
 */
#ifndef LEASEHOLD_STORE_LEDGER_SYNC_WORK_H
#define LEASEHOLD_STORE_LEDGER_SYNC_WORK_H

#include "engine/rules/lease.h"
#include "engine/store/ledger.h"
#include "engine/store/store_allocation.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_denial.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_pool.h"
#include <jansson.h>

struct sync_work {
	struct ledger *ledger;
	const struct sync_request *request;
	struct sync_answer *out;
	struct client_row client;
	const struct platform *platform;	/* configured; NULL when the catalogue lost it */
	struct contact_row contact;		/* "number" is the newest document before this sync */
	int64_t duration, interval;
	struct allocation_row *allocations;
	size_t allocation_count;
	struct lease_row *leases;
	size_t lease_count;
	struct denial_row *denials;
	size_t denial_count;
	bool is_halted;				/* nothing is granted (decision 7); from the watch row */
	bool is_strict;				/* SETTING_STRICT_MEMBERSHIP */
	instant earliest;			/* end of the part that ends first */
	const char *leader;			/* of its cluster, in time; NULL = none */
	instant leader_until;
	json_t *features;			/* of the answer */
	json_t *document;			/* of the lease document */
	json_t *notices;
	json_t *compliance;			/* one object per feature that draws on permanent units without a member license */
};

/* What was decided about one feature. */
struct sync_decision {
	const char *feature;
	int64_t users;			/* asked for */
	struct allocation allocation;	/* in force: zeros when the client may not use it */
	struct lease_plan plan;
	const char *denied_code;	/* NULL = nothing denied */
	const char *denied_text;
	const struct pool_holder *holders;
	size_t holder_count;
};

#define NOTICE(symbol, code, severity, sentence) SYNC_NOTICE_##symbol,
enum sync_notice {
#include "engine/store/notices.tbl"
	SYNC_NOTICE__COUNT
};
#undef NOTICE

/* ledger_sync_check.c: loads the client and looks whether it may be served; out->status is set when the answer is known already. */
enum fault ledger_sync_check(struct sync_work *work) MUST_CHECK;

/* ledger_sync_feature.c: decides about one feature and writes what comes of it. */
enum fault ledger_sync_feature(struct sync_work *work, const char *name) MUST_CHECK;

/* ledger_sync_recover.c: must growth of this feature wait until every client has synced in this epoch (rules.md 15)? */
enum fault ledger_sync_recovering(bool *out, struct sync_work *work, const char *feature) MUST_CHECK;

/* ledger_sync_answer.c: the two JSON texts of an answer. */
enum fault ledger_sync_answer_begin(struct sync_work *work) MUST_CHECK;
enum fault ledger_sync_answer_feature(struct sync_work *work, const struct sync_decision *decision) MUST_CHECK;
/* "since" when it began. */
enum fault ledger_sync_answer_notice(struct sync_work *work, enum sync_notice notice, const char *a, const char *b, int64_t since) MUST_CHECK;
/* out->answer, out->document; out->number is set. */
enum fault ledger_sync_answer_finish(struct sync_work *work) MUST_CHECK;
void ledger_sync_answer_clear(struct sync_work *work);

#endif
