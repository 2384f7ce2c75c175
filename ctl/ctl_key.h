/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_key.h: installs license keys, however they came.
 */
#ifndef LEASEHOLD_CTL_CTL_KEY_H
#define LEASEHOLD_CTL_CTL_KEY_H

#include "ctl/command.h"

/* Installs what keys there are in the text and prints one line for each; the exit code: 1 when nothing new came and not everything was there before. */
int ctl_key_install(struct command *command, const char *text);

#endif
