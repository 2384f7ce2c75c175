/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * download_task.c: a thread for each run, and the report of the last.
 */
#include "agent/download_task.h"

#include "agent/answer.h"
#include "agent/errand.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/peer/download.h"
#include "engine/store/store_download.h"
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct download_task {
	/* As it was when the run began: whom it trusts may change meanwhile. */
	struct appliance appliance;
	struct errand errand;
	int64_t number;
	struct arena arena; /* holds the wish's text */
	struct download_wish wish;
	pthread_mutex_t mutex; /* guards the report */
	json_t *report;
};

static void
keep_report(void *context, const json_t *report)
{
	struct download_task *task = context;
	json_t *copy = json_deep_copy(report);

	pthread_mutex_lock(&task->mutex);
	json_decref(task->report);
	task->report = copy;
	pthread_mutex_unlock(&task->mutex);
}

static void
work(void *with)
{
	struct download_task *task = with;
	struct store *store = NULL;
	json_t *report = NULL;
	enum fault fault = appliance_store(&store, &task->appliance);

	if (!fault) {
		task->wish.store = store;
		fault = download_run(&report, &task->wish);
	}
	if (fault) {
		log_line(LOG_SEVERITY_WARNING, "license keys were not fetched");
		pthread_mutex_lock(&task->mutex);
		json_decref(task->report);
		task->report = NULL;
		pthread_mutex_unlock(&task->mutex);
	}
	json_decref(report);
	store_close(&store);
}

static struct download_task *
task_of(struct agent *agent)
{
	struct download_task *task = agent->download;

	if (task || !(task = calloc(1, sizeof(*task))))
		return task;
	if (pthread_mutex_init(&task->mutex, NULL)) {
		free(task);
		return NULL;
	}
	arena_init(&task->arena, 0);
	errand_init(&task->errand);
	agent->download = task;
	return task;
}

/* Everything in the task's own arena: the thread outlives the question. */
static bool
take_wish(struct download_task *task, const char *codes, const char *actor,
    const char *address)
{
	struct arena *arena = &task->arena;

	arena_clear(arena);
	task->wish = (struct download_wish){ .appliance = &task->appliance,
		.codes = arena_text(arena, codes),
		.actor = { arena_text(arena, actor),
		    arena_text(arena, address) },
		.stop = &task->errand.is_stopping,
		.progress = keep_report,
		.context = task };
	return !arena->failed;
}

static bool
start(struct download_task *task, const struct agent *agent)
{
	task->appliance = agent->appliance;
	json_decref(task->report);
	task->report = NULL;
	if (!errand_start(&task->errand, work, task))
		return false;
	task->number++;
	return true;
}

static const char *
text_of(const json_t *request, const char *name)
{
	const char *text = json_text(request, name);

	return text ? text : "";
}

json_t *
download_task_run(struct operation *out, struct agent *agent, json_t *request)
{
	const char *actor = text_of(request, "actor");
	struct download_task *task = task_of(agent);

	(void)out;
	assert(agent && request);
	if (agent->appliance.role == ROLE_CENTER)
		return answer_refusal(ANSWER_DOWNLOAD_CENTER);
	if (!task)
		return answer_refusal(ANSWER_STORE);
	if (!errand_is_idle(&task->errand))
		return answer_refusal(ANSWER_DOWNLOAD_RUNS);
	/* An issuer may have been trusted just now. */
	if (appliance_refresh_trust(&agent->appliance, clock_now()) ||
	    !take_wish(task, text_of(request, "codes"),
		*actor ? actor : "System", text_of(request, "address")) ||
	    !start(task, agent))
		return answer_refusal(ANSWER_STORE);
	return json_pack(
	    "{s:b, s:I}", "ok", 1, "run", (json_int_t)task->number);
}

json_t *
download_task_state_run(
    struct operation *out, struct agent *agent, json_t *request)
{
	struct download_task *task = task_of(agent);
	json_t *answer;

	(void)out;
	(void)request;
	if (!task)
		return answer_refusal(ANSWER_STORE);
	pthread_mutex_lock(&task->mutex);
	answer = json_pack("{s:b, s:I, s:b, s:O?}", "ok", 1, "run",
	    (json_int_t)task->number, "done",
	    errand_is_idle(&task->errand) ? 1 : 0, "report", task->report);
	pthread_mutex_unlock(&task->mutex);
	return answer;
}

static bool
is_due(bool *only_revocations, struct agent *agent, int64_t now)
{
	struct store *store = agent->appliance.store;
	struct download_settings settings;
	struct download_plan plan;

	*only_revocations = false;
	if (store_download_settings(&settings, &agent->scratch, store) ||
	    !*settings.center ||
	    store_download_plan(&plan, &agent->scratch, store, now))
		return false;
	if (settings.is_enabled && plan.next <= now)
		return true;
	*only_revocations = true;
	return plan.revocations <= now;
}

void
download_task_minute(struct agent *agent)
{
	struct download_task *task = task_of(agent);
	bool is_wanted, only_revocations;

	if (!task || !errand_is_idle(&task->errand) ||
	    agent->appliance.role == ROLE_CENTER)
		return;
	arena_clear(&agent->scratch);
	is_wanted = is_due(&only_revocations, agent, clock_now());
	arena_clear(&agent->scratch);
	if (!is_wanted || !take_wish(task, "", "System", ""))
		return;
	task->wish.is_automatic = true;
	task->wish.only_revocations = only_revocations;
	(void)start(task, agent);
}

bool
download_task_close(struct download_task **task)
{
	struct download_task *closing = *task;

	if (!closing)
		return true;
	*task = NULL;
	if (!errand_stop(&closing->errand))
		return false;
	json_decref(closing->report);
	arena_clear(&closing->arena);
	pthread_mutex_destroy(&closing->mutex);
	free(closing);
	return true;
}
