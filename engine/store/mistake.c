/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mistake.c: wrong inputs, gathered with the sentences of mistakes.tbl and
 * verdicts.tbl. Does not know forms; fields are names to it.
 */
#include "engine/store/mistake.h"

#include "engine/base/text.h"
#include "engine/store/sentence.h"
#include <assert.h>

struct words {
	const char *code;
	const char *sentence;
};

#define MISTAKE(symbol, code, sentence) [MISTAKE_##symbol] = { code, sentence },
static const struct words words[MISTAKE__COUNT] = {
#include "engine/store/mistakes.tbl"
};
#undef MISTAKE

#define NUMBER_BYTES 32
#define NUMBERS      14

/* Where it is not known which. */
#define NEWER_VERSION "a newer software version"

static const struct words *
words_of(enum mistake_kind kind)
{
	assert(kind < MISTAKE__COUNT);
	return &words[kind];
}

static void
format_numbers(
    char out[NUMBERS][NUMBER_BYTES], const struct verdict_numbers *numbers)
{
	text_format_thousands(out[0], numbers->wanted);
	text_format_thousands(out[1], numbers->available);
	text_format_thousands(out[2], numbers->increment);
	text_format_thousands(out[3], numbers->leased);
	text_format_thousands(out[4], numbers->maximum);
	text_format_thousands(out[5], numbers->reserved);
	text_format_thousands(out[6], numbers->bound);
	text_format_thousands(out[7], numbers->least);
	text_format_thousands(out[8], numbers->reachable);
	text_format_thousands(out[9], numbers->total);
	text_format_thousands(out[10], numbers->average);
	text_format_thousands(out[11], numbers->unallocated);
	text_format_thousands(out[12], numbers->seconds / SECONDS_PER_HOUR);
	text_format_thousands(out[13], numbers->missing);
}

const char *
mistake_verdict_text(struct arena *arena, enum verdict verdict,
    const char *feature, const struct verdict_numbers *numbers)
{
	static const struct verdict_numbers none = { 0 };
	char text[NUMBERS][NUMBER_BYTES];
	const struct sentence_value values[] = {
		{ "wanted", text[0] },
		{ "available", text[1] },
		{ "increment", text[2] },
		{ "leased", text[3] },
		{ "maximum", text[4] },
		{ "reserved", text[5] },
		{ "bound", text[6] },
		{ "least", text[7] },
		{ "reachable", text[8] },
		{ "total", text[9] },
		{ "average", text[10] },
		{ "unallocated", text[11] },
		{ "hours", text[12] },
		{ "missing", text[13] },
		{ "feature", feature },
		{ "versions",
		    numbers && numbers->versions ? numbers->versions
						 : NEWER_VERSION },
		{ "client",
		    numbers && numbers->client ? numbers->client : "another" },
		{ "until", numbers && numbers->until ? numbers->until : "" },
	};
	const char *sentence, *whole;

	assert(arena);
	sentence = verdict_sentence(verdict);
	format_numbers(text, numbers ? numbers : &none);
	whole = sentence_fill(
	    arena, sentence, values, sizeof(values) / sizeof(values[0]));
	return whole ? whole : sentence;
}

const char *
mistake_text(
    struct arena *arena, enum mistake_kind kind, const char *a, const char *b)
{
	const struct sentence_value values[] = { { "a", a }, { "b", b } };
	const char *text;

	assert(arena);
	text = sentence_fill(arena, words_of(kind)->sentence, values, 2);
	return text ? text : words_of(kind)->sentence;
}

void
mistake_init(struct mistakes *mistakes, struct arena *arena)
{
	assert(mistakes && arena);
	*mistakes = (struct mistakes){ .arena = arena };
}

/* More than fit are not shown; that there are some is what counts. */
static void
append(struct mistake *items, size_t *count, const struct mistake *mistake)
{
	if (*count < MISTAKES_MAX)
		items[(*count)++] = *mistake;
}

void
mistake_add(struct mistakes *mistakes, const char *field,
    enum mistake_kind kind, const char *a, const char *b)
{
	struct mistake mistake = { .kind = kind };

	assert(mistakes && field);
	mistake.field = arena_text(mistakes->arena, field);
	mistake.text = mistake_text(mistakes->arena, kind, a, b);
	if (!mistake.field)
		mistake.field = "";
	append(mistakes->items, &mistakes->count, &mistake);
}

static struct mistake
of_verdict(struct arena *arena, const char *field, const char *feature,
    enum verdict verdict, const struct verdict_numbers *numbers)
{
	struct mistake mistake = { .kind = MISTAKE_COUNTS };

	mistake.field = arena_text(arena, field);
	mistake.text = mistake_verdict_text(arena, verdict, feature, numbers);
	if (verdict == VERDICT_DURATION_OUT_OF_RANGE)
		mistake.kind = MISTAKE_DURATION;
	if (verdict == VERDICT_INTERVAL_OUT_OF_RANGE)
		mistake.kind = MISTAKE_INTERVAL;
	if (!mistake.field)
		mistake.field = "";
	return mistake;
}

void
mistake_add_verdict(struct mistakes *mistakes, const char *field,
    const char *feature, enum verdict verdict,
    const struct verdict_numbers *numbers)
{
	struct mistake mistake;

	assert(mistakes && field && verdict != VERDICT_OK);
	mistake = of_verdict(mistakes->arena, field, feature, verdict, numbers);
	append(mistakes->items, &mistakes->count, &mistake);
}

void
mistake_add_warning(struct mistakes *mistakes, const char *field,
    const char *feature, enum verdict verdict,
    const struct verdict_numbers *numbers)
{
	struct mistake mistake;

	assert(mistakes && field && verdict != VERDICT_OK);
	mistake = of_verdict(mistakes->arena, field, feature, verdict, numbers);
	append(mistakes->warnings, &mistakes->warning_count, &mistake);
}

const char *
mistake_code(enum mistake_kind kind)
{
	return words_of(kind)->code;
}
