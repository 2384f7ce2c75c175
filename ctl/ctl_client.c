/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_client.c: license clients, as Configure Clients shows and changes them.
 */
#include "ctl/commands.h"

#include "ctl/allocation_text.h"
#include "engine/store/client_report.h"
#include "engine/store/store_client_list.h"
#include "engine/store/store_former.h"
#include "engine/store/store_other_device.h"
#include "engine/store/store_setting.h"
#include <stdio.h>
#include <string.h>

#define PAGE_ROWS 500

struct form {
	const char *id, *password_file, *platform, *product, *expires;
	bool asks_password;
	struct options_texts features;
};

static bool
read_form(struct command *command, struct form *form)
{
	const struct options_row rows[] = {
		{ .name = "id", .text = &form->id },
		{ .name = "password-file", .text = &form->password_file },
		{ .name = "password", .flag = &form->asks_password },
		{ .name = "platform", .text = &form->platform },
		{ .name = "product", .text = &form->product },
		{ .name = "expires", .text = &form->expires },
		{ .name = "feature", .texts = &form->features },
	};

	if (!command_read(command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0))
		return false;
	if (!form->id) {
		command->status = command_usage(command, "--id is missing");
		return false;
	}
	return command_open(command, false) &&
	    command_needs_role(command, ROLE_SERVER);
}

/* Unknown words stay 0 here: the ledger says what is wrong with all fields at once. */
static int
product_of(const char *word)
{
	return word ? catalogue_product(word) : 0;
}

/* Counts named on the command line replace those of the same feature. */
static bool
take_features(struct command *command, struct client_input *input,
    const struct form *form)
{
	struct client_count count;
	size_t i, at;

	for (i = 0; i < form->features.count; i++) {
		if (!allocation_text_read(
			&count, &command->arena, form->features.items[i])) {
			command->status = command_usage(command,
			    "--feature %s must be "
			    "NAME=RESERVED/INCREMENTAL/MAXIMUM, such as "
			    "CONSEC=50/25/150",
			    form->features.items[i]);
			return false;
		}
		for (at = 0; at < input->count_count; at++)
			if (!strcmp(input->counts[at].feature, count.feature))
				break;
		input->counts[at] = count;
		input->count_count += at == input->count_count;
	}
	return true;
}

int
ctl_client_add(struct command *command)
{
	struct form form = { .id = NULL };
	struct client_input input = { .expires_date = "" };
	int64_t id;

	if (!read_form(command, &form))
		return command->status;
	input.counts = arena_array(
	    &command->arena, OPTIONS_REPEATED_MAX, sizeof(*input.counts));
	if (!input.counts)
		return command_fault(command, FAULT_MEMORY);
	input.name = form.id;
	input.expires_date = form.expires ? form.expires : "";
	input.platform = form.platform ? form.platform : "";
	input.product = product_of(form.product);
	if (!take_features(command, &input, &form))
		return command->status;
	input.password_hash = command_password(
	    command, PASSWORD_CLIENT, form.password_file, "Client password");
	if (!input.password_hash || !command_begin(command))
		return command->status;
	return command_end(
	    command, ledger_client_add(&id, &command->ledger, &input));
}

/* ---- changing ----------------------------------------------------------------------- */

/* Fills "input" with what is saved now. */
static enum fault
load_present(struct command *command, struct client_input *input,
    const struct client_row *row)
{
	struct client_feature_row *features = NULL;
	size_t i, count = 0;
	enum fault fault = store_client_features(&features, &count,
	    &command->arena, command->appliance.store, row->id, command->now);

	if (fault)
		return fault;
	input->counts = arena_array(&command->arena,
	    count + OPTIONS_REPEATED_MAX, sizeof(*input->counts));
	if (!input->counts)
		return FAULT_MEMORY;
	for (i = 0; i < count; i++) {
		if (!features[i].allocation.maximum &&
		    !features[i].allocation.reserved)
			continue;
		input->counts[input->count_count].feature = features[i].feature;
		input->counts[input->count_count++]
		    .allocation = features[i].allocation;
	}
	input->name = row->name;
	input->expires_date = row->expires_date;
	input->platform = row->platform;
	input->product = row->product;
	input->row_version = row->row_version;
	return FAULT_NONE;
}

static bool
load_client(struct command *command, struct client_row *row, const char *name)
{
	enum fault fault = store_client_load(
	    row, &command->arena, command->appliance.store, name);

	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(command, "%s",
		    mistake_text(
			&command->arena, MISTAKE_CLIENT_UNKNOWN, name, NULL));
	else if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}

static bool
take_changes(struct command *command, struct client_input *input,
    const struct form *form)
{
	if (form->expires)
		input->expires_date = form->expires;
	if (form->platform)
		input->platform = form->platform;
	if (form->product)
		input->product = product_of(form->product);
	if (form->password_file || form->asks_password) {
		input->password_hash = command_password(command,
		    PASSWORD_CLIENT, form->password_file, "Client password");
		if (!input->password_hash)
			return false;
	}
	return take_features(command, input, form);
}

