/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_feature.c: one feature of one sync: what the client may use is
 * put to the rules, and their plan becomes rows, events and a part of the
 * answer.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_guard.h"
#include "engine/store/ledger_lease.h"
#include "engine/store/store_sample.h"
#include <assert.h>
#include <string.h>

/* Quanta may be split, and a reserved part may be new. */
#define PARTS_MORE  3
#define HOLDERS_MAX 5

/* More papers than this of one feature, none of them confirmed, and its lease stays as it is: who confirms has a few. */
#define CLOSED_MAX 128

/* One feature before it is decided. */
struct subject {
	const char *name;
	const struct feature *feature; /* NULL = the catalogue knows none */
	struct allocation configured;
	const struct lease_row *rows;
	size_t row_count;
	int64_t leased;      /* L before */
	bool is_unconfirmed; /* so often that nothing more is written down */
};

static int64_t
users_of(const struct sync_work *work, const char *name)
{
	for (size_t i = 0; i < work->request->want_count; i++)
		if (strcmp(work->request->wants[i].feature, name) == 0)
			return work->request->wants[i].users;
	return 0;
}

static bool
is_unconfirmed(const struct lease_row *rows, size_t count)
{
	size_t closed = 0;

	for (size_t i = 0; i < count; i++)
		closed += rows[i].last != STORE_LEASE_LIVE;
	return closed >= CLOSED_MAX;
}

static void
find_subject(
    struct subject *out, const struct sync_work *work, const char *name)
{
	*out = (struct subject){ .name = name };
	out->feature = catalogue_feature(
	    &work->ledger->appliance->catalogue, name);
	if (out->feature && out->feature->kind == FEATURE_SWITCH)
		out->feature = NULL;
	out->configured = store_allocation_of(
	    work->allocations, work->allocation_count, name);
	out->rows = store_lease_of(
	    &out->row_count, work->leases, work->lease_count, name);
	out->leased = store_lease_units(
	    out->rows, out->row_count, work->ledger->now);
	out->is_unconfirmed = is_unconfirmed(out->rows, out->row_count);
}

/* What the request says that it comes from; NULL when it says nothing that is known. */
static const struct platform *
stated_platform(const struct sync_work *work)
{
	const char *name = work->request->platform;

	return name
	    ? catalogue_platform(&work->ledger->appliance->catalogue, name)
	    : NULL;
}

/* A device is no other one because its client was entered as one. */
static bool
is_served(const struct sync_work *work)
{
	const struct platform *stated = stated_platform(work);

	return (!work->platform ||
		   ledger_act_may_serve(work->ledger, work->platform)) &&
	    (!stated || ledger_act_may_serve(work->ledger, stated));
}

static bool
is_subscription_only(
    const struct sync_work *work, const struct feature *feature)
{
	const struct appliance *appliance = work->ledger->appliance;

	return feature &&
	    (appliance_lends_subscriptions_only(
		 appliance, feature, work->platform) ||
		appliance_lends_subscriptions_only(
		    appliance, feature, stated_platform(work)));
}

/* May this client use the feature at all? VERDICT_OK or why not. */
static enum verdict
judge_use(const struct sync_work *work, const struct subject *subject)
{
	const struct feature *feature = subject->feature;
	const char *version = work->request->version ? work->request->version
						     : "";

	if (!feature)
		return VERDICT_NOT_ALLOCATED;
	if (!is_served(work))
		return VERDICT_PLATFORM_NOT_SERVED;
	if (!ledger_act_may_lease(
		work->ledger, feature, work->client.product, work->platform))
		return VERDICT_FEATURE_NOT_USABLE;
	if (!catalogue_is_compatible(feature, work->client.product, version))
		return VERDICT_NOT_COMPATIBLE;
	return VERDICT_OK;
}

/* The parts of the lease as the rules take them. */
static enum fault
make_parts(struct lease_request *request, struct lease_plan *plan,
    const struct sync_work *work, const struct subject *subject)
{
	struct arena *arena = work->ledger->arena;
	struct lease_part *parts = arena_array(
	    arena, subject->row_count, sizeof(*parts));

	plan->parts = arena_array(
	    arena, subject->row_count + PARTS_MORE, sizeof(*parts));
	if (!parts || !plan->parts)
		return FAULT_MEMORY;
	request->parts = parts;
	for (size_t i = 0; i < subject->row_count; i++)
		if (subject->rows[i].last == STORE_LEASE_LIVE)
			parts[request->part_count++] = subject->rows[i].part;
	return FAULT_NONE;
}

