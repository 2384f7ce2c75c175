/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_center_transfer.c: a spare takes the place of a defective device, step
 * by step, and what an auditor reads of it.
 */
#include "ctl/commands.h"

#include "ctl/issuer.h"
#include "engine/base/calendar.h"
#include "engine/base/text.h"
#include "engine/store/ledger_transfer.h"
#include "engine/store/transfer_audit.h"
#include <inttypes.h>
#include <stdio.h>

struct form {
	const char *text, *hardware_id, *typed;
	int64_t id;
};

/* The number of one, and what the step needs. */
static bool
read_form(struct command *command, struct form *form)
{
	const struct options_row rows[] = {
		{ .name = "text", .text = &form->text },
		{ .name = "hwid", .text = &form->hardware_id },
		{ .name = "case", .text = &form->typed },
	};

	if (!command_open_role(command, ROLE_CENTER, rows,
		sizeof(rows) / sizeof(rows[0]), 1, 1))
		return false;
	if (text_parse_int64(&form->id, command->operands[0], 1, INT64_MAX))
		return true;
	command->status = command_usage(command,
	    "name a replacement by its number; see leasehold center transfer "
	    "list");
	return false;
}

static int
step(struct command *command, enum transfer_act act)
{
	struct form form = { .text = NULL };
	struct transfer_input input;

	if (!read_form(command, &form))
		return command->status;
	input = (struct transfer_input){ .id = form.id,
		.text = form.text ? form.text : "",
		.hardware_id = form.hardware_id };
	if ((act == TRANSFER_ACT_CHOOSE_SPARE || act == TRANSFER_ACT_RECEIVE) &&
	    !input.hardware_id)
		return command_usage(command, "--hwid is needed");
	if (!command_begin(command))
		return command->status;
	return command_end(
	    command, ledger_transfer_step(&command->ledger, act, &input));
}

int
ctl_center_transfer_test(struct command *command)
{
	return step(command, TRANSFER_ACT_TEST);
}

int
ctl_center_transfer_spare(struct command *command)
{
	return step(command, TRANSFER_ACT_CHOOSE_SPARE);
}

int
ctl_center_transfer_authorise(struct command *command)
{
	return step(command, TRANSFER_ACT_AUTHORISE);
}

int
ctl_center_transfer_nothing(struct command *command)
{
	return step(command, TRANSFER_ACT_FOUND_NOTHING);
}

int
ctl_center_transfer_faulty(struct command *command)
{
	return step(command, TRANSFER_ACT_FOUND_FAULT);
}

int
ctl_center_transfer_reset(struct command *command)
{
	return step(command, TRANSFER_ACT_RESET);
}

int
ctl_center_transfer_receive(struct command *command)
{
	return step(command, TRANSFER_ACT_RECEIVE);
}

int
ctl_center_transfer_cancel(struct command *command)
{
	return step(command, TRANSFER_ACT_CANCEL);
}

int
ctl_center_transfer_run(struct command *command)
{
	struct form form = { .typed = NULL };
	struct keypair *issuer = NULL;
	struct transfer_input input;

	if (!read_form(command, &form) || !issuer_load(command, &issuer))
		return command->status;
	input = (struct transfer_input){ .id = form.id, .text = "" };
	if (command_begin(command))
		command->status = command_end(command,
		    ledger_transfer_run(&command->ledger, issuer, &input,
			form.typed ? form.typed : ""));
	keypair_free(&issuer);
	return command->status;
}

int
ctl_center_transfer_request(struct command *command)
{
	struct transfer_request request = { .case_number = "", .fault = "" };
	const char *number = NULL, *fault_text = NULL;
	const struct options_row rows[] = {
		{ .name = "case", .text = &number },
		{ .name = "text", .text = &fault_text },
		{ .name = "hwid", .text = &request.hardware_id },
		{ .name = "partner", .text = &request.partner },
	};
	int64_t id = 0;
	int status;

	if (!command_open_role(command, ROLE_CENTER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0))
		return command->status;
	if (!request.hardware_id || !request.partner)
		return command_usage(
		    command, "--hwid and --partner are needed");
	request.case_number = number ? number : "";
	request.fault = fault_text ? fault_text : "";
	if (!command_begin(command))
		return command->status;
	status = command_end(command,
	    ledger_transfer_request(&id, &command->ledger, &request));
	if (status != COMMAND_DONE)
		return status;
	if (command->json)
		return command_print(
		    command, json_pack("{s:I}", "id", (json_int_t)id));
	(void)printf("%" PRId64 "\n", id);
	return command_flush(command);
}

