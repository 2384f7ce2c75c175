/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * differential.c: random sequences of steps through the shipped rules and the
 * plain model. A sequence that tells them apart is shortened for as long as it
 * still does, and printed. OPERATIONS and SEED in the environment change how
 * many steps and which.
 */
#include "tests/model/duel.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define STEPS      200
#define OPERATIONS 2000000
#define SEED       1

static struct duel duel;
static struct duel_step steps[STEPS];

/* What was met, to be told at the end: a test that never gets there proves nothing. */
static struct {
	uint64_t steps[DUEL__COUNT];
	uint64_t denials[VERDICT__COUNT];
	uint64_t lapsing, over_total, releasing;
} met;

/* ---- chance ---- */

static uint64_t chance_state;

static uint64_t
chance(void)
{
	uint64_t z = (chance_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int64_t
upto(int64_t most)
{
	return (int64_t)(chance() % ((uint64_t)most + 1));
}

static bool
one_in(int64_t n)
{
	return upto(n - 1) == 0;
}

/* ---- steps ---- */

/* To the instant at which something of some client runs out or is a day old, a second before it, at it or after it. */
static int64_t
to_boundary(void)
{
	const struct model *model = &duel.model;
	const struct model_client *c = &model->clients[upto(MODEL_CLIENTS - 1)];
	const struct model_document *document;
	const struct model_piece *piece;
	int64_t at;

	if (!c->is_there || c->document_count == 0)
		return 0;
	document = &c->documents[upto((int64_t)c->document_count - 1)];
	if (document->lease.count == 0)
		return 0;
	piece = &document->lease
		     .pieces[upto((int64_t)document->lease.count - 1)];
	at = one_in(3) ? piece->granted + MODEL_DAY : piece->expires;
	return at - model->now + upto(2) - 1;
}

static int64_t
random_time(void)
{
	int64_t seconds = one_in(2) ? to_boundary() : 0;

	if (seconds > 0)
		return seconds;
	if (one_in(3))
		return upto(600);
	if (one_in(3))
		return MODEL_DAY - duel.model.now % MODEL_DAY - upto(1);
	return upto(one_in(4) ? 3 * MODEL_DAY : 8 * MODEL_HOUR);
}

static void
random_counts(struct duel_step *step)
{
	int64_t range = upto(40);

	step->a = one_in(3) ? 0 : upto(30);
	step->b = one_in(6) ? upto(range) : 1 + upto(range / 2);
	step->c = step->a + (one_in(4) ? 0 : range);
	step->d = one_in(4) ? 1 + upto(12) : 0;
}

static void
random_license(struct duel_step *step)
{
	step->who = (size_t)upto(MODEL_LICENSES - 1);
	step->a = 1 + upto(60);
	/* Mostly near the end of its grace. */
	step->b = one_in(3) ? upto(5) : -upto(40);
	step->c = 1 + upto(20);
	step->d = !one_in(3);
}

static void
random_rare(struct duel_step *step)
{
	static const enum duel_kind kinds[] = { DUEL_DELETE, DUEL_LICENSE,
		DUEL_LICENSE, DUEL_LOSE, DUEL_DURATION, DUEL_RECALL,
		DUEL_RECALL, DUEL_RECOVER, DUEL_MEMBER, DUEL_STRICT };

	step->kind = kinds[upto(sizeof(kinds) / sizeof(kinds[0]) - 1)];
	step->who = (size_t)upto(MODEL_CLIENTS - 1);
	step->a = one_in(2);
	if (step->kind == DUEL_LICENSE)
		random_license(step);
	if (step->kind == DUEL_LOSE)
		step->who = (size_t)upto(MODEL_LICENSES - 1);
	if (step->kind == DUEL_DURATION)
		step->a = (24 + upto(216)) * MODEL_HOUR;
	if (step->kind == DUEL_RECALL)
		step->a = one_in(2) ? 0 : upto(40);
}

static void
random_step(struct duel_step *step)
{
	int64_t roll = upto(99);

	*step = (struct duel_step){ .kind = DUEL_ASK,
		.who = (size_t)upto(MODEL_CLIENTS - 1) };
	if (roll < 60) {
		step->a = one_in(4) ? 0 : upto(70);
		step->b = one_in(4);
	} else if (roll < 82) {
		step->kind = DUEL_PASS;
		step->a = random_time();
	} else if (roll < 86) {
		step->kind = DUEL_REPEAT;
	} else if (roll < 93) {
		step->kind = DUEL_SAVE;
		random_counts(step);
	} else {
		random_rare(step);
	}
}

/* Each sequence begins with a license and two clients. */
static void
random_beginning(struct duel_step *step, size_t index)
{
	*step = (struct duel_step){ 0 };
	if (index == 0) {
		step->kind = DUEL_LICENSE;
		random_license(step);
		step->b = -upto(30);
		step->a += 40;
	} else {
		step->kind = DUEL_SAVE;
		step->who = index;
		random_counts(step);
	}
}

/* ---- one sequence ---- */

/* Index of the step that failed, or "count". */
static size_t
replay(size_t count)
{
	duel_init(&duel);
	for (size_t i = 0; i < count; i++)
		if (!duel_step(&duel, &steps[i]))
			return i;
	return count;
}

static void
count_met(const struct duel_step *step)
{
	const struct model *model = &duel.model;
	const struct model_client *c = &model->clients[step->who];

	met.steps[step->kind]++;
	met.over_total += model_held_sum(model) >
	    model_total(model, model->now);
	if (step->kind != DUEL_ASK || !c->is_there || c->is_deleted)
		return;
	met.denials[duel.denial]++;
	met.releasing += model_leased(model, step->who) <
	    model_paper(model, step->who, model->now);
	for (size_t i = 0; i < c->lease.count; i++)
		if (c->lease.pieces[i].is_lapsing) {
			met.lapsing++;
			break;
		}
}

static void
tell_met(void)
{
	printf("# %" PRIu64 " requests, of which %" PRIu64
	       " left a part to lapse and %" PRIu64
	       " more on paper than leased; %" PRIu64
	       " steps with more held than there is\n",
	    met.steps[DUEL_ASK], met.lapsing, met.releasing, met.over_total);
	for (int i = 1; i < VERDICT__COUNT; i++)
		if (met.denials[i] > 0)
			printf("# %" PRIu64 " denied: %s\n", met.denials[i],
			    verdict_code((enum verdict)i));
}

/* Steps done; less than STEPS when one failed. */
static size_t
try_sequence(uint64_t seed)
{
	chance_state = seed * UINT64_C(0x2545f4914f6cdd1d);
	duel_init(&duel);
	for (size_t i = 0; i < STEPS; i++) {
		if (i < 3)
			random_beginning(&steps[i], i);
		else
			random_step(&steps[i]);
		if (!duel_step(&duel, &steps[i]))
			return i;
		count_met(&steps[i]);
	}
	return STEPS;
}

static void
leave_out(size_t index, size_t *count)
{
	--*count;
	memmove(&steps[index], &steps[index + 1],
	    (*count - index) * sizeof(steps[0]));
}

/* Tries it without one step, time put to the time before it; answers the new length, "count" when it no longer fails. */
static size_t
try_without(size_t index, size_t count)
{
	struct duel_step kept[STEPS];
	size_t rest = count, failed;

	memcpy(kept, steps, sizeof(kept));
	if (index > 0 && steps[index].kind == DUEL_PASS &&
	    steps[index - 1].kind == DUEL_PASS)
		steps[index - 1].a += steps[index].a;
	leave_out(index, &rest);
	failed = replay(rest);
	if (failed < rest)
		return failed + 1;
	memcpy(steps, kept, sizeof(kept));
	return count;
}

/* Leaves out every step without which it still fails, over and over. */
static size_t
shorten(size_t count)
{
	size_t before = count + 1;

	while (count < before) {
		before = count;
		for (size_t i = count; i > 0; i--)
			if (i <= count)
				count = try_without(i - 1, count);
	}
	return count;
}

static void
report(uint64_t seed, size_t failed)
{
	size_t count = shorten(failed + 1);

	(void)replay(count);
	printf("# SEED=%" PRIu64 " OPERATIONS=%d tells them apart:\n", seed,
	    STEPS);
	for (size_t i = 0; i < count; i++) {
		printf("#   ");
		duel_print(stdout, &steps[i]);
	}
	printf("#   %s\n", duel.why);
}

static uint64_t
number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

int
main(void)
{
	uint64_t operations = number_from("OPERATIONS", OPERATIONS);
	uint64_t seed = number_from("SEED", SEED);
	uint64_t tried = 0;

	for (; tried < operations; tried += STEPS, seed++) {
		size_t failed = try_sequence(seed);

		if (failed == STEPS)
			continue;
		printf("not ok 1 - rules and model agree\n");
		report(seed, failed);
		printf("1..1\n");
		return 1;
	}
	tell_met();
	printf("ok 1 - rules and model agree on %" PRIu64 " operations\n1..1\n",
	    tried);
	return 0;
}