/* Nothing but later expiries? */
static bool
is_renewal(const struct lease_plan *plan, const struct lease_request *request)
{
	if (plan->part_count != request->part_count)
		return false;
	for (size_t i = 0; i < request->part_count; i++)
		if (!ledger_lease_goes_on(&request->parts[i], plan))
			return false;
	return true;
}

static int64_t
drawn_on_subscription(const struct lease_plan *plan)
{
	int64_t units = 0;

	for (size_t i = 0; i < plan->part_count; i++)
		units += plan->parts[i].subscription;
	return units;
}

/*
 * The rules are asked for what the client has. Whatever else they then want
 * (a lowered count, a part split in a shortage) leaves the lease to run out.
 */
static void
keep_lease(struct sync_decision *decision, const struct lease_request *request,
    int64_t leased)
{
	struct lease_plan *plan = &decision->plan;

	plan->numbers.wanted = decision->users;
	if (plan->denial == VERDICT_OK && decision->users > leased)
		plan->denial = VERDICT_UNCONFIRMED;
	if (is_renewal(plan, request))
		return;
	if (plan->denial == VERDICT_OK)
		plan->denial = VERDICT_UNCONFIRMED;
	plan->part_count = request->part_count;
	memcpy(plan->parts, request->parts,
	    request->part_count * sizeof(*request->parts));
	plan->leased = leased;
	plan->permanent = leased - drawn_on_subscription(plan);
	plan->granted = plan->released = 0;
}

/* Why nothing more may be granted now, whoever asks. */
static enum fault
find_refusal(struct lease_request *request, struct sync_work *work,
    const struct subject *subject)
{
	bool is_recovering;
	enum fault fault;

	request->growth_refusal = VERDICT_OK;
	if (subject->is_unconfirmed)
		request->growth_refusal = VERDICT_UNCONFIRMED;
	else if (work->is_halted)
		request->growth_refusal = VERDICT_HALTED;
	if (request->growth_refusal == VERDICT_OK) {
		if ((fault = ledger_sync_recovering(
			 &is_recovering, work, subject->name)))
			return fault;
		if (is_recovering)
			request->growth_refusal = VERDICT_RECOVERING;
	}
	request->growth_allowed = request->growth_refusal == VERDICT_OK;
	return FAULT_NONE;
}

static enum fault
ask_rules(struct sync_decision *decision, struct sync_work *work,
    const struct subject *subject)
{
	struct ledger *ledger = work->ledger;
	struct lease_request request = {
		.allocation = decision->allocation,
		.allocation_expires = work->client.expires,
		.users = subject->is_unconfirmed ? subject->leased
						 : decision->users,
		.duration = work->duration,
		.is_member = *work->contact.member != '\0',
		.is_subscription_only = is_subscription_only(
		    work, subject->feature),
		.is_strict = work->is_strict,
	};
	enum fault fault;

	request.documented = store_lease_documented(
	    subject->rows, subject->row_count, ledger->now);
	if ((fault = make_parts(&request, &decision->plan, work, subject)) ||
	    (fault = find_refusal(&request, work, subject)))
		return fault;
	/* Without an allocation everything is released, whatever the pool. */
	decision->is_pooled = decision->allocation.maximum > 0;
	if (decision->is_pooled &&
	    (fault = store_pool_load(&decision->pool, ledger->arena,
		 ledger->store, subject->name, work->client.id, ledger->now)))
		return fault;
	lease_decide(&decision->plan, &request, &decision->pool, ledger->now);
	if (subject->is_unconfirmed)
		keep_lease(decision, &request, subject->leased);
	else
		ledger_lease_merge(&decision->plan);
	return FAULT_NONE;
}

