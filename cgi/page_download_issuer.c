/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_download_issuer.c: issuer keys that the last run of Download and Install
 * offers, and an administrator's yes to one of them.
 */
#include "cgi/page_download.h"
#include "cgi/pages.h"

#include <string.h>

#include "cgi/page.h"
#include "engine/base/json.h"
#include "engine/peer/agent_call.h"
#include "engine/store/ledger_issuer.h"

#define CALL_SECONDS 5

static const struct form_field fields[] = {
	{ "kid", FORM_HIDDEN, true, 64, 0, 0, "Thumbprint" },
};
const struct form_table page_download_issuer_form = { fields, 1 };

void
page_download_issuer_show(struct request *request, const json_t *report)
{
	const struct jwks *trust = &request->appliance->trust;
	size_t index, shown = 0;
	json_t *jwk;

	json_array_foreach(json_object_get(report, "issuers"), index, jwk)
	{
		const char *kid = json_text(jwk, "kid");
		struct view row;

		if (!kid || jwks_find(trust, kid))
			continue;
		row = view_row(request->view, "run.issuers", shown++);
		view_text(row, "kid", kid);
		view_text(row, "issuer", json_text(jwk, "iss"));
	}
}

/* What the run offered under that thumbprint, as a list of one; NULL when it did not. */
static json_t *
find_offer(const struct request *request, const char *kid)
{
	json_t *question = json_pack("{s:s}", "op", "download_state");
	json_t *answer = NULL, *jwk, *found = NULL;
	size_t index;

	if (question &&
	    !agent_call(&answer, request->appliance->state_directory, question,
		CALL_SECONDS))
		json_array_foreach(
		    json_object_get(
			json_object_get(answer, "report"), "issuers"),
		    index, jwk) if (json_text(jwk, "kid") &&
		    !strcmp(json_text(jwk, "kid"), kid))
		    found = json_pack("[O]", jwk);
	json_decref(question);
	json_decref(answer);
	return found;
}

static enum fault
trust(bool *is_kept, struct request *request, const json_t *offer)
{
	struct ledger ledger;
	enum fault fault = page_begin(&ledger, request);

	*is_kept = false;
	return fault ? fault
		     : page_end(is_kept, &ledger, request,
			   ledger_issuer_trust(&ledger, offer));
}

enum fault
page_download_issuer_post(struct request *request)
{
	const char *kid = form_text(&request->form, "kid");
	json_t *offer = find_offer(request, kid);
	bool is_kept = false;
	enum fault fault = offer ? trust(&is_kept, request, offer) : FAULT_NONE;

	json_decref(offer);
	if (fault)
		return fault;
	return page_done(request, "/licensing/download",
	    is_kept ? NOTICE_ISSUER_TRUSTED : NOTICE_ISSUER_NOT_OFFERED, kid,
	    NULL);
}
