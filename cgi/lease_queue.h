/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_queue.h: a bounded queue between threads, first in, first out. Holds
 * borrowed pointers.
 */
#ifndef LEASEHOLD_CGI_LEASE_QUEUE_H
#define LEASEHOLD_CGI_LEASE_QUEUE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct lease_queue {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	void **items;
	size_t capacity, first, count;
	bool is_closed;
};

/* Room for "capacity" items, in the arena. */
enum fault lease_queue_init(
    struct lease_queue *queue, struct arena *arena, size_t capacity) MUST_CHECK;
/* Nobody may wait in it any more. */
void lease_queue_clear(struct lease_queue *queue);
/* False when it is full or closed. */
bool lease_queue_put(struct lease_queue *queue, void *item) MUST_CHECK;
/* Waits for at least one, takes up to "max"; 0 when it is closed and empty. */
size_t lease_queue_take(struct lease_queue *queue, void **out, size_t max);
/* One item, or NULL at once when there is none. */
void *lease_queue_poll(struct lease_queue *queue);
/* Takes no more; what is in it is still handed out. */
void lease_queue_close(struct lease_queue *queue);

#endif
