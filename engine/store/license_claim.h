/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * license_claim.h: what one license key states, and whether this appliance
 * may believe and use it (protocol.md 2, rules.md 1 and 2).
 */
#ifndef LEASEHOLD_STORE_LICENSE_CLAIM_H
#define LEASEHOLD_STORE_LICENSE_CLAIM_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/license.h"
#include "engine/rules/sku.h"
#include "engine/store/appliance.h"
#include "engine/store/mistake.h"
#include <stdbool.h>

#define LICENSE_CLAIM_TYPE "license+jwt"

struct license_claim {
	/* Set as far as reading got; "" when absent. Believe them only when "is_signed". */
	const char *issuer, *serial, *kid, *hardware_id, *sku_text;
	const char *start_date, *end_date, *org, *renews;
	struct sku sku;
	bool is_signed;
	/* Why it is refused: MISTAKE__COUNT when it is not; values of the sentence. */
	enum mistake_kind refusal;
	const char *a, *b;
};

/* What a key is to be installed on. */
struct license_device {
	const char *hardware_id, *platform;
	enum appliance_role role;
};

/* Is it good on this appliance? A refusal is no fault. */
enum fault license_claim_read(struct license_claim *out, struct arena *arena, const struct appliance *appliance, const char *key) MUST_CHECK;
/* The same on another device, by the issuers and the catalogue of this appliance. */
enum fault license_claim_read_for(struct license_claim *out, struct arena *arena, const struct appliance *appliance, const struct license_device *device, const char *key) MUST_CHECK;
/* What a claim that was not refused is worth, as if it alone were installed. */
void license_claim_license(struct license *out, const struct license_claim *claim);
/* Is it a user count that ends, as opposed to a permanent one (a renewal is, too)? */
bool license_claim_has_term(const struct sku *sku);
/* Do these dates ("" = absent) fit the kind of the SKU? */
bool license_claim_dates_fit(const struct sku *sku, const char *start_date, const char *end_date);

#endif
