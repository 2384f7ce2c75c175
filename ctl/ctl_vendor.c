/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_vendor.c: is a vendor pack whole?
 */
#include "ctl/commands.h"

#include "engine/store/vendor_pack.h"
#include <stdio.h>

int
ctl_vendor_check(struct command *command)
{
	struct vendor_pack pack;
	char reason[512];
	enum fault fault;

	if (!command_read(command, NULL, 0, 1, 1))
		return command->status;
	if ((fault = vendor_pack_load(&pack, &command->arena,
		 command->operands[0], reason, sizeof(reason))))
		return command_fail(
		    command, "%s", *reason ? reason : fault_text(fault));
	if (command->json)
		return command_print(command,
		    json_pack("{s:s, s:s, s:b, s:b}", "name", pack.name,
			"center", pack.center, "trust", pack.trust != NULL,
			"logo", pack.logo != NULL));
	(void)printf("%s: good. Center: %s, issuers: %s, logo: %s\n",
	    command_shown(command, pack.name),
	    *pack.center ? command_shown(command, pack.center) : "none",
	    pack.trust ? "yes" : "none", pack.logo ? "yes" : "none");
	return command_flush(command);
}
