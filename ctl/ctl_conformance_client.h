/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_conformance_client.h: "leasehold conformance --client".
 */
#ifndef LEASEHOLD_CTL_CTL_CONFORMANCE_CLIENT_H
#define LEASEHOLD_CTL_CTL_CONFORMANCE_CLIENT_H

#include "ctl/command.h"

/* As said on the command line; NULL = not said. */
struct ctl_conformance_client_form {
	const char *client, *listen, *keys, *hostname, *feature;
	const char *pace, *renew_after, *retry_after, *wait; /* seconds */
	struct options_texts only; /* IDs of rules */
};

/* Anything of it but the Client ID? */
bool ctl_conformance_client_is_said(const struct ctl_conformance_client_form *form);
/* The exit code. */
int ctl_conformance_client_run(struct command *command, const struct ctl_conformance_client_form *form);

#endif
