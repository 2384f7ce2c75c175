/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_link_leave.c: read only; what is done about it stands in
 * ledger_link_leave.c.
 */
#include "engine/store/store_link_leave.h"

#include "engine/base/text.h"
#include <assert.h>

bool
store_link_leave_stays(const struct license_row *row)
{
	assert(row);
	return row->license.surrender != SURRENDER_NONE &&
	    row->is_surrender_sent && row->left_at == 0;
}

static enum fault
load_leased(struct link_leave *out, struct arena *arena, struct store *store,
    int64_t server_now)
{
	size_t count, kept = 0;
	enum fault fault = store_link_features(
	    &out->leased, &count, arena, store, server_now);

	for (size_t i = 0; !fault && i < count; i++)
		if (out->leased[i].leased > 0)
			out->leased[kept++] = out->leased[i];
	out->leased_count = kept;
	return fault;
}

static enum fault
load_licenses(struct link_leave *out, struct arena *arena, struct store *store,
    int64_t now)
{
	size_t count, kept = 0;
	enum fault fault = store_license_list(
	    &out->licenses, &count, arena, store, now);

	for (size_t i = 0; !fault && i < count; i++)
		if (store_link_leave_stays(&out->licenses[i]))
			out->licenses[kept++] = out->licenses[i];
	out->license_count = kept;
	return fault;
}

enum fault
store_link_leave_load(struct link_leave *out, struct arena *arena,
    struct store *store, int64_t now, int64_t server_now)
{
	enum fault fault;

	assert(out && arena && store);
	*out = (struct link_leave){ .leased = NULL };
	fault = load_leased(out, arena, store, server_now);
	return fault ? fault : load_licenses(out, arena, store, now);
}

const char *
store_link_leave_units(struct arena *arena, const struct link_leave *leave)
{
	const char *text = "";
	char number[32];

	assert(arena && leave);
	for (size_t i = 0; text && i < leave->leased_count; i++) {
		text_format_thousands(number, leave->leased[i].leased);
		text = arena_format(arena, "%s%s%s %s", text,
		    *text ? ", " : "", leave->leased[i].feature, number);
	}
	return text;
}
