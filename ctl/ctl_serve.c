/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_serve.c: what has to stand before the master runs: a sound store, the
 * lock, the listening sockets, lighttpd's configuration, the programs.
 */
#include "ctl/commands.h"

#include "ctl/endpoint.h"
#include "ctl/lighttpd_conf.h"
#include "ctl/listener.h"
#include "ctl/master.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAMS_MAX       5
#define ARGUMENTS_MAX      6
#define WORKERS_DEFAULT    "2"
#define WORKERS_MAX        16
#define TEMPLATE_MAX_BYTES (64 * 1024)
#define DESCRIPTORS_WANTED 8192
/* Programs of a master that was killed need a moment to let the port go. */
#define PORT_PATIENCE_MS 5000
#define PORT_POLL_US     100000
/* "leasehold status" looks at the lock by taking it for a moment. */
#define LOCK_PATIENCE_MS 500
#define LOCK_POLL_US     10000
/* Where the agent looks for its socket, and whoever is told by LISTEN_FDS. */
#define AGENT_DESCRIPTOR     3
#define ANNOUNCED_DESCRIPTOR 3

struct serve {
	struct command *command;
	const char *sockets; /* directory of the Unix sockets */
	const char *data;    /* absolute directory of the data files */
	size_t workers;
	bool lends, borrows, is_center;
	bool is_locked;
	bool was_killed; /* the master before this one did not end well */
	int lock, console, lease, relay, center, agent, web, redirect;
	struct endpoint listen, plain;
	struct lighttpd_conf conf;
	struct master_program programs[PROGRAMS_MAX];
	char *arguments[PROGRAMS_MAX][ARGUMENTS_MAX];
	size_t program_count;
};

/* ---- the directory and its lock ---------------------------------------------------- */

static bool
make_place(struct serve *serve, const char *name)
{
	if (!mkdir(name, 0700) || errno == EEXIST)
		return true;
	serve->command->status = command_fail(serve->command,
	    "%s/%s cannot be made: %s", serve->command->state_directory, name,
	    strerror(errno));
	return false;
}

/* Everything below is named relative to the state directory, which may lie deeper than a socket's name may be long. */
static bool
enter_state(struct serve *serve)
{
	const char *state = serve->command->state_directory;

	serve->sockets = arena_format(&serve->command->arena, "%s/run", state);
	if (!serve->sockets ||
	    strlen(serve->sockets) + strlen("/console.sock") >=
		LISTENER_PATH_MAX)
		serve->sockets = "run";
	if (!lighttpd_conf_can_hold(state)) {
		serve->command->status = command_fail(serve->command,
		    "the name of the state directory holds a quote, a "
		    "backslash or a control character; lighttpd cannot be told "
		    "of it");
		return false;
	}
	if (chdir(state)) {
		serve->command->status = command_fail(serve->command,
		    "%s cannot be entered: %s", state, strerror(errno));
		return false;
	}
	return make_place(serve, "run") && make_place(serve, "run/upload") &&
	    make_place(serve, "log");
}

static bool
lock_in_time(const struct serve *serve)
{
	int64_t limit = clock_elapsed_ms() + LOCK_PATIENCE_MS;

	while (flock(serve->lock, LOCK_EX | LOCK_NB)) {
		if (clock_elapsed_ms() >= limit)
			return false;
		(void)usleep(LOCK_POLL_US);
	}
	return true;
}

/* The lock file holds the process while it runs, and nothing once it ended by itself. */
static bool
take_lock(struct serve *serve)
{
	char process[32] = "";
	ssize_t length;

	serve->lock = open(
	    "run/master.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (serve->lock < 0) {
		serve->command->status = command_fail(serve->command,
		    "run/master.lock cannot be opened: %s", strerror(errno));
		return false;
	}
	serve->is_locked = lock_in_time(serve);
	length = read(serve->lock, process, sizeof(process) - 1);
	process[length > 0 ? strcspn(process, "\n") : 0] = '\0';
	if (!serve->is_locked) {
		serve->command->status = command_fail(serve->command,
		    "this appliance is already running (process %s)",
		    *process ? process : "unknown");
		return false;
	}
	serve->was_killed = *process != '\0';
	(void)snprintf(process, sizeof(process), "%ld\n", (long)getpid());
	if (!ftruncate(serve->lock, 0) &&
	    pwrite(serve->lock, process, strlen(process), 0) ==
		(ssize_t)strlen(process))
		return true;
	serve->command->status = command_fail(serve->command,
	    "run/master.lock cannot be written: %s", strerror(errno));
	return false;
}

/* ---- sockets ---------------------------------------------------------------------------- */

