/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_client.c: the form of one license client, new or known, with its
 * counts, what they leave for others, and its lease.
 */
#include "cgi/page_client.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "cgi/pages.h"
#include "engine/base/calendar.h"
#include "engine/base/password.h"
#include "engine/base/random.h"
#include "engine/base/text.h"
#include "engine/rules/pool.h"
#include "engine/store/store_pool.h"

static const struct form_field fields[] = {
	{ "client_id", FORM_TEXT, false, 0, 0, 0, "Client ID" },
	{ "password", FORM_SECRET, false, PASSWORD_MAX_BYTES, 0, 0,
	    "Client password" },
	{ "password2", FORM_SECRET, false, PASSWORD_MAX_BYTES, 0, 0,
	    "Confirm password" },
	{ "expires", FORM_TEXT, false, 32, 0, 0,
	    "Configuration expiration date" },
	{ "platform", FORM_TEXT, false, 64, 0, 0, "Platform" },
	{ "product", FORM_TEXT, false, 8, 0, 0, "Product type" },
	{ "reserved", FORM_COUNTS, false, 0, 0, ALLOCATION_COUNT_MAX,
	    "Reserved Count" },
	{ "increment", FORM_COUNTS, false, 0, 0, ALLOCATION_COUNT_MAX,
	    "Incremental Count" },
	{ "maximum", FORM_COUNTS, false, 0, 0, ALLOCATION_COUNT_MAX,
	    "Maximum Count" },
	{ "offered", FORM_HIDDEN, false, 64, 0, 0, "" },
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
	{ "save", FORM_BUTTON, false, 0, 0, 0, "" },
	{ "recalculate", FORM_BUTTON, false, 0, 0, 0, "" },
};
const struct form_table page_client_form = { fields,
	sizeof(fields) / sizeof(fields[0]) };

/* ---- finding the client of the address ---- */

enum fault
page_client_find(struct client_row *out, struct request *request)
{
	int64_t id;
	enum fault fault;

	if (request->argument[0] == '~' &&
	    text_parse_int64(&id, request->argument + 1, 1, INT64_MAX))
		fault = store_client_load_id(
		    out, &request->arena, request->store, id);
	else
		fault = store_client_load(
		    out, &request->arena, request->store, request->argument);
	if (!fault && out->deleted_at)
		fault = FAULT_NOT_FOUND;
	if (fault == FAULT_NOT_FOUND)
		page_error(request, 404, "no_client", request->argument);
	return fault;
}

/* ---- showing the form ---- */

/* One count as typed, else as saved, else 0. */
static void
show_count(struct request *request, struct view place, const char *name,
    const char *feature, int64_t saved)
{
	const struct form_value *typed = form_count(
	    &request->form, name, feature);
	struct view cell = view_child(place, name);
	const char *full = arena_format(
	    &request->arena, "%s.%s", name, feature);
	char id[96];

	if (!full)
		return;
	form_id(id, sizeof(id), full);
	view_text(cell, "name", full);
	view_text(cell, "id", id);
	if (typed)
		view_text(cell, "value", typed->text);
	else
		view_format(cell, "value", "%" PRId64, saved);
	if (form_mistake(&request->mistakes, full))
		view_text(
		    cell, "error", form_mistake(&request->mistakes, full));
}

/* Typed counts where they can be read, else the saved ones. */
static struct allocation
counts_now(const struct request *request, const char *feature,
    const struct allocation *saved)
{
	const struct form_value *reserved = form_count(
	    &request->form, "reserved", feature);
	const struct form_value *increment = form_count(
	    &request->form, "increment", feature);
	const struct form_value *maximum = form_count(
	    &request->form, "maximum", feature);
	struct allocation now = *saved;

	if (reserved)
		now.reserved = reserved->number;
	if (increment)
		now.increment = increment->number;
	if (maximum)
		now.maximum = maximum->number;
	return now;
}

