/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admission.h: how many users this gateway may serve now (rules.md 9.1), and
 * how few that could become while a request is under way (rules.md 3).
 */
#ifndef LEASEHOLD_AGENT_ADMISSION_H
#define LEASEHOLD_AGENT_ADMISSION_H

#include "agent/sessions.h"
#include "engine/peer/link_sync.h"
#include "engine/rules/demand.h"
#include "engine/store/appliance.h"
#include "engine/store/store_link.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ADMISSION_FEATURES_MAX 64

struct admission {
	struct demand_limit users, rdp;	/* as measured last */
	struct demand_limit least_users, least_rdp;	/* what a sync could leave of it */
	bool is_guarded;		/* a sync is under way: the least counts */
	bool has_server, is_monitoring;
	int64_t session_timeout;	/* the setting, in seconds; 0 = never */
	int64_t ahead;			/* the setting, in percent of an increment; 0 = never */
	struct demand_feature features[ADMISSION_FEATURES_MAX];
	size_t feature_count;
};

/* Reads licenses, lease and settings; "scratch" is cleared. */
enum fault admission_measure(struct admission *admission, const struct appliance *appliance, struct arena *scratch) MUST_CHECK;
/* Measures, and computes the least for a sync that asks for these users; the least counts from now on. */
enum fault admission_guard(struct admission *admission, const struct appliance *appliance, struct arena *scratch, const struct link_sync_input *input) MUST_CHECK;
/* One more: whether, and where. */
struct admission_answer {
	enum verdict verdict;	/* VERDICT_OK or why not */
	enum demand_seat seat;
	struct verdict_numbers numbers;
};
void admission_check(struct admission_answer *out, const struct admission *admission, const struct sessions *sessions, bool is_rdp);
/* The same without regard to a sync under way. */
void admission_check_unguarded(struct admission_answer *out, const struct admission *admission, const struct sessions *sessions, bool is_rdp);

/* When a session is over unless it is renewed, by the wall clock, for people; 0 = never. */
int64_t admission_over_at(const struct admission *admission, const struct session *session, int64_t now);

/*
 * The fewest of "leased" units that a request for "users" can leave, when
 * "droppable" of them are quanta old enough to be dropped (rules.md 5.4).
 */
int64_t admission_least(int64_t leased, int64_t droppable, int64_t users, int64_t reserved);
/* Units of running quanta that are, or during a sync begun at "server_now" become, old enough to be dropped. */
int64_t admission_droppable(const struct link_part_row *parts, size_t count, const char *feature, int64_t server_now);

#endif
