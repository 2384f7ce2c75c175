/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.c: limits, users and the lease in figures.
 */
#include "agent/status.h"

#include "agent/answer.h"
#include "agent/begin.h"
#include <stdio.h>

/* Leased or auto-leased units of each feature that has some. */
static json_t *
borrowed_now(const struct admission *admission, bool is_auto)
{
	const struct demand_feature *feature;
	json_t *borrowed = json_object();
	int64_t units;
	size_t i;

	for (i = 0; borrowed && i < admission->feature_count; i++) {
		feature = &admission->features[i];
		units = is_auto ? feature->auto_leased : feature->leased;
		if (units > 0 &&
		    json_object_set_new(borrowed, feature->feature->name,
			json_integer(units))) {
			json_decref(borrowed);
			borrowed = NULL;
		}
	}
	return borrowed;
}

static bool
set(json_t *out, const char *prefix, const char *name, json_t *value)
{
	char key[64];

	snprintf(key, sizeof(key), "%s%s", prefix, name);
	return !json_object_set_new(out, key, value);
}

/* What units there are for, and what goes beyond them, each apart. */
static bool
set_limit(json_t *out, const char *prefix, const struct demand_limit *limit,
    int64_t users)
{
	return set(out, prefix, "capacity", json_integer(limit->capacity)) &&
	    set(out, prefix, "surplus", json_integer(limit->surplus)) &&
	    set(out, prefix, "over_capacity",
		json_integer(limit->over_capacity)) &&
	    set(out, prefix, "most",
		limit->most == INT64_MAX ? json_null()
					 : json_integer(limit->most)) &&
	    set(out, prefix, "users", json_integer(users)) &&
	    set(out, prefix, "beyond",
		json_integer(demand_beyond(users, limit)));
}

json_t *
status_run(struct operation *out, struct agent *agent, json_t *request)
{
	const struct admission *admission = &agent->admission;
	bool is_client = agent->appliance.role == ROLE_CLIENT;
	enum fault fault;
	json_t *status;

	(void)out;
	(void)request;
	if (is_client && (fault = begin_measure(agent, true)))
		return answer_fault(agent, fault);
	status = json_pack("{s:b, s:s, s:s, s:o, s:o, s:b, s:b, s:b, s:I,"
			   " s:I}",
	    "ok", 1, "role", appliance_role_word(agent->appliance.role), "mode",
	    admission->is_monitoring ? "monitoring" : "enforcing", "leased",
	    borrowed_now(admission, false), "auto_leased",
	    borrowed_now(admission, true), "is_lost", (int)agent->is_lost,
	    "has_server", (int)admission->has_server, "is_syncing",
	    (int)agent->renewal.is_under_way, "syncs",
	    (json_int_t)agent->renewal.generation, "next_sync",
	    (json_int_t)(agent->renewal.has_server ? agent->renewal.seen_next
						   : 0));
	if (status &&
	    set_limit(status, "", &admission->users, agent->sessions.users) &&
	    set_limit(
		status, "rdp_", &admission->rdp, agent->sessions.rdp_users))
		return status;
	json_decref(status);
	return NULL;
}
