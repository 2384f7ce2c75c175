/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server_network.c: Preferred Network of Configure Server: which network
 * is used now, and why not the preferred one.
 */
#include "cgi/page_server_network.h"

#include <string.h>

#include "engine/peer/link_network.h"

enum fault
page_server_network_show(struct request *request, const char *preferred)
{
	struct view place = view_child(request->view, "network");
	struct link_network networks[LINK_NETWORK_COUNT];
	const struct link_network *used, *wanted;
	enum fault fault = link_network_list(
	    networks, &request->arena, request->appliance->state_directory);

	if (fault)
		return fault;
	for (int i = 0; i < LINK_NETWORK_COUNT; i++) {
		struct view one = view_child(place, networks[i].name);

		view_flag(one, "chosen", !strcmp(networks[i].name, preferred));
		view_text(
		    one, "state", link_network_state_name(networks[i].state));
		view_text(
		    one, "local", networks[i].local ? networks[i].local : "");
	}
	used = link_network_used(networks, preferred);
	wanted = link_network_find(networks, preferred);
	view_text(place, "used", used->name);
	view_text(place, "used_state", link_network_state_name(used->state));
	view_text(place, "used_local", used->local ? used->local : "");
	if (!wanted || wanted == used)
		return FAULT_NONE;
	view_text(place, "wanted", wanted->name);
	view_text(place, "why", link_network_state_name(wanted->state));
	view_text(place, "local", wanted->local ? wanted->local : "");
	return FAULT_NONE;
}
