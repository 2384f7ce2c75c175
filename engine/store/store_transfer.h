/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_transfer.h: at the center: replacements of defective devices by spares,
 * as rows.
 */
#ifndef LEASEHOLD_STORE_STORE_TRANSFER_H
#define LEASEHOLD_STORE_STORE_TRANSFER_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/transfer.h"
#include "engine/store/store.h"
#include "engine/store/store_center.h"
#include <stddef.h>
#include <stdint.h>

struct transfer_row {
	int64_t id;
	const char *case_number, *fault;
	int64_t partner, device, spare;	/* rows; the last 0 = none chosen yet */
	int64_t customer;	/* whose the defective device was at the request; 0 = not known */
	enum transfer_state state;
	int64_t made_at, transferred_at, due_at, notice_at;	/* 0 = not */
	int64_t row_version;
	/* Read only: */
	const char *partner_name, *customer_name, *hardware_id, *spare_hardware_id;	/* "" = none */
	const char *contract_ends;	/* of the defective device */
	const char *covered_until;	/* service contract of the device that has the licenses; "" = none */
	bool is_covered_in_service;	/* that device is in service: its contract must not lapse */
	int64_t contact_at, reset_at;	/* of the defective device; 0 = never */
	bool is_replaced;		/* the defective device is not in stock or service again */
};

struct transfer_step_row { int64_t at; const char *actor, *step, *text; };
struct transfer_key_row {
	const char *serial, *successor;	/* the latter "" = not issued yet */
	const char *sku, *start_date, *end_date, *held_by;	/* of the old key */
	int64_t entitlement;
};

/* Newest first, by case number, hardware ID or name; within the scope is what is of the partner, or of the customer. */
enum fault store_transfer_list(struct transfer_row **out, size_t *count,
    int64_t *matching, struct arena *arena, struct store *store,
    const struct center_filter *filter) MUST_CHECK;
enum fault store_transfer_load(struct transfer_row *out, struct arena *arena,
    struct store *store, int64_t id, int64_t scope) MUST_CHECK;
/* Is there an open one but "but" that names the device, as defective or as a spare? */
enum fault store_transfer_names(bool *out, struct store *store, int64_t device, int64_t but) MUST_CHECK;
/* The one that waits for the reset of that device; 0 = none. */
enum fault store_transfer_waiting(int64_t *out, struct store *store, int64_t device) MUST_CHECK;
/* The open ones, newest first. */
enum fault store_transfer_open(struct transfer_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;
/* The newest that took its licenses from that device; FAULT_NOT_FOUND. */
enum fault store_transfer_from(struct transfer_row *out, struct arena *arena, struct store *store, int64_t device) MUST_CHECK;
/* Oldest first. */
enum fault store_transfer_steps(struct transfer_step_row **out, size_t *count, struct arena *arena, struct store *store, int64_t id) MUST_CHECK;
/* After the transfer what moved; before it, what would. */
enum fault store_transfer_keys(struct transfer_key_row **out, size_t *count, struct arena *arena, struct store *store, const struct transfer_row *row) MUST_CHECK;

/* For ledger_transfer.c. Inserts (id 0, then set) or writes. */
enum fault store_transfer_save(struct store *store, struct transfer_row *row) MUST_CHECK;
enum fault store_transfer_step(struct store *store, int64_t id, const struct transfer_step_row *step) MUST_CHECK;
/* The same once: *is_new is false, and nothing written, when a step has that name and text. */
enum fault store_transfer_step_once(bool *is_new, struct store *store, int64_t id, const struct transfer_step_row *step) MUST_CHECK;
enum fault store_transfer_key(struct store *store, int64_t id, const char *serial, const char *successor) MUST_CHECK;
/* Codes whose keys the one had are the other's. */
enum fault store_transfer_codes(struct store *store, int64_t from, int64_t to) MUST_CHECK;
/* "held_by" "" = nobody holds it. False when no good key has that serial. */
enum fault store_transfer_hold(bool *is_there, struct store *store, const char *serial, const char *held_by) MUST_CHECK;
enum fault store_transfer_reset(struct store *store, int64_t device, int64_t at) MUST_CHECK;

#endif
