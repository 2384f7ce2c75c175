/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sku.h: what a license's SKU text says.
 * PREFIX ["-ADD"] "-" N "U" ["-" N ("YR"|"Y")] ["-R"], any case (rules.md 1).
 */
#ifndef LEASEHOLD_RULES_SKU_H
#define LEASEHOLD_RULES_SKU_H

#include "engine/rules/catalogue.h"

#define SKU_UNITS_MAX INT64_C(10000000)
#define SKU_TEXT_MAX 64

enum sku_mistake {
	SKU_OK,
	SKU_UNKNOWN_PREFIX,	/* no prefix of the catalogue begins it */
	SKU_BAD_UNITS,		/* count missing, zero, or above SKU_UNITS_MAX */
	SKU_BAD_TERM,		/* term missing its number, zero, or above 99 */
	SKU_TRAILING		/* something follows that the grammar does not know */
};

struct sku {
	const struct sku_prefix *prefix;	/* the catalogue's row */
	const struct feature *feature;		/* NULL for a switch such as a member license */
	int64_t units;				/* 0 for a switch */
	int64_t years;				/* 0 = permanent */
	bool is_subscription;			/* has a term */
	bool is_renewal;			/* -R */
};

/* "lenient" also reads IYR as 1YR (import only). The longest prefix wins. */
enum sku_mistake sku_parse(struct sku *out, const struct catalogue *catalogue, const char *text, bool lenient);

#endif
