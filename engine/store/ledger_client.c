/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_client.c: clients of a license server added, changed and deleted.
 * All that is wrong with a form is found at once. What a change means for a
 * lease is decided at the client's next sync.
 */
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_recovery.h"
#include "engine/store/ledger_surrendered.h"

#include "engine/base/calendar.h"
#include "engine/base/text.h"
#include "engine/store/ledger_sync_cluster.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/platform_groups.h"
#include "engine/store/store_allocation.h"
#include "engine/store/store_client_edit.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_lease.h"
#include "engine/store/store_license.h"
#include "engine/store/store_other_device.h"
#include "engine/store/store_pool.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define FIELD_CLIENT_ID "client_id"
#define FIELD_PASSWORD  "password"
#define FIELD_EXPIRES   "expires"
#define FIELD_PLATFORM  "platform"
#define FIELD_PRODUCT   "product"

/* One form against what is saved. */
struct edit {
	struct ledger *ledger;
	const struct client_input *input;
	bool is_new;
	struct client_row before; /* zeros and "" for a new one */
	struct client_row after;
	struct allocation_row *counts; /* saved before */
	size_t count_count;
	bool made_live; /* an expired configuration lives again */
};

static void
add(struct edit *edit, const char *field, enum mistake_kind kind, const char *a,
    const char *b)
{
	mistake_add(&edit->ledger->mistakes, field, kind, a, b);
}

/* ---- the client itself ---- */

static enum fault
check_name(struct edit *edit)
{
	struct ledger *ledger = edit->ledger;
	const char *name = edit->input->name ? edit->input->name : "";
	const char *taken;
	enum fault fault;
	int64_t id;

	edit->after.name = name;
	if (!*name) {
		add(edit, FIELD_CLIENT_ID, MISTAKE_CLIENT_ID_MISSING, NULL,
		    NULL);
		return FAULT_NONE;
	}
	if (!text_is_alphanumeric(name)) {
		add(edit, FIELD_CLIENT_ID, MISTAKE_CLIENT_ID_CHARACTERS, NULL,
		    NULL);
		return FAULT_NONE;
	}
	fault = store_client_edit_same_name(
	    &taken, &id, ledger->arena, ledger->store, name);
	if (fault == FAULT_NOT_FOUND || (!fault && id == edit->before.id))
		return FAULT_NONE;
	if (!fault && strcmp(taken, name) == 0)
		add(edit, FIELD_CLIENT_ID, MISTAKE_CLIENT_ID_IN_USE, name,
		    NULL);
	else if (!fault)
		add(edit, FIELD_CLIENT_ID, MISTAKE_CLIENT_ID_CASE, name, taken);
	return fault;
}

static void
check_password(struct edit *edit)
{
	const char *hash = edit->input->password_hash;

	if (hash && *hash) {
		edit->after.password_hash = hash;
		edit->after.password_version++;
	} else if (edit->is_new) {
		add(edit, FIELD_PASSWORD, MISTAKE_PASSWORD_MISSING, NULL, NULL);
	}
}

static void
check_expires(struct edit *edit)
{
	const char *date = edit->input->expires_date ? edit->input->expires_date
						     : "";
	char today[11];

	edit->after.expires_date = date;
	edit->after.expires = INSTANT_NEVER;
	if (!*date)
		return;
	calendar_date_of(today, edit->ledger->now);
	if (!calendar_date_end(&edit->after.expires, date)) {
		add(edit, FIELD_EXPIRES, MISTAKE_DATE_INVALID, today, NULL);
		return;
	}
	/* One that passed meanwhile does not bar the other fields. */
	if (edit->after.expires <= edit->ledger->now &&
	    (edit->is_new || strcmp(date, edit->before.expires_date) != 0))
		add(edit, FIELD_EXPIRES, MISTAKE_DATE_PAST, today, NULL);
}

