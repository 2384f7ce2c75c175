/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_estate.h: an appliance with a real store in a directory of its
 * own, and the acts of the ledger in one call each. Every instant is handed
 * in; a fault that a test does not expect ends it.
 */
#ifndef LEASEHOLD_TESTS_TEST_LEDGER_ESTATE_H
#define LEASEHOLD_TESTS_TEST_LEDGER_ESTATE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store/ledger.h"
#include "engine/store/store_license.h"
#include "engine/store/store_link.h"
#include "engine/store/store_link_auto_lease.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_setting.h"
#include <jansson.h>
#include <stdbool.h>

#define HOUR SECONDS_PER_HOUR
#define DAY SECONDS_PER_DAY
/* 2025-03-01 00:00 UTC */
#define START INT64_C(1740787200)

struct estate {
	char directory[64];
	struct appliance appliance;
	struct arena arena;
	struct ledger ledger;
	int64_t requests;	/* request IDs handed out */
	int64_t now;		/* for acts that take no instant */
	struct keypair *issuer;	/* of license keys, after estate_trust() */
	char kid[44];
};

struct sync_outcome {
	struct sync_answer answer;
	json_t *json, *document;	/* at 200 */
};

/* UTC; the switch on, an agreement accepted. */
void estate_open(struct estate *estate, enum appliance_role role);
void estate_close(struct estate *estate);
/* For cmocka: one estate of that role for each test, and its end. */
int estate_set_up_server(void **state);
int estate_set_up_client(void **state);
int estate_tear_down(void **state);

/* Every act: begin, act, end. The mistakes stay in estate->ledger. */
void estate_begin(struct estate *estate, int64_t now);
enum fault estate_end(struct estate *estate, enum fault fault);

/* Permanent unless "end_date" is not "". Answers its row. */
int64_t estate_license(struct estate *estate, const char *feature, int64_t units, const char *end_date);
void estate_license_remove(struct estate *estate, int64_t id);
void estate_set(struct estate *estate, enum setting setting, int64_t value);

/* An issuer of license keys, trusted or not (any more). */
void estate_trust(struct estate *estate, bool is_trusted);
/* What a client's requests name. */
const char *estate_hardware(struct estate *estate, int64_t client);
/* A license key by that issuer; "end" NULL = permanent. */
const char *estate_key(struct estate *estate, const char *hardware_id, const char *serial, const char *sku, const char *start, const char *end);

/* A PSA-5000 of PCS with counts of one feature. 0 when refused. */
int64_t estate_client(struct estate *estate, const char *name, const char *feature, struct allocation allocation, const char *expires_date, int64_t now);
/* New counts and date; true when saved. */
bool estate_change(struct estate *estate, int64_t id, const char *feature, struct allocation allocation, const char *expires_date, int64_t now);
void estate_delete(struct estate *estate, int64_t id, int64_t now);
void estate_reclaim(struct estate *estate, int64_t now);

/* Which document of that client has that number: 1 is its first. */
int64_t estate_document(struct estate *estate, int64_t client, int64_t number);
/* A request of that client for one feature, not sent yet; it holds its first document (1), second (2) …, none (0), or what no server ever numbered. */
struct sync_request estate_request(struct estate *estate, int64_t client, const struct sync_want *want, int64_t holds, int64_t now);
void estate_send(struct sync_outcome *out, struct estate *estate, const struct sync_request *request, int64_t now);
void estate_forget(struct sync_outcome *outcome);
/* Asks, forgets the answer, and answers which of its documents it got; status must be 200. */
int64_t estate_sync(struct estate *estate, int64_t client, const char *feature, int64_t users, int64_t holds, int64_t now);

/* ---- on a license client ---- */

/* True when it was saved. */
bool estate_link_save(struct estate *estate, const struct link_input *input);
struct link_row estate_link(struct estate *estate);
/* A try to reach the server that brought no answer; "pin" is the key met, or NULL. */
void estate_attempt_fails(struct estate *estate, const char *code, const char *pin, int64_t now);
/* Units of CONSEC taken without the server, and what is taken by now. */
void estate_auto_lease(struct estate *estate, int64_t units, int64_t server_now);
struct link_auto_lease_row *estate_taken(size_t *count, struct estate *estate);

/* ---- what is there ---- */

/* Of one feature and client. */
struct client_feature_row estate_feature(struct estate *estate, int64_t client, const char *feature, int64_t now);
struct pool_row estate_pool(struct estate *estate, const char *feature, int64_t now);
int64_t estate_leased(struct estate *estate, int64_t client, const char *feature, int64_t now);
/* Events of that code, about that object (NULL = any). */
size_t estate_events(struct estate *estate, const char *code, const char *object);
const char *estate_last_event(struct estate *estate, const char *code);
/* Is a mistake of that kind on that field? */
bool estate_has_mistake(const struct estate *estate, const char *field, enum mistake_kind kind);

#endif
