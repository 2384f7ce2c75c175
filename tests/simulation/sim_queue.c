/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_queue.c: a binary heap of events.
 */
#include "tests/simulation/sim_queue.h"

#include <stdio.h>
#include <stdlib.h>

static bool
is_before(const struct sim_event *a, const struct sim_event *b)
{
	bool a_lapses = a->kind == SIM_EVENT_LAPSE;
	bool b_lapses = b->kind == SIM_EVENT_LAPSE;

	if (a->at != b->at)
		return a->at < b->at;
	if (a_lapses != b_lapses)
		return a_lapses;
	return a->order < b->order;
}

static void
swap(struct sim_event *a, struct sim_event *b)
{
	struct sim_event kept = *a;

	*a = *b;
	*b = kept;
}

void
sim_queue_put(struct sim_queue *queue, const struct sim_event *event)
{
	size_t i = queue->count;

	if (queue->count == queue->room) {
		queue->room = queue->room ? 2 * queue->room : 1024;
		queue->heap = realloc(
		    queue->heap, queue->room * sizeof(*queue->heap));
		if (!queue->heap) {
			(void)fputs("sim_queue: no memory left\n", stderr);
			abort();
		}
	}
	queue->heap[queue->count++] = *event;
	queue->heap[i].order = ++queue->put;
	for (; i > 0; i = (i - 1) / 2) {
		if (!is_before(&queue->heap[i], &queue->heap[(i - 1) / 2]))
			break;
		swap(&queue->heap[i], &queue->heap[(i - 1) / 2]);
	}
}

bool
sim_queue_take(struct sim_event *out, struct sim_queue *queue)
{
	size_t i = 0, child;

	if (queue->count == 0)
		return false;
	*out = queue->heap[0];
	queue->heap[0] = queue->heap[--queue->count];
	while ((child = 2 * i + 1) < queue->count) {
		if (child + 1 < queue->count &&
		    is_before(&queue->heap[child + 1], &queue->heap[child]))
			child++;
		if (!is_before(&queue->heap[child], &queue->heap[i]))
			break;
		swap(&queue->heap[i], &queue->heap[child]);
		i = child;
	}
	return true;
}

void
sim_queue_clear(struct sim_queue *queue)
{
	free(queue->heap);
	*queue = (struct sim_queue){ 0 };
}
