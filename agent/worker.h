/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * worker.h: a thread that does one sync at a time with a store of its own, so
 * that the agent answers while the license server thinks.
 */
#ifndef LEASEHOLD_AGENT_WORKER_H
#define LEASEHOLD_AGENT_WORKER_H

#include "engine/base/fault.h"
#include "engine/peer/link_sync.h"
#include "engine/store/appliance.h"
#include <stdbool.h>

struct worker;

struct worker_outcome {
	enum fault fault;
	struct link_sync_result result;	/* when there was no fault */
};

/* "appliance" is only read by the thread, and outlives it. */
enum fault worker_open(struct worker **out, const struct appliance *appliance) MUST_CHECK;
/* Stops a sync under way; false when the thread would not end in time: then only ending the process is safe. */
bool worker_close(struct worker **worker);
/* Readable when an outcome waits. */
int worker_descriptor(const struct worker *worker);
bool worker_is_busy(const struct worker *worker);
/* Begins a sync; only when it is not busy. What worker_take gave before ends to be valid. */
void worker_start(struct worker *worker, const struct link_sync_input *input);
/* True once a sync is done: the worker is free again. */
bool worker_take(struct worker_outcome *out, struct worker *worker);

#endif
