/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spawn.c: between fork and exec.
 */
#include "ctl/spawn.h"

#include "engine/base/log.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define VARIABLES_MAX 128
#define EXEC_FAILED   127

/*
 * What of the environment goes on: a name, or a beginning that ends with '*'.
 * All else stays behind, so that a token in the operator's shell ends up in no
 * program. The last ones are for tests that move the clock or look for leaks.
 */
static const char *const kept_variables[] = { "PATH", "HOME", "LANG", "LC_*",
	"TZ", "TZDIR", "TMPDIR", "LEASEHOLD_*", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"LD_PRELOAD", "LD_LIBRARY_PATH", "FAKETIME*", "DONT_FAKE_MONOTONIC",
	"NO_FAKE_STAT", "ASAN_*", "UBSAN_*", "LSAN_*", "GCOV_*",
	"LLVM_PROFILE_FILE" };

static bool
is_kept(const char *variable)
{
	const char *name;
	size_t i, length;

	for (i = 0; i < sizeof(kept_variables) / sizeof(kept_variables[0]);
	     i++) {
		name = kept_variables[i];
		length = strlen(name);
		if (name[length - 1] == '*' &&
		    !strncmp(variable, name, length - 1))
			return true;
		if (!strncmp(variable, name, length) && variable[length] == '=')
			return true;
	}
	return false;
}

static size_t
keep_variables(char *out[VARIABLES_MAX])
{
	size_t count = 0;
	char **variable;

	for (variable = environ; *variable && count < VARIABLES_MAX; variable++)
		if (is_kept(*variable))
			out[count++] = *variable;
	return count;
}

/* Descriptors are first moved out of the way of their new places. */
static bool
place_descriptors(const struct spawn *spawn)
{
	int spare[SPAWN_DESCRIPTORS_MAX], place = spawn->first_descriptor;
	size_t i;

	for (i = 0; i < spawn->descriptor_count; i++) {
		spare[i] = fcntl(spawn->descriptors[i], F_DUPFD,
		    STDERR_FILENO + 1 + SPAWN_DESCRIPTORS_MAX);
		if (spare[i] < 0)
			return false;
	}
	if (!spawn->descriptor_count || place > STDIN_FILENO) {
		(void)close(STDIN_FILENO);
		if (open("/dev/null", O_RDONLY) != STDIN_FILENO)
			return false;
	}
	for (i = 0; i < spawn->descriptor_count; i++, place++)
		if (dup2(spare[i], place) < 0)
			return false;
	if (place <= STDERR_FILENO)
		place = STDERR_FILENO + 1;
	return !close_range((unsigned)place, ~0U, 0);
}

static void
reset_signals(void)
{
	struct sigaction action;
	sigset_t none;
	int number;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_DFL;
	for (number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
execute(const struct spawn *spawn)
{
	char *variables[VARIABLES_MAX + 3], process[32], count[32];
	size_t used = keep_variables(variables);

	if (spawn->announces) {
		(void)snprintf(
		    process, sizeof(process), "LISTEN_PID=%ld", (long)getpid());
		(void)snprintf(count, sizeof(count), "LISTEN_FDS=%zu",
		    spawn->descriptor_count);
		variables[used++] = process;
		variables[used++] = count;
	}
	variables[used] = NULL;
	(void)execve(spawn->arguments[0], spawn->arguments, variables);
}

static _Noreturn void
become(const struct spawn *spawn, pid_t master)
{
	(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	reset_signals();
	/* A master that died before the line above cannot tell us any more. */
	if (getppid() == master && place_descriptors(spawn))
		execute(spawn);
	log_line(LOG_SEVERITY_ERROR, "%s cannot be run: %s",
	    spawn->arguments[0], strerror(errno));
	_exit(EXEC_FAILED);
}

pid_t
spawn_start(const struct spawn *spawn)
{
	pid_t master = getpid(), process;

	assert(spawn->arguments && spawn->arguments[0]);
	assert(spawn->descriptor_count <= SPAWN_DESCRIPTORS_MAX);
	process = fork();
	if (process < 0)
		log_line(LOG_SEVERITY_ERROR, "no process for %s: %s",
		    spawn->arguments[0], strerror(errno));
	if (!process)
		become(spawn, master);
	return process;
}

int
spawn_run(const struct spawn *spawn)
{
	pid_t process = spawn_start(spawn);
	int status = 0;

	if (process < 0)
		return -1;
	while (waitpid(process, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
