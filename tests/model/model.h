/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.h: the rules of lending once more, written from their text alone:
 * slow and plain. Every quantum stands by itself, every lease document that a
 * client may still hold is kept whole, and every sum is made anew from these.
 * Knows one feature of one license server; shares no code with engine/rules
 * but the names of verdicts.
 */
#ifndef LEASEHOLD_TESTS_MODEL_MODEL_H
#define LEASEHOLD_TESTS_MODEL_MODEL_H

#include "engine/rules/verdict.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_CLIENTS 5
#define MODEL_LICENSES 6
#define MODEL_PIECES 128
#define MODEL_DOCUMENTS 40

#define MODEL_HOUR INT64_C(3600)
#define MODEL_DAY INT64_C(86400)
#define MODEL_NEVER INT64_MAX

/* The reserved part, or one quantum. */
struct model_piece {
	bool is_reserved;
	int64_t units;
	int64_t granted;
	int64_t expires;	/* as signed */
	int64_t believed;	/* latest expiry signed for its sheet: docs/decisions/0008 counts an older document so */
	bool is_lapsing;
	int64_t sheet;		/* what was granted together, for as long as it stays together */
	int64_t subscription;	/* of its units, drawn from subscriptions */
};

/* Reserved part first, then quanta, oldest first. */
struct model_lease {
	struct model_piece pieces[MODEL_PIECES];
	size_t count;
};

struct model_document {
	int64_t number;
	struct model_lease lease;
};

struct model_client {
	bool is_there;		/* takes a place, be it only for its paper */
	bool is_deleted;
	bool is_member;
	int64_t reserved, increment, maximum;
	int64_t expires;	/* of its configuration; MODEL_NEVER without a date */
	int64_t number;		/* of the newest document */
	struct model_lease lease;
	struct model_document documents[MODEL_DOCUMENTS];	/* every one it may still hold, oldest first */
	size_t document_count;
};

struct model_license {
	bool is_there;
	bool is_subscription;
	int64_t units;
	int64_t start, end;	/* midnights; end MODEL_NEVER when permanent */
};

struct model {
	int64_t now;
	int64_t duration;	/* D */
	int64_t grace;
	int64_t surrendered;	/* units of permanent licenses that clients gave to the pool */
	int64_t recalling;	/* of those, units that a recall waits for */
	bool is_recovering;
	bool is_strict;
	int64_t sheets;		/* handed out so far */
	struct model_client clients[MODEL_CLIENTS];
	struct model_license licenses[MODEL_LICENSES];
};

struct model_answer {
	struct model_lease lease;
	int64_t leased;
	enum verdict denial;
	int64_t wanted, available, total;	/* of a denial */
};

void model_init(struct model *model, int64_t now);

/* T at an instant, and what of it comes from subscriptions. */
int64_t model_total(const struct model *model, int64_t at);
int64_t model_subscription(const struct model *model, int64_t at);
/* L of one client. */
int64_t model_leased(const struct model *model, size_t client);
/* The most that any document it may still hold gives it at an instant from now on. */
int64_t model_paper(const struct model *model, size_t client, int64_t at);
/* The same by what was signed, to the second: never more. */
int64_t model_signed(const struct model *model, size_t client, int64_t at);
int64_t model_held(const struct model *model, size_t client);
/* Of everybody. */
int64_t model_held_sum(const struct model *model);
/* T minus what the others hold. */
int64_t model_reservable(const struct model *model, size_t client);

/* Later, never earlier: what ran out is gone. */
void model_pass(struct model *model, int64_t now);
/* The client holds that document, and will use none before it. */
void model_confirm(struct model *model, size_t client, int64_t number);
/* Decides what the client gets, and writes its next document. */
void model_ask(struct model_answer *out, struct model *model, size_t client, int64_t users);
void model_delete(struct model *model, size_t client);
/* May the recalled units leave now (8.3)? Then they do. */
bool model_return(struct model *model);
/* May these counts be saved by rules.md 4? */
bool model_may_save(const struct model *model, size_t client, int64_t reserved, int64_t increment, int64_t maximum, int64_t expires);

#endif