static bool
open_port(struct serve *serve, int *out, const struct endpoint *endpoint)
{
	int64_t limit = clock_elapsed_ms() +
	    (serve->was_killed ? PORT_PATIENCE_MS : 0);
	int error;

	while ((error = listener_tcp(out, endpoint)) == EADDRINUSE &&
	    clock_elapsed_ms() < limit)
		(void)usleep(PORT_POLL_US);
	if (error == EADDRINUSE)
		serve->command->status = command_fail(serve->command,
		    "another program already listens on %s; stop it, or make "
		    "the appliance with another --listen",
		    endpoint->text);
	else if (error == EADDRNOTAVAIL)
		serve->command->status = command_fail(serve->command,
		    "this machine has no address %s", endpoint->address);
	else if (error == EACCES)
		serve->command->status = command_fail(serve->command,
		    "only root may listen on port %d; use a port from 1024 on, "
		    "or give the service CAP_NET_BIND_SERVICE",
		    endpoint->port);
	else if (error)
		serve->command->status = command_fail(serve->command,
		    "cannot listen on %s: %s", endpoint->text, strerror(error));
	return !error;
}

static bool
open_unix(struct serve *serve, int *out, const char *path)
{
	int error = listener_unix(out, path);

	if (error)
		serve->command->status = command_fail(serve->command,
		    "%s cannot be opened: %s", path, strerror(error));
	return !error;
}

static bool
open_sockets(struct serve *serve)
{
	return open_port(serve, &serve->web, &serve->listen) &&
	    (!serve->conf.redirect ||
		open_port(serve, &serve->redirect, &serve->plain)) &&
	    open_unix(serve, &serve->console, "run/console.sock") &&
	    open_unix(serve, &serve->agent, "run/agent.sock") &&
	    (!serve->lends ||
		open_unix(serve, &serve->lease, "run/lease.sock")) &&
	    (!serve->borrows ||
		open_unix(serve, &serve->relay, "run/relay.sock")) &&
	    (!serve->is_center ||
		open_unix(serve, &serve->center, "run/center.sock"));
}

/* ---- lighttpd's configuration ---------------------------------------------------------------- */

static bool
read_row(struct serve *serve)
{
	struct appliance *appliance = &serve->command->appliance;

	serve->lends = appliance_lends(appliance);
	serve->borrows = appliance->role == ROLE_CLIENT;
	serve->is_center = appliance->role == ROLE_CENTER;
	if (!endpoint_parse(&serve->listen, appliance->listen) ||
	    (*appliance->redirect &&
		!endpoint_parse(&serve->plain, appliance->redirect))) {
		serve->command->status = command_fail(serve->command,
		    "the store holds no address to listen on: %s %s",
		    appliance->listen, appliance->redirect);
		return false;
	}
	serve->conf.state_directory = serve->command->state_directory;
	serve->conf.data_directory = serve->data;
	serve->conf.socket_directory = serve->sockets;
	serve->conf.hostname = appliance->hostname;
	serve->conf.listen = &serve->listen;
	serve->conf.redirect = *appliance->redirect ? &serve->plain : NULL;
	serve->conf.lends = serve->lends;
	serve->conf.borrows = serve->borrows;
	serve->conf.is_center = serve->is_center;
	return true;
}

static bool
write_conf(struct serve *serve)
{
	struct arena *arena = &serve->command->arena;
	const char *path = arena_format(
	    arena, "%s/" LIGHTTPD_CONF_TEMPLATE, serve->data);
	char *text = NULL, *conf = NULL;
	enum fault fault = path
	    ? file_read(&text, NULL, arena, path, TEMPLATE_MAX_BYTES)
	    : FAULT_MEMORY;

	if (fault == FAULT_NOT_FOUND) {
		serve->command->status = command_fail(serve->command,
		    "%s is missing; install Leasehold again", path);
		return false;
	}
	if (!fault)
		fault = lighttpd_conf_fill(&conf, arena, &serve->conf, text);
	if (!fault)
		fault = file_replace(
		    "run/lighttpd.conf", conf, strlen(conf), 0600);
	if (fault)
		serve->command->status = command_fault(serve->command, fault);
	return !fault;
}

static bool
conf_is_sound(struct serve *serve)
{
	struct spawn spawn = serve->programs[serve->program_count - 1].spawn;
	char *arguments[] = { spawn.arguments[0], (char[]){ "-tt" },
		(char[]){ "-f" }, (char[]){ "run/lighttpd.conf" }, NULL };

	spawn.arguments = arguments;
	/* It listens nowhere in this mode, and stumbles over sockets handed down. */
	spawn.descriptor_count = 0;
	spawn.announces = false;
	if (!spawn_run(&spawn))
		return true;
	serve->command->status = command_fail(serve->command,
	    "lighttpd refuses its configuration %s/run/lighttpd.conf; see the "
	    "lines above",
	    serve->command->state_directory);
	return false;
}

