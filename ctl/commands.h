/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * commands.h: the functions behind the rows of commands.tbl. Each reads its
 * options from "command" and answers the exit code.
 */
#ifndef LEASEHOLD_CTL_COMMANDS_H
#define LEASEHOLD_CTL_COMMANDS_H

#include "ctl/command.h"

#define COMMAND(function, words, synopsis, help)                               \
	int function(struct command *command);
#include "ctl/commands.tbl"
#undef COMMAND

#endif
