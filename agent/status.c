/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * status.c: limits, users and the lease in figures.
 */
#include "agent/status.h"

#include "agent/answer.h"
#include "agent/begin.h"

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

json_t *
status_run(struct operation *out, struct agent *agent, json_t *request)
{
	const struct admission *admission = &agent->admission;
	bool is_client = agent->appliance.role == ROLE_CLIENT;
	enum fault fault;

	(void)out;
	(void)request;
	if (is_client && (fault = begin_measure(agent, true)))
		return answer_fault(agent, fault);
	return json_pack(
	    "{s:b, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:b, s:b, s:b, s:I}",
	    "ok", 1, "role", appliance_role_word(agent->appliance.role),
	    "capacity", (json_int_t)admission->users, "users",
	    (json_int_t)agent->sessions.users, "rdp_capacity",
	    (json_int_t)admission->rdp_users, "rdp_users",
	    (json_int_t)agent->sessions.rdp_users, "leased",
	    borrowed_now(admission, false), "auto_leased",
	    borrowed_now(admission, true), "is_lost", (int)agent->is_lost,
	    "has_server", (int)admission->has_server, "is_syncing",
	    (int)agent->renewal.is_under_way, "next_sync",
	    (json_int_t)(agent->renewal.has_server ? agent->renewal.seen_next
						   : 0));
}