int
ctl_center_transfer_returned(struct command *command)
{
	struct keypair *issuer = NULL;
	int64_t id;

	if (!command_open_role(command, ROLE_CENTER, NULL, 0, 2, 2))
		return command->status;
	if (!text_parse_int64(&id, command->operands[0], 1, INT64_MAX))
		return command_usage(command, "name a replacement by its number");
	if (!issuer_load(command, &issuer))
		return command->status;
	if (command_begin(command))
		command->status = command_end(command,
		    ledger_transfer_returned(&command->ledger, issuer, id,
			command->operands[1]));
	keypair_free(&issuer);
	return command->status;
}

int
ctl_center_transfer_hold(struct command *command)
{
	const char *server = NULL;
	const struct options_row rows[] = { { .name = "server",
	    .text = &server } };

	if (!command_open_role(command, ROLE_CENTER, rows, 1, 1, 1) ||
	    !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_transfer_hold(&command->ledger, command->operands[0],
		server ? server : ""));
}

int
ctl_center_transfer_stock(struct command *command)
{
	const char *hardware_id = NULL, *partner = NULL;
	const struct options_row rows[] = { { .name = "hwid",
						.text = &hardware_id },
		{ .name = "partner", .text = &partner } };

	if (!command_open_role(command, ROLE_CENTER, rows, 2, 0, 0))
		return command->status;
	if (!hardware_id || !partner)
		return command_usage(
		    command, "--hwid and --partner are needed");
	if (!command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_transfer_stock(&command->ledger, hardware_id, partner));
}

int
ctl_center_transfer_notice(struct command *command)
{
	const char *date = NULL;
	const struct options_row rows[] = { { .name = "date", .text = &date } };
	int64_t id;

	if (!command_open_role(command, ROLE_CENTER, rows, 1, 1, 1))
		return command->status;
	if (!text_parse_int64(&id, command->operands[0], 1, INT64_MAX) ||
	    !date)
		return command_usage(command,
		    "name a replacement by its number, and --date");
	if (!command_begin(command))
		return command->status;
	return command_end(
	    command, ledger_transfer_notice(&command->ledger, id, date));
}

/* ---- what there is ---- */

static json_t *
to_json(struct command *command, const struct transfer_row *row)
{
	const char *found[TRANSFER_AUDIT_FINDINGS];
	size_t count = transfer_audit_findings(
	    found, &command->arena, row, command->now);
	json_t *findings = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(findings, json_string(found[i]));
	return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o,"
			 " s:o, s:o, s:o, s:o, s:s}",
	    "id", (json_int_t)row->id, "case", row->case_number, "fault",
	    row->fault, "partner", row->partner_name, "customer",
	    row->customer_name, "device", row->hardware_id, "spare",
	    row->spare_hardware_id, "state", transfer_audit_word(row->state),
	    "made_at", command_json_instant(row->made_at), "transferred_at",
	    command_json_instant(row->transferred_at), "due_at",
	    command_json_instant(row->due_at), "notice_at",
	    command_json_instant(row->notice_at), "reset_at",
	    command_json_instant(row->reset_at), "findings", findings,
	    "covered_until", row->covered_until);
}

static void
print_row(struct command *command, const struct transfer_row *row)
{
	const char *found[TRANSFER_AUDIT_FINDINGS];
	size_t count = transfer_audit_findings(
	    found, &command->arena, row, command->now);

	(void)printf("%" PRId64 "  case %s  %s  device %s of %s  spare %s  "
		     "partner %s\n",
	    row->id, command_shown(command, row->case_number),
	    transfer_audit_word(row->state), row->hardware_id,
	    command_shown(command, row->customer_name),
	    *row->spare_hardware_id ? row->spare_hardware_id : "none yet",
	    command_shown(command, row->partner_name));
	for (size_t i = 0; i < count; i++)
		(void)printf("    %s\n", found[i]);
}

/* Prints those with findings alone, or all. */
static int
print_rows(struct command *command, bool only_findings)
{
	const struct center_filter all = { .find = "", .limit = INT64_MAX };
	const char *found[TRANSFER_AUDIT_FINDINGS];
	struct transfer_row *rows;
	int64_t matching;
	json_t *list;
	size_t count;
	enum fault fault;

	if ((fault = store_transfer_list(&rows, &count, &matching,
		 &command->arena, command->appliance.store, &all)))
		return command_fault(command, fault);
	list = json_array();
	for (size_t i = 0; i < count; i++) {
		if (only_findings &&
		    !transfer_audit_findings(
			found, &command->arena, &rows[i], command->now))
			continue;
		if (command->json)
			(void)json_array_append_new(
			    list, to_json(command, &rows[i]));
		else
			print_row(command, &rows[i]);
	}
	return command_end_list(command, list);
}

