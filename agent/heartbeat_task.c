/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heartbeat_task.c: see heartbeat_task.h. Each start of the agent has a word
 * of its own, kept nowhere: a copy of this state has another one.
 */
#include "agent/heartbeat_task.h"

#include "agent/act.h"
#include "agent/answer.h"
#include "agent/errand.h"
#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/random.h"
#include "engine/peer/center_beat.h"
#include "engine/rules/heartbeat.h"
#include "engine/store/ledger_heartbeat.h"
#include "engine/store/ledger_instance.h"
#include <assert.h>
#include <stdlib.h>

/* Before the 8 hours are over, not all servers at one instant. */
#define EARLY_SECONDS	 600
#define RETRY_LEAST_MS	 INT64_C(300000)
#define RETRY_SPREAD_MS	 INT64_C(600000)
#define MINUTE_MS_ENOUGH INT64_C(1000)

struct heartbeat_task {
	struct errand errand;
	/* As it was when the last one began: whom it trusts may change meanwhile. */
	struct appliance appliance;
	char boot[INSTANCE_WORD + 1];
	int64_t number;
	int64_t early; /* seconds before the 8 hours */
	int64_t retry_ms; /* elapsed time of the next try after a failure; 0 = none failed */
	int64_t noted_ms; /* elapsed time up to which running was noted */
	bool has_sent;	  /* since the start */
	/* Of the last one; the thread writes it before it is done. */
	struct arena arena;
	const char *failure;
	bool has_failed;
};

static void
send(void *with)
{
	struct heartbeat_task *task = with;
	struct store *store = NULL;
	struct center_beat beat = { .appliance = &task->appliance,
		.boot = task->boot,
		.stop = &task->errand.is_stopping };
	enum fault fault;

	arena_clear(&task->arena);
	task->failure = NULL;
	fault = appliance_store(&store, &task->appliance);
	if (!fault) {
		beat.store = store;
		fault = center_beat_send(&task->failure, &task->arena, &beat);
	}
	store_close(&store);
	task->has_failed = fault || task->failure;
	if (fault) {
		log_line(LOG_SEVERITY_WARNING, "no heartbeat was sent");
		task->failure = fault_text(fault);
	}
}

static struct heartbeat_task *
task_of(struct agent *agent)
{
	struct heartbeat_task *task = agent->heartbeat;

	if (task)
		return task;
	if (!(task = calloc(1, sizeof(*task))))
		return NULL;
	if (random_hex(task->boot, INSTANCE_WORD / 2)) {
		free(task);
		return NULL;
	}
	errand_init(&task->errand);
	arena_init(&task->arena, 0);
	task->early = random_below(EARLY_SECONDS);
	agent->heartbeat = task;
	return task;
}

static bool
start(struct heartbeat_task *task, const struct agent *agent)
{
	task->appliance = agent->appliance;
	task->retry_ms = 0;
	task->has_failed = false;
	if (!errand_start(&task->errand, send, task))
		return false;
	task->has_sent = true;
	task->number++;
	return true;
}

static bool
is_virtual_server(const struct agent *agent)
{
	return agent->appliance.role == ROLE_VIRTUAL_SERVER;
}

json_t *
heartbeat_task_run(
    struct operation *out, struct agent *agent, json_t *request)
{
	struct heartbeat_task *task;

	(void)out;
	(void)request;
	assert(agent);
	if (!is_virtual_server(agent))
		return answer_refusal(ANSWER_HEARTBEAT_ROLE);
	if (!(task = task_of(agent)))
		return answer_refusal(ANSWER_STORE);
	if (errand_is_idle(&task->errand) && !start(task, agent))
		return answer_refusal(ANSWER_STORE);
	return json_pack(
	    "{s:b, s:I}", "ok", 1, "run", (json_int_t)task->number);
}

json_t *
heartbeat_task_state_run(
    struct operation *out, struct agent *agent, json_t *request)
{
	struct heartbeat_task *task = agent->heartbeat;
	bool is_done = !task || errand_is_idle(&task->errand);

	(void)out;
	(void)request;
	return json_pack("{s:b, s:I, s:b, s:s}", "ok", 1, "run",
	    task ? (json_int_t)task->number : (json_int_t)0, "done", is_done,
	    "text",
	    is_done && task && task->has_failed ? task->failure : "");
}

/* ---- each minute ---- */

struct minute {
	int64_t seconds;
};

static enum fault
note_minute(struct ledger *ledger, void *with)
{
	const struct minute *minute = with;

	return ledger_heartbeat_minute(ledger, minute->seconds);
}

/* A minute of the machine's, whatever its clock says. */
static void
note_running(
    struct agent *agent, struct heartbeat_task *task, int64_t elapsed_ms)
{
	struct minute minute = { 0 };

	if (task->noted_ms)
		minute.seconds = (elapsed_ms - task->noted_ms) /
		    MINUTE_MS_ENOUGH;
	task->noted_ms = elapsed_ms;
	(void)act_run(agent, NULL, note_minute, &minute);
}

static bool
is_due(struct agent *agent, const struct heartbeat_task *task,
    int64_t elapsed_ms)
{
	struct heartbeat_row row;
	int64_t now = clock_now(), since;
	enum fault fault;

	if (!task->has_sent)
		return true;
	if (task->retry_ms)
		return elapsed_ms >= task->retry_ms;
	arena_clear(&agent->scratch);
	fault = store_heartbeat_load(
	    &row, &agent->scratch, agent->appliance.store);
	since = fault ? now : store_heartbeat_silent_since(&row, now);
	arena_clear(&agent->scratch);
	return now - since >= HEARTBEAT_SECONDS - task->early;
}

void
heartbeat_task_minute(struct agent *agent, int64_t elapsed_ms)
{
	struct heartbeat_task *task;

	if (!is_virtual_server(agent) || !(task = task_of(agent)))
		return;
	note_running(agent, task, elapsed_ms);
	if (!errand_is_idle(&task->errand))
		return;
	if (task->has_failed && !task->retry_ms)
		task->retry_ms = elapsed_ms + RETRY_LEAST_MS +
		    random_below(RETRY_SPREAD_MS);
	if (is_due(agent, task, elapsed_ms))
		(void)start(task, agent);
}

bool
heartbeat_task_close(struct heartbeat_task **task)
{
	struct heartbeat_task *closing = *task;

	if (!closing)
		return true;
	*task = NULL;
	if (!errand_stop(&closing->errand))
		return false;
	arena_clear(&closing->arena);
	free(closing);
	return true;
}
