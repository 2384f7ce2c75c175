/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_finding.h: what on this appliance is not as it should be: which rule,
 * with what numbers, since when, until when, and what mends it. One list for
 * the page, the command line and programs.
 */
#ifndef LEASEHOLD_STORE_STORE_FINDING_H
#define LEASEHOLD_STORE_STORE_FINDING_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/appliance.h"
#include "engine/store/store.h"

#define FINDING(symbol, code, severity, rule, fix) FINDING_##symbol,
enum finding_kind {
#include "engine/store/findings.tbl"
	FINDING__COUNT
};
#undef FINDING

struct finding {
	enum finding_kind kind;
	const char *code, *severity, *rule, *fix;
	const char *object;	/* client, feature, license; "" = the appliance */
	int64_t client;		/* row of the client it is about; 0 = none */
	const char *text;	/* the evidence, one sentence with its numbers */
	int64_t since, until;	/* 0 = not known, or no end in sight */
};

/* More clients of one kind than this are summed up in a last finding of that kind. */
#define FINDING_CLIENTS_MAX 100

/* The worst first: in the order of findings.tbl, then by object. */
enum fault store_finding_list(struct finding **out, size_t *count, struct arena *arena, struct store *store, const struct appliance *appliance, int64_t now) MUST_CHECK;

#endif