/* "PCS 8.0r5 or 7.4r12"; NULL when the catalogue names none. */
static const char *
versions_for(struct arena *arena, const struct feature *feature, int product)
{
	const char *text = NULL;

	for (size_t i = 0; feature && i < feature->floor_count; i++) {
		const struct version_floor *floor = &feature->floors[i];

		if (floor->product != product)
			continue;
		text = text
		    ? arena_format(arena, "%s or %s", text, floor->version)
		    : arena_format(arena, "%s %s",
			  catalogue_product_name(product), floor->version);
	}
	return text;
}

/* Who stands in the way, and when somebody will not. */
static enum fault
find_holders(struct sync_decision *decision, struct sync_work *work)
{
	struct ledger *ledger = work->ledger;
	struct pool_holder *holders;
	struct pool_free *frees;
	enum fault fault;

	if ((fault = store_pool_holders(&holders, &decision->holder_count,
		 ledger->arena, ledger->store, decision->feature,
		 work->client.id, HOLDERS_MAX, ledger->now)) ||
	    (fault = store_pool_next_free(&frees, &decision->free_count,
		 ledger->arena, ledger->store, decision->feature,
		 work->client.id, HOLDERS_MAX, ledger->now)))
		return fault;
	decision->holders = holders;
	decision->frees = frees;
	return FAULT_NONE;
}

/* The denial in words; who stands in the way is asked only when somebody does. */
static enum fault
explain(struct sync_decision *decision, struct sync_work *work,
    const struct subject *subject)
{
	struct ledger *ledger = work->ledger;
	enum verdict denial = decision->plan.denial;

	if (denial == VERDICT_OK)
		return FAULT_NONE;
	/* The protocol knows one code for what no form could allow now. */
	decision->denied_code = verdict_code(
	    denial == VERDICT_FEATURE_NOT_USABLE ? VERDICT_NOT_ALLOCATED
						 : denial);
	if (denial == VERDICT_NOT_COMPATIBLE)
		decision->plan.numbers.versions = versions_for(
		    ledger->arena, subject->feature, work->client.product);
	decision->denied_text = mistake_verdict_text(
	    ledger->arena, denial, decision->feature, &decision->plan.numbers);
	if (!decision->denied_text)
		return FAULT_MEMORY;
	if (denial != VERDICT_POOL_EXHAUSTED &&
	    denial != VERDICT_RESERVED_EXHAUSTED)
		return FAULT_NONE;
	return find_holders(decision, work);
}

static enum fault
decide(struct sync_decision *decision, struct sync_work *work,
    const struct subject *subject)
{
	enum verdict use = judge_use(work, subject);
	enum fault fault;

	decision->feature = subject->name;
	decision->users = instant_units(users_of(work, subject->name));
	if (use == VERDICT_OK)
		decision->allocation = subject->configured;
	if ((fault = ask_rules(decision, work, subject)))
		return fault;
	if (use != VERDICT_OK)
		decision->plan.denial = decision->users > 0 ||
			subject->configured.maximum > 0
		    ? use
		    : VERDICT_OK;
	return explain(decision, work, subject);
}

/* ---- what comes of it ---- */

static enum fault
write_lease(struct sync_work *work, const struct subject *subject,
    struct sync_decision *decision)
{
	const struct lease_plan *plan = &decision->plan;
	struct ledger *ledger = work->ledger;
	const struct lease_change change = {
		.client = work->client.id,
		.feature = subject->name,
		.rows = subject->rows,
		.row_count = subject->row_count,
		.plan = plan,
		.number = work->contact.number,
	};
	enum fault fault;

	if ((fault = ledger_lease_apply(
		 &decision->is_changed, ledger, &change)))
		return fault;
	work->out->changed |= decision->is_changed;
	for (size_t i = 0; i < plan->part_count; i++)
		work->earliest = instant_earlier(
		    work->earliest, plan->parts[i].expires);
	if (plan->leased == subject->leased)
		return FAULT_NONE;
	return ledger_act_event(ledger, EVENT_LEASE_GIVEN, work->client.name,
	    subject->name, ledger_act_units(ledger, plan->leased),
	    ledger_act_units(ledger, subject->leased),
	    ledger_act_counts(ledger, decision->allocation.reserved,
		decision->allocation.increment, decision->allocation.maximum));
}

