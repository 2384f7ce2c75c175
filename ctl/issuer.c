/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer.c: see issuer.h.
 */
#include "ctl/issuer.h"

#include <limits.h>

bool
issuer_load(struct command *command, struct keypair **out)
{
	char path[PATH_MAX];
	enum fault fault = FAULT_IO;

	if (appliance_path(
		path, sizeof(path), command->state_directory, "issuer.key"))
		fault = keypair_load(out, path);
	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(command,
		    "%s is missing; without it no license key can be issued",
		    path);
	else if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}
