/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_member.c: does the client show a member license? Its keys are
 * judged by the issuers trusted here, for the client's device.
 */
#include "engine/store/ledger_sync_work.h"

#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

/* A signature is dear: nobody has as many member licenses. */
#define MEMBERS_MAX 8

struct license_device
ledger_sync_member_device(const struct sync_work *work)
{
	return (struct license_device){
		.hardware_id = work->client.hardware_id,
		.platform = work->client.platform,
		.role = ROLE_CLIENT,
	};
}

/* Whether it is for the family is seen only on a platform that is known. */
static enum fault
is_good(bool *out, const char **serial, const struct sync_work *work,
    const char *key, int64_t grace)
{
	const struct license_device device = ledger_sync_member_device(work);
	struct license_claim claim;
	struct license license;
	enum fault fault;

	*out = false;
	if ((fault = license_claim_read_for(&claim, work->ledger->arena,
		 work->ledger->appliance, &device, key)))
		return fault;
	if (claim.refusal != MISTAKE__COUNT ||
	    strcmp(claim.sku.prefix->feature, CATALOGUE_MEMBER) != 0)
		return FAULT_NONE;
	license_claim_license(&license, &claim);
	*out = license_state_at(&license, grace, work->ledger->now) ==
	    LICENSE_ACTIVE;
	*serial = claim.serial;
	return FAULT_NONE;
}

enum fault
ledger_sync_member(struct sync_work *work)
{
	const struct sync_request *request = work->request;
	const char *serial = "";
	enum fault fault;
	bool is_found = false;
	int64_t grace;

	assert(work && work->contact.member);
	if (work->platform && request->member_count > 0 &&
	    (fault = store_setting_load(
		 &grace, work->ledger->store, SETTING_GRACE)))
		return fault;
	for (size_t i = 0; work->platform && !is_found &&
	     i < request->member_count && i < MEMBERS_MAX;
	     i++)
		if ((fault = is_good(
			 &is_found, &serial, work, request->members[i], grace)))
			return fault;
	work->contact.member = is_found ? serial : "";
	return FAULT_NONE;
}