/* ---- the programs --------------------------------------------------------------------------------- */

static char *
program_path(struct serve *serve, const char *name)
{
	char *path = arena_format(&serve->command->arena, "%s/%s",
	    appliance_program_directory(), name);
	char *absolute = path ? realpath(path, NULL) : NULL;
	char *kept = absolute ? arena_text(&serve->command->arena, absolute)
			      : NULL;

	free(absolute);
	if (kept && !access(kept, X_OK))
		return kept;
	serve->command->status = command_fail(serve->command,
	    "the program %s is missing; install Leasehold again",
	    path ? path : name);
	return NULL;
}

/* Where configure found it, else along PATH, else where Debian puts it. */
static char *
lighttpd_path(struct serve *serve)
{
	struct arena *arena = &serve->command->arena;
	const char *search = getenv("PATH"), *end;
	char *path = arena_text(arena, LEASEHOLD_LIGHTTPD);

	if (path && !access(path, X_OK))
		return path;
	for (; search && *search; search = *end ? end + 1 : end) {
		end = search + strcspn(search, ":");
		path = arena_format(
		    arena, "%.*s/lighttpd", (int)(end - search), search);
		if (path && *path == '/' && !access(path, X_OK))
			return path;
	}
	path = arena_text(arena, "/usr/sbin/lighttpd");
	if (path && !access(path, X_OK))
		return path;
	serve->command->status = command_fail(serve->command,
	    "lighttpd is missing; install lighttpd and lighttpd-mod-openssl");
	return NULL;
}

/* "words" follow the path, up to a NULL. */
static struct master_program *
add_program(
    struct serve *serve, const char *name, char *path, const char *const *words)
{
	struct master_program *program = &serve->programs[serve->program_count];
	char **arguments = serve->arguments[serve->program_count];
	size_t i;

	if (!path)
		return NULL;
	serve->program_count++;
	arguments[0] = path;
	for (i = 0; words[i]; i++)
		arguments[i + 1] = arena_text(&serve->command->arena, words[i]);
	program->name = name;
	program->count = 1;
	program->stop_signal = SIGTERM;
	program->spawn.arguments = arguments;
	program->spawn.descriptor_count = 1;
	return program;
}

static struct master_program *
add_own(struct serve *serve, const char *name, int socket)
{
	const char *const words[] = { "--state",
		serve->command->state_directory, NULL };
	struct master_program *program = add_program(
	    serve, name, program_path(serve, name), words);

	if (!program)
		return NULL;
	program->spawn.descriptors[0] = socket;
	program->roll = MASTER_ROLL_OVERLAP;
	return program;
}

static bool
add_responders(struct serve *serve)
{
	struct master_program *console = add_own(
	    serve, "console.fcgi", serve->console);

	if (!console)
		return false;
	console->count = serve->workers;
	if (serve->is_center && !add_own(serve, "center.fcgi", serve->center))
		return false;
	return !serve->lends || add_own(serve, "lease.fcgi", serve->lease);
}

/* What waits in its spool is of one process: the new one empties it. */
static bool
add_relay(struct serve *serve)
{
	struct master_program *relay;

	if (!serve->borrows)
		return true;
	if (!(relay = add_own(serve, "relay.fcgi", serve->relay)))
		return false;
	relay->roll = MASTER_ROLL_ONE;
	return true;
}

/* Two agents at once could ask the license server twice. */
static bool
add_agent(struct serve *serve)
{
	struct master_program *agent = add_own(serve, "agent", serve->agent);

	if (!agent)
		return false;
	agent->roll = MASTER_ROLL_ONE;
	agent->spawn.first_descriptor = AGENT_DESCRIPTOR;
	return true;
}

static bool
add_lighttpd(struct serve *serve)
{
	static const char *const words[] = { "-D", "-f", "run/lighttpd.conf",
		NULL };
	struct master_program *lighttpd = add_program(
	    serve, "lighttpd", lighttpd_path(serve), words);

	if (!lighttpd)
		return false;
	lighttpd->stop_signal = SIGINT;
	lighttpd->stops_first = true;
	lighttpd->spawn.first_descriptor = ANNOUNCED_DESCRIPTOR;
	lighttpd->spawn.announces = true;
	lighttpd->spawn.descriptors[0] = serve->web;
	if (serve->conf.redirect)
		lighttpd->spawn
		    .descriptors[lighttpd->spawn.descriptor_count++] =
		    serve->redirect;
	return true;
}

