/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_compliance.c: what is not as it should be, and why; which clients lack a
 * member license; and why auto-leasing is on or off.
 */
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/page.h"
#include "cgi/page_membership.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_finding.h"

static const char *
path_of(struct request *request, const struct finding *finding)
{
	switch (finding->kind) {
	case FINDING_OVER_ALLOCATED:
		return arena_format(&request->arena,
		    "/licensing/leases?feature=%s", finding->object);
	case FINDING_SERVER_OFF:
		return "/licensing/clients";
	case FINDING_UNREACHABLE:
		return "/licensing/server";
	case FINDING_VIRTUAL_STOPPED:
	case FINDING_HEARTBEAT_MISSED:
		return "/licensing/download";
	case FINDING_BEYOND:
		return "/status/users";
	case FINDING_GRACE:
	case FINDING_ENDING:
	case FINDING_DISTRUSTED:
	case FINDING_SURRENDER_REFUSED:
		return "/licensing/summary";
	case FINDING_HALTED:
	case FINDING_DUPLICATE:
	case FINDING_CLOCK_BEHIND:
	case FINDING_RECOVERING:
	case FINDING_PENALTY:
		return "";
	case FINDING_SOURCE:
	case FINDING_RECALL:
	case FINDING_UNCOUNTED:
	case FINDING_EXPIRED:
	case FINDING_OVERDUE:
	case FINDING_DENIED:
	case FINDING__COUNT:
		break;
	}
	return finding->client
	    ? page_client_path(request, finding->object, finding->client)
	    : "";
}

static void
show_finding(
    struct request *request, size_t index, const struct finding *finding)
{
	struct view row = view_row(request->view, "findings", index);

	view_text(row, "severity", finding->severity);
	view_text(row, "code", finding->code);
	view_text(row, "object",
	    *finding->object ? finding->object : request->appliance->hostname);
	/* A recall is about a license; its client is linked elsewhere. */
	if (finding->kind != FINDING_RECALL)
		view_text(row, "path", path_of(request, finding));
	if (finding->kind == FINDING_SOURCE && finding->client)
		view_format(row, "why", "why-%" PRId64, finding->client);
	else if (finding->kind == FINDING_SOURCE && *finding->object)
		view_text(row, "why", "why-own");
	view_text(row, "rule", finding->rule);
	view_text(row, "text", finding->text);
	view_text(row, "fix", finding->fix);
	view_instant(row, "since", finding->since, request->now);
	view_instant(row, "until", finding->until, request->now);
}

static enum fault
show_switches(struct request *request)
{
	struct auto_lease_row *rows;
	size_t count;
	enum fault fault = store_auto_lease_list(
	    &rows, &count, &request->arena, request->store);

	for (size_t i = 0; !fault && i < count; i++) {
		struct view row = view_row(request->view, "switches", i);

		view_text(row, "feature", rows[i].feature);
		view_flag(row, "is_on", rows[i].is_on);
		view_text(row, "text",
		    mistake_verdict_text(&request->arena, rows[i].verdict,
			rows[i].feature, &rows[i].numbers));
		view_instant(row, "since", rows[i].changed_at, request->now);
	}
	return fault;
}

/* Each client once: its findings, one for each feature, stand together. */
static enum fault
show_members(
    struct request *request, const struct finding *findings, size_t count)
{
	enum fault fault = FAULT_NONE;
	int64_t last = 0;
	size_t shown = 0;

	if (!appliance_lends(request->appliance))
		return page_membership_show_own(request);
	for (size_t i = 0; !fault && i < count; i++) {
		if (findings[i].kind != FINDING_SOURCE ||
		    findings[i].client == last)
			continue;
		if ((last = findings[i].client))
			fault = page_membership_show_client(
			    &shown, request, last);
	}
	return fault;
}

enum fault
page_compliance_get(struct request *request)
{
	struct finding *findings;
	size_t count;
	enum fault fault = store_finding_list(&findings, &count,
	    &request->arena, request->store, request->appliance, request->now);

	for (size_t i = 0; !fault && i < count; i++)
		show_finding(request, i, &findings[i]);
	if (!fault)
		fault = show_members(request, findings, count);
	if (!fault && appliance_lends(request->appliance))
		fault = show_switches(request);
	return fault ? fault : page_show(request, "page_compliance", 200);
}
