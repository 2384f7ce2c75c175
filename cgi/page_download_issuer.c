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

/* The kid of an offer; NULL when it is trusted by now, or who vouched for it is not any more. */
static const char *
kid_of(const struct request *request, const json_t *offer)
{
	const struct jwks *trust = &request->appliance->trust;
	const char *kid = json_text(json_object_get(offer, "jwk"), "kid");
	const char *signer = json_text(offer, "signer");

	return kid && signer && jwks_find(trust, signer) &&
		!jwks_find(trust, kid)
	    ? kid
	    : NULL;
}

void
page_download_issuer_show(struct request *request, const json_t *report)
{
	size_t index, shown = 0;
	json_t *offer;

	view_text(request->view, "run.offer", json_text(report, "offer"));
	json_array_foreach(json_object_get(report, "issuers"), index, offer)
	{
		const char *kid = kid_of(request, offer);
		struct view row;

		if (!kid)
			continue;
		row = view_row(request->view, "run.issuers", shown++);
		view_text(row, "kid", kid);
		view_text(row, "issuer",
		    json_text(json_object_get(offer, "jwk"), "iss"));
	}
}

/* What the run offered under that thumbprint, as a list of one; NULL when it did not. */
static json_t *
find_offer(const struct request *request, const char *wanted)
{
	json_t *question = json_pack("{s:s}", "op", "download_state");
	json_t *answer = NULL, *offer, *found = NULL;
	size_t index;
	bool is_answered = question &&
	    !agent_call(&answer, request->appliance->state_directory, question,
		CALL_SECONDS);

	json_decref(question);
	if (!is_answered)
		return NULL;
	json_array_foreach(
	    json_object_get(json_object_get(answer, "report"), "issuers"),
	    index, offer)
	{
		const char *kid = kid_of(request, offer);

		if (!found && kid && strcmp(kid, wanted) == 0)
			found = json_pack("[O]", json_object_get(offer, "jwk"));
	}
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
	json_t *offer;
	bool is_kept = false;
	enum fault fault = appliance_refresh_trust(
	    request->appliance, request->now);

	if (fault)
		return fault;
	if ((offer = find_offer(request, kid)))
		fault = trust(&is_kept, request, offer);
	json_decref(offer);
	if (fault)
		return fault;
	return page_done(request, "/licensing/download",
	    is_kept ? NOTICE_ISSUER_TRUSTED : NOTICE_ISSUER_NOT_OFFERED, kid,
	    NULL);
}
