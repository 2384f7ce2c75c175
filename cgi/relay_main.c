/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * relay_main.c: relay.fcgi, on a license client: other nodes of its cluster
 * knock here. The master hands over the listening socket as descriptor 0. A
 * program of its own, as a relay waits for the license server: no page of the
 * console waits behind it. SIGTERM: no more is accepted, what runs is finished.
 */
#include "cgi/relay_call.h"
#include "cgi/responder.h"
#include "engine/base/log.h"
#include "engine/peer/relay_spool.h"
#include <fcgiapp.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* As many nodes may wait at once, and some may say hello meanwhile. */
#define THREADS        40
#define CALL_MAX_BYTES ((size_t)8 * 1024 * 1024)

struct server {
	const char *state_directory;
	struct appliance appliance;
	struct relay_service service;
	int stop_event;
	atomic_bool is_stopping;
};

struct worker {
	struct server *server;
	struct store *store;
	FCGX_Request fcgi;
	int epoll;
	pthread_t thread;
};

/* ---- one request ---- */

static const char *
parameter(const FCGX_Request *fcgi, const char *name)
{
	const char *value = FCGX_GetParam(name, fcgi->envp);

	return value ? value : "";
}

/* Reads one byte more than is allowed, to know that there is one. */
static void
read_body(struct relay_message *out, struct arena *arena, FCGX_Request *fcgi)
{
	char *body = arena_alloc(arena, RELAY_CALL_MAX_BYTES + 2);
	int got = body
	    ? FCGX_GetStr(body, (int)RELAY_CALL_MAX_BYTES + 1, fcgi->in)
	    : 0;

	out->body = body ? body : "";
	out->bytes = got > 0 ? (size_t)got : 0;
	out->is_too_large = out->bytes > RELAY_CALL_MAX_BYTES;
}

static void
read_message(struct relay_message *out, struct arena *arena, FCGX_Request *fcgi)
{
	const char *path = arena_format(arena, "%s%s",
	    parameter(fcgi, "SCRIPT_NAME"), parameter(fcgi, "PATH_INFO"));

	*out = (struct relay_message){ .method = parameter(
					   fcgi, "REQUEST_METHOD"),
		.path = path ? path : "",
		.authorization = parameter(fcgi, "HTTP_AUTHORIZATION"),
		.address = parameter(fcgi, "REMOTE_ADDR") };
	read_body(out, arena, fcgi);
}

static void
write_response(FCGX_Request *fcgi, const struct relay_response *response)
{
	size_t bytes = strlen(response->body);

	FCGX_FPrintF(fcgi->out,
	    "Status: %d\r\nContent-Type: %s\r\nContent-Length: %lu\r\n"
	    "Cache-Control: no-store\r\n",
	    response->status, response->type, (unsigned long)bytes);
	if (response->retry_after)
		FCGX_FPrintF(fcgi->out, "Retry-After: %ld\r\n",
		    (long)response->retry_after);
	if (response->status == 401)
		FCGX_PutS("WWW-Authenticate: Basic realm=\"cluster\", "
			  "charset=\"UTF-8\"\r\n",
		    fcgi->out);
	if (response->status == 405)
		FCGX_PutS("Allow: POST\r\n", fcgi->out);
	FCGX_PutS("\r\n", fcgi->out);
	FCGX_PutStr(response->body, (int)bytes, fcgi->out);
}

static void
serve(struct worker *worker)
{
	struct relay_response response;
	struct relay_message message;
	struct arena arena;

	arena_init(&arena, CALL_MAX_BYTES);
	read_message(&message, &arena, &worker->fcgi);
	relay_call_run(&response, &arena, &message, &worker->server->service,
	    worker->store);
	write_response(&worker->fcgi, &response);
	FCGX_Finish_r(&worker->fcgi);
	arena_clear(&arena);
}

/* ---- threads ---- */

static bool
wait_for_connection(const struct worker *worker)
{
	responder_wait(worker->epoll);
	return !atomic_load(&worker->server->is_stopping);
}

static void *
work(void *argument)
{
	struct worker *worker = argument;

	while (wait_for_connection(worker))
		if (FCGX_Accept_r(&worker->fcgi) >= 0)
			serve(worker);
	return NULL;
}

static bool
start_worker(struct worker *worker, struct server *server)
{
	worker->server = server;
	if (!responder_watch(&worker->epoll, server->stop_event))
		return false;
	if (FCGX_InitRequest(&worker->fcgi, RESPONDER_SOCKET, 0)) {
		log_line(LOG_SEVERITY_ERROR, "libfcgi takes no request");
		return false;
	}
	return !appliance_store(&worker->store, &server->appliance) &&
	    pthread_create(&worker->thread, NULL, work, worker) == 0;
}

static void
stop_workers(struct worker *workers, size_t count, struct server *server)
{
	size_t i;

	atomic_store(&server->is_stopping, true);
	responder_stop(server->stop_event);
	for (i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		close(workers[i].epoll);
		store_close(&workers[i].store);
	}
}

/* ---- the process ---- */

static bool
open_server(struct server *server)
{
	char reason[256] = "";
	struct arena arena;
	enum fault fault;

	if (appliance_open(&server->appliance, server->state_directory, false,
		reason, sizeof(reason))) {
		log_line(LOG_SEVERITY_ERROR, "%s", reason);
		return false;
	}
	if (server->appliance.role != ROLE_CLIENT) {
		log_line(LOG_SEVERITY_ERROR, "%s is not a license client",
		    server->state_directory);
		return false;
	}
	server->service.appliance = &server->appliance;
	server->stop_event = eventfd(0, EFD_CLOEXEC);
	arena_init(&arena, 0);
	fault = relay_spool_open(&arena, server->state_directory);
	arena_clear(&arena);
	return !fault && server->stop_event >= 0 &&
	    !lease_throttle_init(&server->service.throttle);
}

static int
run(struct server *server, const sigset_t *awaited)
{
	static struct worker workers[THREADS];
	size_t count = 0;
	int signal_number;

	while (count < THREADS && start_worker(&workers[count], server))
		count++;
	if (count == THREADS)
		sigwait(awaited, &signal_number);
	stop_workers(workers, count, server);
	return count == THREADS ? 0 : 1;
}

int
main(int argc, char **argv)
{
	static struct server server;
	sigset_t awaited;
	int status = 1;

	log_open("relay.fcgi");
	if (argc != 3 || strcmp(argv[1], "--state") != 0) {
		fputs("usage: relay.fcgi --state DIR "
		      "(listening socket on descriptor 0)\n",
		    stderr);
		return 2;
	}
	server.state_directory = argv[2];
	json_object_seed(0);
	if (!FCGX_Init() && responder_prepare(&awaited) && open_server(&server))
		status = run(&server, &awaited);
	lease_throttle_clear(&server.service.throttle);
	appliance_close(&server.appliance);
	return status;
}
