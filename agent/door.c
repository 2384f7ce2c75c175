/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * door.c: connections. While one question of a connection waits, its further
 * lines are left unread, so that answers come in order.
 */
#include "agent/door.h"

#include "agent/answer.h"
#include "agent/operation.h"
#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/peer/agent_call.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_MODE 0660
#define FOLDER_MODE 0750
#define BACKLOG     128
/* What a program may leave unread before it is cut off: several long lists. */
#define OUT_MAX_BYTES (64 * 1024 * 1024)
#define END_MS        1000
#define NOT_POLLED    (-1)

struct connection {
	int fd;
	char in[DOOR_LINE_MAX];
	size_t in_used;
	char *out;
	size_t out_used, out_sent, out_size;
	struct operation operation; /* the one that waits */
	uint64_t order;             /* in which it began to wait */
	int64_t active_ms;
	int64_t partial_ms; /* since when a line lacks its end; 0 = none does */
	bool has_ended;     /* sends nothing more */
	bool is_broken;
};

struct door {
	struct agent *agent;
	int fd, folder; /* "folder" -1 when the socket is not ours */
	struct connection *connections[DOOR_CONNECTIONS_MAX];
	size_t count;
	uint64_t orders;
};

/* ---- the socket ---- */

static enum fault
failed(const char *what)
{
	log_line(
	    LOG_SEVERITY_ERROR, "agent socket: %s: %s", what, strerror(errno));
	return FAULT_IO;
}

static const char *
socket_name(void)
{
	return strrchr(AGENT_SOCKET, '/') + 1;
}

static enum fault
open_folder(struct door *door)
{
	char path[4096];
	const char *state = door->agent->appliance.state_directory;

	snprintf(path, sizeof(path), "%s/%.*s", state,
	    (int)(socket_name() - AGENT_SOCKET - 1), AGENT_SOCKET);
	if (mkdir(path, FOLDER_MODE) && errno != EEXIST)
		return failed(path);
	door->folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return door->folder < 0 ? failed(path) : FAULT_NONE;
}

/* Through the open folder: a state directory may lie deeper than a socket's name may be long. Only one agent gets here at a time, so a socket that is there is left over. */
static enum fault
make_socket(struct door *door)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	enum fault fault = open_folder(door);
	mode_t mask;
	int error;

	if (fault)
		return fault;
	snprintf(address.sun_path, sizeof(address.sun_path),
	    "/proc/self/fd/%d/%s", door->folder, socket_name());
	unlinkat(door->folder, socket_name(), 0);
	door->fd = socket(
	    AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (door->fd < 0)
		return failed("socket");
	mask = umask(0777 & ~SOCKET_MODE);
	error = bind(
	    door->fd, (const struct sockaddr *)&address, sizeof(address));
	umask(mask);
	if (error || listen(door->fd, BACKLOG))
		return failed(error ? "bind" : "listen");
	return FAULT_NONE;
}

static enum fault
take_socket(struct door *door, int inherited)
{
	door->fd = inherited;
	if (fcntl(inherited, F_SETFD, FD_CLOEXEC) ||
	    fcntl(inherited, F_SETFL, O_NONBLOCK))
		return failed("inherited descriptor");
	return FAULT_NONE;
}

enum fault
door_open(struct door **out, struct agent *agent, int inherited)
{
	struct door *door = calloc(1, sizeof(*door));
	enum fault fault;

	*out = NULL;
	if (!door)
		return FAULT_MEMORY;
	door->agent = agent;
	door->fd = door->folder = -1;
	fault = inherited >= 0 ? take_socket(door, inherited)
			       : make_socket(door);
	if (fault)
		door_close(&door);
	*out = door;
	return fault;
}

/* ---- connections ---- */

static void
drop(struct door *door, size_t index)
{
	struct connection *connection = door->connections[index];

	operation_clear(&connection->operation);
	close(connection->fd);
	free(connection->out);
	free(connection);
	door->connections[index] = door->connections[--door->count];
}

