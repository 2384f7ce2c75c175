/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_clock.c: the clock of a license server, taken as right by whoever keeps
 * it, though it is behind what was decided already.
 */
#include "ctl/commands.h"

int
ctl_clock_accept(struct command *command)
{
	if (!command_open_role(command, ROLE_SERVER, NULL, 0, 0, 0) ||
	    !command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_watch_accept_clock(&command->ledger, command->system_now));
}
