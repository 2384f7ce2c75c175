/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_verify.c: is everything in the store as it was written?
 */
#include "ctl/commands.h"

#include "engine/store/store_event.h"
#include <stdio.h>

int
ctl_verify_run(struct command *command)
{
	int64_t broken = 0;
	enum fault fault;

	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, true))
		return command->status;
	fault = store_verify(command->appliance.store);
	if (fault == FAULT_DAMAGED)
		return command_fail(command,
		    "not clean: the store is damaged; see the log line above, "
		    "and restore a backup");
	if (!fault)
		fault = store_event_verify(&broken, command->appliance.store);
	if (fault)
		return command_fault(command, fault);
	if (broken)
		return command_fail(command,
		    "not clean: the logs were changed: entry %lld does not fit "
		    "the one before it",
		    (long long)broken);
	if (command->json)
		return command_print(command, json_pack("{s:b}", "ok", 1));
	(void)puts(
	    "Clean: the store is whole, the chain of its logs unbroken.");
	return fflush(stdout)
	    ? command_fail(command, "the output could not be written")
	    : COMMAND_DONE;
}
