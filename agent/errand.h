/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errand.h: work that may take long and so has a thread of its own, one at a
 * time. Knows nothing of what is done.
 */
#ifndef LEASEHOLD_AGENT_ERRAND_H
#define LEASEHOLD_AGENT_ERRAND_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct errand {
	atomic_bool is_stopping;	/* the work looks at it and ends */
	atomic_bool is_done;
	bool has_thread;
	pthread_t thread;
	void (*work)(void *with);
	void *with;
};

void errand_init(struct errand *errand);
/* Is none under way? */
bool errand_is_idle(struct errand *errand);
/* Begins one; only while idle. False when there is no thread to be had. */
bool errand_start(struct errand *errand, void (*work)(void *with), void *with);
/* Stops it. False when it would not end in time: its memory must stay. */
bool errand_stop(struct errand *errand);

#endif
