/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_sample.c: each minute's figures are folded into the history of
 * use: the least total and available, the most leased and users of every five
 * minutes and of every hour. Writes only what differs.
 */
#include "engine/store/ledger_watch_work.h"

#include "engine/store/store_sample.h"
#include <assert.h>

/* One feature and one span. */
struct fold {
	struct ledger *ledger;
	const char *feature;
	enum sample_span span;
	int64_t at;    /* begin of the span now */
	bool is_first; /* look within this span */
};

static int64_t
begin_of(int64_t at, int64_t span)
{
	return at - at % span;
}

static bool
is_same(const struct sample *a, const struct sample *b)
{
	return a->total == b->total && a->available == b->available &&
	    a->leased == b->leased && a->users == b->users &&
	    a->denials == b->denials;
}

static bool
is_empty(const struct sample *sample)
{
	static const struct sample none = { 0 };

	return is_same(sample, &none);
}

static void
take_worst(struct sample *sample, const struct sample *so_far)
{
	sample->total = instant_earlier(sample->total, so_far->total);
	sample->available = instant_earlier(
	    sample->available, so_far->available);
	sample->leased = instant_later(sample->leased, so_far->leased);
	sample->users = instant_later(sample->users, so_far->users);
}

/*
 * "newest" is that of the series, NULL when there is none. When it is of an
 * earlier span, it went on unchanged up to the last look at this one.
 */
static enum fault
fold_one(const struct fold *fold, int64_t client, const struct sample *present,
    const struct sample *newest)
{
	struct sample sample = *present;

	sample.at = fold->at;
	if (!newest)
		return is_empty(&sample)
		    ? FAULT_NONE
		    : store_sample_save(fold->ledger->store, fold->span,
			  fold->feature, client, &sample);
	if (!fold->is_first)
		take_worst(&sample, newest);
	/* One that only has denials may be there before the first look. */
	if (newest->at == fold->at)
		sample.denials = newest->denials;
	if (is_same(&sample, newest))
		return FAULT_NONE;
	return store_sample_save(
	    fold->ledger->store, fold->span, fold->feature, client, &sample);
}

/* A series of nothing, longer than anything is kept. */
static bool
is_over(const struct fold *fold, const struct sample *newest)
{
	return is_empty(newest) &&
	    newest->at < fold->at - store_sample_keep_seconds(fold->span);
}

static enum fault
fold_absent(const struct fold *fold, const struct sample_newest *newest)
{
	static const struct sample none = { 0 };

	if (is_over(fold, &newest->sample))
		return store_sample_delete(fold->ledger->store, fold->span,
		    fold->feature, newest->client);
	return fold_one(fold, newest->client, &none, &newest->sample);
}

/* Both lists are by client. */
static enum fault
fold_clients(const struct fold *fold, const struct sample_present *present,
    size_t count, const struct sample_newest *newest, size_t newest_count,
    const struct sample *all)
{
	size_t k = 0;
	enum fault fault;

	if (newest_count > 0 && newest[0].client == SAMPLE_ALL)
		k = 1;
	if ((fault = fold_one(
		 fold, SAMPLE_ALL, all, k ? &newest[0].sample : NULL)))
		return fault;
	for (size_t i = 0; i < count; i++) {
		const struct sample sample = { .total = present[i].maximum,
			.available = present[i].maximum - present[i].leased,
			.leased = present[i].leased,
			.users = present[i].users };
		const struct sample *last = NULL;

		for (; k < newest_count && newest[k].client < present[i].client;
		     k++)
			if ((fault = fold_absent(fold, &newest[k])))
				return fault;
		if (k < newest_count && newest[k].client == present[i].client)
			last = &newest[k++].sample;
		if ((fault = fold_one(fold, present[i].client, &sample, last)))
			return fault;
	}
	for (; k < newest_count; k++)
		if ((fault = fold_absent(fold, &newest[k])))
			return fault;
	return FAULT_NONE;
}

static enum fault
fold_span(const struct fold *fold, struct arena *arena,
    const struct sample_present *present, size_t count,
    const struct sample *all)
{
	struct sample_newest *newest;
	size_t newest_count;
	enum fault fault;

	if ((fault = store_sample_newest(&newest, &newest_count, arena,
		 fold->ledger->store, fold->span, fold->feature)))
		return fault;
	return fold_clients(fold, present, count, newest, newest_count, all);
}

static enum fault
fold_pool(struct ledger *ledger, struct arena *arena, int64_t sampled_at,
    const struct pool_row *row)
{
	static const enum sample_span spans[] = { SAMPLE_FIVE_MINUTES,
		SAMPLE_HOUR };
	struct sample all = { .total = row->installed,
		.available = row->available,
		.leased = row->leased };
	struct sample_present *present;
	size_t count;
	enum fault fault;

	if ((fault = store_sample_present(&present, &count, arena,
		 ledger->store, row->feature, ledger->now)))
		return fault;
	for (size_t i = 0; i < count; i++)
		all.users = instant_units_add(all.users, present[i].users);
	for (size_t i = 0; !fault && i < 2; i++) {
		const struct fold fold = { .ledger = ledger,
			.feature = row->feature,
			.span = spans[i],
			.at = begin_of(ledger->now, spans[i]),
			.is_first = begin_of(sampled_at, spans[i]) <
			    begin_of(ledger->now, spans[i]) };

		fault = fold_span(&fold, arena, present, count, &all);
	}
	return fault;
}

enum fault
ledger_watch_sample(
    struct ledger *ledger, int64_t sampled_at, const struct pool_row *row)
{
	struct arena arena;
	enum fault fault;

	assert(ledger && row && row->feature);
	arena_init(&arena, 0);
	fault = fold_pool(ledger, &arena, sampled_at, row);
	arena_clear(&arena);
	return fault;
}
