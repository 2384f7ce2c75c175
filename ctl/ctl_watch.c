/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_watch.c: what an administrator decides for a server that is cautious.
 */
#include "ctl/commands.h"

int
ctl_watch_recover(struct command *command)
{
	if (!command_open_role(command, ROLE_SERVER, NULL, 0, 0, 0) ||
	    !command_begin(command))
		return command->status;
	return command_end(command, ledger_watch_recovered(&command->ledger));
}
