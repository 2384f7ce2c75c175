/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_leave.h: inside this room only: what was surrendered to a server
 * that is left, and that may come back one day (decision 0029).
 */
#ifndef LEASEHOLD_STORE_LEDGER_LINK_LEAVE_H
#define LEASEHOLD_STORE_LEDGER_LINK_LEAVE_H

#include "engine/store/ledger.h"
#include "engine/store/store_link.h"

/*
 * Before the link goes. What the server was never told of counts here again.
 * What it may know of is a mistake on field "leave", which names it, unless
 * "leaves_licenses": then it stays with that server and counts nowhere here.
 * Nothing is changed where a mistake is made.
 */
enum fault ledger_link_leave(struct ledger *ledger, const struct link_row *link, bool leaves_licenses) MUST_CHECK;
/* The link is there, and its server_id says who it is with, if that is known: what was left with it is asked after again. */
enum fault ledger_link_leave_rejoin(struct ledger *ledger, const struct link_row *link) MUST_CHECK;

#endif
