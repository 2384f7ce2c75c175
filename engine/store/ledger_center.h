/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_center.h: what the vendor's people do at the center, and what
 * appliances ask it for. On an appliance of any other role each is a mistake.
 */
#ifndef LEASEHOLD_STORE_LEDGER_CENTER_H
#define LEASEHOLD_STORE_LEDGER_CENTER_H

#include "engine/base/authcode.h"
#include "engine/store/ledger.h"
#include "engine/store/store_center.h"

#define LEDGER_CENTER_NAME_MAX	      128	/* characters of a customer's name, or a device's serial */
#define LEDGER_CENTER_ENTITLEMENTS_MAX 50	/* license keys that one code is worth */

struct center_customer_input {
	const char *name;
	bool is_partner, stocks_spares;
	const char *partner;	/* that looks after it, by name; "" = none, NULL = as it is */
	int64_t row_version;	/* 0 = do not compare */
};
/* By name in any case; when there is none, a mistake on that field, and an id of 0. */
enum fault ledger_center_customer_find(struct center_customer_row *out,
    struct ledger *ledger, const char *field, const char *name) MUST_CHECK;
/* Field names of mistakes: name partner spares of. "id" may be NULL. */
enum fault ledger_center_customer_add(int64_t *id, struct ledger *ledger, const struct center_customer_input *input) MUST_CHECK;
/* The same for one that is there, by its name, which stays. */
enum fault ledger_center_customer_set(struct ledger *ledger, const struct center_customer_input *input) MUST_CHECK;

struct center_device_input {
	const char *hardware_id;
	const char *serial, *customer, *platform;	/* NULL = as it is; customer by name, "" = of nobody */
	const char *warranty_ends, *contract_ends;	/* last days, "" = none; NULL = as it is */
	int64_t row_version;				/* 0 = do not compare */
};
/* Field names of mistakes: hwid serial customer platform warranty contract. */
enum fault ledger_center_device_add(struct ledger *ledger, const struct center_device_input *input) MUST_CHECK;
enum fault ledger_center_device_set(struct ledger *ledger, const struct center_device_input *input) MUST_CHECK;

struct center_entitlement_input {
	const char *sku, *start_date, *end_date;	/* dates "" = from the day of the activation, by the term of the SKU */
};
/* A new code for a customer (by name), worth one license key for each entitlement. It is told once. Field names of mistakes: customer sku start end. */
enum fault ledger_center_authcode_make(char out[AUTHCODE_SIZE], struct ledger *ledger, const char *customer, const struct center_entitlement_input *entitlements, size_t count) MUST_CHECK;
/* It is worth nothing any more; keys issued against it stay. A mistake on field "code" when it was used, or is not there. */
enum fault ledger_center_authcode_revoke(struct ledger *ledger, int64_t id) MUST_CHECK;

/* One call of an appliance: its device signed it with that key. */
/* So far a device's clock may be ahead of the center's, in seconds. */
#define CENTER_CALLER_FRESH_SECONDS 900

struct center_caller {
	const char *hardware_id;
	uint8_t device_key[KEYPAIR_PUBLIC_BYTES];
	const char *platform;	/* as it says; "" = it does not */
	const char *nonce;	/* of the signed call */
	int64_t said_at;	/* of a file that was carried here: when the device made it; 0 = it speaks now */
	bool is_by_hand;	/* a person speaks for it: it showed no key, and was in no contact */
	bool confirms_reset;	/* it says that it was reset: of a replaced device the one call that is expected */
};
/* False when that very call was answered already. The device's contact is noted, if it is known. */
enum fault ledger_center_activate_call(bool *is_new, struct ledger *ledger, const struct center_caller *caller) MUST_CHECK;
/* The same without a nonce, of what the device signed and somebody carried here. */
enum fault ledger_center_activate_contact(struct ledger *ledger, const struct center_caller *caller) MUST_CHECK;

struct center_key {
	const char *serial, *sku, *statement;
};
struct center_activation {
	const char *code, *text;	/* why not; NULL = it is done, or was before */
	bool was_before;		/* this device had the keys already: they are the same */
	struct center_key *keys;
	size_t key_count;
};
/*
 * The license keys of one code, for the device that asks. A refusal is no
 * mistake: it is answered, and noted. Text in the arena.
 */
enum fault ledger_center_activate(struct center_activation *out, struct ledger *ledger, const struct keypair *issuer, const struct center_caller *caller, const char *authcode) MUST_CHECK;
/* Every license key of a device that is good; none for one that is not known. */
enum fault ledger_center_activate_keys(struct center_key **out, size_t *count, struct ledger *ledger, const char *hardware_id) MUST_CHECK;

#endif
