/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer.h: the key by which a center signs, for its commands.
 */
#ifndef LEASEHOLD_CTL_ISSUER_H
#define LEASEHOLD_CTL_ISSUER_H

#include "ctl/command.h"
#include "engine/base/keypair.h"

/* False after a message. The caller frees it. */
bool issuer_load(struct command *command, struct keypair **out);

#endif
