/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * demo.h: what a demonstration of many license clients consists of. All chance
 * comes from the seed, so that the same seed makes the same rows.
 */
#ifndef LEASEHOLD_CTL_DEMO_H
#define LEASEHOLD_CTL_DEMO_H

#include "ctl/command.h"
#include "engine/store/store_pool.h"

/* So many were tried. */
#define DEMO_CLIENTS_MAX 10000

struct demo {
	struct command *command;
	struct pool_row *pools; /* as installed at "at" */
	size_t pool_count;
	int64_t at; /* a full hour: what the demonstration shows is of then */
	int64_t client_count;
	uint64_t chance;
};

/* The next number of the sequence, below "bound". */
int64_t demo_below(struct demo *demo, int64_t bound);

/* Enters the clients, and has each ask for what it uses, in the order of time. */
enum fault demo_clients_make(struct demo *demo) MUST_CHECK;
/* Thirteen months of use of each feature, up to what is leased by now. */
enum fault demo_history_make(struct demo *demo) MUST_CHECK;

#endif