/* lighttpd comes last: conf_is_sound looks for it there. */
static bool
add_programs(struct serve *serve)
{
	return add_responders(serve) && add_relay(serve) && add_agent(serve) && add_lighttpd(serve);
}

/* ---- running ------------------------------------------------------------------------------------------ */

static bool
is_ready(const void *context)
{
	const struct serve *serve = context;

	return listener_answers_fastcgi("run/console.sock") &&
	    (!serve->lends || listener_answers_fastcgi("run/lease.sock")) &&
	    (!serve->borrows || listener_answers_fastcgi("run/relay.sock")) &&
	    (!serve->is_center ||
		listener_answers_fastcgi("run/center.sock")) &&
	    listener_answers_tcp(&serve->listen);
}

static void
ready(const void *context)
{
	const struct serve *serve = context;
	const struct appliance *appliance = &serve->command->appliance;
	const char *address = lighttpd_conf_address(
	    &serve->command->arena, &serve->conf);

	if (serve->listen.is_any && address)
		(void)printf("ready: %s %s at %s/\n",
		    appliance_role_word(appliance->role),
		    appliance->hardware_id, address);
	else
		(void)printf("ready: %s %s at https://%s/\n",
		    appliance_role_word(appliance->role),
		    appliance->hardware_id, serve->listen.text);
	(void)fflush(stdout);
}

/* lighttpd takes thousands of connections; nobody writes a core with keys in it. */
static void
set_limits(void)
{
	struct rlimit limit;

	if (!getrlimit(RLIMIT_NOFILE, &limit) &&
	    limit.rlim_cur < DESCRIPTORS_WANTED) {
		limit.rlim_cur = limit.rlim_max < DESCRIPTORS_WANTED
		    ? limit.rlim_max
		    : DESCRIPTORS_WANTED;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	limit.rlim_cur = limit.rlim_max = 0;
	(void)setrlimit(RLIMIT_CORE, &limit);
	(void)umask(077);
}

/* The programs start in another directory than the operator's: their directories are made absolute first. */
static bool
fix_directory(struct serve *serve, const char **out, const char *directory,
    const char *variable)
{
	char *absolute = realpath(directory, NULL);

	*out = absolute ? arena_text(&serve->command->arena, absolute) : NULL;
	free(absolute);
	if (*out && !setenv(variable, *out, 1))
		return true;
	serve->command->status = command_fail(serve->command,
	    "the directory %s is missing; install Leasehold again", directory);
	return false;
}

static bool
prepare(struct serve *serve)
{
	const char *programs;

	return fix_directory(serve, &serve->data, appliance_data_directory(),
		   "LEASEHOLD_DATADIR") &&
	    fix_directory(serve, &programs, appliance_program_directory(),
		"LEASEHOLD_LIBEXECDIR") &&
	    enter_state(serve) && read_row(serve) && take_lock(serve) &&
	    open_sockets(serve) && write_conf(serve) && add_programs(serve) &&
	    conf_is_sound(serve);
}

static bool
read_options(struct serve *serve)
{
	const char *workers = NULL;
	const struct options_row rows[] = { { .name = "workers",
	    .text = &workers } };
	int64_t count;

	if (!command_read(
		serve->command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0))
		return false;
	if (!text_parse_int64(
		&count, workers ? workers : WORKERS_DEFAULT, 1, WORKERS_MAX)) {
		serve->command->status = command_usage(serve->command,
		    "--workers must be a number from 1 to %d", WORKERS_MAX);
		return false;
	}
	serve->workers = (size_t)count;
	return true;
}

static void
empty_lock(const struct serve *serve)
{
	if (serve->is_locked && ftruncate(serve->lock, 0))
		log_line(LOG_SEVERITY_WARNING,
		    "run/master.lock cannot be emptied: %s", strerror(errno));
}

int
ctl_serve_run(struct command *command)
{
	struct serve serve = { .command = command };
	struct master master = {
		.is_ready = is_ready, .ready = ready, .context = &serve
	};
	bool ended_well;
	int signals;

	if (!read_options(&serve) || !command_open(command, true))
		return command->status;
	/* The programs have their own; an idle connection of ours would only hold back the WAL. */
	store_close(&command->appliance.store);
	set_limits();
	(void)close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	if (!master_signals(&signals))
		return command_fail(
		    command, "signals cannot be received: %s", strerror(errno));
	if (!prepare(&serve)) {
		empty_lock(&serve);
		return command->status;
	}
	master.programs = serve.programs;
	master.program_count = serve.program_count;
	ended_well = master_run(&master, signals);
	empty_lock(&serve);
	if (ended_well)
		return COMMAND_DONE;
	return command_fail(
	    command, "the appliance did not start; see the lines above");
}
