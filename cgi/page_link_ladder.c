/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_link_ladder.c: what ends, and when, while this client hears nothing of
 * its license server.
 */
#include "cgi/page_link.h"

#include "engine/store/store_link_ladder.h"

static void
show_rung(struct view row, const struct link_ladder *ladder,
    const struct ladder_rung *rung, int64_t users, int64_t now)
{
	view_text(row, "step", store_link_ladder_name(rung->step));
	view_instant(row, "at", rung->at, now);
	view_flag(row, "is_past", rung->is_past);
	view_number(row, "capacity", rung->capacity);
	if (users > rung->capacity)
		view_number(row, "too_many", users - rung->capacity);
	view_text(row, "feature", store_link_ladder_feature(ladder, rung));
	if (rung->units > 0)
		view_number(row, "units", rung->units);
}

static enum fault
show(struct request *request, const struct link_ladder *ladder,
    int64_t server_now)
{
	struct view place = view_child(request->view, "alone");
	int64_t users, rdp;
	bool is_next = true;
	enum fault fault = store_session_count(&users, &rdp, request->store);

	if (fault || !ladder->count)
		return fault;
	view_number(place, "days", ladder->seconds_alone / SECONDS_PER_DAY);
	view_number(place, "hours",
	    ladder->seconds_alone % SECONDS_PER_DAY / SECONDS_PER_HOUR);
	view_instant(place, "ends", ladder->ends_at, server_now);
	for (size_t i = 0; i < ladder->count; i++) {
		const struct ladder_rung *rung = &ladder->rungs[i];
		struct view row = view_row(request->view, "rungs", i);

		show_rung(row, ladder, rung, users, server_now);
		if (!rung->is_past && is_next)
			view_flag(row, "is_next", true);
		is_next = is_next && rung->is_past;
	}
	return FAULT_NONE;
}

enum fault
page_link_ladder_show(
    struct request *request, const struct page_link_contact *contact)
{
	struct link_ladder ladder;
	enum fault fault;

	if (!contact->has_server)
		return FAULT_NONE;
	fault = store_link_ladder_load(&ladder, &request->arena, request->store,
	    request->appliance, &contact->link, request->now,
	    contact->server_now);
	return fault ? fault : show(request, &ladder, contact->server_now);
}
