/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_network.c: reads which networks this appliance has. Does not know
 * whether they are up.
 */
#include "engine/peer/link_network.h"

#include "engine/base/file.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/store/appliance.h"
#include <assert.h>
#include <string.h>

#define NETWORKS_FILE      "networks.json"
#define NETWORKS_MAX_BYTES 4096
#define INTERNAL           "internal"

static enum fault
load_networks(json_t **out, struct arena *arena, const char *state_directory)
{
	char path[4096], reason[128], *text;
	enum fault fault;
	size_t bytes;

	*out = NULL;
	if (!appliance_path(path, sizeof(path), state_directory, NETWORKS_FILE))
		return FAULT_IO;
	fault = file_read(&text, &bytes, arena, path, NETWORKS_MAX_BYTES);
	if (fault)
		return fault;
	if ((*out = json_load_object(text, bytes, reason, sizeof(reason))))
		return FAULT_NONE;
	log_line(LOG_SEVERITY_WARNING, "%s is passed over: %s", path, reason);
	return FAULT_DAMAGED;
}

enum fault
link_network_choose(struct link_network *out, struct arena *arena,
    const char *state_directory, const char *preferred)
{
	const char *local = NULL;
	json_t *networks;

	assert(out && preferred);
	out->name = INTERNAL;
	out->local = NULL;
	if (load_networks(&networks, arena, state_directory))
		return FAULT_NONE;
	if ((local = json_text(networks, preferred)) && *local)
		out->name = preferred;
	else
		local = json_text(networks, INTERNAL);
	if (local && *local)
		out->local = arena_text(arena, local);
	json_decref(networks);
	return local && *local && !out->local ? FAULT_MEMORY : FAULT_NONE;
}
