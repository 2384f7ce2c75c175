/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_download.c: the center's address. Asks nobody itself.
 */
#include "engine/store/ledger_download.h"

#include "engine/store/ledger_act.h"
#include "engine/store/server_address.h"
#include "engine/store/statement.h"
#include <assert.h>
#include <string.h>

#define SCHEME "https://"

static const char sql_save[] = "UPDATE appliance SET center_url = ?1";

enum fault
ledger_download_center(struct ledger *ledger, const char *url)
{
	enum fault fault;

	assert(ledger && url);
	if (ledger->appliance->role == ROLE_CENTER ||
	    (*url && (strncmp(url, SCHEME, strlen(SCHEME)) != 0 ||
			 !server_address_is_valid(url + strlen(SCHEME)))))
		mistake_add(&ledger->mistakes, "center",
		    MISTAKE_CENTER_ADDRESS, NULL, NULL);
	if (ledger->mistakes.count > 0 ||
	    strcmp(url, ledger->appliance->center_url) == 0)
		return FAULT_NONE;
	if ((fault = statement_run(ledger->store, sql_save, "t", url)))
		return fault;
	return ledger_act_event(ledger, EVENT_CENTER_NAMED,
	    *url ? url : "none", NULL, NULL, NULL, NULL);
}
