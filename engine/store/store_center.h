/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_center.h: at the center: customers, their devices, authentication
 * codes and what those are worth, as rows.
 */
#ifndef LEASEHOLD_STORE_STORE_CENTER_H
#define LEASEHOLD_STORE_STORE_CENTER_H

#include "engine/base/arena.h"
#include "engine/base/digest.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include "engine/rules/activation.h"
#include "engine/store/store.h"

struct center_customer_row {
	int64_t id;
	const char *name;
	bool is_partner;	/* sells to others */
	bool stocks_spares;	/* a partner that may */
	int64_t partner;	/* that looks after it; 0 = none */
	const char *partner_name;	/* read only; "" = none */
	int64_t made_at, row_version;
	int64_t devices, codes;	/* how many it has; read only */
};

struct center_device_row {
	int64_t id;
	const char *hardware_id, *serial, *platform;	/* the latter two "" = not known */
	int64_t customer;	/* 0 = not known whose it is */
	bool has_device_key;
	uint8_t device_key[KEYPAIR_PUBLIC_BYTES];
	const char *warranty_ends, *contract_ends;	/* last days; "" = none */
	enum device_state state;
	int64_t made_at, contact_at, row_version;
	const char *customer_name;	/* read only; "" = of nobody */
};

struct center_authcode_row {
	int64_t id;
	const char *tail;	/* the last group of the code, which itself is stored nowhere */
	int64_t customer;
	int64_t made_at, used_at, revoked_at;	/* the latter two 0 = not */
	const char *made_by;
	int64_t device;		/* that had its keys; 0 = nobody yet */
	const char *customer_name, *hardware_id;	/* read only; of that device, "" = none */
};

struct center_entitlement_row {
	int64_t id, authcode;
	const char *sku, *start_date, *end_date;	/* dates "" = as the SKU says, from the day of the activation */
	const char *serial, *statement;	/* of the license key issued for it; "" = none yet. Read only */
};

/* Which rows of a list: of customers, devices and codes, replacements (store_transfer.h), license keys (store_holdings.h). */
struct center_filter {
	const char *find;	/* part of what a row is known by, in any case; "" = all */
	int64_t scope;		/* only what is of this customer, or of one that it looks after; 0 = all */
	int64_t offset, limit;
};

/* By name; *matching without offset and limit, likewise below. */
enum fault store_center_customer_list(struct center_customer_row **out, size_t *count, int64_t *matching, struct arena *arena, struct store *store, const struct center_filter *filter) MUST_CHECK;
/* By name in any case; FAULT_NOT_FOUND. */
enum fault store_center_customer_load(struct center_customer_row *out, struct arena *arena, struct store *store, const char *name) MUST_CHECK;
enum fault store_center_customer_load_id(struct center_customer_row *out, struct arena *arena, struct store *store, int64_t id) MUST_CHECK;
/* Does this partner look after customers, or has it accounts that rely on it being one? */
enum fault store_center_customer_is_relied_on(bool *out, struct store *store, int64_t id) MUST_CHECK;
/* Is "customer" (0 = nobody) that one, or one that it looks after? "scope" 0 = everybody is. */
enum fault store_center_is_within(bool *out, struct store *store, int64_t scope, int64_t customer) MUST_CHECK;
/* By hardware ID. */
enum fault store_center_device_list(struct center_device_row **out, size_t *count, int64_t *matching, struct arena *arena, struct store *store, const struct center_filter *filter) MUST_CHECK;
/* Spares in the stock of that partner, likewise. */
enum fault
store_center_stock_list(struct center_device_row **out, size_t *count,
    struct arena *arena, struct store *store, int64_t partner) MUST_CHECK;
enum fault store_center_device_load(struct center_device_row *out, struct arena *arena, struct store *store, const char *hardware_id) MUST_CHECK;
/* Newest first. */
enum fault store_center_authcode_list(struct center_authcode_row **out, size_t *count, int64_t *matching, struct arena *arena, struct store *store, const struct center_filter *filter) MUST_CHECK;
enum fault store_center_authcode_load(struct center_authcode_row *out, struct arena *arena, struct store *store, int64_t id) MUST_CHECK;
enum fault store_center_authcode_find(struct center_authcode_row *out, struct arena *arena, struct store *store, const uint8_t digest[DIGEST_BYTES]) MUST_CHECK;
/* In the order in which they were made. */
enum fault store_center_entitlement_list(struct center_entitlement_row **out, size_t *count, struct arena *arena, struct store *store, int64_t authcode) MUST_CHECK;

/* For ledger_center*.c. Inserts (id 0, which is then set) or writes; row_version of "row" as it is. */
enum fault store_center_customer_save(struct store *store, struct center_customer_row *row) MUST_CHECK;
enum fault store_center_device_save(struct store *store, struct center_device_row *row) MUST_CHECK;
enum fault store_center_authcode_insert(struct store *store, struct center_authcode_row *row, const uint8_t digest[DIGEST_BYTES]) MUST_CHECK;
/* Writes device, used_at and revoked_at. */
enum fault store_center_authcode_mark(struct store *store, const struct center_authcode_row *row) MUST_CHECK;
enum fault store_center_entitlement_insert(struct store *store, const struct center_entitlement_row *row) MUST_CHECK;
/* Did that device say this already? Only store_center_nonce_take() decides: another one may say it meanwhile. */
enum fault store_center_nonce_is_known(bool *out, struct store *store, const char *hardware_id, const char *nonce) MUST_CHECK;
/* False when that device's call was answered already; calls of before "oldest" are forgotten. */
enum fault store_center_nonce_take(bool *is_new, struct store *store, const char *hardware_id, const char *nonce, int64_t now, int64_t oldest) MUST_CHECK;

#endif
