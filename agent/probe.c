/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.c: a thread for each test of a connection, and the result of the last.
 */
#include "agent/probe.h"

#include "agent/answer.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include "engine/peer/link_probe.h"
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define JOIN_TRIES    60
#define JOIN_PAUSE_US 50000

struct probe {
	const struct appliance *appliance;
	atomic_bool is_stopping, is_done;
	bool has_thread;
	pthread_t thread;
	int64_t number;
	struct arena arena; /* holds "link" */
	struct link_row link;
	json_t *result; /* once it is done; NULL on a fault */
};

static void *
work(void *context)
{
	struct probe *probe = context;

	if (link_probe_report(&probe->result, probe->appliance, &probe->link,
		&probe->is_stopping))
		log_line(LOG_SEVERITY_WARNING, "a connection was not tested");
	atomic_store(&probe->is_done, true);
	return NULL;
}

static void
join(struct probe *probe)
{
	if (probe->has_thread)
		pthread_join(probe->thread, NULL);
	probe->has_thread = false;
}

static struct probe *
probe_of(struct agent *agent)
{
	struct probe *probe = agent->probe;

	if (probe || !(probe = calloc(1, sizeof(*probe))))
		return probe;
	probe->appliance = &agent->appliance;
	arena_init(&probe->arena, 0);
	atomic_store(&probe->is_done, true);
	agent->probe = probe;
	return probe;
}

/* ---- what is tested ---- */

/* Everything in the probe's own arena: the thread outlives the question. */
static bool
keep(struct probe *probe, const struct link_row *link)
{
	struct arena *arena = &probe->arena;

	arena_clear(arena);
	probe->link = *link;
	probe->link.server = arena_text(arena, link->server);
	probe->link.client_name = arena_text(arena, link->client_name);
	probe->link.password = arena_text(arena, link->password);
	probe->link.network = arena_text(arena, link->network);
	probe->link.pin = arena_text(arena, link->pin);
	return !arena->failed;
}

static bool
take_question(struct probe *probe, struct agent *agent, const json_t *request)
{
	const json_t *verify = json_object_get(request, "verify");
	const struct link_probe_wish wish = {
		.server = json_text(request, "server"),
		.client_name = json_text(request, "client_id"),
		.password = json_text(request, "password"),
		.network = json_text(request, "network"),
		.has_verify = json_is_boolean(verify),
		.verify = json_is_true(verify),
	};
	struct link_row saved, link;
	enum fault fault;

	arena_clear(&agent->scratch);
	fault = store_link_load(
	    &saved, &agent->scratch, agent->appliance.store);
	if (fault && fault != FAULT_NOT_FOUND)
		return false;
	link_probe_target(&link, fault ? NULL : &saved, &wish);
	return keep(probe, &link);
}

static json_t *
start(struct probe *probe)
{
	join(probe);
	json_decref(probe->result);
	probe->result = NULL;
	atomic_store(&probe->is_done, false);
	if (pthread_create(&probe->thread, NULL, work, probe)) {
		atomic_store(&probe->is_done, true);
		return answer_refusal(ANSWER_STORE);
	}
	probe->has_thread = true;
	probe->number++;
	return json_pack(
	    "{s:b, s:I}", "ok", 1, "test", (json_int_t)probe->number);
}

json_t *
probe_test_run(struct operation *out, struct agent *agent, json_t *request)
{
	struct probe *probe = probe_of(agent);

	(void)out;
	assert(agent && request);
	if (!probe)
		return answer_refusal(ANSWER_STORE);
	if (!atomic_load(&probe->is_done))
		return answer_refusal(ANSWER_TEST_RUNS);
	if (!take_question(probe, agent, request))
		return answer_refusal(ANSWER_STORE);
	if (!*probe->link.server)
		return answer_refusal(ANSWER_TEST_NO_SERVER);
	return start(probe);
}

json_t *
probe_result_run(struct operation *out, struct agent *agent, json_t *request)
{
	const struct probe *probe = agent->probe;
	int64_t number;

	(void)out;
	if (!probe || !json_int64(&number, request, "test", 1, INT64_MAX) ||
	    number != probe->number)
		return answer_refusal(ANSWER_TEST_UNKNOWN);
	if (!atomic_load(&probe->is_done))
		return json_pack("{s:b, s:b}", "ok", 1, "done", 0);
	if (!probe->result)
		return answer_refusal(ANSWER_STORE);
	return json_pack(
	    "{s:b, s:b, s:O}", "ok", 1, "done", 1, "result", probe->result);
}

bool
probe_close(struct probe **probe)
{
	struct probe *closing = *probe;

	if (!closing)
		return true;
	*probe = NULL;
	atomic_store(&closing->is_stopping, true);
	for (int i = 0; i < JOIN_TRIES && !atomic_load(&closing->is_done); i++)
		usleep(JOIN_PAUSE_US);
	/* A name server may keep a thread longer; then only the end of the process ends it. */
	if (!atomic_load(&closing->is_done))
		return false;
	join(closing);
	json_decref(closing->result);
	arena_clear(&closing->arena);
	free(closing);
	return true;
}
