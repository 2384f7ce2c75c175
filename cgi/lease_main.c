/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_main.c: lease.fcgi. The master hands over the listening socket as
 * descriptor 0 and the state directory by name. Workers read, check and
 * answer; a few threads hash passwords, so that a crowd of first contacts
 * does not hold up renewals; one writes. SIGTERM: no more is accepted, what
 * runs is finished.
 */
#include "cgi/lease_sync.h"
#include "cgi/responder.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include <errno.h>
#include <fcgiapp.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define THREADS_DEFAULT 32
#define THREADS_MAX     256
#define HASHERS_MIN     2
#define HASHERS_MAX     4
/* Requests that may wait for a hashing thread. */
#define PARKED_MAX 1024
/* One request's memory; the largest body, sixty-four nodes and their answers stay far below. */
#define EXCHANGE_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct connection {
	FCGX_Request fcgi;
	struct lease_exchange exchange;
};

struct server {
	const char *state_directory;
	int64_t thread_count, hasher_count;
	struct appliance appliance;
	struct keypair *key;
	struct lease_service *service;
	struct arena arena;
	int stop_event;
	atomic_bool is_stopping;
	struct lease_queue
	    parked;              /* connections whose password must be hashed */
	struct lease_queue idle; /* connections without a request */
};

struct worker {
	struct server *server;
	struct store *store;
	struct connection *connection; /* a hasher has none */
	int epoll;
	pthread_t thread;
};

struct crew {
	struct worker *workers, *hashers;
	size_t worker_count, hasher_count; /* started */
};

/* ---- one request ---- */

static const char *
parameter(const FCGX_Request *fcgi, const char *name)
{
	const char *value = FCGX_GetParam(name, fcgi->envp);

	return value && *value ? value : NULL;
}

/* Reads one byte more than is allowed, to know that there is one. */
static void
read_body(
    struct lease_message *message, struct arena *arena, FCGX_Request *fcgi)
{
	size_t room = LEASE_REQUEST_MAX_BYTES + 1;
	const char *length = parameter(fcgi, "CONTENT_LENGTH");
	int64_t announced;
	char *body;
	int got;

	message->body = "";
	if (length && text_parse_int64(&announced, length, 0, INT64_MAX)) {
		message->is_too_large = announced >
		    (int64_t)LEASE_REQUEST_MAX_BYTES;
		room = message->is_too_large ? 0 : (size_t)announced;
	}
	if (!room || !(body = arena_alloc(arena, room + 1)))
		return;
	got = FCGX_GetStr(body, (int)room, fcgi->in);
	message->bytes = got > 0 ? (size_t)got : 0;
	message->body = body;
	message->is_too_large = message->bytes > LEASE_REQUEST_MAX_BYTES;
}

static void
read_message(struct lease_message *out, struct arena *arena, FCGX_Request *fcgi)
{
	const char *script = parameter(fcgi, "SCRIPT_NAME");
	const char *info = parameter(fcgi, "PATH_INFO");
	const char *method = parameter(fcgi, "REQUEST_METHOD");
	const char *address = parameter(fcgi, "REMOTE_ADDR");

	*out = (struct lease_message){ .method = method ? method : "",
		/* The path that was routed; REQUEST_URI is what was typed. */
		.path = arena_format(
		    arena, "%s%s", script ? script : "", info ? info : ""),
		.content_type = parameter(fcgi, "CONTENT_TYPE"),
		.content_encoding = parameter(fcgi, "HTTP_CONTENT_ENCODING"),
		.authorization = parameter(fcgi, "HTTP_AUTHORIZATION"),
		.proof = parameter(fcgi, "HTTP_LEASEHOLD_DEVICE"),
		.address = address ? address : "" };
	if (!out->path)
		out->path = "";
	read_body(out, arena, fcgi);
}

static void
write_response(FCGX_Request *fcgi, const struct lease_response *response)
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
		FCGX_PutS("WWW-Authenticate: Basic realm=\"lease\", "
			  "charset=\"UTF-8\"\r\n",
		    fcgi->out);
	if (response->status == 405)
		FCGX_PutS("Allow: POST\r\n", fcgi->out);
	FCGX_PutS("\r\n", fcgi->out);
	FCGX_PutStr(response->body, (int)bytes, fcgi->out);
}

