/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: the agent: sessions and syncs of a license client, timed work of
 * every appliance. One loop; a thread for what may take long.
 */
#include "agent/agent.h"
#include "agent/auto_leasing.h"
#include "agent/chores.h"
#include "agent/door.h"
#include "agent/download_task.h"
#include "agent/heartbeat_task.h"
#include "agent/probe.h"
#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define TICK_MS 1000
/* A store that cannot be opened must not make the master start us in a circle. */
#define FAILURE_PAUSE_SECONDS 1
#define LOCK_TRIES            300
#define LOCK_PAUSE_US         100000
#define INHERITED_DESCRIPTOR  3
#define DESCRIPTOR_VARIABLE   "LEASEHOLD_AGENT_FD"

enum {
	EXIT_USAGE = 2
};

/* Places in the array of what is polled for; the door's follow. */
enum {
	POLL_SIGNAL,
	POLL_WORKER,
	POLL_DOOR
};

struct loop {
	struct agent agent;
	struct door *door;
	struct pollfd items[POLL_DOOR + 1 + DOOR_CONNECTIONS_MAX];
	int signals, lock;
	int64_t second_ms; /* elapsed time of the next second's work */
	bool is_ending;
};

/* ---- start ---- */

static const char *
state_argument(int count, char **arguments)
{
	if (count == 3 && strcmp(arguments[1], "--state") == 0)
		return arguments[2];
	return count == 1 ? getenv("LEASEHOLD_STATE") : NULL;
}

static bool
is_listening_socket(int fd)
{
	int domain = 0, listens = 0;
	socklen_t size = sizeof(domain);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) ||
	    domain != AF_UNIX)
		return false;
	size = sizeof(listens);
	return !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) &&
	    listens;
}

/* -1 when the master passed none. */
static int
inherited_socket(void)
{
	int64_t fd = INHERITED_DESCRIPTOR;
	const char *text = getenv(DESCRIPTOR_VARIABLE);

	if (text && !text_parse_int64(&fd, text, 0, INT32_MAX))
		return -1;
	return is_listening_socket((int)fd) ? (int)fd : -1;
}

