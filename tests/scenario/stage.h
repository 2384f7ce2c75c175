/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stage.h: what a play is acted on: the shipped ledger of a license server
 * over a real store in a directory of its own, gateways that keep what they
 * are sent, and a time that only the play moves. Knows nothing of the words
 * that plays are written in.
 */
#ifndef LEASEHOLD_TESTS_SCENARIO_STAGE_H
#define LEASEHOLD_TESTS_SCENARIO_STAGE_H

#include "tests/store/test_ledger_estate.h"

#define STAGE_GATEWAYS 32
#define STAGE_FEATURES 4
#define STAGE_LICENSES 16
#define STAGE_NAME_MAX 64

/* A license of a gateway that it surrendered. */
struct stage_surrender {
	char serial[STAGE_NAME_MAX];
	const char *key;
	int64_t since;		/* of its last surrender or recall */
	bool is_recall;
	char state[STAGE_NAME_MAX];	/* by the server's last answer */
};

struct stage_taken {
	const char *feature;
	int64_t units, from;
};

/* A gateway: what an admin configured for it, and what it keeps itself. */
struct stage_gateway {
	char name[STAGE_NAME_MAX];
	int64_t id;			/* of its client row; 0 = none is configured */
	char hardware_id[STAGE_NAME_MAX];
	struct client_count counts[STAGE_FEATURES];
	size_t count_count;
	struct sync_want wants[STAGE_FEATURES];
	size_t want_count;
	bool is_silent;			/* cannot reach the server */
	int64_t next_sync;
	int64_t holds, epoch;		/* of the document it has */
	const char *document;		/* NULL = none */
	json_t *answer;			/* of its last sync */
	char refusal[STAGE_NAME_MAX];	/* of its last sync; "" = none */
	const char *member;		/* its member key; NULL = none */
	char cluster[STAGE_NAME_MAX];
	bool offers_to_lead;
	struct stage_surrender surrenders[STAGE_FEATURES];
	size_t surrender_count;
	struct stage_taken taken[STAGE_FEATURES];
	size_t taken_count;
	/* The request whose answer was lost, to be sent again. */
	char lost_id[STAGE_NAME_MAX];
	struct sync_want lost_wants[STAGE_FEATURES];
	size_t lost_want_count;
	int64_t lost_at, lost_holds;
};

struct stage {
	struct estate estate;
	int64_t time;		/* the true one */
	int64_t skew;		/* of the server's clock, 0 or less */
	int64_t requests, serials;
	struct arena kept;	/* for as long as the play goes on */
	struct stage_gateway gateways[STAGE_GATEWAYS];
	size_t gateway_count;
	char licenses[STAGE_LICENSES][2][STAGE_NAME_MAX];	/* name, serial */
	size_t license_count;
	bool was_restored;
	bool may_be_short;	/* a license went that nobody foresaw */
};

void stage_open(struct stage *stage);
void stage_close(struct stage *stage);
/* What the server's clock shows. */
int64_t stage_system(const struct stage *stage);
/* The instant that the server decides at. */
int64_t stage_now(struct stage *stage);
/* Opens a transaction of the ledger at that instant, and ends it; faults end the play. Mistakes stay in the ledger: false. */
void stage_begin(struct stage *stage);
bool stage_end(struct stage *stage, enum fault fault);
/* Made when it is not there yet. */
struct stage_gateway *stage_gateway(struct stage *stage, const char *name);
struct pool_row stage_pool(struct stage *stage, const char *feature);

/* Time passes; the agent does its work, and gateways that can sync when they should. */
void stage_pass(struct stage *stage, int64_t seconds);
/* A license key is made and entered. "start" and "end" may be NULL: the SKU says. */
bool stage_license(struct stage *stage, const char *name, const char *sku, const char *start, const char *end);
void stage_license_remove(struct stage *stage, const char *name);
/* Adds the client or changes its counts of one feature. */
bool stage_save(struct stage *stage, struct stage_gateway *gateway, const char *feature, const struct allocation *allocation, const char *expires);
void stage_delete(struct stage *stage, struct stage_gateway *gateway);
/* What a gateway wants of a feature from now on. */
void stage_want(struct stage_gateway *gateway, const char *feature, int64_t users);
/* It syncs; a lost answer never reaches it. "asker" relays it when not NULL. */
void stage_sync(struct stage *stage, struct stage_gateway *gateway, bool is_lost, const struct stage_gateway *asker);
/* It sends the request again whose answer was lost. */
void stage_repeat(struct stage *stage, struct stage_gateway *gateway);
/* Units of a feature that it may use by the document it has, now. */
int64_t stage_usable(struct stage *stage, const struct stage_gateway *gateway, const char *feature);
void stage_copy(struct stage *stage);
void stage_restore(struct stage *stage);
/* The invariants, and that no unit is usable twice; ends the play when one is broken. */
void stage_check(struct stage *stage);

#endif