static enum fault
tell_denial(struct sync_work *work, const struct sync_decision *decision)
{
	struct ledger *ledger = work->ledger;
	/* With its blanks, so that ACCESS is not found in ACCESS-RDP. */
	const char *part = arena_format(
	    ledger->arena, " %s ", decision->feature);

	if (!part)
		return FAULT_MEMORY;
	work->out->changed = true;
	return ledger_act_event_seldom(ledger, EVENT_LEASE_DECLINED,
	    work->client.name, part, decision->feature, decision->denied_text);
}

/* Told when it begins or has another reason; its figures change all the time. */
static enum fault
write_denial(struct sync_work *work, const struct sync_decision *decision)
{
	const struct denial_row *old = store_denial_of(
	    work->denials, work->denial_count, decision->feature);
	struct denial_row row = {
		.feature = decision->feature,
		.code = decision->denied_code,
		.text = decision->denied_text,
		.wanted = decision->plan.numbers.wanted,
		.available = decision->plan.numbers.available,
		.at = work->ledger->now,
	};
	struct store *store = work->ledger->store;
	enum fault fault;

	if (!row.code) {
		work->out->changed |= old != NULL;
		return old
		    ? store_denial_delete(store, work->client.id, old->feature)
		    : FAULT_NONE;
	}
	if (!(row.holders = ledger_sync_answer_holders(work, decision)))
		return FAULT_MEMORY;
	if (old && strcmp(old->code, row.code) == 0 &&
	    strcmp(old->text, row.text) == 0 &&
	    strcmp(old->holders, row.holders) == 0)
		return FAULT_NONE;
	if ((fault = store_denial_save(store, work->client.id, &row)))
		return fault;
	if (old && strcmp(old->code, row.code) == 0)
		return FAULT_NONE;
	return tell_denial(work, decision);
}

/* For the history of use. */
static enum fault
count_use(const struct sync_work *work, const struct sync_decision *decision)
{
	const struct ledger *ledger = work->ledger;
	enum fault fault;

	if ((fault = store_sample_users(ledger->store, work->client.id,
		 decision->feature, decision->users)) ||
	    !decision->denied_code)
		return fault;
	return store_sample_deny(
	    ledger->store, decision->feature, work->client.id, ledger->now);
}

static enum fault
settle(struct sync_work *work, const char *name)
{
	struct sync_decision decision = { 0 };
	struct subject subject;
	enum fault fault;

	find_subject(&subject, work, name);
	if ((fault = decide(&decision, work, &subject)))
		return fault;
	decision.may_auto_lease = ledger_sync_auto_may(work, name);
	if ((fault = write_lease(work, &subject, &decision)) ||
	    (fault = ledger_sync_guard(
		 work, &decision, subject.rows, subject.row_count)) ||
	    (fault = ledger_sync_compliance_note(work, &decision)))
		return fault;
	/* What the catalogue does not know is answered, but kept nowhere. */
	if (subject.feature &&
	    ((fault = write_denial(work, &decision)) ||
		(fault = count_use(work, &decision))))
		return fault;
	if (!decision.denied_code && decision.plan.part_count == 0 &&
	    decision.allocation.maximum == 0 && subject.leased == 0)
		return FAULT_NONE;
	return ledger_sync_answer_feature(work, &decision);
}

/* In a savepoint of its own: on a fault nothing of it stays. */
static enum fault
try_settle(struct sync_work *work, const char *name)
{
	struct store *store = work->ledger->store;
	enum fault fault;

	if ((fault = store_savepoint(store)))
		return fault;
	if (!(fault = settle(work, name)))
		return store_keep(store);
	return store_undo(store) ? FAULT_IO : fault;
}

/* A decision that broke the sums is undone, and made anew without growth. */
enum fault
ledger_sync_feature(struct sync_work *work, const char *name)
{
	enum fault fault;

	assert(work && name && work->features);
	fault = try_settle(work, name);
	if (!fault || !work->ledger->broken || work->is_halted)
		return fault;
	if ((fault = ledger_guard_halt(work->ledger)))
		return fault;
	work->is_halted = true;
	return try_settle(work, name);
}
