/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * agent_call.c: a line out, a line back, within a time. Does not know what
 * the operations mean.
 */
#include "engine/peer/agent_call.h"

#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A list of a hundred thousand sessions fits. */
#define ANSWER_MAX_BYTES (32 * 1024 * 1024)
#define READ_BYTES       65536

struct call {
	int fd;
	int64_t deadline; /* elapsed milliseconds */
	char *text;       /* what came so far */
	size_t used, size;
};

static enum fault
failed(const char *what)
{
	log_line(
	    LOG_SEVERITY_ERROR, "agent socket: %s: %s", what, strerror(errno));
	return FAULT_IO;
}

/* A state directory may lie deeper than a socket's name may be long, so the name goes through its open folder. */
static enum fault
connect_below(const struct call *call, int folder)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *name = strrchr(AGENT_SOCKET, '/') + 1;

	snprintf(address.sun_path, sizeof(address.sun_path),
	    "/proc/self/fd/%d/%s", folder, name);
	if (!connect(
		call->fd, (const struct sockaddr *)&address, sizeof(address)))
		return FAULT_NONE;
	if (errno == ENOENT || errno == ECONNREFUSED)
		return FAULT_NOT_FOUND;
	if (errno == EAGAIN)
		return FAULT_BUSY;
	return failed("connect");
}

static enum fault
connect_agent(const struct call *call, const char *state_directory)
{
	char path[4096];
	enum fault fault;
	int folder;

	snprintf(path, sizeof(path), "%s/%.*s", state_directory,
	    (int)(strrchr(AGENT_SOCKET, '/') - AGENT_SOCKET), AGENT_SOCKET);
	folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return errno == ENOENT ? FAULT_NOT_FOUND : failed(path);
	fault = connect_below(call, folder);
	close(folder);
	return fault;
}

static enum fault
wait_for(const struct call *call, short events)
{
	struct pollfd item = { .fd = call->fd, .events = events };
	int64_t left = call->deadline - clock_elapsed_ms();
	int count;

	if (left <= 0)
		return FAULT_BUSY;
	count = poll(&item, 1, left > INT32_MAX ? INT32_MAX : (int)left);
	if (count < 0 && errno != EINTR)
		return failed("poll");
	return FAULT_NONE;
}

static enum fault
send_line(const struct call *call, const char *line, size_t bytes)
{
	enum fault fault = FAULT_NONE;
	ssize_t sent;

	while (bytes && !fault) {
		sent = send(call->fd, line, bytes, MSG_NOSIGNAL);
		if (sent >= 0) {
			line += sent;
			bytes -= (size_t)sent;
		} else if (errno == EAGAIN) {
			fault = wait_for(call, POLLOUT);
		} else if (errno != EINTR) {
			fault = failed("send");
		}
	}
	return fault;
}

static enum fault
make_room(struct call *call)
{
	size_t size = call->size ? call->size * 2 : READ_BYTES;
	char *grown;

	if (call->size - call->used >= READ_BYTES / 2)
		return FAULT_NONE;
	errno = EMSGSIZE;
	if (size > ANSWER_MAX_BYTES || !(grown = realloc(call->text, size)))
		return failed("answer");
	call->text = grown;
	call->size = size;
	return FAULT_NONE;
}

/* *ended when a whole line is there. */
static enum fault
read_some(bool *ended, struct call *call)
{
	enum fault fault = make_room(call);
	ssize_t got;

	if (fault)
		return fault;
	got = recv(
	    call->fd, call->text + call->used, call->size - call->used, 0);
	if (got > 0) {
		call->used += (size_t)got;
		*ended = call->text[call->used - 1] == '\n';
		return FAULT_NONE;
	}
	if (got == 0) {
		errno = ECONNRESET;
		return failed("no answer");
	}
	if (errno == EAGAIN)
		return wait_for(call, POLLIN);
	return errno == EINTR ? FAULT_NONE : failed("receive");
}

static enum fault
read_answer(json_t **answer, struct call *call)
{
	enum fault fault = FAULT_NONE;
	bool ended = false;
	char reason[128];

	while (!fault && !ended)
		fault = read_some(&ended, call);
	if (fault)
		return fault;
	*answer = json_load_object(
	    call->text, call->used, reason, sizeof(reason));
	if (*answer && json_is_boolean(json_object_get(*answer, "ok")))
		return FAULT_NONE;
	json_decref(*answer);
	*answer = NULL;
	errno = EPROTO;
	return failed("answer");
}

static enum fault
converse(json_t **answer, struct call *call, const json_t *request)
{
	char *line = json_dumps(request, JSON_COMPACT);
	enum fault fault;

	if (!line)
		return FAULT_MEMORY;
	fault = send_line(call, line, strlen(line));
	free(line);
	if (!fault)
		fault = send_line(call, "\n", 1);
	if (!fault)
		fault = read_answer(answer, call);
	return fault;
}

enum fault
agent_call(json_t **answer, const char *state_directory, const json_t *request,
    int timeout_seconds)
{
	struct call call = { 0 };
	enum fault fault;

	assert(answer && state_directory && json_is_object(request));
	*answer = NULL;
	call.deadline = clock_elapsed_ms() + (int64_t)timeout_seconds * 1000;
	call.fd = socket(
	    AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (call.fd < 0)
		return failed("socket");
	fault = connect_agent(&call, state_directory);
	if (!fault)
		fault = converse(answer, &call, request);
	free(call.text);
	close(call.fd);
	return fault;
}
