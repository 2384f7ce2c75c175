/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ladder.c: the rungs of a disconnection. Does not know whether there is one:
 * the same dates hold for a client whose server falls silent from now on.
 */
#include "engine/rules/ladder.h"

size_t
ladder_most(size_t features, size_t parts)
{
	return features + parts + 2;
}

static bool
is_before(const struct ladder_rung *a, const struct ladder_rung *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	if (a->step != b->step)
		return a->step < b->step;
	return a->feature < b->feature;
}

/* In its place; onto the one that is there for the same thing. */
static size_t
put(struct ladder_rung *rungs, size_t count, const struct ladder_rung *rung)
{
	size_t place = 0;

	while (place < count && is_before(&rungs[place], rung))
		place++;
	if (place < count && !is_before(rung, &rungs[place])) {
		rungs[place].units = instant_units_add(
		    rungs[place].units, rung->units);
		return count;
	}
	for (size_t i = count; i > place; i--)
		rungs[i] = rungs[i - 1];
	rungs[place] = *rung;
	return count + 1;
}

static size_t
put_parts(
    struct ladder_rung *rungs, size_t count, const struct ladder_input *input)
{
	for (size_t i = 0; i < input->part_count; i++) {
		const struct ladder_part *part = &input->parts[i];
		const struct ladder_rung rung = {
			.step = part->is_reserved ? LADDER_RESERVED
						  : LADDER_QUANTA,
			.feature = part->feature,
			.units = part->units,
			.at = part->expires,
		};

		count = put(rungs, count, &rung);
	}
	return count;
}

static size_t
put_auto_leases(
    struct ladder_rung *rungs, size_t count, const struct ladder_input *input)
{
	for (size_t i = 0; i < input->count; i++) {
		const struct ladder_rung rung = {
			.step = LADDER_AUTO_LEASE,
			.feature = i,
			.units = input->features[i].auto_leased,
			.at = auto_lease_ends(&input->contacts[i]),
		};

		if (rung.at > input->last_success)
			count = put(rungs, count, &rung);
	}
	return count;
}

static void
fill_capacity(
    struct ladder_rung *rungs, size_t count, const struct ladder_input *input)
{
	struct demand_limit limit;

	for (size_t i = 0; i < input->count; i++) {
		input->features[i].leased = 0;
		input->features[i].surplus = 0;
		if (auto_lease_ends(&input->contacts[i]) <= input->last_success)
			input->features[i].auto_leased = 0;
	}
	for (size_t i = 0; i < input->part_count; i++) {
		struct demand_feature
		    *feature = &input->features[input->parts[i].feature];

		feature->leased = instant_units_add(
		    feature->leased, input->parts[i].units);
	}
	for (size_t i = 0; i < count; i++) {
		struct demand_feature
		    *feature = &input->features[rungs[i].feature];

		if (rungs[i].step == LADDER_AUTO_LEASE)
			feature->auto_leased = 0;
		else if (rungs[i].step != LADDER_CONTACT)
			feature->leased = instant_units_less(
			    feature->leased, rungs[i].units);
		demand_limit_users(
		    &limit, input->features, input->count, input->gateway);
		rungs[i].capacity = limit.capacity;
		rungs[i].is_past = rungs[i].at <= input->now;
	}
}

size_t
ladder_build(struct ladder_rung *rungs, const struct ladder_input *input)
{
	struct ladder_rung end = { .step = LADDER_OWN };
	size_t count = put_auto_leases(
	    rungs, put_parts(rungs, 0, input), input);

	if (count == 0)
		return 0;
	end.at = rungs[count - 1].at;
	count = put(rungs, count, &end);
	count = put(rungs, count,
	    &(struct ladder_rung){
		.step = LADDER_CONTACT, .at = input->last_success });
	fill_capacity(rungs, count, input);
	return count;
}

int64_t
ladder_seconds_alone(instant last_success, instant now)
{
	if (now <= last_success)
		return 0;
	if (now >= instant_add(last_success, AUTO_LEASE_LIMIT_SECONDS))
		return AUTO_LEASE_LIMIT_SECONDS;
	return now - last_success;
}
