/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recount.c: a whole recount, and what is told of it.
 */
#include "engine/store/recount_work.h"

#include "engine/base/text.h"
#include "engine/store/sentence.h"
#include "engine/store/store_setting.h"
#include "engine/store/store_watch.h"
#include <assert.h>
#include <string.h>

struct words {
	const char *code, *sentence;
};

#define DIFFERENCE(symbol, code, sentence)                                     \
	[DIFFERENCE_##symbol] = { code, sentence },
static const struct words words[DIFFERENCE__COUNT] = {
#include "engine/store/differences.tbl"
};
#undef DIFFERENCE

struct recount_sums *
recount_sums_of(const struct recount_work *work, const char *feature)
{
	const struct catalogue *catalogue = &work->appliance->catalogue;
	const struct feature *found = catalogue_feature(catalogue, feature);

	if (!found || found->kind == FEATURE_SWITCH)
		return NULL;
	return &work->sums[found - catalogue->features];
}

const char *
recount_units(struct recount_work *work, int64_t units)
{
	return text_thousands(work->arena, units);
}

enum fault
recount_tell(struct recount_work *work, enum difference difference,
    const char *a, const char *b, const char *c, const char *d)
{
	const struct sentence_value values[] = { { "a", a }, { "b", b },
		{ "c", c }, { "d", d } };
	struct recount *out = work->out;
	const char *text;

	out->found++;
	if (out->count == RECOUNT_TOLD_MAX)
		return FAULT_NONE;
	text = sentence_fill(
	    work->arena, words[difference].sentence, values, 4);
	if (!text)
		return FAULT_MEMORY;
	out->items[out->count++] = (struct recount_difference){
		words[difference].code, text
	};
	return FAULT_NONE;
}

/* Everything was noted up to the instant of the last act; what ended since is nobody's mistake. */
static enum fault
find_instant(struct recount_work *work, int64_t system_now)
{
	struct watch_row watch;
	enum fault fault;

	work->at = system_now;
	if (!appliance_lends(work->appliance))
		return FAULT_NONE;
	if ((fault = store_watch_load(&watch, work->arena, work->store)))
		return fault;
	if (watch.clock_mark != 0)
		work->at = watch.clock_mark;
	return FAULT_NONE;
}

static enum fault
run(struct recount_work *work, int64_t system_now)
{
	enum fault fault;

	if ((fault = find_instant(work, system_now)) ||
	    (fault = store_setting_load(
		 &work->grace, work->store, SETTING_GRACE)) ||
	    (fault = recount_license(work)) ||
	    !appliance_lends(work->appliance))
		return fault;
	if ((fault = recount_lease(work)))
		return fault;
	return recount_history(work);
}

enum fault
recount_run(struct recount *out, struct arena *arena,
    const struct appliance *appliance, int64_t system_now)
{
	struct recount_work work = {
		.out = out, .arena = arena, .appliance = appliance
	};

	assert(out && arena && appliance && appliance->store);
	memset(out, 0, sizeof(*out));
	work.store = appliance->store;
	work.sums = arena_array(
	    arena, appliance->catalogue.feature_count, sizeof(*work.sums));
	return work.sums ? run(&work, system_now) : FAULT_MEMORY;
}

bool
recount_is_sound(const struct recount *recount)
{
	int64_t over = 0;

	assert(recount);
	for (size_t i = 0; i < recount->count; i++)
		over += strcmp(recount->items[i].code,
			    words[DIFFERENCE_OVER].code) == 0;
	return recount->found == over;
}
