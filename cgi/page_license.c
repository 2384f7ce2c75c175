/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_license.c: one installed license: which it is, and whether it may be
 * surrendered or recalled. The rules say whether; this says it to people.
 */
#include "cgi/page_license.h"

#include <string.h>

#include "cgi/page.h"
#include "engine/base/text.h"
#include "engine/rules/surrender.h"
#include "engine/store/mistake.h"
#include "engine/store/store_setting.h"

enum fault
page_license_find(struct license_row *out, struct request *request)
{
	struct license_row *rows;
	int64_t id = 0;
	size_t count;
	enum fault fault = store_license_list(
	    &rows, &count, &request->arena, request->store, request->now);

	if (fault)
		return fault;
	/* By number: a serial may hold what an address cannot. */
	(void)text_parse_int64(&id, request->argument, 1, INT64_MAX);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].license.id == id) {
			*out = rows[i];
			return FAULT_NONE;
		}
	}
	page_error(request, 404, "no_license", request->argument);
	return FAULT_NOT_FOUND;
}

enum fault
page_license_device_load(
    struct page_license_device *out, struct request *request)
{
	enum fault fault;

	*out = (struct page_license_device){ .has_server = false };
	fault = store_link_load(&out->link, &request->arena, request->store);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	out->has_server = !fault;
	if ((fault = store_setting_load(
		 &out->grace, request->store, SETTING_GRACE)))
		return fault;
	return store_license_switch(
	    &out->is_member, request->store, CATALOGUE_MEMBER, request->now);
}

enum verdict
page_license_may_surrender(const struct request *request,
    const struct page_license_device *device, const struct license_row *row)
{
	const struct surrender_subject subject = {
		.license = &row->license,
		.feature = catalogue_feature(
		    &request->appliance->catalogue, row->feature),
		.is_distrusted = row->distrusted_at != 0,
		.is_member = device->is_member,
		.has_server = device->has_server,
		.is_unmet = device->has_server && !*device->link.server_id,
	};

	return surrender_check(&subject, device->grace, request->now);
}

enum verdict
page_license_may_recall(
    const struct page_license_device *device, const struct license_row *row)
{
	/* Nobody was told yet: that is only taken back. */
	if (row->license.surrender == SURRENDER_PENDING &&
	    !row->is_surrender_sent)
		return VERDICT_OK;
	return surrender_recall_check(&row->license,
	    device->has_server &&
		store_license_surrender_is_with(
		    row, device->link.server_id));
}

/* "name" when it may be asked for, else the reason in refusal.name. */
static enum fault
show_act(struct view place, struct request *request, const char *name,
    enum verdict verdict, const char *feature)
{
	const struct verdict_numbers none = { 0 };
	const char *text;

	if (verdict == VERDICT_OK) {
		view_flag(place, name, true);
		return FAULT_NONE;
	}
	text = mistake_verdict_text(&request->arena, verdict, feature, &none);
	view_text(view_child(place, "refusal"), name, text);
	return text ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
page_license_show_surrender(struct view place, struct request *request,
    const struct page_license_device *device, const struct license_row *row)
{
	struct view shown = view_child(place, "surrender");

	view_text(shown, "text", row->surrender_text);
	view_text(shown, "server",
	    row->left_at ? row->left_server : device->link.server);
	view_instant(shown, "left", row->left_at, request->now);
	if (row->license.surrender == SURRENDER_NONE)
		return show_act(shown, request, "may_surrender",
		    page_license_may_surrender(request, device, row),
		    row->feature);
	view_instant(shown, "since", row->surrender_at, request->now);
	return show_act(shown, request, "may_recall",
	    page_license_may_recall(device, row), row->feature);
}