static void
finish(struct connection *connection)
{
	write_response(&connection->fcgi, &connection->exchange.call.response);
	FCGX_Finish_r(&connection->fcgi);
	arena_clear(&connection->exchange.arena);
}

/* Leaves the connection to a hasher and takes an idle one instead; false when none is idle. */
static bool
park(struct worker *worker)
{
	struct server *server = worker->server;
	struct connection *fresh = lease_queue_poll(&server->idle);

	if (!fresh)
		return false;
	if (!lease_queue_put(&server->parked, worker->connection)) {
		/* Cannot be full: it has room for all. It had room a moment ago. */
		if (!lease_queue_put(&server->idle, fresh))
			log_line(LOG_SEVERITY_ERROR, "a connection was lost");
		return false;
	}
	worker->connection = fresh;
	return true;
}

static void
serve(struct worker *worker)
{
	struct connection *connection = worker->connection;
	struct lease_exchange *exchange = &connection->exchange;

	arena_init(&exchange->arena, EXCHANGE_MAX_BYTES);
	read_message(
	    &exchange->call.message, &exchange->arena, &connection->fcgi);
	if (!lease_sync_begin(
		exchange, worker->server->service, worker->store)) {
		if (park(worker))
			return;
		lease_sync_busy(exchange);
	}
	finish(connection);
}

/* ---- threads ---- */

/* The socket is shared with other processes: it never blocks, and one thread is woken for each connection. */
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
		if (FCGX_Accept_r(&worker->connection->fcgi) >= 0)
			serve(worker);
	return NULL;
}

static void *
hash(void *argument)
{
	struct worker *hasher = argument;
	struct server *server = hasher->server;
	struct connection *connection;
	void *item;

	while (lease_queue_take(&server->parked, &item, 1)) {
		connection = item;
		lease_sync_password(
		    &connection->exchange, server->service, hasher->store);
		finish(connection);
		if (!lease_queue_put(&server->idle, connection))
			log_line(LOG_SEVERITY_ERROR, "a connection was lost");
	}
	return NULL;
}

static bool
start_worker(struct worker *worker, struct server *server)
{
	worker->server = server;
	worker->connection = lease_queue_poll(&server->idle);
	if (!responder_watch(&worker->epoll, server->stop_event))
		return false;
	return !appliance_store(&worker->store, &server->appliance) &&
	    pthread_create(&worker->thread, NULL, work, worker) == 0;
}

static bool
start_crew(struct crew *crew, struct server *server)
{
	struct worker *worker;

	while (crew->worker_count < (size_t)server->thread_count) {
		worker = &crew->workers[crew->worker_count];
		if (!start_worker(worker, server))
			return false;
		crew->worker_count++;
	}
	while (crew->hasher_count < (size_t)server->hasher_count) {
		worker = &crew->hashers[crew->hasher_count];
		worker->server = server;
		if (appliance_store(&worker->store, &server->appliance) ||
		    pthread_create(&worker->thread, NULL, hash, worker))
			return false;
		crew->hasher_count++;
	}
	return true;
}

/* Workers first, as they feed the hashers; both feed the writer, who ends later. */
static void
stop_crew(struct crew *crew, struct server *server)
{
	size_t i;

	atomic_store(&server->is_stopping, true);
	responder_stop(server->stop_event);
	for (i = 0; i < crew->worker_count; i++) {
		pthread_join(crew->workers[i].thread, NULL);
		close(crew->workers[i].epoll);
		store_close(&crew->workers[i].store);
	}
	lease_queue_close(&server->parked);
	for (i = 0; i < crew->hasher_count; i++) {
		pthread_join(crew->hashers[i].thread, NULL);
		store_close(&crew->hashers[i].store);
	}
}

/* ---- the process ---- */

static bool
make_connections(struct server *server)
{
	size_t count = (size_t)server->thread_count + PARKED_MAX, i;
	struct connection *connections = arena_array(
	    &server->arena, count, sizeof(*connections));

	if (!connections ||
	    lease_queue_init(&server->idle, &server->arena, count) ||
	    lease_queue_init(&server->parked, &server->arena, count))
		return false;
	for (i = 0; i < count; i++)
		if (FCGX_InitRequest(
			&connections[i].fcgi, RESPONDER_SOCKET, 0) ||
		    !lease_queue_put(&server->idle, &connections[i]))
			return false;
	return true;
}

