/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * service_main.c: the process of a door that speaks JSON and waits for others.
 * The master hands over the listening socket as descriptor 0. SIGTERM: no more
 * is accepted, what runs is finished.
 */
#include "cgi/service_main.h"

#include "cgi/responder.h"
#include "engine/base/log.h"
#include <assert.h>
#include <fcgiapp.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define THREADS_MAX    40
#define CALL_MAX_BYTES ((size_t)8 * 1024 * 1024)

struct server {
	const char *state_directory;
	const struct service *service;
	struct appliance appliance;
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
read_body(struct service_message *out, struct arena *arena, FCGX_Request *fcgi,
    size_t most)
{
	char *body = arena_alloc(arena, most + 2);
	int got = body
	    ? FCGX_GetStr(body, (int)most + 1, fcgi->in)
	    : 0;

	out->body = body ? body : "";
	out->bytes = got > 0 ? (size_t)got : 0;
	out->is_too_large = out->bytes > most;
}

static void
read_message(struct service_message *out, struct arena *arena,
    FCGX_Request *fcgi, size_t most)
{
	const char *path = arena_format(arena, "%s%s",
	    parameter(fcgi, "SCRIPT_NAME"), parameter(fcgi, "PATH_INFO"));

	*out = (struct service_message){ .method = parameter(
					   fcgi, "REQUEST_METHOD"),
		.path = path ? path : "",
		.authorization = parameter(fcgi, "HTTP_AUTHORIZATION"),
		.address = parameter(fcgi, "REMOTE_ADDR") };
	read_body(out, arena, fcgi, most);
}

static void
write_response(FCGX_Request *fcgi, const struct service_response *response)
{
	size_t bytes = strlen(response->body);

	FCGX_FPrintF(fcgi->out,
	    "Status: %d\r\nContent-Type: %s\r\nContent-Length: %lu\r\n"
	    "Cache-Control: no-store\r\n",
	    response->status, response->type, (unsigned long)bytes);
	if (response->retry_after)
		FCGX_FPrintF(fcgi->out, "Retry-After: %ld\r\n",
		    (long)response->retry_after);
	if (response->challenge)
		FCGX_FPrintF(
		    fcgi->out, "WWW-Authenticate: %s\r\n", response->challenge);
	if (response->allow)
		FCGX_FPrintF(fcgi->out, "Allow: %s\r\n", response->allow);
	FCGX_PutS("\r\n", fcgi->out);
	FCGX_PutStr(response->body, (int)bytes, fcgi->out);
}

static void
serve(struct worker *worker)
{
	const struct service *service = worker->server->service;
	struct service_response response = { 0 };
	struct service_message message;
	struct arena arena;

	arena_init(&arena, CALL_MAX_BYTES);
	read_message(&message, &arena, &worker->fcgi, service->body_max);
	service->run(&response, &arena, &message, service->context,
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
	const struct service *service = server->service;
	char reason[256] = "";

	if (appliance_open(&server->appliance, server->state_directory, false,
		reason, sizeof(reason))) {
		log_line(LOG_SEVERITY_ERROR, "%s", reason);
		return false;
	}
	if (server->appliance.role != service->role) {
		log_line(LOG_SEVERITY_ERROR, "%s is no %s",
		    server->state_directory,
		    appliance_role_word(service->role));
		return false;
	}
	server->stop_event = eventfd(0, EFD_CLOEXEC);
	return server->stop_event >= 0 &&
	    service->open(service->context, &server->appliance);
}

static int
run(struct server *server, const sigset_t *awaited)
{
	static struct worker workers[THREADS_MAX];
	size_t count = 0, wanted = server->service->threads;
	int signal_number;

	assert(wanted > 0 && wanted <= THREADS_MAX);
	while (count < wanted && start_worker(&workers[count], server))
		count++;
	if (count == wanted)
		sigwait(awaited, &signal_number);
	stop_workers(workers, count, server);
	return count == wanted ? 0 : 1;
}

int
service_main(const struct service *service, int argc, char **argv)
{
	static struct server server;
	sigset_t awaited;
	int status = 1;

	log_open(service->name);
	if (argc != 3 || strcmp(argv[1], "--state") != 0) {
		(void)fprintf(stderr,
		    "usage: %s --state DIR (listening socket on descriptor"
		    " 0)\n",
		    service->name);
		return 2;
	}
	server.service = service;
	server.state_directory = argv[2];
	json_object_seed(0);
	if (!FCGX_Init() && responder_prepare(&awaited) && open_server(&server))
		status = run(&server, &awaited);
	service->close(service->context);
	appliance_close(&server.appliance);
	return status;
}
