/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_watch.c: what an administrator decides for a server that is cautious.
 */
#include "ctl/commands.h"

int
ctl_watch_recover(struct command *command)
{
	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, false) ||
	    !command_needs_role(command, ROLE_SERVER) ||
	    !command_begin(command))
		return command->status;
	return command_end(command, ledger_watch_recovered(&command->ledger));
}