static const struct platform *
check_device(struct edit *edit)
{
	const struct client_input *input = edit->input;
	const struct platform *platform = catalogue_platform(
	    &edit->ledger->appliance->catalogue,
	    input->platform ? input->platform : "");

	if (!platform) {
		add(edit, FIELD_PLATFORM, MISTAKE_PLATFORM_UNKNOWN, NULL, NULL);
	} else if (!ledger_act_may_serve(edit->ledger, platform)) {
		add(edit, FIELD_PLATFORM, MISTAKE_PLATFORM_NOT_SERVED,
		    platform->name,
		    platform_groups_served(edit->ledger->arena,
			&edit->ledger->appliance->catalogue));
		platform = NULL;
	}
	if (input->product != PRODUCT_PCS && input->product != PRODUCT_PPS)
		add(edit, FIELD_PRODUCT, MISTAKE_PRODUCT_UNKNOWN, NULL, NULL);
	edit->after.platform = platform ? platform->name : "";
	edit->after.product = input->product;
	return platform;
}

/* ---- its counts ---- */

static const char *
field_of(struct edit *edit, const char *count, const char *feature)
{
	return arena_format(edit->ledger->arena, "%s.%s", count, feature);
}

static bool
is_in_range(int64_t count)
{
	return count >= 0 && count <= ALLOCATION_COUNT_MAX;
}

/* The count that a rule is about, as the form calls it. */
static const char *
count_of_error(enum verdict error, const struct allocation *allocation)
{
	if (error == VERDICT_RESERVED_OVER_AVAILABLE)
		return "reserved";
	if (error == VERDICT_INCREMENT_MISSING ||
	    error == VERDICT_INCREMENT_TOO_LARGE)
		return "increment";
	if (error == VERDICT_COUNT_OUT_OF_RANGE &&
	    !is_in_range(allocation->reserved))
		return "reserved";
	if (error == VERDICT_COUNT_OUT_OF_RANGE &&
	    !is_in_range(allocation->increment))
		return "increment";
	return "maximum";
}

static bool
is_empty(const struct allocation *allocation)
{
	return allocation->reserved == 0 && allocation->increment == 0 &&
	    allocation->maximum == 0;
}

/* Against the pool as it is inside this transaction. */
static enum fault
check_allocation(struct edit *edit, const struct client_count *count,
    bool is_subscription_only)
{
	struct mistakes *mistakes = &edit->ledger->mistakes;
	const struct allocation before = store_allocation_of(
	    edit->counts, edit->count_count, count->feature);
	struct allocation_check check;
	struct pool pool;
	enum fault fault;
	int64_t since;
	bool is_recovering = false;

	if ((fault = store_pool_load(&pool, edit->ledger->arena,
		 edit->ledger->store, count->feature, edit->before.id,
		 edit->ledger->now)))
		return fault;
	allocation_check(&check, &count->allocation, before.reserved,
	    is_subscription_only ? pool_reservable_subscription(&pool)
				 : pool_reservable(&pool),
	    edit->made_live);
	if ((count->allocation.reserved > before.reserved || edit->made_live) &&
	    count->allocation.reserved > 0 &&
	    (fault = ledger_recovery_is_on(
		 &is_recovering, &since, edit->ledger, count->feature)))
		return fault;
	if (is_recovering)
		add(edit, field_of(edit, "reserved", count->feature),
		    MISTAKE_RESERVED_RECOVERING, count->feature, NULL);
	else if (check.error != VERDICT_OK)
		mistake_add_verdict(mistakes,
		    field_of(edit,
			count_of_error(check.error, &count->allocation),
			count->feature),
		    count->feature, check.error, &check.numbers);
	else if (check.warning != VERDICT_OK)
		mistake_add_warning(mistakes,
		    field_of(edit, "increment", count->feature), count->feature,
		    check.warning, &check.numbers);
	return FAULT_NONE;
}

/* "platform" NULL: what may be used on it cannot be said yet. */
static enum fault
check_count(struct edit *edit, const struct client_count *count,
    const struct platform *platform)
{
	const struct verdict_numbers none = { 0 };
	const struct feature *feature = catalogue_feature(
	    &edit->ledger->appliance->catalogue, count->feature);

	if (is_empty(&count->allocation))
		return FAULT_NONE;
	if (!feature || feature->kind == FEATURE_SWITCH) {
		add(edit, field_of(edit, "maximum", count->feature),
		    MISTAKE_FEATURE_UNKNOWN, count->feature, NULL);
		return FAULT_NONE;
	}
	if (platform && edit->after.product != 0 &&
	    !ledger_act_may_lease(
		edit->ledger, feature, edit->after.product, platform)) {
		mistake_add_verdict(&edit->ledger->mistakes,
		    field_of(edit, "maximum", count->feature), count->feature,
		    VERDICT_FEATURE_NOT_USABLE, &none);
		return FAULT_NONE;
	}
	return check_allocation(edit, count,
	    appliance_lends_subscriptions_only(
		edit->ledger->appliance, feature, platform));
}