void
door_close(struct door **door)
{
	struct door *gone = *door;

	if (!gone)
		return;
	while (gone->count)
		drop(gone, gone->count - 1);
	if (gone->folder >= 0) {
		unlinkat(gone->folder, socket_name(), 0);
		close(gone->folder);
	}
	if (gone->fd >= 0)
		close(gone->fd);
	free(gone);
	*door = NULL;
}

static bool
is_idle(const struct connection *connection)
{
	return !connection->operation.wait && !connection->in_used &&
	    connection->out_sent == connection->out_used;
}

/* Who has been silent longest; DOOR_CONNECTIONS_MAX when nobody is. */
static size_t
find_idle(const struct door *door)
{
	size_t i, oldest = DOOR_CONNECTIONS_MAX;

	for (i = 0; i < door->count; i++)
		if (is_idle(door->connections[i]) &&
		    (oldest == DOOR_CONNECTIONS_MAX ||
			door->connections[i]->active_ms <
			    door->connections[oldest]->active_ms))
			oldest = i;
	return oldest;
}

static bool
has_room(const struct door *door)
{
	return door->count < DOOR_CONNECTIONS_MAX ||
	    find_idle(door) < DOOR_CONNECTIONS_MAX;
}

static void
make_room(struct door *door)
{
	size_t oldest = find_idle(door);

	if (oldest < DOOR_CONNECTIONS_MAX)
		drop(door, oldest);
}

static void
welcome(struct door *door)
{
	struct connection *connection;
	int fd;

	while (door->count < DOOR_CONNECTIONS_MAX) {
		fd = accept4(
		    door->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0)
			return;
		if (!(connection = calloc(1, sizeof(*connection)))) {
			close(fd);
			return;
		}
		connection->fd = fd;
		connection->active_ms = clock_elapsed_ms();
		door->connections[door->count++] = connection;
	}
}

/* ---- out ---- */

static bool
make_space(struct connection *connection, size_t bytes)
{
	size_t size = connection->out_size ? connection->out_size : 512;
	char *grown;

	while (size - connection->out_used < bytes && size < OUT_MAX_BYTES)
		size *= 2;
	if (size - connection->out_used < bytes)
		return false;
	if (size == connection->out_size)
		return true;
	if (!(grown = realloc(connection->out, size)))
		return false;
	connection->out = grown;
	connection->out_size = size;
	return true;
}

static void
flush(struct connection *connection)
{
	ssize_t sent;

	while (connection->out_sent < connection->out_used) {
		sent = send(connection->fd,
		    connection->out + connection->out_sent,
		    connection->out_used - connection->out_sent, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			return;
		if (sent < 0) {
			connection->is_broken = true;
			return;
		}
		connection->out_sent += (size_t)sent;
	}
	connection->out_sent = connection->out_used = 0;
}

/* Takes the reference. An answer that cannot be given ends the connection, so that nobody waits for it. */
static void
say(struct connection *connection, json_t *answer)
{
	const size_t flags = JSON_COMPACT;
	size_t bytes = answer ? json_dumpb(answer, NULL, 0, flags) : 0;

	if (!bytes || !make_space(connection, bytes + 1)) {
		connection->is_broken = true;
	} else {
		json_dumpb(answer, connection->out + connection->out_used,
		    bytes, flags);
		connection->out[connection->out_used + bytes] = '\n';
		connection->out_used += bytes + 1;
		flush(connection);
	}
	json_decref(answer);
}

/* ---- in ---- */

static void
run_line(struct door *door, struct connection *connection, size_t length)
{
	json_t *answer = operation_run(
	    &connection->operation, door->agent, connection->in, length);

	if (connection->operation.wait)
		connection->order = ++door->orders;
	else
		say(connection, answer);
}

static void
run_lines(struct door *door, struct connection *connection)
{
	char *end;
	size_t length;

	while (!connection->operation.wait && !connection->is_broken &&
	    (end = memchr(connection->in, '\n', connection->in_used))) {
		length = (size_t)(end - connection->in);
		run_line(door, connection, length);
		connection->in_used -= length + 1;
		memmove(connection->in, end + 1, connection->in_used);
		connection->partial_ms = 0;
	}
	if (!connection->operation.wait &&
	    connection->in_used == sizeof(connection->in)) {
		say(connection, answer_refusal(ANSWER_TOO_LONG));
		connection->in_used = 0;
		connection->has_ended = true;
	}
	/* Bytes that come later do not make it younger. */
	if (connection->operation.wait || !connection->in_used)
		connection->partial_ms = 0;
	else if (!connection->partial_ms)
		connection->partial_ms = clock_elapsed_ms();
}

/* A last line without its end is one. */
static void
finish_lines(struct connection *connection)
{
	connection->has_ended = true;
	if (connection->in_used && connection->in_used < DOOR_LINE_MAX &&
	    connection->in[connection->in_used - 1] != '\n')
		connection->in[connection->in_used++] = '\n';
}

static void
hear(struct door *door, struct connection *connection)
{
	ssize_t got;

	got = recv(connection->fd, connection->in + connection->in_used,
	    sizeof(connection->in) - connection->in_used, 0);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got < 0) {
		connection->is_broken = true;
		return;
	}
	connection->active_ms = clock_elapsed_ms();
	if (got == 0)
		finish_lines(connection);
	connection->in_used += (size_t)got;
	run_lines(door, connection);
}

