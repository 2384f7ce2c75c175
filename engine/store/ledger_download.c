/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_download.c: settings and history of downloads. Asks nobody itself.
 */
#include "engine/store/ledger_download.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_heartbeat.h"
#include "engine/store/server_address.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

#define SCHEME "https://"

static bool
is_center(const char *url)
{
	return !*url ||
	    (strncmp(url, SCHEME, strlen(SCHEME)) == 0 &&
		server_address_is_valid(url + strlen(SCHEME)));
}

static bool
is_network(const char *name)
{
	return strcmp(name, "internal") == 0 || strcmp(name, "external") == 0 ||
	    strcmp(name, "management") == 0;
}

static void
check(struct ledger *ledger, const struct download_settings *wanted)
{
	if (ledger->appliance->role == ROLE_CENTER ||
	    !is_center(wanted->center))
		mistake_add(&ledger->mistakes, "center",
		    MISTAKE_CENTER_ADDRESS, NULL, NULL);
	/* A port is needed: there is none that every proxy has. */
	if (*wanted->proxy &&
	    (!server_address_is_valid(wanted->proxy) ||
		!strchr(strrchr(wanted->proxy, ']') ? strrchr(wanted->proxy, ']')
						    : wanted->proxy,
		    ':')))
		mistake_add(&ledger->mistakes, "proxy", MISTAKE_PROXY_ADDRESS,
		    NULL, NULL);
	if (strchr(wanted->proxy_user, ':'))
		mistake_add(&ledger->mistakes, "proxy_user",
		    MISTAKE_PROXY_USER, NULL, NULL);
	if (!is_network(wanted->network))
		mistake_add(&ledger->mistakes, "network",
		    MISTAKE_NETWORK_UNKNOWN, NULL, NULL);
}

static bool
is_same(const struct download_settings *a, const struct download_settings *b)
{
	return strcmp(a->center, b->center) == 0 &&
	    strcmp(a->network, b->network) == 0 &&
	    strcmp(a->proxy, b->proxy) == 0 &&
	    strcmp(a->proxy_user, b->proxy_user) == 0 &&
	    strcmp(a->proxy_password, b->proxy_password) == 0 &&
	    a->is_enabled == b->is_enabled;
}

/* Without a proxy there is nothing to sign in to. */
static void
take_proxy(struct download_settings *wanted, const struct download_input *input)
{
	if (input->proxy)
		wanted->proxy = input->proxy;
	if (input->proxy_user)
		wanted->proxy_user = input->proxy_user;
	if (input->proxy_password)
		wanted->proxy_password = input->proxy_password;
	if (!*wanted->proxy)
		wanted->proxy_user = "";
	if (!*wanted->proxy_user)
		wanted->proxy_password = "";
}

enum fault
ledger_download_save(struct ledger *ledger, const struct download_input *input)
{
	struct download_settings before, wanted;
	enum fault fault;

	assert(ledger && input);
	if ((fault = store_download_settings(
		 &before, ledger->arena, ledger->store)))
		return fault;
	wanted = before;
	if (input->center)
		wanted.center = input->center;
	if (input->network)
		wanted.network = input->network;
	take_proxy(&wanted, input);
	if (input->is_enabled)
		wanted.is_enabled = *input->is_enabled;
	check(ledger, &wanted);
	if (ledger->mistakes.count > 0 || is_same(&before, &wanted))
		return FAULT_NONE;
	if ((fault = store_download_settings_save(ledger->store, &wanted)) ||
	    (fault = store_setting_save(ledger->store,
		 SETTING_DOWNLOAD_ENABLED, wanted.is_enabled)))
		return fault;
	return ledger_act_event(ledger, EVENT_DOWNLOAD_SETTINGS,
	    *wanted.center ? wanted.center : "none", wanted.network,
	    wanted.is_enabled ? "on" : "off", NULL, NULL);
}

enum fault
ledger_download_filed(struct ledger *ledger, const struct download_row *row)
{
	enum fault fault;

	assert(ledger && row);
	fault = store_download_insert(ledger->store, row);
	return fault ? fault
		     : ledger_act_event(ledger, EVENT_KEY_FILE, row->started_by,
			   row->text, NULL, NULL, NULL);
}

enum fault
ledger_download_done(struct ledger *ledger, const struct download_row *row)
{
	enum fault fault;

	assert(ledger && row);
	if ((fault = store_download_insert(ledger->store, row)))
		return fault;
	/* A code that the center took is contact with it. */
	if (row->received > 0 && *row->codes &&
	    ledger->appliance->role == ROLE_VIRTUAL_SERVER &&
	    (fault = ledger_heartbeat_revived(ledger)))
		return fault;
	return row->is_good
	    ? ledger_act_event(ledger, EVENT_DOWNLOADED, row->started_by,
		  ledger_act_units(ledger, row->received),
		  ledger_act_units(ledger, row->installed), NULL, NULL)
	    : ledger_act_event(ledger, EVENT_DOWNLOAD_FAILED, row->started_by,
		  row->text, NULL, NULL, NULL);
}