static enum fault
check_counts(struct edit *edit, const struct platform *platform)
{
	const struct client_input *input = edit->input;
	enum fault fault;

	edit->made_live = !edit->is_new &&
	    edit->before.expires <= edit->ledger->now &&
	    edit->after.expires > edit->ledger->now;
	for (size_t i = 0; i < input->count_count; i++)
		if ((fault = check_count(edit, &input->counts[i], platform)))
			return fault;
	return FAULT_NONE;
}

static enum fault
check_all(struct edit *edit)
{
	const struct client_input *input = edit->input;
	enum fault fault;

	if (!edit->is_new && input->row_version != 0 &&
	    input->row_version != edit->before.row_version)
		add(edit, "", MISTAKE_EDIT_CONFLICT, NULL, NULL);
	if ((fault = check_name(edit)))
		return fault;
	check_password(edit);
	check_expires(edit);
	return check_counts(edit, check_device(edit));
}

/* FAULT_NOT_FOUND when it is not there, or not any more. */
static enum fault
load_edit(struct edit *edit, struct ledger *ledger, int64_t id,
    const struct client_input *input)
{
	enum fault fault;

	*edit = (struct edit){ .ledger = ledger, .input = input };
	edit->is_new = id == 0;
	edit->before = (struct client_row){
		.name = "", .expires_date = "", .platform = ""
	};
	if (edit->is_new) {
		edit->after = edit->before;
		return FAULT_NONE;
	}
	if ((fault = store_client_load_id(
		 &edit->before, ledger->arena, ledger->store, id)))
		return fault;
	if (edit->before.deleted_at != 0)
		return FAULT_NOT_FOUND;
	edit->after = edit->before;
	return store_allocation_list(&edit->counts, &edit->count_count,
	    ledger->arena, ledger->store, id);
}

/* ---- what it says in the log ---- */

static const char *
write_counts(struct ledger *ledger, const struct allocation *allocation)
{
	return arena_format(ledger->arena, "%" PRId64 "/%" PRId64 "/%" PRId64,
	    allocation->reserved, allocation->increment, allocation->maximum);
}

/* "so far, more"; NULL when the arena is full. */
static const char *
join(struct ledger *ledger, const char *so_far, const char *more)
{
	if (!so_far || !more)
		return NULL;
	return *so_far ? arena_format(ledger->arena, "%s, %s", so_far, more)
		       : more;
}

static const char *
join_change(struct ledger *ledger, const char *so_far, const char *what,
    const char *before, const char *after)
{
	if (before && after && strcmp(before, after) == 0)
		return so_far;
	return join(ledger, so_far,
	    arena_format(ledger->arena, "%s %s -> %s", what, before, after));
}

static const char *
date_or_none(const struct client_row *row)
{
	return *row->expires_date ? row->expires_date : "none";
}

/* The counts of one feature in the form; zeros when it is left out. */
static struct allocation
entered(const struct client_input *input, const char *feature)
{
	for (size_t i = 0; i < input->count_count; i++)
		if (strcmp(input->counts[i].feature, feature) == 0)
			return input->counts[i].allocation;
	return (struct allocation){ 0 };
}

static const char *
tell_counts(struct edit *edit, const char *so_far)
{
	struct ledger *ledger = edit->ledger;
	const struct client_input *input = edit->input;

	for (size_t i = 0; i < input->count_count; i++) {
		const char *feature = input->counts[i].feature;
		const struct allocation before = store_allocation_of(
		    edit->counts, edit->count_count, feature);

		so_far = join_change(ledger, so_far, feature,
		    write_counts(ledger, &before),
		    write_counts(ledger, &input->counts[i].allocation));
	}
	for (size_t i = 0; i < edit->count_count; i++) {
		const struct allocation_row *row = &edit->counts[i];
		const struct allocation after = entered(input, row->feature);

		if (is_empty(&after))
			so_far = join_change(ledger, so_far, row->feature,
			    write_counts(ledger, &row->allocation),
			    write_counts(ledger, &after));
	}
	return so_far;
}

