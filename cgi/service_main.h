/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service_main.h: a FastCGI program of many threads that answers JSON with
 * JSON. A program of its own, so that no page of the console waits behind it.
 */
#ifndef LEASEHOLD_CGI_SERVICE_MAIN_H
#define LEASEHOLD_CGI_SERVICE_MAIN_H

#include "cgi/service.h"
#include "engine/store/appliance.h"

struct service {
	const char *name;	/* of the program, as its log says it */
	enum appliance_role role;	/* it runs on no other appliance */
	size_t body_max;	/* bytes; what is longer reads as too large */
	size_t threads;		/* 1 to 40 */
	/* Once, before the first request; false after a word in the log. */
	bool (*open)(void *context, const struct appliance *appliance);
	/* In any thread: answers always; text in the arena or fixed. */
	void (*run)(struct service_response *out, struct arena *arena,
	    const struct service_message *message, void *context,
	    struct store *store);
	/* Once, at the end, also when open failed or was not called. */
	void (*close)(void *context);
	void *context;
};

/* The program's main: "--state DIR". The exit status. */
int service_main(const struct service *service, int argc, char **argv);

#endif
