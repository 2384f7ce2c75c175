/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catalogue.h: the vendor's features, SKU prefixes, platforms and products as
 * plain data (rules.md 1). The store reads them from a file in conf/; the
 * rules only look things up.
 */
#ifndef LEASEHOLD_RULES_CATALOGUE_H
#define LEASEHOLD_RULES_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum product { PRODUCT_PCS = 1, PRODUCT_PPS = 2 };	/* bits of a products mask */

enum feature_kind {
	FEATURE_USERS,		/* counts concurrent users */
	FEATURE_RDP,		/* a second limit of its own */
	FEATURE_CORES,		/* counts, admits nobody */
	FEATURE_SWITCH		/* on or off, no units */
};

struct version_floor {
	int product;		/* one product bit */
	const char *version;	/* least version of one release train, "8.0r5" */
};

struct feature {
	const char *name;	/* "CONSEC" */
	enum feature_kind kind;
	int products;		/* mask of enum product that may use it */
	const char *family;	/* "any", or the only platform family that may use it */
	bool auto_lease;
	bool role_specific;	/* drawn before the common ACCESS feature */
	const struct version_floor *floors;
	size_t floor_count;
};

struct sku_prefix {
	const char *prefix;	/* "CONSEC", "PSA-LICENSE-MBR" */
	const char *feature;	/* name of the feature it grants; "member" or "license-server" for switches */
	bool counted;		/* takes a unit count and may take a term */
};

struct platform {
	const char *name;	/* "PSA-3000" */
	const char *family;	/* "PSA" */
	bool is_virtual;
	int64_t users_max;	/* the platform's own limit */
	int64_t over_capacity_percent;
};

struct catalogue {
	const struct feature *features;
	size_t feature_count;
	const struct sku_prefix *prefixes;
	size_t prefix_count;
	const struct platform *platforms;
	size_t platform_count;
	const char *const *virtual_families;	/* platform families that a virtual license server leases to */
	size_t virtual_family_count;
};

/* NULL when unknown. Names are compared exactly. */
const struct feature *catalogue_feature(const struct catalogue *catalogue, const char *name);
const struct platform *catalogue_platform(const struct catalogue *catalogue, const char *name);
/* PRODUCT_PCS, PRODUCT_PPS or 0. */
int catalogue_product(const char *name);
const char *catalogue_product_name(int product);
/* May a client of that product and platform use the feature (rules.md 1, 4)? */
bool catalogue_is_usable(const struct feature *feature, int product, const struct platform *platform);
/* Does a virtual license server lease to that platform (rules.md 11)? */
bool catalogue_is_served_virtually(const struct catalogue *catalogue, const struct platform *platform);
/* Does a virtual license server take licenses of the feature: could it lease them to anybody? */
bool catalogue_is_taken_virtually(const struct catalogue *catalogue, const struct feature *feature);
/* May permanent units of the feature be used on that platform (NULL = not known)? On a virtual one users need a term, or a license for their role (rules.md 1). */
bool catalogue_is_usable_for_good(const struct feature *feature, const struct platform *platform);
/* The switch that every member license grants. */
#define CATALOGUE_MEMBER "member"
/* The switch that makes a virtual appliance a virtual license server. */
#define CATALOGUE_LICENSE_SERVER "license-server"
/* The family a member license is for: its prefix begins with the name of a platform or of a family. NULL when it names none, which is for any. */
const char *catalogue_member_family(const struct catalogue *catalogue, const char *prefix);
/* The member license to ask for on that platform: the one named after it, else the first that is for its family or for any. NULL when the catalogue has none. */
const char *catalogue_member_prefix(const struct catalogue *catalogue, const struct platform *platform);
/* Is "version" at least the floor of its train for that product? No floors: yes. */
bool catalogue_is_compatible(const struct feature *feature, int product, const char *version);

#endif
