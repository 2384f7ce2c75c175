/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_leave.c: no unit counts twice because its server was left. What
 * a server may have taken counts nowhere here until that very server says so,
 * and no other one is told of it or believed.
 */
#include "engine/store/ledger_link_leave.h"

#include "engine/store/ledger_act.h"
#include "engine/store/store_link_leave.h"
#include <assert.h>

struct leave_work {
	struct ledger *ledger;
	const struct link_row *link;
	struct license_row *rows;
	size_t count;
};

static enum fault
load(struct leave_work *out, struct ledger *ledger, const struct link_row *link)
{
	*out = (struct leave_work){ .ledger = ledger, .link = link };
	return store_license_list(&out->rows, &out->count, ledger->arena,
	    ledger->store, ledger->now);
}

/* The serials of what stays with the server, in the arena; NULL when nothing does. */
static enum fault
list_serials(const char **out, const struct leave_work *work)
{
	*out = NULL;
	for (size_t i = 0; i < work->count; i++) {
		const char *serial = work->rows[i].serial;

		if (!store_link_leave_stays(&work->rows[i]))
			continue;
		*out = *out ? arena_format(work->ledger->arena, "%s, %s", *out,
				  serial)
			    : serial;
		if (!*out)
			return FAULT_MEMORY;
	}
	return FAULT_NONE;
}

static enum fault
tell(const struct leave_work *work, const struct license_row *row,
    const char *what, const char *where)
{
	const char *text = arena_format(
	    work->ledger->arena, "%s %s", where, work->link->server);

	return text ? ledger_act_event(work->ledger, EVENT_SURRENDER_CLIENT,
			  row->serial, what, row->sku, text, NULL)
		    : FAULT_MEMORY;
}

static enum fault
tell_left(const struct leave_work *work)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; !fault && i < work->count; i++) {
		const struct license_row *row = &work->rows[i];

		if (store_link_leave_stays(row))
			fault = tell(work, row, "left", "with");
		else if (row->license.surrender != SURRENDER_NONE &&
		    row->left_at == 0)
			fault = tell(
			    work, row, "took back", "before it reached");
	}
	return fault;
}

enum fault
ledger_link_leave(struct ledger *ledger, const struct link_row *link,
    bool leaves_licenses)
{
	struct leave_work work;
	const char *serials;
	enum fault fault;

	assert(ledger && link);
	if (!*link->server)
		return FAULT_NONE;
	if ((fault = load(&work, ledger, link)) ||
	    (fault = list_serials(&serials, &work)))
		return fault;
	if (serials && !leaves_licenses) {
		mistake_add(&ledger->mistakes, "leave",
		    MISTAKE_LINK_SURRENDERED, link->server, serials);
		return FAULT_NONE;
	}
	fault = tell_left(&work);
	return fault ? fault
		     : store_license_surrender_leave(
			   ledger->store, link->server, ledger->now);
}

/* Which of those that were left are not any more. */
static enum fault
tell_rejoined(const struct leave_work *before)
{
	struct leave_work now;
	enum fault fault = load(&now, before->ledger, before->link);

	for (size_t i = 0; !fault && i < now.count && i < before->count; i++)
		if (before->rows[i].left_at != 0 && now.rows[i].left_at == 0)
			fault = tell(before, &now.rows[i], "found again", "with");
	return fault;
}

enum fault
ledger_link_leave_rejoin(struct ledger *ledger, const struct link_row *link)
{
	struct leave_work before;
	bool is_left = false;
	enum fault fault;

	assert(ledger && link);
	if (!*link->server_id)
		return FAULT_NONE;
	if ((fault = load(&before, ledger, link)))
		return fault;
	for (size_t i = 0; i < before.count; i++)
		is_left = is_left || before.rows[i].left_at != 0;
	if (!is_left)
		return FAULT_NONE;
	fault = store_license_surrender_rejoin(ledger->store, link->server_id);
	return fault ? fault : tell_rejoined(&before);
}
