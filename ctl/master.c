/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * master.c: the table of children and the loop over it. Everything happens at
 * one place, between two waits: no signal handler, no second thread.
 */
#include "ctl/master.h"

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN_MAX   64
#define START_LIMIT_MS 60000
#define START_POLL_MS  100
/* One that lived as long as this was sound; it is replaced at once. */
#define SOUND_MS          10000
#define BACK_OFF_FIRST_MS 100
#define BACK_OFF_MAX_MS   10000
/* A new one that lives this long takes over from the old one. */
#define SETTLE_MS 700
/* A program told to stop gets this long to finish what it is at. */
#define STOP_MS 15000
/* Ctrl-C of a script comes twice, to the group and from the script; only somebody who waited this long means it. */
#define HURRY_AFTER_MS 1000
#define FOREVER_MS     3600000

enum child_state {
	CHILD_NONE,  /* free place of the table */
	CHILD_WAITS, /* to be started at "at" */
	CHILD_RUNS,
	CHILD_RETIRES /* told to stop; killed at "at" */
};

struct child {
	enum child_state state;
	const struct master_program *program;
	pid_t process;
	int64_t started, at;
	int deaths;        /* in a row, each soon after the start */
	struct child *old; /* retires once this one has settled */
	bool again;        /* another is started when it has retired */
};

enum phase {
	PHASE_START,
	PHASE_RUN,
	PHASE_STOP_FRONT,
	PHASE_STOP_REST
};

struct family {
	struct child children[CHILDREN_MAX];
	const struct master *master;
	enum phase phase;
	int64_t told; /* to stop, for the first time */
	bool failed;
	bool has_terminal;
};

static struct child *
free_place(struct family *family)
{
	size_t i;

	for (i = 0; i < CHILDREN_MAX; i++)
		if (family->children[i].state == CHILD_NONE)
			return &family->children[i];
	return NULL;
}

static int64_t
back_off(int deaths)
{
	int64_t wait = BACK_OFF_FIRST_MS;
	int i;

	if (!deaths)
		return 0;
	for (i = 1; i < deaths && wait < BACK_OFF_MAX_MS; i++)
		wait *= 2;
	return wait < BACK_OFF_MAX_MS ? wait : BACK_OFF_MAX_MS;
}

static void
start(struct child *child, int64_t now)
{
	child->process = spawn_start(&child->program->spawn);
	child->started = now;
	if (child->process > 0) {
		child->state = CHILD_RUNS;
		return;
	}
	child->state = CHILD_WAITS;
	child->deaths++;
	child->at = now + back_off(child->deaths);
}

static void
retire(struct child *child, int64_t now)
{
	if (child->state == CHILD_RUNS) {
		(void)kill(child->process, child->program->stop_signal);
		child->at = now + STOP_MS;
		child->state = CHILD_RETIRES;
	}
	if (child->state == CHILD_WAITS)
		child->state = CHILD_NONE;
}

static struct child *
add_child(
    struct family *family, const struct master_program *program, int64_t now)
{
	struct child *child = free_place(family);

	if (!child)
		return NULL;
	memset(child, 0, sizeof(*child));
	child->program = program;
	start(child, now);
	return child;
}

/* ---- deaths --------------------------------------------------------------- */

static void
log_death(const struct child *child, int status, const char *next)
{
	if (WIFSIGNALED(status))
		log_line(LOG_SEVERITY_WARNING,
		    "%s (process %ld) was killed by signal %d; %s",
		    child->program->name, (long)child->process,
		    WTERMSIG(status), next);
	else
		log_line(LOG_SEVERITY_WARNING,
		    "%s (process %ld) ended with status %d; %s",
		    child->program->name, (long)child->process,
		    WEXITSTATUS(status), next);
}

/* Nobody may go on waiting for, or point at, a place that is free again. */
static void
forget(struct family *family, struct child *child)
{
	size_t i;

	child->state = CHILD_NONE;
	for (i = 0; i < CHILDREN_MAX; i++)
		if (family->children[i].old == child)
			family->children[i].old = NULL;
}

