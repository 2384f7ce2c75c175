/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * auto_leasing.c: from users without a license server to units taken alone.
 * How many, and until when, the rules say; the ledger writes it down.
 */
#include "agent/auto_leasing.h"

#include "engine/base/clock.h"
#include "engine/peer/cluster_permit.h"
#include "engine/peer/link_clock.h"
#include "engine/rules/lease.h"
#include "engine/store/ledger.h"
#include "engine/store/store_link_auto_lease.h"
#include <string.h>

static const struct actor system_actor = { "System", "" };

/* ---- what is needed ---- */

static int64_t
present(const struct auto_leasing_feature *feature)
{
	return instant_units_add(instant_units(feature->demand.leased),
	    instant_units(feature->demand.auto_leased));
}

/* As the rules place users: what is there, however it came, and no growth where there is no right to it. */
static size_t
copy_demands(struct demand_feature *out,
    const struct auto_leasing_feature *features, size_t count)
{
	size_t i;

	for (i = 0; i < count && i < ADMISSION_FEATURES_MAX; i++) {
		out[i] = features[i].demand;
		out[i].leased = present(&features[i]);
		out[i].is_denied = true;
	}
	return i;
}

static bool
wants_more(const struct demand_feature *demand)
{
	return !demand->is_denied && demand->users > demand->leased;
}

/* What one feature cannot serve is asked of the next, as it is of a server. */
void
auto_leasing_cover(struct auto_leasing_feature *features, size_t count,
    const struct link_sync_input *users, instant now)
{
	struct demand_feature demands[ADMISSION_FEATURES_MAX];
	struct auto_leasing_feature *feature;
	size_t i;

	count = copy_demands(demands, features, count);
	for (i = 0; i < count; i++) {
		features[i].take = 0;
		demands[i].is_denied = now >=
		    auto_lease_ends(&features[i].contact);
	}
	for (;;) {
		demand_place(demands, count, users->users, users->rdp_users);
		for (i = 0; i < count && !wants_more(&demands[i]); i++)
			continue;
		if (i == count)
			return;
		feature = &features[i];
		feature->take = auto_lease_take(&feature->contact,
		    &feature->allocation, feature->demand.leased,
		    feature->demand.auto_leased, demands[i].users, now);
		demands[i].leased += feature->take;
		demands[i].is_denied = true;
	}
}

static int64_t
more(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void
auto_leasing_spare(struct auto_leasing_feature *features, size_t count,
    const struct link_sync_input *users)
{
	struct demand_feature demands[ADMISSION_FEATURES_MAX];
	int64_t increment, units, spare;
	size_t i;

	count = copy_demands(demands, features, count);
	demand_place(demands, count, users->users, users->rdp_users);
	for (i = 0; i < count; i++) {
		increment = more(features[i].allocation.increment, 1);
		units = features[i].old_units;
		spare = instant_units_less(demands[i].leased,
		    more(demands[i].users, features[i].allocation.reserved));
		units = units < spare ? units : spare;
		features[i].drop = units / increment * increment;
	}
}

/* ---- from rows, and to them ---- */

struct view {
	struct link_row link;
	int64_t server_now;
	struct link_auto_lease_row *taken;
	size_t taken_count;
	struct link_feature_row
	    *rows; /* with expired parts: an end that is past is one */
	size_t row_count;
	struct auto_leasing_feature features[ADMISSION_FEATURES_MAX];
	size_t count;
};

static enum fault
load(struct view *view, struct agent *agent)
{
	struct store *store = agent->appliance.store;
	enum fault fault;

	if ((fault = store_link_load(&view->link, &agent->scratch, store)) ||
	    (fault = store_link_auto_lease_list(
		 &view->taken, &view->taken_count, &agent->scratch, store)))
		return fault;
	view->server_now = link_clock_now(&view->link);
	return store_link_features(
	    &view->rows, &view->row_count, &agent->scratch, store, 0);
}

static int64_t
old_units(const struct view *view, const char *feature)
{
	int64_t units = 0;

	for (size_t i = 0; i < view->taken_count; i++)
		if (view->taken[i].to == 0 &&
		    instant_add(view->taken[i].taken_at, LEASE_HOLD_SECONDS) <=
			view->server_now &&
		    strcmp(view->taken[i].feature, feature) == 0)
			units = instant_units_add(units, view->taken[i].units);
	return units;
}

static const struct link_feature_row *
find_row(const struct view *view, const char *feature)
{
	for (size_t i = 0; i < view->row_count; i++)
		if (strcmp(view->rows[i].feature, feature) == 0)
			return &view->rows[i];
	return NULL;
}

static void
fill(struct view *view, const struct admission *admission)
{
	struct auto_leasing_feature *feature;
	const struct link_feature_row *row;

	for (size_t i = 0; i < admission->feature_count; i++) {
		feature = &view->features[i];
		feature->demand = admission->features[i];
		row = find_row(view, feature->demand.feature->name);
		if (!row)
			continue;
		feature->contact = store_link_auto_lease_contact(
		    &view->link, row);
		feature->allocation = (struct allocation){ row->reserved,
			row->increment, row->maximum };
		feature->old_units = old_units(view, row->feature);
	}
	view->count = admission->feature_count;
}

static bool
is_over(const struct view *view, const struct auto_leasing_feature *feature)
{
	return view->server_now >= auto_lease_ends(&feature->contact) &&
	    store_link_auto_lease_units(view->taken, view->taken_count,
		feature->demand.feature->name) > 0;
}

static bool
is_quiet(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->features[i].take > 0 || view->features[i].drop > 0 ||
		    is_over(view, &view->features[i]))
			return false;
	return true;
}

