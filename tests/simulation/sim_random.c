/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_random.c: xoshiro256**, started by splitmix64. It takes the place of
 * engine/base/random.c in this program too, so that what the product draws
 * can be replayed.
 */
#include "tests/simulation/sim_random.h"

#include "engine/base/random.h"
#include <stdio.h>
#include <string.h>

static uint64_t state[4];

static uint64_t
mix(uint64_t *from)
{
	uint64_t z = *from += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static uint64_t
rotate(uint64_t value, int by)
{
	return (value << by) | (value >> (64 - by));
}

void
sim_random_seed(uint64_t seed)
{
	for (size_t i = 0; i < 4; i++)
		state[i] = mix(&seed);
}

uint64_t
sim_random_next(void)
{
	uint64_t out = rotate(state[1] * 5, 7) * 9, t = state[1] << 17;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = rotate(state[3], 45);
	return out;
}

int64_t
sim_random_between(int64_t low, int64_t high)
{
	uint64_t span = (uint64_t)high - (uint64_t)low + 1;

	if (high <= low)
		return low;
	return low + (int64_t)(sim_random_next() % span);
}

bool
sim_random_chance(int64_t part, int64_t whole)
{
	return sim_random_between(1, whole) <= part;
}

/* ---- in place of engine/base/random.c ---- */

enum fault
random_bytes(void *out, size_t bytes)
{
	uint8_t *to = out;

	for (size_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(sim_random_next() >> 32);
	return FAULT_NONE;
}

enum fault
random_hex(char *out, size_t bytes)
{
	*out = '\0';
	for (size_t i = 0; i < bytes; i++)
		(void)snprintf(out + 2 * i, 3, "%02x",
		    (unsigned)(sim_random_next() >> 56));
	return FAULT_NONE;
}

int64_t
random_below(int64_t limit)
{
	return sim_random_between(0, limit - 1);
}
