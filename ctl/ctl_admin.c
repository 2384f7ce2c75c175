/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_admin.c: administrators from the shell, the way back in when nobody can
 * sign in any more.
 */
#include "ctl/commands.h"

#include "engine/store/store_admin.h"
#include <stdio.h>

int
ctl_admin_add(struct command *command)
{
	const char *file = NULL, *word = NULL, *customer = NULL, *hash;
	const struct options_row rows[] = { { .name = "password-file",
						.text = &file },
		{ .name = "role", .text = &word },
		{ .name = "customer", .text = &customer } };
	enum admin_role role = ADMIN_ADMINISTRATOR;

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 1, 1) ||
	    !command_open(command, false))
		return command->status;
	if (word && !store_admin_role_parse(&role, word))
		return command_usage(command,
		    "--role must be administrator, operator or read-only; at"
		    " a center administrator, support-agent, partner, customer"
		    " or read-only");
	hash = command_password(
	    command, PASSWORD_ADMIN, file, "Administrator password");
	if (!hash || !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_admin_add_for(&command->ledger, command->operands[0], hash,
		role, customer ? customer : ""));
}

int
ctl_admin_remove(struct command *command)
{
	if (!command_read(command, NULL, 0, 1, 1) ||
	    !command_open(command, false) || !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_admin_remove(&command->ledger, command->operands[0]));
}

int
ctl_admin_passwd(struct command *command)
{
	const char *file = NULL, *hash;
	const struct options_row rows[] = { { .name = "password-file",
	    .text = &file } };

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 1, 1) ||
	    !command_open(command, false))
		return command->status;
	hash = command_password(command, PASSWORD_ADMIN, file, "New password");
	if (!hash || !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_admin_password(
		&command->ledger, command->operands[0], hash));
}

int
ctl_admin_unlock(struct command *command)
{
	if (!command_read(command, NULL, 0, 1, 1) ||
	    !command_open(command, false) || !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_admin_unlock(&command->ledger, command->operands[0]));
}

static json_t *
admin_to_json(const struct admin_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:I}", "name",
	    row->name, "role", store_admin_role_word(row->role), "customer",
	    row->customer_name, "made_at",
	    command_json_instant(row->made_at), "last_sign_in_at",
	    command_json_instant(row->last_sign_in_at), "last_sign_in_from",
	    row->last_sign_in_from, "failures", (json_int_t)row->failures);
}

int
ctl_admin_list(struct command *command)
{
	struct admin_row *rows = NULL;
	size_t i, count = 0;
	json_t *out;
	enum fault fault;

	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	fault = store_admin_list(
	    &rows, &count, &command->arena, command->appliance.store);
	if (fault)
		return command_fault(command, fault);
	if (command->json) {
		out = json_array();
		for (i = 0; i < count; i++)
			(void)json_array_append_new(
			    out, admin_to_json(&rows[i]));
		return command_print(command, out);
	}
	for (i = 0; i < count; i++)
		(void)printf("%-20s %-14s  last sign-in %s  failures %lld\n",
		    command_shown(command, rows[i].name),
		    store_admin_role_word(rows[i].role),
		    command_instant(command, rows[i].last_sign_in_at),
		    (long long)rows[i].failures);
	return command_flush(command);
}
