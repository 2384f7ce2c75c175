/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * route.h: the table of all pages. Access is decided by the row that runs,
 * never by a prefix of an address.
 */
#ifndef LEASEHOLD_CGI_ROUTE_H
#define LEASEHOLD_CGI_ROUTE_H

#include "cgi/request.h"

enum capability {
	CAPABILITY_PUBLIC,    /* anybody */
	CAPABILITY_AGREEMENT, /* signed in, the agreement may wait */
	CAPABILITY_OWN,       /* anybody of a center; the page shows what is theirs */
	CAPABILITY_PARTNER,   /* a partner for what is its own, or who assists */
	CAPABILITY_ASSIST,    /* support agent and administrator of a center */
	CAPABILITY_READ,      /* everybody of the house */
	CAPABILITY_OPERATE,   /* administrator and operator */
	CAPABILITY_ADMINISTER /* administrator */
};

enum route_roles {
	ON_SERVER = 1 << ROLE_SERVER | 1 << ROLE_VIRTUAL_SERVER,
	ON_CLIENT = 1 << ROLE_CLIENT,
	ON_APPLIANCE = ON_SERVER | ON_CLIENT,
	ON_CENTER = 1 << ROLE_CENTER,
	ON_ANY = ON_SERVER | ON_CLIENT | ON_CENTER,
	/* Beside the roles: on a virtual license server only with its license. */
	WITH_SERVER_LICENSE = 1 << 8,
	ON_LICENSED = ON_SERVER | WITH_SERVER_LICENSE
};

struct route {
	enum method method;
	const char *path; /* one {argument} may stand for one segment */
	enum fault (*handler)(struct request *request);
	enum capability capability;
	int roles;
	const struct form_table *form; /* NULL = no field, no query */
	const char *help;
};

extern const struct route route_table[];
extern const size_t route_count;

/* The row for method and path. NULL: none. *other_method is set to a row of the same path under the other method (for 405), else NULL. */
const struct route *
route_find(const struct route **other_method, const char **argument,
    struct arena *arena, enum method method, const char *path);
bool route_allows(enum admin_role role, enum capability capability);

#endif
