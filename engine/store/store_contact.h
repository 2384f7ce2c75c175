/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_contact.h: inside this room only: what changes with every sync of a
 * client, and the answers kept so that a repeated request grants nothing
 * twice.
 */
#ifndef LEASEHOLD_STORE_STORE_CONTACT_H
#define LEASEHOLD_STORE_STORE_CONTACT_H

#include "engine/base/arena.h"
#include "engine/base/digest.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stdint.h>

#define STORE_CONTACT_KEEP_SECONDS INT64_C(86400)

struct contact_row {
	int64_t last_contact;
	const char *address, *version;
	int64_t users;			/* asked for in the last request */
	int64_t number, confirmed;	/* lease documents */
	int64_t skewed_at;		/* 0 = its clock is right */
	int64_t epoch;			/* of the last sync; 0 = never heard of */
	int64_t unproven;		/* first document of this epoch while the client has not shown what it holds; 0 = it has */
	int64_t noncompliant_at;	/* since when it draws on permanent units without a member license, 0 = it does not */
	const char *member;		/* serial of the member license it showed last; "" = none */
};

struct answer_row {
	const char *request_id;
	uint8_t body_digest[DIGEST_BYTES];
	char *answer, *document;
	int64_t number;
	int64_t at;
};

/* A client never heard of reads as zeros. */
enum fault store_contact_load(struct contact_row *out, struct arena *arena, struct store *store, int64_t client) MUST_CHECK;
enum fault store_contact_save(struct store *store, int64_t client, const struct contact_row *row) MUST_CHECK;

/* FAULT_NOT_FOUND when none is kept. */
enum fault store_contact_answer_load(struct answer_row *out, struct arena *arena, struct store *store, int64_t client, const char *request_id) MUST_CHECK;
enum fault store_contact_answer_insert(struct store *store, int64_t client, const struct answer_row *row) MUST_CHECK;
/* Answers of one client that were kept long enough; of all clients not heard of since; and every one of a client. */
enum fault store_contact_answer_prune(struct store *store, int64_t client, int64_t now) MUST_CHECK;
enum fault store_contact_answer_prune_silent(struct store *store, int64_t now) MUST_CHECK;
enum fault store_contact_answer_forget(struct store *store, int64_t at) MUST_CHECK;	/* behind "at": the clock went back */
enum fault store_contact_answer_delete_all(struct store *store, int64_t client) MUST_CHECK;

#endif
