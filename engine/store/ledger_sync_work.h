/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_work.h: one sync in the making, shared by the files
 * ledger_sync*.c and nobody else.
 */
#ifndef LEASEHOLD_STORE_LEDGER_SYNC_WORK_H
#define LEASEHOLD_STORE_LEDGER_SYNC_WORK_H

#include "engine/rules/lease.h"
#include "engine/store/ledger.h"
#include "engine/store/license_claim.h"
#include "engine/store/store_allocation.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_denial.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_recovery.h"
#include "engine/store/store_surrendered.h"
#include "engine/store/store_watch.h"
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
	const char **freed;			/* features whose older documents were confirmed away */
	size_t freed_count;
	struct denial_row *denials;
	size_t denial_count;
	struct recovery_row recovery;		/* epoch, and since when */
	bool is_first;				/* of this epoch */
	bool is_unproven;			/* it holds a document of before the restore, and did not show it */
	bool holds_other;			/* "holds" is no document of this epoch */
	struct surrendered_row *surrendered;	/* licenses of the client that count here, as this sync found them */
	size_t surrendered_count;
	struct watch_row watch;			/* "penalty_until" is 0 when that is over */
	struct auto_lease_row *auto_leases;	/* the switch of each feature */
	size_t auto_lease_count;
	bool is_punished;			/* this sync began a penalty */
	bool is_halted;				/* nothing is granted (decision 7); from the watch row */
	bool is_strict;				/* SETTING_STRICT_MEMBERSHIP */
	instant earliest;			/* end of the part that ends first */
	const char *leader;			/* of its cluster, in time; NULL = none */
	instant leader_until;
	json_t *features;			/* of the answer */
	json_t *document;			/* of the lease document */
	json_t *notices;
	json_t *surrenders, *recalls;
	json_t *compliance;			/* one object per feature that draws on permanent units without a member license */
};

/* What was decided about one feature. */
struct sync_decision {
	const char *feature;
	int64_t users;			/* asked for */
	struct allocation allocation;	/* in force: zeros when the client may not use it */
	struct lease_plan plan;
	struct pool pool;		/* before it; when "is_pooled" */
	bool is_pooled;
	bool is_changed;		/* some part is new, gone or smaller */
	bool may_auto_lease;
	const char *denied_code;	/* NULL = nothing denied */
	const char *denied_text;
	const struct pool_holder *holders;
	size_t holder_count;
	const struct pool_free *frees;	/* the next units that come free */
	size_t free_count;
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

/* ledger_sync_recovering.c: must growth of this feature wait until every client has synced in this epoch (rules.md 15)? */
enum fault ledger_sync_recovering(bool *out, struct sync_work *work, const char *feature) MUST_CHECK;
/* At a client's first sync in an epoch: its lease becomes what it proves. Before "holds" is confirmed and leases are loaded. */
enum fault ledger_sync_recovering_meet(struct sync_work *work) MUST_CHECK;
/* The notice while it goes on, and its end when this client was the last; the second after the contact was saved. */
enum fault ledger_sync_recovering_tell(struct sync_work *work) MUST_CHECK;
enum fault ledger_sync_recovering_end(struct sync_work *work) MUST_CHECK;

/* ledger_sync_member.c: the member license it shows; before features are decided. */
enum fault ledger_sync_member(struct sync_work *work) MUST_CHECK;
/* The client's device, for judging its license keys. */
struct license_device ledger_sync_member_device(const struct sync_work *work);

/* ledger_sync_compliance.c: a feature that draws on permanent units without a member license; and what of it is told when all are decided. */
enum fault ledger_sync_compliance_note(struct sync_work *work, const struct sync_decision *decision) MUST_CHECK;
enum fault ledger_sync_compliance_finish(struct sync_work *work) MUST_CHECK;

/* ledger_sync_surrender.c: licenses that the client surrenders join the pool, those it recalls are marked; before features are decided. */
enum fault ledger_sync_surrender(struct sync_work *work) MUST_CHECK;
/* What is recalled leaves the pool, where nothing holds it any more; after features were decided. */
enum fault ledger_sync_surrender_return(struct sync_work *work) MUST_CHECK;

/* ledger_sync_auto.c: what the client auto-leased alone is judged; what watches over the server is loaded and told; before features are decided. */
enum fault ledger_sync_auto(struct sync_work *work) MUST_CHECK;
bool ledger_sync_auto_may(const struct sync_work *work, const char *feature);

/* ledger_sync_guard.c: do the sums still add up, and what is held now? A decision that breaks them answers FAULT_DAMAGED, and ledger->broken is set. */
enum fault ledger_sync_guard(struct sync_work *work, const struct sync_decision *decision, const struct lease_row *rows, size_t row_count) MUST_CHECK;

/* ledger_sync_answer.c: the two JSON texts of an answer. */
enum fault ledger_sync_answer_begin(struct sync_work *work) MUST_CHECK;
enum fault ledger_sync_answer_feature(struct sync_work *work, const struct sync_decision *decision) MUST_CHECK;
/* Who holds the units of a denial, as JSON in the arena; NULL without memory. */
const char *ledger_sync_answer_holders(struct sync_work *work, const struct sync_decision *decision);
/* "since" when it began. */
enum fault ledger_sync_answer_notice(struct sync_work *work, enum sync_notice notice, const char *a, const char *b, int64_t since) MUST_CHECK;
/* One entry of "surrenders" or "recalls"; "code" and "text" NULL = left out, "missing" 0 = left out. */
enum fault ledger_sync_answer_license(json_t *list, const char *serial, const char *state, const char *code, const char *text, int64_t missing) MUST_CHECK;
/* out->answer, out->document; out->number is set. */
enum fault ledger_sync_answer_finish(struct sync_work *work) MUST_CHECK;
/* Of a probe: protocol, request ID, server and its clock; NULL without memory. */
char *ledger_sync_answer_probe(const struct ledger *ledger, const char *request_id);
void ledger_sync_answer_clear(struct sync_work *work);

#endif
