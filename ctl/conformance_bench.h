/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_bench.h: a license server that grants the same lease to one
 * client, or lies as it is told to, and looks over every request that comes.
 * What it looks for stands in docs/lease-protocol.md.
 */
#ifndef LEASEHOLD_CTL_CONFORMANCE_BENCH_H
#define LEASEHOLD_CTL_CONFORMANCE_BENCH_H

#include "ctl/conformance_host.h"
#include "engine/base/arena.h"
#include "engine/base/keypair.h"
#include <jansson.h>
#include <stdio.h>

/* Rules that hold for every request; of each the first breach is kept. */
enum conformance_note {
	CONFORMANCE_NOTE_FORM,
	CONFORMANCE_NOTE_MEMBERS,
	CONFORMANCE_NOTE_IDS,
	CONFORMANCE_NOTE_CREDENTIALS,
	CONFORMANCE_NOTE_DEVICE,
	CONFORMANCE_NOTE_CONFIRMS,
	CONFORMANCE_NOTE_PLAIN,
	CONFORMANCE_NOTE__COUNT
};

/* How an answer is spoilt. */
enum conformance_lie {
	CONFORMANCE_LIE_NONE,
	CONFORMANCE_LIE_SIGNATURE,	/* of nobody */
	CONFORMANCE_LIE_KEY,		/* another server key, which it shows */
	CONFORMANCE_LIE_CLIENT,		/* for another Client ID */
	CONFORMANCE_LIE_DEVICE,		/* for another device */
	CONFORMANCE_LIE_REQUEST,	/* to an earlier request */
	CONFORMANCE_LIE_OPEN,		/* more in the open than signed */
	CONFORMANCE_LIE_NUMBER,		/* older than the one held */
	CONFORMANCE_LIE_EPOCH,		/* of an earlier epoch */
	CONFORMANCE_LIE_TYPE,		/* a document of another type */
	CONFORMANCE_LIE_UNPROVEN,	/* true, but not to be taken before the lease held was shown */
	CONFORMANCE_LIE_SMALLER		/* true, but with fewer units */
};

enum conformance_scheme {
	CONFORMANCE_SCHEME_NONE,
	CONFORMANCE_SCHEME_PASSWORD,
	CONFORMANCE_SCHEME_TOKEN
};

struct conformance_call {
	enum conformance_heard heard;
	struct conformance_heard_request request;
	json_t *body;			/* owned by the bench until the next call; NULL when it is no JSON object */
	const char *id;			/* "" when there is none */
	enum conformance_scheme scheme;
	int64_t holds;
	bool is_repeat;			/* an ID that came before, to the byte */
};

struct conformance_bench {
	struct arena *arena;
	struct conformance_host *host;
	struct keypair *signer, *stranger;
	FILE *prompts;
	const char *client, *password, *feature, *server_id;
	int64_t pace, renew_after, retry_after, wait_seconds;

	const char *rule;		/* ID of the one that is tried */
	bool is_left_alone;		/* the client was to be let alone: nobody is asked to make it ask */
	bool is_gone;			/* nothing came in time */
	const char *first;		/* what was wrong with the very first request; NULL = nothing */
	const char *notes[CONFORMANCE_NOTE__COUNT];
	bool has_device;
	uint8_t device[KEYPAIR_PUBLIC_BYTES];
	int64_t number;			/* of the last document that the client should hold; 0 = none */
	int64_t epoch;			/* of the next one */
	int64_t held_epoch;		/* of that document */
	bool is_restored;		/* "epoch" is a new one */
	int64_t last_number;		/* that was signed, lies included */
	const char *lease;		/* that document */
	const char *tokens;		/* all that were given, " token token " */
	struct conformance_known *known;	/* request IDs, latest first */
	bool expects_number;		/* the next request has to confirm "number" */
	json_t *body;
};

void conformance_bench_clear(struct conformance_bench *bench);

/* A new request, or a repeat of one that was never answered; repeats of answered ones get the same answer again meanwhile. False when nothing came until then (0 = as long as the operator said). Asks the operator to let the client ask, unless it is to be left alone. */
bool conformance_bench_next(struct conformance_call *out, struct conformance_bench *bench, int64_t deadline_ms);
/* One connection to another face. */
bool conformance_bench_meet(struct conformance_call *out, struct conformance_bench *bench, enum conformance_host_face face);
/* Tells the operator not to make the client ask for so many seconds, before what it is answered. */
void conformance_bench_leave_alone(struct conformance_bench *bench, int64_t seconds);

/* Answers the call; a lie is not what the client should hold then. */
void conformance_bench_grant(struct conformance_bench *bench, const struct conformance_call *call, enum conformance_lie lie, int64_t renew_after);
void conformance_bench_refuse(struct conformance_bench *bench, int status, const char *code, const char *headers);
/* A new epoch, as after a restore; the next document has a number above that one. */
void conformance_bench_restore(struct conformance_bench *bench, int64_t number);

#endif
