/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * admission.c: from licenses and leases to two limits. The counting itself is
 * in the rules.
 */
#include "agent/admission.h"

#include "engine/base/clock.h"
#include "engine/peer/link_clock.h"
#include "engine/rules/lease.h"
#include "engine/rules/session.h"
#include "engine/store/store_admission.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

#define MS 1000

/* What the store knows of the lease. */
struct lease_view {
	int64_t server_now;
	struct link_feature_row *features;
	size_t feature_count;
	struct link_part_row *parts;
	size_t part_count;
};

int64_t
admission_least(
    int64_t leased, int64_t droppable, int64_t users, int64_t reserved)
{
	int64_t floor = users > reserved ? users : reserved;
	int64_t above = leased > floor ? leased - floor : 0;

	return leased - (droppable < above ? droppable : above);
}

int64_t
admission_droppable(const struct link_part_row *parts, size_t count,
    const char *feature, int64_t server_now)
{
	int64_t last = instant_add(server_now, LINK_SYNC_SECONDS_MAX);
	int64_t units = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (parts[i].kind == LEASE_PART_QUANTUM &&
		    parts[i].expires > server_now &&
		    instant_add(parts[i].granted, LEASE_HOLD_SECONDS) <= last &&
		    strcmp(parts[i].feature, feature) == 0)
			units = instant_units_add(units, parts[i].units);
	return units;
}

static enum fault
load_features(struct admission *admission, const struct appliance *appliance,
    struct arena *arena, int64_t server_now)
{
	struct demand_feature *features;
	enum fault fault;
	size_t count;

	if ((fault = store_link_demand(&features, &count, arena,
		 appliance->store, &appliance->catalogue, appliance->product,
		 clock_now(), server_now)))
		return fault;
	if (count > ADMISSION_FEATURES_MAX)
		count = ADMISSION_FEATURES_MAX;
	if (count)
		memcpy(
		    admission->features, features, count * sizeof(*features));
	admission->feature_count = count;
	return FAULT_NONE;
}

static enum fault
count_users(struct demand_limit *users, struct demand_limit *rdp,
    const struct demand_feature *features, struct admission *admission,
    const struct appliance *appliance)
{
	struct demand_gateway gateway;
	size_t count = admission->feature_count;
	enum fault fault;

	if ((fault = store_admission_gateway(
		 &gateway, appliance->store, appliance, admission->has_server)))
		return fault;
	demand_limit_users(users, features, count, &gateway);
	demand_limit_rdp(rdp, features, count, &gateway);
	admission->is_monitoring = gateway.is_monitoring;
	return FAULT_NONE;
}

/* *server_now is INT64_MAX without a server. */
static enum fault
load_clock(int64_t *server_now, struct admission *admission,
    const struct appliance *appliance, struct arena *arena)
{
	struct link_row link;
	enum fault fault = store_link_load(&link, arena, appliance->store);

	admission->has_server = fault == FAULT_NONE;
	*server_now = fault ? INT64_MAX : link_clock_now(&link);
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static enum fault
measure(int64_t *server_now, struct admission *admission,
    const struct appliance *appliance, struct arena *arena)
{
	enum fault fault;

	if ((fault = store_setting_load(&admission->session_timeout,
		 appliance->store, SETTING_SESSION_TIMEOUT)) ||
	    (fault = store_setting_load(
		 &admission->ahead, appliance->store, SETTING_ASK_AHEAD)) ||
	    (fault = load_clock(server_now, admission, appliance, arena)) ||
	    (fault = load_features(admission, appliance, arena, *server_now)))
		return fault;
	return count_users(&admission->users, &admission->rdp,
	    admission->features, admission, appliance);
}

enum fault
admission_measure(struct admission *admission,
    const struct appliance *appliance, struct arena *scratch)
{
	int64_t server_now;
	enum fault fault;

	arena_clear(scratch);
	fault = measure(&server_now, admission, appliance, scratch);
	arena_clear(scratch);
	return fault;
}

static int64_t
reserved_units(const struct lease_view *view, const char *feature)
{
	size_t i;

	for (i = 0; i < view->feature_count; i++)
		if (strcmp(view->features[i].feature, feature) == 0)
			return view->features[i].reserved;
	return 0;
}

static enum fault
load_view(struct lease_view *view, const struct appliance *appliance,
    struct arena *arena)
{
	enum fault fault;

	if ((fault = store_link_features(&view->features, &view->feature_count,
		 arena, appliance->store, view->server_now)))
		return fault;
	return store_link_parts(
	    &view->parts, &view->part_count, arena, appliance->store);
}

static enum fault
count_least(struct admission *admission, const struct appliance *appliance,
    const struct lease_view *view, const struct link_sync_input *input)
{
	struct demand_feature least[ADMISSION_FEATURES_MAX];
	size_t i, count = admission->feature_count;
	const char *name;

	memcpy(least, admission->features, sizeof(least));
	link_sync_place(least, count, input);
	for (i = 0; i < count; i++) {
		name = least[i].feature->name;
		least[i].leased = admission_least(least[i].leased,
		    admission_droppable(
			view->parts, view->part_count, name, view->server_now),
		    least[i].users, reserved_units(view, name));
		/* The server ends what was taken without it; what it grants instead comes with the answer. */
		least[i].auto_leased = 0;
	}
	return count_users(&admission->least_users, &admission->least_rdp,
	    least, admission, appliance);
}

enum fault
admission_guard(struct admission *admission, const struct appliance *appliance,
    struct arena *scratch, const struct link_sync_input *input)
{
	struct lease_view view = { 0 };
	enum fault fault;

	arena_clear(scratch);
	fault = measure(&view.server_now, admission, appliance, scratch);
	if (!fault)
		fault = load_view(&view, appliance, scratch);
	if (!fault)
		fault = count_least(admission, appliance, &view, input);
	admission->is_guarded = fault == FAULT_NONE;
	arena_clear(scratch);
	return fault;
}

int64_t
admission_over_at(const struct admission *admission,
    const struct session *session, int64_t now)
{
	int64_t timeout = session_timeout(
	    session->timeout, admission->session_timeout);
	int64_t over_ms = session_over_ms(session->heard_ms, timeout);
	int64_t left_ms = over_ms - clock_elapsed_ms();

	if (over_ms == INT64_MAX)
		return 0;
	return instant_add(now, left_ms > 0 ? left_ms / MS : 0);
}

static void
check(struct admission_answer *out, const struct sessions *sessions,
    const struct demand_limit *users, const struct demand_limit *rdp,
    bool is_rdp)
{
	if (is_rdp)
		out->verdict = demand_admit_rdp(
		    &out->numbers, &out->seat, sessions->rdp_users, rdp);
	else
		out->verdict = demand_admit(
		    &out->numbers, &out->seat, sessions->users, users);
}

void
admission_check_unguarded(struct admission_answer *out,
    const struct admission *admission, const struct sessions *sessions,
    bool is_rdp)
{
	check(out, sessions, &admission->users, &admission->rdp, is_rdp);
}

void
admission_check(struct admission_answer *out, const struct admission *admission,
    const struct sessions *sessions, bool is_rdp)
{
	struct demand_limit users = admission->users, rdp = admission->rdp;

	if (admission->is_guarded) {
		demand_limit_least(
		    &users, &admission->users, &admission->least_users);
		demand_limit_least(
		    &rdp, &admission->rdp, &admission->least_rdp);
	}
	check(out, sessions, &users, &rdp, is_rdp);
}
