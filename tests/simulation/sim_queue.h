/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_queue.h: what is going to happen, in order of time. Of one second what
 * runs out comes first, then what was put in first.
 */
#ifndef LEASEHOLD_TESTS_SIM_QUEUE_H
#define LEASEHOLD_TESTS_SIM_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_event_kind {
	SIM_EVENT_LAPSE,	/* something that a device holds runs out */
	SIM_EVENT_REQUEST,	/* a request reaches the server */
	SIM_EVENT_ANSWER,	/* an answer reaches a device */
	SIM_EVENT_WAKE,		/* a device's timer */
	SIM_EVENT_USERS,	/* other users at a device */
	SIM_EVENT_MINUTE,	/* the server's agent */
	SIM_EVENT_TROUBLE,	/* the next fault */
	SIM_EVENT_CLOCK,	/* the server's clock is set right */
	SIM_EVENT_ADMIN,	/* the administrator does something */
	SIM_EVENT_CLICK,	/* somebody at a device surrenders or recalls */
	SIM_EVENT__COUNT
};

struct sim_event {
	int64_t at;
	enum sim_event_kind kind;
	int device;		/* -1 = none */
	uint64_t round;		/* of the device's timer, to know an old one */
	void *load;
	uint64_t order;		/* set by the queue */
};

struct sim_queue {
	struct sim_event *heap;
	size_t count, room;
	uint64_t put;
};

void sim_queue_put(struct sim_queue *queue, const struct sim_event *event);
/* False when nothing is left. */
bool sim_queue_take(struct sim_event *out, struct sim_queue *queue);
void sim_queue_clear(struct sim_queue *queue);

#endif