static void
replace(struct family *family, struct child *child, int status, int64_t now)
{
	bool was_sound = now - child->started >= SOUND_MS;

	if (family->phase != PHASE_RUN) {
		if (family->phase == PHASE_START) {
			log_death(child, status, "it did not start");
			family->failed = true;
		}
		forget(family, child);
		return;
	}
	if (child->old && child->old->state == CHILD_RUNS) {
		log_death(child, status, "the old one goes on");
		forget(family, child);
		return;
	}
	log_death(child, status, "starting another");
	child->deaths = was_sound ? 0 : child->deaths + 1;
	child->at = now + back_off(was_sound ? 0 : child->deaths - 1);
	child->state = CHILD_WAITS;
}

static void
bury(struct family *family, struct child *child, int status, int64_t now)
{
	if (child->state != CHILD_RETIRES) {
		replace(family, child, status, now);
		return;
	}
	if (child->again && family->phase == PHASE_RUN) {
		child->again = false;
		start(child, now);
		return;
	}
	forget(family, child);
}

static void
reap(struct family *family, int64_t now)
{
	pid_t process;
	int status;
	size_t i;

	while ((process = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < CHILDREN_MAX; i++)
			if (family->children[i].process == process &&
			    (family->children[i].state == CHILD_RUNS ||
				family->children[i].state == CHILD_RETIRES)) {
				bury(family, &family->children[i], status, now);
				break;
			}
}

/* ---- rolling and stopping ---------------------------------------------------- */

static void
roll_child(struct family *family, struct child *child, int64_t now)
{
	struct child *successor;

	switch (child->program->roll) {
	case MASTER_ROLL_NEVER:
		return;
	case MASTER_ROLL_ONE:
		retire(child, now);
		child->again = true;
		return;
	case MASTER_ROLL_OVERLAP:
		successor = add_child(family, child->program, now);
		if (successor)
			successor->old = child;
		return;
	}
}

static bool
has_successor(const struct family *family, const struct child *child)
{
	size_t i;

	for (i = 0; i < CHILDREN_MAX; i++)
		if (family->children[i].state != CHILD_NONE &&
		    family->children[i].old == child)
			return true;
	return false;
}

static void
roll(struct family *family, int64_t now)
{
	struct child *present[CHILDREN_MAX];
	size_t i, count = 0;

	log_line(LOG_SEVERITY_NOTICE, "SIGHUP: rolling to new processes");
	for (i = 0; i < CHILDREN_MAX; i++)
		if (family->children[i].state == CHILD_RUNS &&
		    !family->children[i].old &&
		    !has_successor(family, &family->children[i]))
			present[count++] = &family->children[i];
	for (i = 0; i < count; i++)
		roll_child(family, present[i], now);
}

static void
retire_all(struct family *family, bool only_front, int64_t now)
{
	size_t i;

	for (i = 0; i < CHILDREN_MAX; i++)
		if (family->children[i].state != CHILD_NONE &&
		    (!only_front || family->children[i].program->stops_first))
			retire(&family->children[i], now);
}

static bool
any_left(const struct family *family, bool only_front)
{
	size_t i;

	for (i = 0; i < CHILDREN_MAX; i++)
		if (family->children[i].state != CHILD_NONE &&
		    (!only_front || family->children[i].program->stops_first))
			return true;
	return false;
}

/* Told again: whoever is left has had its chance. */
static void
hurry(struct family *family, int64_t now)
{
	size_t i;

	for (i = 0; i < CHILDREN_MAX; i++)
		if (family->children[i].state == CHILD_RETIRES)
			family->children[i].at = now;
	retire_all(family, false, now);
}

static void
stop(struct family *family, int64_t now)
{
	if (family->phase >= PHASE_STOP_FRONT) {
		if (now - family->told >= HURRY_AFTER_MS)
			hurry(family, now);
		return;
	}
	family->phase = PHASE_STOP_FRONT;
	family->told = now;
	retire_all(family, true, now);
}

/* A terminal that was closed also sends SIGHUP; then nobody is there any more. */
static bool
terminal_is_open(void)
{
	int terminal = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (terminal < 0)
		return false;
	(void)close(terminal);
	return true;
}

static void
obey(struct family *family, uint32_t number, int64_t now)
{
	if (number == SIGCHLD)
		reap(family, now);
	else if (number == SIGHUP &&
	    (!family->has_terminal || terminal_is_open())) {
		if (family->phase == PHASE_RUN)
			roll(family, now);
	} else
		stop(family, now);
}

/* ---- the loop ------------------------------------------------------------------- */

static void
do_what_is_due(struct family *family, int64_t now)
{
	struct child *child;
	size_t i;

	for (i = 0; i < CHILDREN_MAX; i++) {
		child = &family->children[i];
		if (child->state == CHILD_WAITS && child->at <= now)
			start(child, now);
		if (child->state == CHILD_RETIRES && child->at <= now) {
			log_line(LOG_SEVERITY_WARNING,
			    "%s (process %ld) does not stop; killing it",
			    child->program->name, (long)child->process);
			(void)kill(child->process, SIGKILL);
			child->at = now + STOP_MS;
		}
		if (child->state == CHILD_RUNS && child->old &&
		    child->started + SETTLE_MS <= now) {
			retire(child->old, now);
			child->old = NULL;
		}
	}
	if (family->phase == PHASE_STOP_FRONT && !any_left(family, true)) {
		family->phase = PHASE_STOP_REST;
		retire_all(family, false, now);
	}
}

static int64_t
next_due(const struct family *family, int64_t now)
{
	int64_t next = now + FOREVER_MS, due;
	const struct child *child;
	size_t i;

	for (i = 0; i < CHILDREN_MAX; i++) {
		child = &family->children[i];
		due = next;
		if (child->state == CHILD_WAITS ||
		    child->state == CHILD_RETIRES)
			due = child->at;
		if (child->state == CHILD_RUNS && child->old)
			due = child->started + SETTLE_MS;
		if (due < next)
			next = due;
	}
	return next;
}

static void
wait_and_obey(struct family *family, int signals, int64_t until, int64_t now)
{
	struct pollfd waited = { .fd = signals, .events = POLLIN };
	int64_t wait = until > now ? until - now : 0;
	struct signalfd_siginfo arrived;

	if (poll(&waited, 1, (int)wait) != 1)
		return;
	while (read(signals, &arrived, sizeof(arrived)) ==
	    (ssize_t)sizeof(arrived))
		obey(family, arrived.ssi_signo, clock_elapsed_ms());
}

static void
wait_until_ready(struct family *family, int signals)
{
	int64_t now = clock_elapsed_ms(), limit = now + START_LIMIT_MS;

	while (family->phase == PHASE_START && !family->failed) {
		if (family->master->is_ready(family->master->context)) {
			family->phase = PHASE_RUN;
			family->master->ready(family->master->context);
			return;
		}
		wait_and_obey(family, signals, now + START_POLL_MS, now);
		now = clock_elapsed_ms();
		if (now > limit) {
			log_line(LOG_SEVERITY_ERROR,
			    "the programs do not answer after %d seconds",
			    START_LIMIT_MS / 1000);
			family->failed = true;
		}
	}
	if (family->failed)
		stop(family, now);
}

static void
start_all(struct family *family)
{
	const struct master_program *program;
	int64_t now = clock_elapsed_ms();
	size_t i, made;

	for (i = 0; i < family->master->program_count; i++) {
		program = &family->master->programs[i];
		for (made = 0; made < program->count; made++)
			if (!add_child(family, program, now))
				family->failed = true;
	}
}

bool
master_signals(int *out)
{
	sigset_t handled;

	(void)sigemptyset(&handled);
	(void)sigaddset(&handled, SIGCHLD);
	(void)sigaddset(&handled, SIGHUP);
	(void)sigaddset(&handled, SIGINT);
	(void)sigaddset(&handled, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &handled, NULL))
		return false;
	*out = signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
	return *out >= 0;
}

bool
master_run(const struct master *master, int signals)
{
	struct family family;
	int64_t now;

	assert(master->program_count && master->is_ready && master->ready);
	memset(&family, 0, sizeof(family));
	family.master = master;
	family.has_terminal = terminal_is_open();
	start_all(&family);
	wait_until_ready(&family, signals);
	while (any_left(&family, false)) {
		now = clock_elapsed_ms();
		wait_and_obey(&family, signals, next_due(&family, now), now);
		do_what_is_due(&family, clock_elapsed_ms());
	}
	return !family.failed;
}
