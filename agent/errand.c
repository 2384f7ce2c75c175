/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errand.c: see errand.h.
 */
#include "agent/errand.h"

#include <assert.h>
#include <unistd.h>

#define JOIN_TRIES    60
#define JOIN_PAUSE_US 50000

static void *
run(void *context)
{
	struct errand *errand = context;

	errand->work(errand->with);
	atomic_store(&errand->is_done, true);
	return NULL;
}

void
errand_init(struct errand *errand)
{
	assert(errand);
	*errand = (struct errand){ .has_thread = false };
	atomic_store(&errand->is_done, true);
	atomic_store(&errand->is_stopping, false);
}

bool
errand_is_idle(struct errand *errand)
{
	return atomic_load(&errand->is_done);
}

static void
join(struct errand *errand)
{
	if (errand->has_thread)
		pthread_join(errand->thread, NULL);
	errand->has_thread = false;
}

bool
errand_start(struct errand *errand, void (*work)(void *with), void *with)
{
	assert(errand && work && errand_is_idle(errand));
	join(errand);
	errand->work = work;
	errand->with = with;
	atomic_store(&errand->is_done, false);
	if (pthread_create(&errand->thread, NULL, run, errand)) {
		atomic_store(&errand->is_done, true);
		return false;
	}
	errand->has_thread = true;
	return true;
}

bool
errand_stop(struct errand *errand)
{
	assert(errand);
	atomic_store(&errand->is_stopping, true);
	for (int i = 0; i < JOIN_TRIES && !errand_is_idle(errand); i++)
		usleep(JOIN_PAUSE_US);
	/* A name server may keep a thread longer; then only the end of the process ends it. */
	if (!errand_is_idle(errand))
		return false;
	join(errand);
	return true;
}
