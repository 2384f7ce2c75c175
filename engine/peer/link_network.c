/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_network.c: reads which networks this appliance has, and asks the system
 * whether they are up. Does not know what goes over them.
 */
#include "engine/peer/link_network.h"

#include "engine/base/file.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/store/appliance.h"
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#define NETWORKS_FILE      "networks.json"
#define NETWORKS_MAX_BYTES 4096

static const char *const names[LINK_NETWORK_COUNT] = { "internal", "external",
	"management" };
static const char *const state_names[] = { "up", "unconfigured", "absent",
	"down" };

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

/* ---- what the system says ---- */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool
parse_address(union address *out, const char *text)
{
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1)
		out->any.sa_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1)
		out->any.sa_family = AF_INET6;
	return out->any.sa_family != AF_UNSPEC;
}

static bool
is_address(const struct sockaddr *one, const union address *other)
{
	union address here = { .any = { .sa_family = AF_UNSPEC } };

	if (!one || one->sa_family != other->any.sa_family)
		return false;
	if (one->sa_family == AF_INET) {
		memcpy(&here.v4, one, sizeof(here.v4));
		return here.v4.sin_addr.s_addr == other->v4.sin_addr.s_addr;
	}
	memcpy(&here.v6, one, sizeof(here.v6));
	return !memcmp(&here.v6.sin6_addr, &other->v6.sin6_addr,
	    sizeof(here.v6.sin6_addr));
}

static bool
can_send(const struct ifaddrs *row)
{
	return (row->ifa_flags & IFF_UP) && (row->ifa_flags & IFF_RUNNING);
}

static enum link_network_state
state_of_interface(const struct ifaddrs *list, const char *name)
{
	enum link_network_state state = LINK_NETWORK_ABSENT;

	for (const struct ifaddrs *row = list; row; row = row->ifa_next) {
		if (strcmp(row->ifa_name, name) != 0)
			continue;
		if (can_send(row) && row->ifa_addr &&
		    (row->ifa_addr->sa_family == AF_INET ||
			row->ifa_addr->sa_family == AF_INET6))
			return LINK_NETWORK_UP;
		state = LINK_NETWORK_DOWN;
	}
	return state;
}

/* Of loopback the list names one address, but all of its network are here. */
static bool
is_loopback(const struct ifaddrs *row, const union address *other)
{
	union address here, mask;

	if (!(row->ifa_flags & IFF_LOOPBACK) || !row->ifa_addr ||
	    !row->ifa_netmask || row->ifa_addr->sa_family != AF_INET ||
	    other->any.sa_family != AF_INET)
		return false;
	memcpy(&here.v4, row->ifa_addr, sizeof(here.v4));
	memcpy(&mask.v4, row->ifa_netmask, sizeof(mask.v4));
	return !((here.v4.sin_addr.s_addr ^ other->v4.sin_addr.s_addr) &
	    mask.v4.sin_addr.s_addr);
}

static enum link_network_state
state_of_address(const struct ifaddrs *list, const union address *address)
{
	for (const struct ifaddrs *row = list; row; row = row->ifa_next)
		if (is_address(row->ifa_addr, address) ||
		    is_loopback(row, address))
			return can_send(row) ? LINK_NETWORK_UP
					     : LINK_NETWORK_DOWN;
	return LINK_NETWORK_ABSENT;
}

/* Where the system does not say, it is tried. */
static enum link_network_state
state_of(const char *local)
{
	enum link_network_state state;
	union address address;
	struct ifaddrs *list;

	if (getifaddrs(&list)) {
		log_line(LOG_SEVERITY_WARNING, "networks are not known: %s",
		    strerror(errno));
		return LINK_NETWORK_UP;
	}
	state = parse_address(&address, local)
	    ? state_of_address(list, &address)
	    : state_of_interface(list, local);
	freeifaddrs(list);
	return state;
}

enum fault
link_network_list(struct link_network out[LINK_NETWORK_COUNT],
    struct arena *arena, const char *state_directory)
{
	enum fault fault = FAULT_NONE;
	json_t *networks;

	assert(out && arena && state_directory);
	if (load_networks(&networks, arena, state_directory))
		networks = NULL;
	for (int i = 0; i < LINK_NETWORK_COUNT; i++) {
		const char *local = networks ? json_text(networks, names[i])
					     : NULL;

		out[i] = (struct link_network){ .name = names[i],
			.state = i == 0 ? LINK_NETWORK_UP
					: LINK_NETWORK_UNCONFIGURED };
		if (!local || !*local)
			continue;
		if (!(out[i].local = arena_text(arena, local))) {
			fault = FAULT_MEMORY;
			break;
		}
		out[i].state = state_of(out[i].local);
	}
	json_decref(networks);
	return fault;
}

const struct link_network *
link_network_find(
    const struct link_network networks[LINK_NETWORK_COUNT], const char *name)
{
	assert(networks && name);
	for (int i = 0; i < LINK_NETWORK_COUNT; i++)
		if (strcmp(networks[i].name, name) == 0)
			return &networks[i];
	return NULL;
}

const struct link_network *
link_network_used(const struct link_network networks[LINK_NETWORK_COUNT],
    const char *preferred)
{
	const struct link_network *found = link_network_find(
	    networks, preferred);

	return found && found->state == LINK_NETWORK_UP ? found : &networks[0];
}

enum fault
link_network_choose(struct link_network *out, struct arena *arena,
    const char *state_directory, const char *preferred)
{
	struct link_network networks[LINK_NETWORK_COUNT];
	enum fault fault = link_network_list(networks, arena, state_directory);

	*out = fault ? (struct link_network){ .name = names[0] }
		     : *link_network_used(networks, preferred);
	return fault;
}

const char *
link_network_state_name(enum link_network_state state)
{
	return state_names[state];
}