static short
events_of(const struct connection *connection)
{
	int events = 0;

	if (!connection->has_ended &&
	    connection->in_used < sizeof(connection->in))
		events |= POLLIN;
	if (connection->out_sent < connection->out_used)
		events |= POLLOUT;
	return (short)events;
}

size_t
door_prepare(struct pollfd *items, const struct door *door)
{
	size_t i;

	/* Who cannot be let in would wake us over and over. */
	items[0] = (struct pollfd){ has_room(door) ? door->fd : NOT_POLLED,
		POLLIN, 0 };
	for (i = 0; i < door->count; i++)
		items[i + 1] = (struct pollfd){ door->connections[i]->fd,
			events_of(door->connections[i]), 0 };
	return door->count + 1;
}

/* ---- who waits for the disk ---- */

static void
answer_waiting(struct door *door, struct connection *connection, json_t *answer)
{
	if (!answer && connection->operation.wait)
		return;
	say(connection, answer);
	run_lines(door, connection);
}

static struct connection *
next_unstored(const struct door *door)
{
	size_t i;

	for (i = 0; i < door->count; i++)
		if (door->connections[i]->operation.wait ==
		    OPERATION_WAIT_COMMIT)
			return door->connections[i];
	return NULL;
}

/* Answers go out in one turn with what they tell of: those lines that follow may want another commit. */
static void
answer_stored(struct door *door)
{
	struct connection *connection, *stored[DOOR_CONNECTIONS_MAX];
	size_t i, count;

	while (next_unstored(door) || !group_is_empty(door->agent)) {
		group_commit(door->agent);
		for (i = 0, count = 0; i < door->count; i++)
			if (door->connections[i]->operation.wait ==
			    OPERATION_WAIT_COMMIT)
				stored[count++] = door->connections[i];
		for (i = 0; i < count; i++) {
			connection = stored[i];
			answer_waiting(door, connection,
			    operation_stored(
				&connection->operation, door->agent));
		}
	}
}

/* ---- one turn ---- */

static void
serve_one(struct door *door, struct connection *connection, short found)
{
	/* The other side is gone altogether, not only done with sending. */
	if (found & (POLLERR | POLLHUP | POLLNVAL) && !(found & POLLIN))
		connection->is_broken = true;
	if (found & POLLOUT)
		flush(connection);
	if (found & POLLIN)
		hear(door, connection);
}