static enum fault
show_row(struct request *request, size_t index, const struct feature *feature,
    const struct platform *platform, const struct allocation *saved,
    int64_t client)
{
	struct view place = view_row(request->view, "counts", index);
	struct allocation now = counts_now(request, feature->name, saved);
	struct pool pool;
	int64_t reservable;
	enum fault fault = store_pool_load(&pool, &request->arena,
	    request->store, feature->name, client, request->now);

	if (fault)
		return fault;
	reservable = appliance_lends_subscriptions_only(
			 request->appliance, feature, platform)
	    ? pool_reservable_subscription(&pool)
	    : pool_reservable(&pool);
	view_text(place, "feature", feature->name);
	view_number(place, "available", reservable > 0 ? reservable : 0);
	view_number(place, "after", reservable - now.reserved);
	view_number(place, "missing", now.reserved - reservable);
	view_flag(place, "is_over",
	    now.reserved > reservable && now.reserved > saved->reserved);
	view_flag(place, "is_empty", pool.total <= 0);
	if (page_has_conflict(request))
		view_format(place, "saved",
		    "%" PRId64 " / %" PRId64 " / %" PRId64, saved->reserved,
		    saved->increment, saved->maximum);
	if (now.maximum > now.reserved) {
		view_number(place, "least", allocation_least_increment(&now));
		view_number(place, "reachable", allocation_reachable(&now));
	}
	show_count(request, place, "reserved", feature->name, saved->reserved);
	show_count(
	    request, place, "increment", feature->name, saved->increment);
	show_count(request, place, "maximum", feature->name, saved->maximum);
	return FAULT_NONE;
}

static const struct allocation *
find_saved(
    const struct client_feature_row *rows, size_t count, const char *feature)
{
	static const struct allocation nothing;

	for (size_t i = 0; i < count; i++)
		if (!strcmp(rows[i].feature, feature))
			return &rows[i].allocation;
	return &nothing;
}

/* Typed, saved or mistaken counts are never folded away. */
static bool
has_counts(const struct request *request, const char *feature,
    const struct allocation *saved)
{
	const struct allocation now = counts_now(request, feature, saved);

	return now.reserved || now.increment || now.maximum ||
	    saved->reserved || saved->increment || saved->maximum;
}

/*
 * Without a script the platform and product cannot change the rows, so all
 * counted features are there; the ones this client cannot use stand apart,
 * and saving them is refused with the reason.
 */
static enum fault
show_counts(struct request *request, const struct client_row *client,
    const char *platform, int product)
{
	const struct catalogue *catalogue = &request->appliance->catalogue;
	const struct platform *chosen = catalogue_platform(catalogue, platform);
	struct client_feature_row *saved = NULL;
	size_t count = 0, shown = 0, folded = 0;
	enum fault fault = FAULT_NONE;

	if (client)
		fault = store_client_features(&saved, &count, &request->arena,
		    request->store, client->id, request->now);
	for (size_t i = 0; !fault && i < catalogue->feature_count; i++) {
		const struct feature *feature = &catalogue->features[i];

		if (feature->kind == FEATURE_SWITCH)
			continue;
		if (chosen && product &&
		    !catalogue_is_usable(feature, product, chosen) &&
		    !has_counts(request, feature->name,
			find_saved(saved, count, feature->name))) {
			view_text(view_row(request->view, "unusable", folded++),
			    "feature", feature->name);
			continue;
		}
		fault = show_row(request, shown++, feature, chosen,
		    find_saved(saved, count, feature->name),
		    client ? client->id : 0);
	}
	return fault;
}

static void
show_platforms(struct request *request, const char *chosen)
{
	const struct catalogue *catalogue = &request->appliance->catalogue;
	bool is_virtual = request->appliance->role == ROLE_VIRTUAL_SERVER;
	size_t shown = 0;

	for (size_t i = 0; i < catalogue->platform_count; i++) {
		const struct platform *one = &catalogue->platforms[i];
		bool is_chosen = !strcmp(one->name, chosen);
		struct view row;

		if (is_virtual && !is_chosen &&
		    !catalogue_is_served_virtually(catalogue, one))
			continue;
		row = view_row(request->view, "platforms", shown++);
		view_text(row, "name", one->name);
		view_flag(row, "selected", is_chosen);
	}
}