/* All that changes, "" when nothing does. */
static const char *
tell_change(struct edit *edit)
{
	struct ledger *ledger = edit->ledger;
	const struct client_row *before = &edit->before, *after = &edit->after;
	const char *text = "";

	text = join_change(ledger, text, "ID", before->name, after->name);
	text = join_change(
	    ledger, text, "platform", before->platform, after->platform);
	text = join_change(ledger, text, "product",
	    catalogue_product_name(before->product),
	    catalogue_product_name(after->product));
	text = join_change(ledger, text, "expiration", date_or_none(before),
	    date_or_none(after));
	if (after->password_version != before->password_version)
		text = join(ledger, text, "password");
	return tell_counts(edit, text);
}

static enum fault
tell_added(struct edit *edit)
{
	struct ledger *ledger = edit->ledger;
	const struct client_input *input = edit->input;
	const char *device = arena_format(ledger->arena, "%s %s",
	    edit->after.platform, catalogue_product_name(edit->after.product));
	const char *counts = "";

	for (size_t i = 0; i < input->count_count; i++) {
		const struct client_count *count = &input->counts[i];

		if (is_empty(&count->allocation))
			continue;
		counts = join(ledger, counts,
		    arena_format(ledger->arena, "%s %s", count->feature,
			write_counts(ledger, &count->allocation)));
	}
	if (!device || !counts)
		return FAULT_MEMORY;
	return ledger_act_event(ledger, EVENT_CLIENT_ADDED, edit->after.name,
	    device, date_or_none(&edit->after), *counts ? counts : "no counts",
	    NULL);
}

/* ---- saving ---- */

static enum fault
save_counts(struct edit *edit, int64_t client)
{
	const struct client_input *input = edit->input;
	struct store *store = edit->ledger->store;
	enum fault fault;

	if ((fault = store_allocation_delete_all(store, client)))
		return fault;
	for (size_t i = 0; i < input->count_count; i++)
		if ((fault = store_allocation_save(store, client,
			 input->counts[i].feature,
			 &input->counts[i].allocation)))
			return fault;
	return FAULT_NONE;
}

/* ---- what it means for the pools ---- */

static bool
is_among(const struct allocation_row *rows, size_t count, const char *feature)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].feature, feature) == 0)
			return true;
	return false;
}

/* Of every feature that it had counts of, or has now. */
static enum fault
settle_pools(const struct edit *edit)
{
	const struct client_input *input = edit->input;
	enum fault fault;

	for (size_t i = 0; i < edit->count_count; i++)
		if ((fault = ledger_watch_pools_changed(
			 edit->ledger, edit->counts[i].feature)))
			return fault;
	for (size_t i = 0; i < input->count_count; i++)
		if (!is_among(edit->counts, edit->count_count,
			input->counts[i].feature) &&
		    (fault = ledger_watch_pools_changed(
			 edit->ledger, input->counts[i].feature)))
			return fault;
	return FAULT_NONE;
}

/* A virtual license server has clients once it has its license (rules.md 11). */
static enum fault
check_server_license(struct ledger *ledger)
{
	bool is_licensed = true;
	enum fault fault = FAULT_NONE;

	if (ledger->appliance->role == ROLE_VIRTUAL_SERVER)
		fault = store_license_switch(&is_licensed, ledger->store,
		    CATALOGUE_LICENSE_SERVER, ledger->now);
	if (!fault && !is_licensed)
		mistake_add(&ledger->mistakes, "", MISTAKE_NO_SERVER_LICENSE,
		    NULL, NULL);
	return fault;
}

