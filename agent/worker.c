/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * worker.c: the thread behind the agent. One job, one outcome, a lock between.
 */
#include "agent/worker.h"

#include "engine/base/log.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A name server may keep a thread longer than anybody waits for it. */
#define JOIN_MILLISECONDS 3000

struct worker {
	const struct appliance *appliance;
	struct store *store;
	struct link_sync *sync;
	struct arena arena;
	atomic_bool is_stopping, has_ended;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool has_job, has_outcome; /* under the lock */
	bool is_busy;              /* the agent's side */
	struct link_sync_input input;
	struct worker_outcome outcome;
	int event;
};

static void
do_job(struct worker *worker)
{
	struct worker_outcome *outcome = &worker->outcome;

	memset(outcome, 0, sizeof(*outcome));
	arena_clear(&worker->arena);
	outcome->fault = link_sync_run(&outcome->result, worker->sync,
	    worker->store, &worker->arena, &worker->input);
}

static void
announce(struct worker *worker)
{
	const uint64_t one = 1;

	while (write(worker->event, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
}

static void *
work(void *context)
{
	struct worker *worker = context;

	pthread_mutex_lock(&worker->lock);
	while (!atomic_load(&worker->is_stopping)) {
		if (!worker->has_job) {
			pthread_cond_wait(&worker->wake, &worker->lock);
			continue;
		}
		worker->has_job = false;
		pthread_mutex_unlock(&worker->lock);
		do_job(worker);
		pthread_mutex_lock(&worker->lock);
		worker->has_outcome = true;
		announce(worker);
	}
	pthread_mutex_unlock(&worker->lock);
	atomic_store(&worker->has_ended, true);
	announce(worker);
	return NULL;
}

static void
drain(const struct worker *worker)
{
	uint64_t count;

	while (read(worker->event, &count, sizeof(count)) < 0 && errno == EINTR)
		continue;
}

static void
release(struct worker *worker)
{
	link_sync_close(&worker->sync);
	store_close(&worker->store);
	arena_clear(&worker->arena);
	if (worker->event >= 0)
		close(worker->event);
	pthread_cond_destroy(&worker->wake);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}

static enum fault
start_thread(struct worker *worker)
{
	int error;

	worker->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	error = worker->event < 0 ? errno : 0;
	if (!error)
		error = pthread_create(&worker->thread, NULL, work, worker);
	if (!error)
		return FAULT_NONE;
	log_line(
	    LOG_SEVERITY_ERROR, "no thread for syncs: %s", strerror(error));
	return FAULT_MEMORY;
}

enum fault
worker_open(struct worker **out, const struct appliance *appliance)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	enum fault fault;

	*out = NULL;
	if (!worker)
		return FAULT_MEMORY;
	worker->event = -1;
	worker->appliance = appliance;
	arena_init(&worker->arena, 0);
	atomic_init(&worker->is_stopping, false);
	atomic_init(&worker->has_ended, false);
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->wake, NULL);
	if ((fault = appliance_store(&worker->store, appliance)) ||
	    (fault = link_sync_open(
		 &worker->sync, appliance, &worker->is_stopping)) ||
	    (fault = start_thread(worker))) {
		release(worker);
		return fault;
	}
	*out = worker;
	return FAULT_NONE;
}

/* The last announcement comes after all others were drained. */
static bool
wait_for_end(const struct worker *worker)
{
	struct pollfd item = { .fd = worker->event, .events = POLLIN };

	while (!atomic_load(&worker->has_ended)) {
		if (poll(&item, 1, JOIN_MILLISECONDS) == 0)
			return false;
		drain(worker);
	}
	return true;
}

bool
worker_close(struct worker **worker)
{
	struct worker *gone = *worker;

	*worker = NULL;
	if (!gone)
		return true;
	pthread_mutex_lock(&gone->lock);
	atomic_store(&gone->is_stopping, true);
	pthread_cond_signal(&gone->wake);
	pthread_mutex_unlock(&gone->lock);
	if (!wait_for_end(gone))
		return false;
	pthread_join(gone->thread, NULL);
	release(gone);
	return true;
}

int
worker_descriptor(const struct worker *worker)
{
	return worker->event;
}

bool
worker_is_busy(const struct worker *worker)
{
	return worker->is_busy;
}

void
worker_start(struct worker *worker, const struct link_sync_input *input)
{
	assert(!worker->is_busy);
	worker->is_busy = true;
	pthread_mutex_lock(&worker->lock);
	worker->input = *input;
	worker->has_job = true;
	pthread_cond_signal(&worker->wake);
	pthread_mutex_unlock(&worker->lock);
}

bool
worker_take(struct worker_outcome *out, struct worker *worker)
{
	bool is_done;

	pthread_mutex_lock(&worker->lock);
	is_done = worker->has_outcome;
	worker->has_outcome = false;
	pthread_mutex_unlock(&worker->lock);
	if (!is_done)
		return false;
	drain(worker);
	worker->is_busy = false;
	*out = worker->outcome;
	return true;
}
