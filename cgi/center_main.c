/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_main.c: center.fcgi, on a center: appliances ask for their license
 * keys.
 */
#include "cgi/center_call.h"
#include "cgi/service_main.h"
#include "engine/base/log.h"
#include "engine/store/issuer_keys.h"

#define THREADS	    8

static bool
open_center(void *context, const struct appliance *appliance)
{
	struct center_service *service = context;
	struct issuer_keys keys;
	struct arena arena;
	enum fault fault;

	service->appliance = appliance;
	arena_init(&arena, 0);
	fault = issuer_keys_load(&keys, &arena, appliance->state_directory);
	issuer_keys_free(&keys);
	arena_clear(&arena);
	if (fault) {
		log_line(LOG_SEVERITY_ERROR,
		    "issuer.key is missing or damaged; without it no license "
		    "key can be issued");
		return false;
	}
	return !lease_throttle_init(&service->throttle);
}

static void
close_center(void *context)
{
	struct center_service *service = context;

	lease_throttle_clear(&service->throttle);
}

static void
run_center(struct service_response *out, struct arena *arena,
    const struct service_message *message, void *context, struct store *store)
{
	center_call_run(out, arena, message, context, store);
}

int
main(int argc, char **argv)
{
	static struct center_service center;
	const struct service service = {
		.name = "center.fcgi",
		.role = ROLE_CENTER,
		.body_max = CENTER_CALL_MAX_BYTES,
		.threads = THREADS,
		.open = open_center,
		.run = run_center,
		.close = close_center,
		.context = &center,
	};

	return service_main(&service, argc, argv);
}