enum fault
ledger_client_add(
    int64_t *out_id, struct ledger *ledger, const struct client_input *input)
{
	struct edit edit;
	enum fault fault;

	assert(out_id && ledger && input);
	*out_id = 0;
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	if ((fault = check_server_license(ledger)) ||
	    (fault = load_edit(&edit, ledger, 0, input)))
		return fault;
	if ((fault = check_all(&edit)) || ledger->mistakes.count > 0)
		return fault;
	edit.after.made_at = ledger->now;
	if ((fault = store_client_edit_insert(
		 out_id, ledger->store, &edit.after)))
		return fault;
	if ((fault = save_counts(&edit, *out_id)) ||
	    (fault = settle_pools(&edit)))
		return fault;
	return tell_added(&edit);
}

enum fault
ledger_client_change(
    struct ledger *ledger, int64_t id, const struct client_input *input)
{
	struct edit edit;
	const char *change;
	enum fault fault;

	assert(ledger && id > 0 && input);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	if ((fault = load_edit(&edit, ledger, id, input)))
		return fault;
	if ((fault = check_all(&edit)) || ledger->mistakes.count > 0)
		return fault;
	if (!(change = tell_change(&edit)))
		return FAULT_MEMORY;
	if (!*change)
		return FAULT_NONE;
	edit.after.changed_at = ledger->now;
	if ((fault = store_client_edit_update(ledger->store, &edit.after)))
		return fault;
	if ((fault = save_counts(&edit, id)) || (fault = settle_pools(&edit)))
		return fault;
	/* Who came with the old password is kept out by the new one. */
	if (edit.after.password_version != edit.before.password_version &&
	    (fault = store_other_device_forget(ledger->store, id)))
		return fault;
	return ledger_act_event(ledger, EVENT_CLIENT_CHANGED, edit.after.name,
	    change, NULL, NULL, NULL);
}

enum fault
ledger_client_check(
    struct ledger *ledger, int64_t id, const struct client_input *input)
{
	struct edit edit;
	enum fault fault;

	assert(ledger && id >= 0 && input);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	if ((fault = load_edit(&edit, ledger, id, input)))
		return fault;
	return check_all(&edit);
}

/* Of a restored server: what such a client holds, nobody knows yet. */
static enum fault
check_reported(struct ledger *ledger, const struct client_row *client)
{
	enum fault fault;
	bool has;

	fault = ledger_recovery_has_reported(&has, ledger, client);
	if (!fault && !has)
		mistake_add(&ledger->mistakes, "", MISTAKE_CLIENT_UNREPORTED,
		    client->name, NULL);
	return fault;
}

enum fault
ledger_client_delete(struct ledger *ledger, int64_t id, int64_t row_version,
    bool keep_surrendered)
{
	struct client_row client;
	struct store *store = ledger->store;
	struct allocation_row *counts;
	size_t count;
	enum fault fault;

	assert(ledger && id > 0);
	if (!ledger_act_lends(ledger))
		return FAULT_NONE;
	if ((fault = store_client_load_id(&client, ledger->arena, store, id)))
		return fault;
	if (client.deleted_at != 0)
		return FAULT_NOT_FOUND;
	if (row_version != 0 && row_version != client.row_version) {
		mistake_add(
		    &ledger->mistakes, "", MISTAKE_EDIT_CONFLICT, NULL, NULL);
		return FAULT_NONE;
	}
	if ((fault = check_reported(ledger, &client)) ||
	    (fault = ledger_surrendered_part(ledger, &client,
		 keep_surrendered ? "kept, although the client is deleted"
				  : NULL,
		 MISTAKE_CLIENT_SURRENDERED)) ||
	    ledger->mistakes.count > 0)
		return fault;
	if ((fault = ledger_sync_cluster_leave(ledger, &client)) ||
	    (fault = store_lease_close_all(store, id, client.number)) ||
	    (fault = store_allocation_list(
		 &counts, &count, ledger->arena, store, id)) ||
	    (fault = store_allocation_delete_all(store, id)) ||
	    (fault = store_contact_answer_delete_all(store, id)) ||
	    (fault = store_other_device_forget(store, id)) ||
	    (fault = store_client_edit_delete(store, id, ledger->now)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = ledger_watch_pools_changed(
			 ledger, counts[i].feature)))
			return fault;
	return ledger_act_event(
	    ledger, EVENT_CLIENT_REMOVED, client.name, NULL, NULL, NULL, NULL);
}