static bool
is_over(const struct connection *connection)
{
	return connection->is_broken ||
	    (connection->has_ended && is_idle(connection));
}

static void
sweep(struct door *door)
{
	size_t i = 0;

	while (i < door->count)
		if (is_over(door->connections[i]))
			drop(door, i);
		else
			i++;
}

void
door_serve(struct door *door, const struct pollfd *items, size_t count)
{
	size_t i;

	assert(count == door->count + 1);
	for (i = 1; i < count; i++)
		if (items[i].revents)
			serve_one(
			    door, door->connections[i - 1], items[i].revents);
	answer_stored(door);
	sweep(door);
	if (!(items[0].revents & POLLIN))
		return;
	if (door->count == DOOR_CONNECTIONS_MAX)
		make_room(door);
	welcome(door);
}

/* A program that never ends its line takes no place for ever. */
static void
cut_partial(struct door *door, int64_t elapsed_ms)
{
	struct connection *connection;
	size_t i;

	for (i = 0; i < door->count; i++) {
		connection = door->connections[i];
		if (connection->partial_ms &&
		    elapsed_ms - connection->partial_ms >= DOOR_LINE_MS)
			connection->is_broken = true;
	}
}

/* ---- who waits ---- */

/* The one that has waited longest after "order"; NULL at the end. */
static struct connection *
next_waiting(const struct door *door, uint64_t order)
{
	struct connection *next = NULL, *connection;
	size_t i;

	for (i = 0; i < door->count; i++) {
		connection = door->connections[i];
		if (connection->operation.wait && connection->order > order &&
		    (!next || connection->order < next->order))
			next = connection;
	}
	return next;
}

void
door_settle(struct door *door, const struct worker_outcome *outcome)
{
	uint64_t last = door->orders, order = 0;
	struct connection *connection;

	while ((connection = next_waiting(door, order)) &&
	    connection->order <= last) {
		order = connection->order;
		answer_waiting(door, connection,
		    operation_settle(
			&connection->operation, door->agent, outcome));
	}
	answer_stored(door);
	sweep(door);
}

void
door_expire(struct door *door, int64_t elapsed_ms)
{
	uint64_t last = door->orders, order = 0;
	struct connection *connection;

	while ((connection = next_waiting(door, order)) &&
	    connection->order <= last) {
		order = connection->order;
		if (connection->operation.deadline_ms <= elapsed_ms)
			answer_waiting(door, connection,
			    operation_expire(
				&connection->operation, door->agent, false));
	}
	answer_stored(door);
	cut_partial(door, elapsed_ms);
	sweep(door);
}

int64_t
door_deadline(const struct door *door)
{
	int64_t deadline = INT64_MAX;
	size_t i;

	for (i = 0; i < door->count; i++)
		if (door->connections[i]->operation.wait &&
		    door->connections[i]->operation.deadline_ms < deadline)
			deadline = door->connections[i]->operation.deadline_ms;
	return deadline;
}

void
door_count_waiting(struct link_sync_input *input, const struct door *door)
{
	const struct operation *operation;
	size_t i;

	for (i = 0; i < door->count; i++) {
		operation = &door->connections[i]->operation;
		if (operation->wait != OPERATION_WAIT_BEGIN)
			continue;
		if (operation->is_rdp)
			input->rdp_users++;
		else
			input->users++;
	}
}

void
door_end(struct door *door)
{
	int64_t until = clock_elapsed_ms() + END_MS;
	struct connection *connection;
	struct pollfd item;
	size_t i;

	while ((connection = next_waiting(door, 0)))
		say(connection,
		    operation_expire(
			&connection->operation, door->agent, true));
	for (i = 0; i < door->count; i++) {
		connection = door->connections[i];
		item = (struct pollfd){ connection->fd, POLLOUT, 0 };
		while (connection->out_sent < connection->out_used &&
		    !connection->is_broken && clock_elapsed_ms() < until) {
			poll(&item, 1, END_MS / 10);
			flush(connection);
		}
	}
}
