/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_link.h: a client's leases, users and contact with its server, as the
 * summary and Configure Server both show them.
 */
#ifndef LEASEHOLD_CGI_PAGE_LINK_H
#define LEASEHOLD_CGI_PAGE_LINK_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/base/json.h"
#include "engine/store/store_link.h"

/* The server of this client, as far as there is one. */
struct page_link_contact {
	struct link_row link;
	bool has_server;
	int64_t server_now; /* INT64_MAX = not known */
};
/* link.*, features.N.*, users.*. *out is filled on a fault, too, with what is known. */
enum fault page_link_show(
    struct page_link_contact *out, struct request *request) MUST_CHECK;

/* alone.*, rungs.N.*: what ends, and when, while nothing is heard of the server. Empty where nothing is leased or auto-leased. */
enum fault page_link_ladder_show(struct request *request,
    const struct page_link_contact *contact) MUST_CHECK;

struct page_link_capacity {
	int64_t users;	  /* signed in */
	int64_t capacity; /* users that may be admitted */
};
/* With "less" own units of "feature" gone. */
enum fault page_link_capacity_load(struct page_link_capacity *out,
    struct request *request, const char *feature, int64_t less) MUST_CHECK;

/* Without a license server: own licenses only. */
enum fault page_link_capacity_alone_load(
    struct page_link_capacity *out, struct request *request) MUST_CHECK;

/* Has the agent ask the license server; with an actor it is a Pull State in the log. *answer is released by the caller. */
enum fault page_link_ask(json_t **answer, struct request *request,
    const char *actor, int seconds) MUST_CHECK;

#endif
