/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * differential.c: random sequences of steps through the shipped rules and the
 * plain model. A sequence that tells them apart is shortened for as long as it
 * still does, and printed. OPERATIONS and SEED in the environment change how
 * many steps and which.
 */
#include "tests/model/chance.h"

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
	chance_seed(seed);
	duel_init(&duel);
	for (size_t i = 0; i < STEPS; i++) {
		chance_step(&steps[i], &duel.model, i);
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
