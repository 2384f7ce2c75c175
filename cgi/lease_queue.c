/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_queue.c: a ring under one lock. Does not know what it carries.
 */
#include "cgi/lease_queue.h"

#include <assert.h>
#include <string.h>

enum fault
lease_queue_init(
    struct lease_queue *queue, struct arena *arena, size_t capacity)
{
	assert(queue && arena && capacity);
	memset(queue, 0, sizeof(*queue));
	queue->capacity = capacity;
	queue->items = arena_array(arena, capacity, sizeof(*queue->items));
	if (!queue->items || pthread_mutex_init(&queue->lock, NULL))
		return FAULT_MEMORY;
	if (pthread_cond_init(&queue->filled, NULL)) {
		pthread_mutex_destroy(&queue->lock);
		return FAULT_MEMORY;
	}
	return FAULT_NONE;
}

void
lease_queue_clear(struct lease_queue *queue)
{
	assert(queue);
	pthread_cond_destroy(&queue->filled);
	pthread_mutex_destroy(&queue->lock);
}

bool
lease_queue_put(struct lease_queue *queue, void *item)
{
	bool has_room;

	assert(queue && item);
	pthread_mutex_lock(&queue->lock);
	has_room = !queue->is_closed && queue->count < queue->capacity;
	if (has_room) {
		queue->items[(queue->first + queue->count) % queue->capacity] =
		    item;
		queue->count++;
		pthread_cond_signal(&queue->filled);
	}
	pthread_mutex_unlock(&queue->lock);
	return has_room;
}

/* With the lock held, and at least one item in it. */
static void *
take_first(struct lease_queue *queue)
{
	void *item = queue->items[queue->first];

	queue->first = (queue->first + 1) % queue->capacity;
	queue->count--;
	return item;
}

size_t
lease_queue_take(struct lease_queue *queue, void **out, size_t max)
{
	size_t count = 0;

	assert(queue && out && max);
	pthread_mutex_lock(&queue->lock);
	while (!queue->count && !queue->is_closed)
		pthread_cond_wait(&queue->filled, &queue->lock);
	while (queue->count && count < max)
		out[count++] = take_first(queue);
	pthread_mutex_unlock(&queue->lock);
	return count;
}

void *
lease_queue_poll(struct lease_queue *queue)
{
	void *item = NULL;

	assert(queue);
	pthread_mutex_lock(&queue->lock);
	if (queue->count)
		item = take_first(queue);
	pthread_mutex_unlock(&queue->lock);
	return item;
}

void
lease_queue_close(struct lease_queue *queue)
{
	assert(queue);
	pthread_mutex_lock(&queue->lock);
	queue->is_closed = true;
	pthread_cond_broadcast(&queue->filled);
	pthread_mutex_unlock(&queue->lock);
}