/* The key that signs leases, the secret of tokens, the writer. */
static bool
open_service(struct server *server)
{
	struct lease_service *service = arena_alloc(
	    &server->arena, sizeof(*service));
	char path[4096];

	if (!service ||
	    !appliance_path(
		path, sizeof(path), server->state_directory, "server.key") ||
	    keypair_load(&server->key, path)) {
		log_line(LOG_SEVERITY_ERROR, "%s/server.key cannot be read",
		    server->state_directory);
		return false;
	}
	server->service = service;
	service->signer.key = server->key;
	keypair_public(service->signer.public_key, server->key);
	memcpy(service->signer.token_secret, server->appliance.token_secret,
	    sizeof(service->signer.token_secret));
	return !keypair_thumbprint(
		   service->signer.kid, service->signer.public_key) &&
	    !lease_throttle_init(&service->throttle) &&
	    !lease_writer_open(
		&service->writer, &server->appliance, &server->arena);
}

static bool
open_server(struct server *server)
{
	char reason[256] = "";

	if (appliance_open(&server->appliance, server->state_directory, false,
		reason, sizeof(reason))) {
		log_line(LOG_SEVERITY_ERROR, "%s", reason);
		return false;
	}
	if (!appliance_lends(&server->appliance)) {
		log_line(LOG_SEVERITY_ERROR, "%s is not a license server",
		    server->state_directory);
		return false;
	}
	server->stop_event = eventfd(0, EFD_CLOEXEC);
	if (server->stop_event < 0 || !make_connections(server)) {
		log_line(LOG_SEVERITY_ERROR, "%s", strerror(errno));
		return false;
	}
	return open_service(server);
}

/* As many descriptors as the system lets us have: every parked request holds one. */
static void
raise_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		log_line(LOG_SEVERITY_WARNING, "open files stay limited: %s",
		    strerror(errno));
}

static int
run(struct server *server, const sigset_t *awaited)
{
	struct crew crew = { 0 };
	bool is_running;
	int signal_number, status = 1;

	crew.workers = arena_array(&server->arena, (size_t)server->thread_count,
	    sizeof(*crew.workers));
	crew.hashers = arena_array(&server->arena, (size_t)server->hasher_count,
	    sizeof(*crew.hashers));
	is_running = crew.workers && crew.hashers && start_crew(&crew, server);
	if (is_running) {
		log_line(LOG_SEVERITY_INFO, "answers on %zu threads",
		    crew.worker_count);
		sigwait(awaited, &signal_number);
		status = 0;
	}
	stop_crew(&crew, server);
	lease_writer_close(&server->service->writer);
	if (atomic_load(&server->service->writer.has_failed))
		status = 1;
	return status;
}

static bool
read_arguments(struct server *server, int argc, char **argv)
{
	int i;

	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--state") == 0)
			server->state_directory = argv[i + 1];
		else if (strcmp(argv[i], "--threads") != 0 ||
		    !text_parse_int64(
			&server->thread_count, argv[i + 1], 1, THREADS_MAX))
			return false;
	}
	return i == argc && server->state_directory;
}

int
main(int argc, char **argv)
{
	static struct server server = { .thread_count = THREADS_DEFAULT };
	sigset_t awaited;
	int status = 1;

	log_open("lease.fcgi");
	if (!read_arguments(&server, argc, argv)) {
		fputs("usage: lease.fcgi --state DIR [--threads N] "
		      "(listening socket on descriptor 0)\n",
		    stderr);
		return 2;
	}
	server.hasher_count = sysconf(_SC_NPROCESSORS_ONLN);
	if (server.hasher_count < HASHERS_MIN)
		server.hasher_count = HASHERS_MIN;
	if (server.hasher_count > HASHERS_MAX)
		server.hasher_count = HASHERS_MAX;
	raise_limits();
	arena_init(&server.arena, 0);
	json_object_seed(0);
	if (!FCGX_Init() && responder_prepare(&awaited) && open_server(&server))
		status = run(&server, &awaited);
	keypair_free(&server.key);
	if (server.service)
		lease_throttle_clear(&server.service->throttle);
	appliance_close(&server.appliance);
	arena_clear(&server.arena);
	return status;
}