int
ctl_center_transfer_list(struct command *command)
{
	if (!command_open_role(command, ROLE_CENTER, NULL, 0, 0, 0))
		return command->status;
	return print_rows(command, false);
}

/* ---- one of them ---- */

struct whole {
	struct transfer_row row;
	struct transfer_step_row *steps;
	struct transfer_key_row *keys;
	size_t step_count, key_count;
};

static enum fault
load_whole(struct whole *out, struct command *command, int64_t id)
{
	struct store *store = command->appliance.store;
	enum fault fault = store_transfer_load(
	    &out->row, &command->arena, store, id, 0);

	if (fault ||
	    (fault = store_transfer_steps(&out->steps, &out->step_count,
		 &command->arena, store, id)))
		return fault;
	return store_transfer_keys(&out->keys, &out->key_count,
	    &command->arena, store, &out->row);
}

static json_t *
whole_to_json(struct command *command, const struct whole *whole)
{
	json_t *one = to_json(command, &whole->row);
	json_t *steps = json_array(), *keys = json_array();

	for (size_t i = 0; i < whole->step_count; i++)
		(void)json_array_append_new(steps,
		    json_pack("{s:o, s:s, s:s, s:s}", "at",
			command_json_instant(whole->steps[i].at), "by",
			whole->steps[i].actor, "step", whole->steps[i].step,
			"text", whole->steps[i].text));
	for (size_t i = 0; i < whole->key_count; i++)
		(void)json_array_append_new(keys,
		    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "serial",
			whole->keys[i].serial, "successor",
			whole->keys[i].successor, "sku", whole->keys[i].sku,
			"start", whole->keys[i].start_date, "end",
			whole->keys[i].end_date, "held_by",
			whole->keys[i].held_by));
	(void)json_object_set_new(one, "steps", steps);
	(void)json_object_set_new(one, "keys", keys);
	return one;
}

static void
print_key(struct command *command, const struct whole *whole,
    const struct transfer_key_row *key)
{
	(void)printf("    license %s  %s  until %s  ", key->serial,
	    command_shown(command, key->sku),
	    *key->end_date ? key->end_date : "for ever");
	if (*key->successor)
		(void)printf("is now %s\n", key->successor);
	else if (*key->held_by)
		(void)printf("held by %s\n",
		    command_shown(command, key->held_by));
	else
		(void)printf("%s\n",
		    whole->row.transferred_at ? "has no successor" : "to move");
}

static void
print_whole(struct command *command, const struct whole *whole)
{
	char at[CALENDAR_TEXT_MAX];

	print_row(command, &whole->row);
	for (size_t i = 0; i < whole->step_count; i++) {
		calendar_format(at, whole->steps[i].at);
		(void)printf("    %s  %s by %s  %s\n", at,
		    whole->steps[i].step,
		    command_shown(command, whole->steps[i].actor),
		    command_shown(command, whole->steps[i].text));
	}
	for (size_t i = 0; i < whole->key_count; i++)
		print_key(command, whole, &whole->keys[i]);
}

int
ctl_center_transfer_show(struct command *command)
{
	struct form form;
	struct whole whole;
	enum fault fault;

	if (!read_form(command, &form))
		return command->status;
	fault = load_whole(&whole, command, form.id);
	if (fault == FAULT_NOT_FOUND)
		return command_fail(command,
		    "there is no such replacement; see leasehold center "
		    "transfer list");
	if (fault)
		return command_fault(command, fault);
	if (command->json)
		return command_print(command, whole_to_json(command, &whole));
	print_whole(command, &whole);
	return command_flush(command);
}

/* ---- the audit ---- */

static int
print_csv(struct command *command)
{
	struct csv csv = { .text = NULL };
	enum fault fault = transfer_audit_csv(&csv, &command->arena,
	    command->appliance.store, 0, command->now);

	return command_print_csv(command, &csv, fault);
}

int
ctl_center_transfer_audit(struct command *command)
{
	bool is_csv = false;
	const struct options_row rows[] = { { .name = "csv",
	    .flag = &is_csv } };

	if (!command_open_role(command, ROLE_CENTER, rows, 1, 0, 0))
		return command->status;
	return is_csv ? print_csv(command) : print_rows(command, true);
}
