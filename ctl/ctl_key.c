/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_key.c: license keys from the shell: many at once, one answer each.
 */
#include "ctl/commands.h"

#include "engine/base/file.h"
#include "engine/store/store_license.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX_BYTES (4 * 1024 * 1024)

static bool
read_keys(struct command *command, char **text)
{
	const char *file = command->operand_count ? command->operands[0] : "-";
	size_t bytes = 0;
	enum fault fault;

	if (strcmp(file, "-") != 0)
		fault = file_read(
		    text, &bytes, &command->arena, file, TEXT_MAX_BYTES);
	else
		fault = file_read_descriptor(text, &bytes, &command->arena,
		    STDIN_FILENO, TEXT_MAX_BYTES);
	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(
		    command, "there is no file %s", file);
	else if (fault)
		command->status = command_fault(command, fault);
	else if (strlen(*text) != bytes)
		command->status = command_fail(command, "%s is not text", file);
	else
		return true;
	return false;
}

static json_t *
result_to_json(const struct license_result *result)
{
	return json_pack("{s:s, s:b, s:b, s:s, s:s, s:s, s:I, s:s}", "key",
	    result->shown, "installed", result->is_installed, "duplicate",
	    result->is_duplicate, "serial", result->serial, "sku", result->sku,
	    "feature", result->feature, "units", (json_int_t)result->units,
	    "text", result->text);
}

static int
print_results(
    struct command *command, const struct license_result *results, size_t count)
{
	json_t *out = command->json ? json_array() : NULL;
	size_t i;

	for (i = 0; i < count; i++)
		if (command->json)
			(void)json_array_append_new(
			    out, result_to_json(&results[i]));
		else
			(void)printf("%s: %s\n",
			    command_shown(command, results[i].shown),
			    command_shown(command, results[i].text));
	if (command->json)
		return command_print(command, out);
	return command_flush(command);
}

/* Nothing new and not everything there before: whoever called should look. */
static int
judge(
    struct command *command, const struct license_result *results, size_t count)
{
	size_t i, installed = 0, duplicates = 0;

	for (i = 0; i < count; i++) {
		installed += results[i].is_installed &&
		    !results[i].is_duplicate;
		duplicates += results[i].is_duplicate;
	}
	if (installed || duplicates == count)
		return COMMAND_DONE;
	return command_fail(
	    command, "no license key was installed; see what is said of each");
}

int
ctl_key_add(struct command *command)
{
	struct license_result *results = NULL;
	size_t count = 0;
	char *text = NULL;
	enum fault fault;
	int status;

	if (!command_read(command, NULL, 0, 0, 1) ||
	    !command_open(command, false) || !read_keys(command, &text) ||
	    !command_begin(command))
		return command->status;
	fault = ledger_license_add(&results, &count, &command->ledger, text);
	status = command_end(command, fault);
	if (status != COMMAND_DONE)
		return status;
	status = print_results(command, results, count);
	return status == COMMAND_DONE ? judge(command, results, count) : status;
}

static json_t *
license_to_json(const struct license_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:o,"
			 " s:s, s:o, s:s, s:s, s:o, s:s}",
	    "serial", row->serial, "sku", row->sku, "feature", row->feature,
	    "units", (json_int_t)row->license.units, "state",
	    license_state_word(row->state), "start", row->start_date, "end",
	    row->end_date, "org", row->org, "issuer", row->issuer, "added_at",
	    command_json_instant(row->added_at), "added_by", row->added_by,
	    "surrender_since",
	    command_json_instant(row->license.surrender == SURRENDER_NONE
		    ? 0
		    : row->surrender_at),
	    "surrender_server", row->surrender_server, "surrender_text",
	    row->surrender_text, "left_at",
	    command_json_instant(row->left_at), "left_server",
	    row->left_server);
}

static void
print_license(struct command *command, const struct license_row *row)
{
	(void)printf("%-24s %-28s %-12s %9lld  %-16s %-10s  %s\n",
	    command_shown(command, row->serial),
	    command_shown(command, row->sku),
	    command_shown(command, row->feature), (long long)row->license.units,
	    license_state_word(row->state),
	    command_shown(command, row->start_date),
	    command_shown(command, row->end_date));
	if (row->left_at)
		(void)printf("  left with %s %s; it counts nowhere here\n",
		    command_shown(command, row->left_server),
		    command_instant(command, row->left_at));
	if (*row->surrender_text)
		(void)printf(
		    "  %s\n", command_shown(command, row->surrender_text));
}

int
ctl_key_list(struct command *command)
{
	struct license_row *rows = NULL;
	size_t i, count = 0;
	json_t *out;
	enum fault fault;

	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	fault = store_license_list(&rows, &count, &command->arena,
	    command->appliance.store, command->now);
	if (fault)
		return command_fault(command, fault);
	if (command->json) {
		out = json_array();
		for (i = 0; i < count; i++)
			(void)json_array_append_new(
			    out, license_to_json(&rows[i]));
		return command_print(command, out);
	}
	if (count)
		(void)printf("%-24s %-28s %-12s %9s  %-16s %-10s  %s\n",
		    "Serial", "SKU", "Feature", "Units", "State", "Start",
		    "End");
	for (i = 0; i < count; i++)
		print_license(command, &rows[i]);
	return command_flush(command);
}

int
ctl_key_remove(struct command *command)
{
	if (!command_read(command, NULL, 0, 1, 1) ||
	    !command_open(command, false) || !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_license_remove(&command->ledger, command->operands[0]));
}

static int
turn(struct command *command,
    enum fault (*act)(struct ledger *ledger, int64_t license))
{
	struct license_row row;
	enum fault fault;

	if (!command_open_role(command, ROLE_CLIENT, NULL, 0, 1, 1) ||
	    !command_begin(command))
		return command->status;
	fault = store_license_load(&row, &command->arena,
	    command->appliance.store, command->operands[0], command->now);
	if (fault == FAULT_NOT_FOUND) {
		mistake_add(&command->ledger.mistakes, "license",
		    MISTAKE_KEY_UNKNOWN, command->operands[0], NULL);
		fault = FAULT_NONE;
	} else if (!fault)
		fault = act(&command->ledger, row.license.id);
	return command_end(command, fault);
}

int
ctl_key_surrender(struct command *command)
{
	return turn(command, ledger_surrender);
}

int
ctl_key_recall(struct command *command)
{
	return turn(command, ledger_surrender_recall);
}