static enum fault
write_feature(struct ledger *ledger, const struct view *view,
    const struct auto_leasing_feature *feature)
{
	const char *name = feature->demand.feature->name;
	enum fault fault;

	if (feature->drop > 0 &&
	    (fault = ledger_auto_lease_drop(
		 ledger, name, feature->drop, view->server_now)))
		return fault;
	if (feature->take > 0)
		return ledger_auto_lease_begin(
		    ledger, name, feature->take, view->server_now);
	return FAULT_NONE;
}

static enum fault
write_all(struct agent *agent, const struct view *view)
{
	struct ledger ledger;
	enum fault fault;

	ledger_init(&ledger, agent->appliance.store, &agent->appliance,
	    &agent->scratch, &system_actor, clock_now());
	if ((fault = ledger_begin(&ledger)))
		return fault;
	fault = ledger_auto_lease_lapse(&ledger, view->server_now);
	for (size_t i = 0; !fault && i < view->count; i++)
		fault = write_feature(&ledger, view, &view->features[i]);
	return ledger_end(&ledger, fault);
}

static bool
is_any_in_use(const struct view *view)
{
	for (size_t i = 0; i < view->taken_count; i++)
		if (view->taken[i].to == 0)
			return true;
	return false;
}

static bool
is_beyond(const struct agent *agent, const struct link_sync_input *users)
{
	return users->users > agent->admission.users.capacity ||
	    users->rdp_users > agent->admission.rdp.capacity;
}

/* ---- the leader of a cluster ---- */

/* Who did not answer is left alone for a while: users are waiting. */
#define LEADER_SILENT_MS INT64_C(30000)
/* Nor is who said no asked at each second. */
#define LEADER_DENIED_MS INT64_C(10000)

/* In a cluster the leader says what may be taken; where it cannot be asked, the node does. */
static enum fault
ask_leader(struct agent *agent, struct view *view)
{
	struct cluster_permit wishes[ADMISSION_FEATURES_MAX];
	struct auto_leasing_feature *asked[ADMISSION_FEATURES_MAX];
	size_t count = 0;
	int64_t units = 0;
	bool is_answered;
	enum fault fault;

	for (size_t i = 0; i < view->count; i++) {
		if (clock_elapsed_ms() < agent->leader_denied_ms)
			view->features[i].take = 0;
		if (view->features[i].take <= 0)
			continue;
		asked[count] = &view->features[i];
		wishes[count++] = (struct cluster_permit){
			view->features[i].demand.feature->name,
			view->features[i].take
		};
	}
	if (count == 0 || !*view->link.cluster ||
	    clock_elapsed_ms() < agent->leader_silent_ms)
		return FAULT_NONE;
	if ((fault = cluster_permit_ask(&is_answered, &agent->scratch,
		 &agent->appliance, &view->link, wishes, count)))
		return fault;
	if (!is_answered)
		agent->leader_silent_ms = clock_elapsed_ms() +
		    LEADER_SILENT_MS;
	for (size_t i = 0; is_answered && i < count; i++) {
		asked[i]->take = wishes[i].units;
		units += wishes[i].units;
	}
	if (is_answered && units == 0)
		agent->leader_denied_ms = clock_elapsed_ms() + LEADER_DENIED_MS;
	return FAULT_NONE;
}

static enum fault
decide(
    struct agent *agent, struct view *view, const struct link_sync_input *users)
{
	enum fault fault;

	fill(view, &agent->admission);
	if (view->link.lost_at) {
		if (is_beyond(agent, users)) {
			auto_leasing_cover(view->features, view->count, users,
			    view->server_now);
			if ((fault = ask_leader(agent, view)))
				return fault;
		}
		auto_leasing_spare(view->features, view->count, users);
	}
	if (is_quiet(view) && (view->link.lost_at || !is_any_in_use(view)))
		return FAULT_NONE;
	if ((fault = write_all(agent, view)))
		return fault;
	agent->measured_at = 0;
	agent->has_room_grown = agent->has_taken = true;
	return FAULT_NONE;
}

enum fault
auto_leasing_watch(struct agent *agent, const struct link_sync_input *users)
{
	struct view view = { .count = 0 };
	enum fault fault;

	/* Before the view: it clears the arena. */
	if ((fault = admission_measure(
		 &agent->admission, &agent->appliance, &agent->scratch)))
		return fault;
	fault = load(&view, agent);
	agent->is_lost = !fault && view.link.lost_at > 0;
	agent->has_taken = !fault && is_any_in_use(&view);
	if (!fault && view.server_now != INSTANT_NEVER)
		fault = decide(agent, &view, users);
	arena_clear(&agent->scratch);
	if (fault == FAULT_UNKNOWN_OUTCOME)
		agent->must_restart = true;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}
