/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay_main.c: relay.fcgi, on a license client: other nodes of its cluster
 * knock here. A program of its own, as a relay waits for the license server.
 */
#include "cgi/relay_call.h"
#include "cgi/service_main.h"
#include "engine/peer/relay_spool.h"

/* As many nodes may wait at once, and some may say hello meanwhile. */
#define THREADS 40

static bool
open_relay(void *context, const struct appliance *appliance)
{
	struct relay_service *service = context;
	struct arena arena;
	enum fault fault;

	service->appliance = appliance;
	arena_init(&arena, 0);
	fault = relay_spool_open(&arena, appliance->state_directory);
	arena_clear(&arena);
	return !fault && !lease_throttle_init(&service->throttle);
}

static void
close_relay(void *context)
{
	struct relay_service *service = context;

	lease_throttle_clear(&service->throttle);
}

static void
run_relay(struct service_response *out, struct arena *arena,
    const struct service_message *message, void *context, struct store *store)
{
	relay_call_run(out, arena, message, context, store);
}

int
main(int argc, char **argv)
{
	static struct relay_service relay;
	const struct service service = {
		.name = "relay.fcgi",
		.role = ROLE_CLIENT,
		.body_max = RELAY_CALL_MAX_BYTES,
		.threads = THREADS,
		.open = open_relay,
		.run = run_relay,
		.close = close_relay,
		.context = &relay,
	};

	return service_main(&service, argc, argv);
}
