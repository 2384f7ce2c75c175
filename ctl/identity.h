/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.h: the keys and files by which an appliance is known, as
 * "leasehold init" makes them in the state directory.
 */
#ifndef LEASEHOLD_CTL_IDENTITY_H
#define LEASEHOLD_CTL_IDENTITY_H

#include "ctl/command.h"
#include "ctl/endpoint.h"
#include "engine/base/hardware_id.h"
#include <stdbool.h>

struct identity {
	const char *state_directory;
	enum appliance_role role;
	const char *hostname;
	const struct endpoint *endpoint;
	const char *trust;  /* file of trusted issuers, or NULL for none yet */
	const char *issuer; /* a center's name in its license keys */
	char hardware_id[HARDWARE_ID_SIZE]; /* filled by identity_make */
};

/* Can that file (NULL = none) be read as trusted issuers? A message and command->status otherwise. */
bool identity_trust_is_sound(struct command *command, const char *path);
/* device.key, server.key (roles that lend), issuer.key (center), trusted.jwks, tls.pem; false after a message. */
bool identity_make(struct identity *identity, struct command *command);
/* Takes all of them away. */
void identity_remove(const char *state_directory);

#endif
