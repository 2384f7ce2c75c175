/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chance.h: sequences of steps by a seed, the same ones for the same seed.
 */
#ifndef LEASEHOLD_TESTS_MODEL_CHANCE_H
#define LEASEHOLD_TESTS_MODEL_CHANCE_H

#include "tests/model/duel.h"

void chance_seed(uint64_t seed);
/* The step at "index" of a sequence that has brought the model where it is: a license and clients first. */
void chance_step(struct duel_step *step, const struct model *model, size_t index);

#endif