/* What the form shows where nothing was typed. */
static enum fault
preset(struct request *request, const struct client_row *client)
{
	char password[27];
	enum fault fault;

	if (client) {
		form_preset(request->view, "client_id", client->name);
		form_preset(request->view, "expires", client->expires_date);
		view_format(request->view, "form.ver.value", "%" PRId64,
		    client->row_version);
		return FAULT_NONE;
	}
	/* The one that may be copied already stays. */
	if (*form_text(&request->form, "offered")) {
		view_text(request->view, "offer.password",
		    form_text(&request->form, "offered"));
		return FAULT_NONE;
	}
	if ((fault = random_password(password)))
		return fault;
	view_text(request->view, "offer.password", password);
	return FAULT_NONE;
}

static enum fault
fill(struct request *request, const struct client_row *client)
{
	const char *platform = client ? client->platform : "PSA-3000";
	const char *product = client ? catalogue_product_name(client->product)
				     : "PCS";
	enum fault fault;

	if ((fault = preset(request, client)) ||
	    (fault = page_client_lease_warn(request, client)))
		return fault;
	if (form_has(&request->form, "platform"))
		platform = form_text(&request->form, "platform");
	if (form_has(&request->form, "product"))
		product = form_text(&request->form, "product");
	form_show(request->view, &page_client_form, &request->form,
	    &request->mistakes);
	show_platforms(request, platform);
	view_flag(request->view, "product.pcs", !strcmp(product, "PCS"));
	view_flag(request->view, "product.pps", !strcmp(product, "PPS"));
	return show_counts(
	    request, client, platform, catalogue_product(product));
}

/* ---- reading the form ---- */

static enum fault
read_counts(struct client_input *input, struct request *request)
{
	const struct catalogue *catalogue = &request->appliance->catalogue;
	static const struct allocation nothing;

	input->counts = arena_array(&request->arena,
	    catalogue->feature_count + 1, sizeof(*input->counts));
	if (!input->counts)
		return FAULT_MEMORY;
	for (size_t i = 0; i < catalogue->feature_count; i++) {
		const char *name = catalogue->features[i].name;
		struct client_count *count = &input->counts[input->count_count];

		count->feature = name;
		count->allocation = counts_now(request, name, &nothing);
		if (count->allocation.reserved || count->allocation.increment ||
		    count->allocation.maximum)
			input->count_count++;
	}
	return FAULT_NONE;
}

/* The hash of a new password; NULL stays where none was typed. */
static enum fault
read_password(const char **out, struct request *request)
{
	const char *password = form_text(&request->form, "password");
	char *hash;

	*out = NULL;
	if (strcmp(password, form_text(&request->form, "password2"))) {
		mistake_add(&request->mistakes, "password2",
		    MISTAKE_PASSWORD_DIFFERS, NULL, NULL);
		return FAULT_NONE;
	}
	if (!*password || request->mistakes.count)
		return FAULT_NONE;
	hash = arena_alloc(&request->arena, PASSWORD_HASH_MAX);
	*out = hash;
	return hash ? password_hash(hash, PASSWORD_CLIENT, password)
		    : FAULT_MEMORY;
}

static enum fault
read_input(struct client_input *input, struct request *request,
    const struct client_row *client)
{
	int64_t version = 0;

	memset(input, 0, sizeof(*input));
	input->name = client ? client->name
			     : form_text(&request->form, "client_id");
	input->expires_date = form_text(&request->form, "expires");
	input->platform = form_text(&request->form, "platform");
	input->product = catalogue_product(
	    form_text(&request->form, "product"));
	if (client &&
	    text_parse_int64(
		&version, form_text(&request->form, "ver"), 1, INT64_MAX))
		input->row_version = version;
	return read_counts(input, request);
}

/* ---- a known client ---- */

static enum fault
fill_known(struct request *request, const struct client_row *client)
{
	enum fault fault = fill(request, client);
	struct view place = view_child(request->view, "client");

	if (fault)
		return fault;
	view_text(place, "name", client->name);
	view_text(
	    place, "path", page_client_path(request, client->name, client->id));
	view_text(place, "version", client->version);
	view_text(place, "platform", client->platform);
	view_instant(place, "registered", client->registered_at, request->now);
	view_flag(place, "expired", client->expires <= request->now);
	if ((fault = page_client_device_show(request, place, client)))
		return fault;
	return page_client_lease_show(request, client);
}

