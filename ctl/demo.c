/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * demo.c: the one source of chance of a demonstration (splitmix64).
 */
#include "ctl/demo.h"

#include <assert.h>

int64_t
demo_below(struct demo *demo, int64_t bound)
{
	uint64_t z;

	assert(demo && bound > 0);
	z = demo->chance += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return (int64_t)(z % (uint64_t)bound);
}
