/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_admission.h: how many users a license client may admit, from its
 * settings, licenses and leases. The arithmetic is in rules/demand.h.
 */
#ifndef LEASEHOLD_STORE_STORE_ADMISSION_H
#define LEASEHOLD_STORE_STORE_ADMISSION_H

#include "engine/rules/demand.h"
#include "engine/store/appliance.h"

#define ADMISSION_ENFORCING  0
#define ADMISSION_MONITORING 1
/* Setting over-capacity: the platform's own. */
#define ADMISSION_PLATFORM (-1)

/* How users are admitted; each field as in settings.tbl. */
struct admission_input {
	int64_t mode, wait, ahead, timeout, allowance, default_users;
};
enum fault store_admission_settings(struct admission_input *out, struct store *store) MUST_CHECK;
/* What stands in the settings and in the catalogue's row of this platform. */
enum fault store_admission_gateway(struct demand_gateway *out, struct store *store, const struct appliance *appliance, bool has_server) MUST_CHECK;

struct admission_limits {
	struct demand_limit users, rdp;
	int64_t users_here, rdp_here;	/* signed in */
	bool is_monitoring;
};
/* As it is at "now", and by the license server's clock at "server_now" (INT64_MAX = not known). */
enum fault store_admission_limits(struct admission_limits *out, struct arena *arena, struct store *store, const struct appliance *appliance, int64_t now, int64_t server_now) MUST_CHECK;

/* More users are here than there is capacity for. */
struct beyond_row {
	const char *feature;	/* "" = users, else of RDP users */
	int64_t since;
	int64_t users;		/* most since then */
	int64_t capacity;	/* when it began, with the allowance */
};
enum fault store_admission_beyond_list(struct beyond_row **out, size_t *count, struct arena *arena, struct store *store) MUST_CHECK;

/* ---- for the ledger ---- */

enum fault store_admission_beyond_save(struct store *store, const struct beyond_row *row) MUST_CHECK;
enum fault store_admission_beyond_delete(struct store *store, const char *feature) MUST_CHECK;

#endif
