/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chance.c: random steps, near the instants and counts at which rules change
 * their mind.
 */
#include "tests/model/chance.h"

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
to_boundary(const struct model *model)
{
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
random_time(const struct model *model)
{
	int64_t seconds = one_in(2) ? to_boundary(model) : 0;

	if (seconds > 0)
		return seconds;
	if (one_in(3))
		return upto(600);
	if (one_in(3))
		return MODEL_DAY - model->now % MODEL_DAY - upto(1);
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
		DUEL_RECALL, DUEL_SURRENDER, DUEL_RECOVER, DUEL_MEMBER,
		DUEL_STRICT };

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
	if (step->kind == DUEL_SURRENDER)
		step->a = upto(40);
}

static void
random_step(struct duel_step *step, const struct model *model)
{
	int64_t roll = upto(99);

	*step = (struct duel_step){ .kind = DUEL_ASK,
		.who = (size_t)upto(MODEL_CLIENTS - 1) };
	if (roll < 60) {
		step->a = one_in(4) ? 0 : upto(70);
		step->b = one_in(4);
	} else if (roll < 82) {
		step->kind = DUEL_PASS;
		step->a = random_time(model);
	} else if (roll < 86) {
		step->kind = one_in(2) ? DUEL_RETURN : DUEL_REPEAT;
	} else if (roll < 93) {
		step->kind = DUEL_SAVE;
		random_counts(step);
	} else {
		random_rare(step);
	}
}

/* ---- small worlds ---- */

/* Every second sequence: three clients, few units, half days. So the same units are wanted by all, all the time. */
static bool is_small;

static void
small_counts(struct duel_step *step)
{
	static const int64_t counts[][3] = { { 0, 2, 4 }, { 2, 2, 4 },
		{ 0, 3, 6 }, { 1, 2, 5 }, { 0, 1, 3 }, { 3, 0, 3 } };
	const int64_t *row = counts[upto(5)];

	step->a = row[0];
	step->b = row[1];
	step->c = row[2];
	step->d = one_in(8) ? 1 + upto(3) : 0;
}

static void
small_license(struct duel_step *step)
{
	step->who = (size_t)upto(2);
	step->a = 2 + upto(2);
	step->d = one_in(3);
	/* A subscription's grace ends within four days. */
	step->b = step->d ? -31 - upto(6) : -1;
	step->c = 1 + upto(8);
}

static void
small_rare(struct duel_step *step)
{
	static const enum duel_kind kinds[] = { DUEL_DELETE, DUEL_LICENSE,
		DUEL_LICENSE, DUEL_LICENSE, DUEL_LOSE, DUEL_SURRENDER,
		DUEL_RECALL, DUEL_RECALL, DUEL_MEMBER, DUEL_STRICT };

	step->kind = kinds[upto(sizeof(kinds) / sizeof(kinds[0]) - 1)];
	step->a = step->kind == DUEL_RECALL ? 2 * upto(1) : one_in(2);
	if (step->kind == DUEL_SURRENDER)
		step->a = 2;
	if (step->kind == DUEL_LICENSE || step->kind == DUEL_LOSE)
		small_license(step);
}

static void
small_step(struct duel_step *step)
{
	int64_t roll = upto(99);

	*step = (struct duel_step){ .kind = DUEL_ASK, .who = (size_t)upto(2) };
	if (roll < 64) {
		step->a = one_in(3) ? 0 : upto(6);
		step->b = one_in(3);
	} else if (roll < 82) {
		step->kind = DUEL_PASS;
		step->a = 12 * MODEL_HOUR;
	} else if (roll < 86) {
		step->kind = one_in(2) ? DUEL_RETURN : DUEL_REPEAT;
	} else if (roll < 93) {
		step->kind = DUEL_SAVE;
		small_counts(step);
	} else {
		small_rare(step);
	}
}

/* ---- sequences ---- */

/* Each begins with a license and two clients. */
static void
random_beginning(struct duel_step *step, size_t index)
{
	*step = (struct duel_step){ 0 };
	if (index == 0) {
		step->kind = DUEL_LICENSE;
		random_license(step);
		step->b = -upto(30);
		step->a += is_small ? 0 : 40;
		if (is_small)
			small_license(step);
	} else {
		step->kind = DUEL_SAVE;
		step->who = index;
		random_counts(step);
		if (is_small)
			small_counts(step);
	}
}

void
chance_seed(uint64_t seed)
{
	chance_state = seed * UINT64_C(0x2545f4914f6cdd1d);
	is_small = seed % 2 == 0;
}

void
chance_step(struct duel_step *step, const struct model *model, size_t index)
{
	if (index < 3)
		random_beginning(step, index);
	else if (is_small)
		small_step(step);
	else
		random_step(step, model);
}
