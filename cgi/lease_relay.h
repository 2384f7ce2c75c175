/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_relay.h: a leader's request carries whole requests of other nodes of
 * its cluster (rules.md 7). Each is a call of its own, with its own client and
 * its own answer; what is wrong with one touches no other.
 */
#ifndef LEASEHOLD_CGI_LEASE_RELAY_H
#define LEASEHOLD_CGI_LEASE_RELAY_H

#include "cgi/lease_call.h"

struct lease_relay {
	struct lease_call *calls; /* in the order in which they were asked for */
	struct lease_op **ops;    /* of each; NULL = refused, and no event */
	size_t count;
	struct lease_op *acts; /* those there are, one after the other */
	size_t act_count;
};

/* The nodes that "asker", who is let in, asks for: read and looked up, no password checked. */
enum fault lease_relay_open(struct lease_relay *out, const struct lease_call *asker, struct lease_service *service, struct store *store) MUST_CHECK;
/* Is there a password to be checked, which is slow? */
bool lease_relay_has_passwords(const struct lease_relay *relay);
/* Checks them, one after the other. */
void lease_relay_check_passwords(struct lease_relay *relay, struct lease_service *service);
/* Makes the acts for the writer; they belong behind the asker's own. */
enum fault lease_relay_prepare(struct lease_relay *relay, struct lease_service *service) MUST_CHECK;
/* After the writer: the "on_behalf" of the answer. New reference, NULL without memory. */
json_t *lease_relay_answers(struct lease_relay *relay, const struct lease_service *service);

#endif