int
ctl_client_set(struct command *command)
{
	struct form form = { .id = NULL };
	struct client_input input = { .expires_date = "" };
	struct client_row row;
	enum fault fault;

	if (!read_form(command, &form) || !load_client(command, &row, form.id))
		return command->status;
	fault = load_present(command, &input, &row);
	if (fault)
		return command_fault(command, fault);
	if (!take_changes(command, &input, &form) || !command_begin(command))
		return command->status;
	return command_end(
	    command, ledger_client_change(&command->ledger, row.id, &input));
}

int
ctl_client_remove(struct command *command)
{
	bool keeps = false;
	const struct options_row rows[] = { { .name = "keep-surrendered",
	    .flag = &keeps } };
	struct client_row row;

	if (!command_open_role(command, ROLE_SERVER, rows,
		sizeof(rows) / sizeof(rows[0]), 1, 1) ||
	    !load_client(command, &row, command->operands[0]) ||
	    !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_client_delete(
		&command->ledger, row.id, row.row_version, keeps));
}

int
ctl_client_replace_device(struct command *command)
{
	const char *id = NULL;
	struct device_input input = { .hardware_id = NULL };
	const struct options_row rows[] = {
		{ .name = "id", .text = &id },
		{ .name = "device", .text = &input.hardware_id },
		{ .name = "keep-surrendered", .flag = &input.keep_surrendered },
	};
	struct client_row row;

	if (!command_read(command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!id || !input.hardware_id)
		return command_usage(
		    command, "%s is missing", id ? "--device" : "--id");
	if (!command_open(command, false) ||
	    !command_needs_role(command, ROLE_SERVER) ||
	    !load_client(command, &row, id) || !command_begin(command))
		return command->status;
	input.row_version = row.row_version;
	return command_end(
	    command, ledger_device_replace(&command->ledger, row.id, &input));
}

/* ---- listing ------------------------------------------------------------------------- */

static json_t *
features_to_json(const struct client_feature_row *rows, size_t count)
{
	json_t *features = json_object();
	size_t i;

	for (i = 0; i < count; i++)
		(void)json_object_set_new(features, rows[i].feature,
		    json_pack("{s:I, s:I, s:I, s:I, s:I, s:o, s:s}", "reserved",
			(json_int_t)rows[i].allocation.reserved, "increment",
			(json_int_t)rows[i].allocation.increment, "maximum",
			(json_int_t)rows[i].allocation.maximum, "leased",
			(json_int_t)rows[i].leased, "held",
			(json_int_t)rows[i].held, "expires",
			command_json_instant(rows[i].expires), "denied",
			rows[i].denied_code));
	return features;
}

/* Devices that came with its ID and password, and are not the bound one. */
static json_t *
others_to_json(const struct other_device_row *rows, size_t count)
{
	json_t *others = json_array();
	char thumbprint[44];
	size_t i;

	for (i = 0; i < count; i++) {
		if (!rows[i].has_device_key ||
		    keypair_thumbprint(thumbprint, rows[i].device_key))
			*thumbprint = '\0';
		(void)json_array_append_new(others,
		    json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:I}",
			"hardware_id", rows[i].hardware_id, "platform",
			rows[i].platform, "address", rows[i].address,
			"device_key", thumbprint, "first",
			command_json_instant(rows[i].first_at), "last",
			command_json_instant(rows[i].last_at), "tries",
			(json_int_t)rows[i].tries));
	}
	return others;
}

static void
print_others(
    struct command *command, const struct other_device_row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		(void)printf("    second device %s from %s, refused %lld "
			     "times, last %s\n",
		    command_shown(command, rows[i].hardware_id),
		    command_shown(command, rows[i].address),
		    (long long)rows[i].tries,
		    command_instant(command, rows[i].last_at));
}

/* Devices that it had before, and what they may still use. */
static json_t *
formers_to_json(const struct former_row *rows, size_t count)
{
	json_t *formers = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		(void)json_array_append_new(formers,
		    json_pack("{s:s, s:o, s:s, s:I, s:o}", "hardware_id",
			rows[i].hardware_id, "replaced",
			command_json_instant(rows[i].replaced_at), "feature",
			rows[i].feature, "units", (json_int_t)rows[i].units,
			"until", command_json_instant(rows[i].until)));
	return formers;
}

static void
print_formers(
    struct command *command, const struct former_row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		(void)printf("    replaced device %s may use %lld %s until "
			     "%s\n",
		    command_shown(command, rows[i].hardware_id),
		    (long long)rows[i].units, rows[i].feature,
		    command_instant(command, rows[i].until));
}

