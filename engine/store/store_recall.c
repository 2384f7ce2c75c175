/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_recall.c: puts together what the rules need to know of a recall, and
 * who has what it waits for. The rules decide.
 */
#include "engine/store/store_recall.h"

#include "engine/base/calendar.h"
#include "engine/base/text.h"
#include "engine/store/mistake.h"
#include <assert.h>

/* "… Reserved: gw001 50, gw002 10." */
static void
name_reserves(struct recall_state *state, struct arena *arena)
{
	for (size_t i = 0; state->text && i < state->reserve_count; i++)
		state->text = arena_format(arena, "%s%s %s %s%s", state->text,
		    i == 0 ? " Reserved:" : ",", state->reserves[i].client,
		    text_thousands(arena, state->reserves[i].units),
		    i + 1 == state->reserve_count ? "." : "");
}

/* "… When nobody renews, these come free: gw001 25 on …, gw002 50 on …." */
static void
name_frees(struct recall_state *state, struct arena *arena)
{
	for (size_t i = 0; state->text && i < state->free_count; i++) {
		char at[CALENDAR_TEXT_MAX];

		calendar_format(at, state->frees[i].at);
		state->text = arena_format(arena, "%s%s %s %s on %s%s",
		    state->text,
		    i == 0 ? " Next to run out, if not renewed:" : ",",
		    state->frees[i].client, text_thousands(arena, state->frees[i].units),
		    at, i + 1 == state->free_count ? "." : "");
	}
}

static enum fault
load_names(struct recall_state *out, struct arena *arena, struct store *store,
    const struct surrendered_row *row, int64_t now)
{
	return out->verdict == VERDICT_RECALL_WAITS_RESERVED
	    ? store_surrendered_reserves(&out->reserves, &out->reserve_count,
		  arena, store, row->feature, RECALL_NAMES_MAX, now)
	    : store_pool_next_free(&out->frees, &out->free_count, arena, store,
		  row->feature, 0, RECALL_NAMES_MAX, now);
}

enum fault
store_recall_load(struct recall_state *out, struct arena *arena,
    struct store *store, const struct surrendered_row *row, int64_t now)
{
	struct pool pool;
	int64_t reserved;
	enum fault fault;

	assert(out && arena && store && row);
	*out = (struct recall_state){ .verdict = VERDICT_OK, .text = "" };
	if (store_surrendered_uncounted(row))
		return FAULT_NONE;
	if ((fault = store_pool_load(
		 &pool, arena, store, row->feature, 0, now)) ||
	    (fault = store_surrendered_reserved(
		 &reserved, store, row->feature, now)))
		return fault;
	out->verdict = surrender_return_check(
	    &out->numbers, &pool, reserved, row->units);
	if (out->verdict == VERDICT_OK)
		return FAULT_NONE;
	if ((fault = load_names(out, arena, store, row, now)))
		return fault;
	out->text = mistake_verdict_text(
	    arena, out->verdict, row->feature, &out->numbers);
	name_reserves(out, arena);
	name_frees(out, arena);
	return out->text ? FAULT_NONE : FAULT_MEMORY;
}
