/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_random.h: the one source of chance of a simulation. The same seed tells
 * the same story on every machine.
 */
#ifndef LEASEHOLD_TESTS_SIM_RANDOM_H
#define LEASEHOLD_TESTS_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* Starts the sequence of "seed" from its beginning. */
void sim_random_seed(uint64_t seed);
uint64_t sim_random_next(void);
/* Uniform in [low, high]. */
int64_t sim_random_between(int64_t low, int64_t high);
/* True "part" times of "whole". */
bool sim_random_chance(int64_t part, int64_t whole);

#endif