/* The form of a new client (NULL) or of a known one, whole. */
static enum fault
show_form(struct request *request, const struct client_row *client, int status)
{
	enum fault fault = client ? fill_known(request, client)
				  : fill(request, NULL);

	return fault ? fault
		     : page_show(request,
			   client ? "page_client" : "page_client_new", status);
}

/* What saving would say, with nothing written: Recalculate, or a form that cannot be saved yet. */
static enum fault
recalculate(struct request *request, const struct client_row *client,
    struct client_input *input)
{
	struct ledger ledger;
	enum fault fault;
	bool is_kept;

	if (form_has(&request->form, "recalculate") ||
	    *form_text(&request->form, "password"))
		input->password_hash = "not needed to check";
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_client_check(&ledger, client ? client->id : 0, input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	view_flag(request->view, "recalculated",
	    form_has(&request->form, "recalculate"));
	return show_form(request, client, request->mistakes.count ? 422 : 200);
}

/* ---- new ---- */

enum fault
page_client_new_get(struct request *request)
{
	return show_form(request, NULL, 200);
}

/* Warnings as one sentence for the notice; NULL without. */
static const char *
join_warnings(struct request *request)
{
	const char *text = NULL;

	for (size_t i = 0; i < request->mistakes.warning_count; i++)
		text = arena_format(&request->arena, "%s%s%s", text ? text : "",
		    text ? " " : "", request->mistakes.warnings[i].text);
	return text;
}

enum fault
page_client_new_post(struct request *request)
{
	struct client_input input;
	struct ledger ledger;
	const char *path, *warnings;
	int64_t id;
	bool is_kept;
	enum fault fault;

	if ((fault = read_input(&input, request, NULL)))
		return fault;
	if ((fault = read_password(&input.password_hash, request)))
		return fault;
	if (form_has(&request->form, "recalculate") || request->mistakes.count)
		return recalculate(request, NULL, &input);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_client_add(&id, &ledger, &input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_form(request, NULL, 422);
	warnings = join_warnings(request);
	path = page_client_path(request, input.name, id);
	if (!path)
		return FAULT_MEMORY;
	return page_done(request, path,
	    warnings ? NOTICE_CLIENT_ADDED_WARNING : NOTICE_CLIENT_ADDED,
	    input.name, warnings);
}

/* ---- edit ---- */

enum fault
page_client_get(struct request *request)
{
	struct client_row client;
	enum fault fault = page_client_find(&client, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return show_form(request, &client, 200);
}

/* After a conflict the next save is against what the page shows now. */
static enum fault
show_known_again(struct request *request, const struct client_row *client)
{
	struct client_row fresh;
	enum fault fault = store_client_load_id(
	    &fresh, &request->arena, request->store, client->id);

	if (fault || (fault = fill_known(request, &fresh)))
		return fault;
	if (page_has_conflict(request)) {
		view_format(request->view, "form.ver.value", "%" PRId64,
		    fresh.row_version);
		view_flag(request->view, "conflict", true);
		view_text(request->view, "saved.platform", fresh.platform);
		view_text(request->view, "saved.product",
		    catalogue_product_name(fresh.product));
		view_text(request->view, "saved.expires", fresh.expires_date);
	}
	return page_show_again(request, "page_client");
}

static enum fault
save(struct request *request, const struct client_row *client,
    struct client_input *input)
{
	struct ledger ledger;
	const char *warnings, *path;
	bool is_kept;
	enum fault fault;

	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_client_change(&ledger, client->id, input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show_known_again(request, client);
	warnings = join_warnings(request);
	path = page_client_path(request, client->name, client->id);
	if (!path)
		return FAULT_MEMORY;
	return page_done(request, path,
	    warnings ? NOTICE_CLIENT_SAVED_WARNING : NOTICE_CLIENT_SAVED,
	    client->name, warnings);
}

enum fault
page_client_post(struct request *request)
{
	struct client_row client;
	struct client_input input;
	enum fault fault = page_client_find(&client, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = read_input(&input, request, &client)) ||
	    (fault = read_password(&input.password_hash, request)))
		return fault;
	if (form_has(&request->form, "recalculate") || request->mistakes.count)
		return recalculate(request, &client, &input);
	return save(request, &client, &input);
}