static json_t *
client_to_json(const struct client_list_row *listed, json_t *features,
    json_t *others, json_t *formers)
{
	const struct client_row *row = &listed->client;

	return json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o}",
	    "id", row->name, "platform", row->platform, "product",
	    catalogue_product_name(row->product), "cluster", row->cluster,
	    "expires", row->expires_date, "hardware_id", row->hardware_id,
	    "last_contact", command_json_instant(row->last_contact), "address",
	    row->address, "state", store_client_list_word(listed->state),
	    "features", features, "second_devices", others, "replaced_devices",
	    formers);
}

static void
print_client(struct command *command, const struct client_list_row *listed,
    const struct client_feature_row *features, size_t count)
{
	const struct client_row *row = &listed->client;
	size_t i;

	(void)printf("%s  %s %s  expires %s  last contact %s  %s\n",
	    command_shown(command, row->name),
	    command_shown(command, row->platform),
	    catalogue_product_name(row->product),
	    command_shown(command, row->expires_date),
	    command_instant(command, row->last_contact),
	    store_client_list_word(listed->state));
	for (i = 0; i < count; i++)
		(void)printf("    %-16s %lld/%lld/%lld  leased %lld\n",
		    features[i].feature,
		    (long long)features[i].allocation.reserved,
		    (long long)features[i].allocation.increment,
		    (long long)features[i].allocation.maximum,
		    (long long)features[i].leased);
}

static enum fault
show_page(struct command *command, json_t *out,
    const struct client_list_row *rows, size_t count)
{
	struct client_feature_row *features;
	struct other_device_row *others;
	struct former_row *formers;
	size_t i, feature_count, other_count, former_count;
	enum fault fault;

	for (i = 0; i < count; i++) {
		fault = store_client_features(&features, &feature_count,
		    &command->arena, command->appliance.store,
		    rows[i].client.id, command->now);
		if (!fault)
			fault = store_other_device_list(&others, &other_count,
			    &command->arena, command->appliance.store,
			    rows[i].client.id);
		if (!fault)
			fault = store_former_list(&formers, &former_count,
			    &command->arena, command->appliance.store,
			    rows[i].client.id, command->now);
		if (fault)
			return fault;
		if (out)
			(void)json_array_append_new(out,
			    client_to_json(&rows[i],
				features_to_json(features, feature_count),
				others_to_json(others, other_count),
				formers_to_json(formers, former_count)));
		else {
			print_client(
			    command, &rows[i], features, feature_count);
			print_others(command, others, other_count);
			print_formers(command, formers, former_count);
		}
	}
	return FAULT_NONE;
}

static enum fault
show_all(struct command *command, json_t *out, struct client_filter filter)
{
	struct client_list_row *rows = NULL;
	int64_t matching = 0;
	size_t count = 0;
	enum fault fault;

	filter.limit = PAGE_ROWS;
	do {
		fault = store_client_list(&rows, &count, &matching,
		    &command->arena, command->appliance.store, &filter);
		if (!fault)
			fault = show_page(command, out, rows, count);
		filter.offset += PAGE_ROWS;
	} while (!fault && filter.offset < matching);
	return fault;
}

struct list_options {
	struct client_filter filter;
	const char *product, *state;
	bool is_csv;
};

/* What "client list" was asked for. */
static bool
read_list(struct command *command, struct list_options *list)
{
	struct client_filter *filter = &list->filter;
	const struct options_row rows[] = {
		{ .name = "find", .text = &filter->find },
		{ .name = "platform", .text = &filter->platform },
		{ .name = "product", .text = &list->product },
		{ .name = "cluster", .text = &filter->cluster },
		{ .name = "feature", .text = &filter->feature },
		{ .name = "in-state", .text = &list->state },
		{ .name = "csv", .flag = &list->is_csv },
	};
	enum fault fault;

	if (!command_open_role(command, ROLE_SERVER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return false;
	filter->product = product_of(list->product);
	if (list->product && !filter->product) {
		command->status = command_usage(
		    command, "--product %s must be PCS or PPS", list->product);
		return false;
	}
	filter->has_state = list->state != NULL;
	if (list->state &&
	    !store_client_list_parse(&filter->state, list->state)) {
		command->status = command_usage(command,
		    "--in-state %s must be ok, denied, overdue, ended, "
		    "noncompliant, never or expired",
		    list->state);
		return false;
	}
	filter->now = command->now;
	if ((fault = store_setting_load(&filter->interval,
		 command->appliance.store, SETTING_RENEWAL_INTERVAL)))
		command->status = command_fault(command, fault);
	return !fault;
}

int
ctl_client_list(struct command *command)
{
	struct list_options list = { .filter = { .sort = "name" } };
	struct csv csv = { .text = NULL };
	json_t *out = NULL;
	enum fault fault;

	if (!read_list(command, &list))
		return command->status;
	if (list.is_csv) {
		fault = client_report_csv(
		    &csv, command->appliance.store, &list.filter);
		return command_print_csv(command, &csv, fault);
	}
	if (command->json)
		out = json_array();
	if ((fault = show_all(command, out, list.filter))) {
		json_decref(out);
		return command_fault(command, fault);
	}
	return command_end_list(command, out);
}