static enum fault
open_signals(struct loop *loop)
{
	sigset_t set;

	/* Before the thread: it inherits the mask. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	loop->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signals >= 0)
		return FAULT_NONE;
	log_line(LOG_SEVERITY_ERROR, "signalfd: %s", strerror(errno));
	return FAULT_IO;
}

/* Two agents would each count their own sessions: the second waits until the first has ended. */
static enum fault
lock_state(struct loop *loop)
{
	const char *state = loop->agent.appliance.state_directory;
	char path[4096];
	int tries;

	if (!appliance_path(path, sizeof(path), state, "run"))
		return FAULT_IO;
	(void)mkdir(path, 0750);
	if (!appliance_path(path, sizeof(path), state, "run/agent.lock"))
		return FAULT_IO;
	loop->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	for (tries = 0; loop->lock >= 0 && tries < LOCK_TRIES; tries++) {
		if (!flock(loop->lock, LOCK_EX | LOCK_NB))
			return FAULT_NONE;
		usleep(LOCK_PAUSE_US);
	}
	log_line(LOG_SEVERITY_ERROR, "%s: %s", path,
	    loop->lock < 0 ? strerror(errno) : "another agent is running");
	return FAULT_BUSY;
}

static enum fault
open_appliance(struct agent *agent, const char *state)
{
	char reason[256] = "";
	enum fault fault;

	fault = appliance_open(
	    &agent->appliance, state, false, reason, sizeof(reason));
	if (fault)
		log_line(LOG_SEVERITY_ERROR, "%s: %s", state,
		    *reason ? reason : fault_text(fault));
	return fault;
}

static enum fault
open_client(struct agent *agent)
{
	enum fault fault;

	if (agent->appliance.role != ROLE_CLIENT)
		return FAULT_NONE;
	if ((fault = sessions_load(
		 &agent->sessions, agent->appliance.store, clock_elapsed_ms())))
		return fault;
	if ((fault = usage_load(agent)))
		return fault;
	if ((fault = worker_open(&agent->worker, &agent->appliance)) ||
	    (fault = hello_open(&agent->hello, &agent->appliance)))
		return fault;
	/* Before the first question: until then no lease counts after a reboot. */
	chores_second(agent, clock_elapsed_ms());
	return FAULT_NONE;
}

static enum fault
open_all(struct loop *loop, const char *state, int inherited)
{
	struct agent *agent = &loop->agent;
	enum fault fault;

	arena_init(&agent->scratch, 0);
	renewal_init(&agent->renewal);
	agent->has_taken = true;
	if ((fault = open_signals(loop)) ||
	    (fault = open_appliance(agent, state)) ||
	    (fault = lock_state(loop)) || (fault = open_client(agent)))
		return fault;
	return door_open(&loop->door, agent, inherited);
}

/* ---- the loop ---- */

static struct link_sync_input
users_of(const struct loop *loop)
{
	struct link_sync_input users = { loop->agent.sessions.users,
		loop->agent.sessions.rdp_users };

	door_count_waiting(&users, loop->door);
	return users;
}

/* What fails is tried again a second later. */
static void
watch_auto_leases(struct loop *loop)
{
	struct agent *agent = &loop->agent;
	const struct link_sync_input users = users_of(loop);

	if (agent->worker && !agent->renewal.is_under_way &&
	    (agent->is_lost || agent->has_taken))
		(void)auto_leasing_watch(agent, &users);
}

static void
begin_sync(struct loop *loop, int64_t elapsed_ms)
{
	struct agent *agent = &loop->agent;
	struct link_sync_input input = users_of(loop);

	renewal_begin(&agent->renewal, elapsed_ms);
	ahead_begin(agent, &input);
	if (admission_guard(&agent->admission, &agent->appliance,
		&agent->scratch, &input)) {
		/* Without knowing the least nobody could be admitted safely. */
		renewal_end(&agent->renewal, true, elapsed_ms);
		return;
	}
	worker_start(agent->worker, &input);
}

static void
end_sync(struct loop *loop, int64_t elapsed_ms)
{
	struct agent *agent = &loop->agent;
	struct worker_outcome outcome;
	struct link_sync_input users;

	if (!worker_take(&outcome, agent->worker))
		return;
	if (outcome.fault == FAULT_UNKNOWN_OUTCOME)
		agent->must_restart = true;
	agent->admission.is_guarded = false;
	agent->measured_at = 0;
	renewal_end(
	    &agent->renewal, outcome.fault || *outcome.result.code, elapsed_ms);
	chores_second(agent, elapsed_ms);
	watch_auto_leases(loop);
	door_settle(loop->door, &outcome);
	users = users_of(loop);
	ahead_end(agent, &users, elapsed_ms);
}

static int
time_to_wait(const struct loop *loop, int64_t elapsed_ms)
{
	int64_t next = loop->second_ms, deadline = door_deadline(loop->door);
	int64_t ready = renewal_ready(&loop->agent.renewal);

	next = deadline < next ? deadline : next;
	next = ready < next ? ready : next;
	if (next <= elapsed_ms)
		return 0;
	return next - elapsed_ms < TICK_MS ? (int)(next - elapsed_ms) : TICK_MS;
}

static void
work_by_time(struct loop *loop)
{
	struct agent *agent = &loop->agent;
	int64_t elapsed_ms = clock_elapsed_ms();
	struct link_sync_input users;

	if (elapsed_ms >= loop->second_ms) {
		loop->second_ms = elapsed_ms + TICK_MS;
		chores_minute(agent, elapsed_ms);
		chores_second(agent, elapsed_ms);
		watch_auto_leases(loop);
	}
	door_expire(loop->door, elapsed_ms);
	if (agent->has_room_grown) {
		agent->has_room_grown = false;
		door_settle(loop->door, NULL);
	}
	if (!agent->worker)
		return;
	users = users_of(loop);
	ahead_watch(agent, &users, elapsed_ms);
	if (renewal_is_due(&agent->renewal, elapsed_ms))
		begin_sync(loop, elapsed_ms);
}

static void
turn(struct loop *loop)
{
	struct agent *agent = &loop->agent;
	struct pollfd *items = loop->items;
	size_t count = door_prepare(items + POLL_DOOR, loop->door);
	int found;

	items[POLL_SIGNAL] = (struct pollfd){ loop->signals, POLLIN, 0 };
	items[POLL_WORKER] = (struct pollfd){
		agent->worker ? worker_descriptor(agent->worker) : -1, POLLIN, 0
	};
	found = poll(items, (nfds_t)(count + POLL_DOOR),
	    time_to_wait(loop, clock_elapsed_ms()));
	if (found < 0)
		return;
	if (items[POLL_SIGNAL].revents)
		loop->is_ending = true;
	if (items[POLL_WORKER].revents)
		end_sync(loop, clock_elapsed_ms());
	else
		door_serve(loop->door, items + POLL_DOOR, count);
	work_by_time(loop);
}

static void
close_all(struct loop *loop)
{
	struct agent *agent = &loop->agent;

	if (loop->door)
		door_end(loop->door);
	door_close(&loop->door);
	if (!hello_close(&agent->hello) || !probe_close(&agent->probe) ||
	    !download_task_close(&agent->download) ||
	    !heartbeat_task_close(&agent->heartbeat) ||
	    !worker_close(&agent->worker)) {
		/* A thread still uses what would be released; all that counts is committed. */
		log_line(LOG_SEVERITY_NOTICE, "ends during a conversation");
		_exit(agent->must_restart ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	group_clear(&agent->group);
	sessions_clear(&agent->sessions);
	appliance_close(&agent->appliance);
	arena_clear(&agent->scratch);
	close(loop->signals);
	close(loop->lock);
}

int
main(int count, char **arguments)
{
	static struct loop loop = { .signals = -1, .lock = -1 };
	const char *state = state_argument(count, arguments);
	enum fault fault;

	log_open("agent");
	if (!state || !*state) {
		fprintf(stderr, "usage: agent --state DIR\n");
		return EXIT_USAGE;
	}
	fault = open_all(&loop, state, inherited_socket());
	while (!fault && !loop.is_ending && !loop.agent.must_restart)
		turn(&loop);
	if (loop.agent.must_restart)
		log_line(LOG_SEVERITY_ERROR,
		    "ends, to find out at the next start what was stored");
	close_all(&loop);
	if (!fault && !loop.agent.must_restart)
		return EXIT_SUCCESS;
	sleep(FAILURE_PAUSE_SECONDS);
	return EXIT_FAILURE;
}
