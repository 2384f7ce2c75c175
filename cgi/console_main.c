/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console_main.c: the console's responder. Started by the master with the
 * listening socket as descriptor 0; one request at a time; SIGTERM lets the
 * running one finish. The listening socket does not block, so that a signal
 * between two requests is never missed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cgi/console_request.h"
#include "engine/base/log.h"

static volatile sig_atomic_t is_ending;

static void
end_soon(int signal_number)
{
	(void)signal_number;
	is_ending = 1;
}

/* SIGTERM and SIGINT are let in only while waiting; *waiting is that mask. */
static void
set_signals(sigset_t *waiting)
{
	struct sigaction action = { .sa_handler = end_soon };
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
	sigdelset(waiting, SIGTERM);
	sigdelset(waiting, SIGINT);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

static void
serve(const struct console *console, const sigset_t *waiting)
{
	FCGX_Request fcgi;

	FCGX_InitRequest(&fcgi, 0, FCGI_FAIL_ACCEPT_ON_INTR);
	while (!is_ending) {
		struct pollfd socket = { .fd = 0, .events = POLLIN };

		if (ppoll(&socket, 1, NULL, waiting) <= 0)
			continue;
		if (FCGX_Accept_r(&fcgi) < 0)
			continue;
		console_request_run(console, &fcgi);
		FCGX_Finish_r(&fcgi);
	}
	FCGX_Free(&fcgi, 1);
}

static int
fail(const char *reason)
{
	log_line(LOG_SEVERITY_ERROR, "%s", reason);
	return 1;
}

int
main(int argc, char **argv)
{
	struct appliance appliance;
	struct console console = { .appliance = &appliance };
	struct arena arena;
	sigset_t waiting;
	char reason[256];

	log_open("console.fcgi");
	if (argc != 3 || strcmp(argv[1], "--state"))
		return fail("usage: console.fcgi --state DIR, with the "
			    "listening socket as descriptor 0"),
		       2;
	if (appliance_open(&appliance, argv[2], false, reason, sizeof(reason)))
		return fail(reason);
	arena_init(&arena, 0);
	if (agreement_file_load(
		&console.agreement, &arena, appliance.vendor_directory))
		return fail("conf/agreement.txt could not be read");
	if (render_open(&console.render, appliance.data_directory))
		return fail("the templates could not be read");
	FCGX_Init();
	set_signals(&waiting);
	fcntl(0, F_SETFL, fcntl(0, F_GETFL) | O_NONBLOCK);
	serve(&console, &waiting);
	render_close(&console.render);
	arena_clear(&arena);
	appliance_close(&appliance);
	return 0;
}
