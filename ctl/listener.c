/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listener.c: opens listening sockets and asks whether anybody serves them.
 */
#include "ctl/listener.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Waiting requests must fit while a program is replaced. */
#define BACKLOG     1024
#define PROBE_MS    1000
#define PROBE_BYTES 512
/* Types of FastCGI records. */
#define FCGI_BEGIN  1
#define FCGI_PARAMS 4
#define FCGI_STDIN  5

static int
give_up(int descriptor)
{
	int error = errno;

	(void)close(descriptor);
	return error;
}

int
listener_tcp(int *out, const struct endpoint *endpoint)
{
	const struct sockaddr *address = (const struct sockaddr *)&endpoint
					     ->socket_address;
	int on = 1, descriptor;

	assert(endpoint->socket_bytes);
	*out = -1;
	descriptor = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return errno;
	if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    (endpoint->is_ipv6 &&
		setsockopt(
		    descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))) ||
	    bind(descriptor, address, endpoint->socket_bytes) ||
	    listen(descriptor, BACKLOG))
		return give_up(descriptor);
	*out = descriptor;
	return 0;
}

static bool
unix_address(struct sockaddr_un *out, const char *path)
{
	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(out->sun_path))
		return false;
	memcpy(out->sun_path, path, strlen(path) + 1);
	return true;
}

int
listener_unix(int *out, const char *path)
{
	struct sockaddr_un address;
	int descriptor;

	*out = -1;
	if (!unix_address(&address, path))
		return ENAMETOOLONG;
	descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return errno;
	if ((unlink(path) && errno != ENOENT) ||
	    bind(descriptor, (struct sockaddr *)&address, sizeof(address)) ||
	    chmod(path, 0660) || listen(descriptor, BACKLOG))
		return give_up(descriptor);
	*out = descriptor;
	return 0;
}

/* An answer, or the end of the connection, within the time of a probe. */
static bool
hears_back(int descriptor)
{
	struct pollfd waited = { .fd = descriptor, .events = POLLIN };

	return poll(&waited, 1, PROBE_MS) == 1;
}

static size_t
write_record(
    unsigned char *out, unsigned char type, const void *content, size_t length)
{
	const unsigned char header[8] = { 1, type, 0, 1, 0,
		(unsigned char)length, 0, 0 };

	memcpy(out, header, sizeof(header));
	if (length)
		memcpy(out + sizeof(header), content, length);
	return sizeof(header) + length;
}

static size_t
write_parameter(unsigned char *out, const char *name, const char *value)
{
	size_t name_length = strlen(name), value_length = strlen(value);

	out[0] = (unsigned char)name_length;
	out[1] = (unsigned char)value_length;
	memcpy(out + 2, name, name_length);
	memcpy(out + 2 + name_length, value, value_length);
	return 2 + name_length + value_length;
}

/* A whole GET /healthz, as the management records that would do are not answered by libfcgi. */
static size_t
write_request(unsigned char out[PROBE_BYTES])
{
	static const unsigned char responder[8] = { 0, 1 };
	static const char *const parameters[][2] = {
		{ "REQUEST_METHOD", "GET" }, { "SCRIPT_NAME", "" },
		{ "PATH_INFO", "/healthz" }, { "REQUEST_URI", "/healthz" },
		{ "QUERY_STRING", "" }, { "SERVER_PROTOCOL", "HTTP/1.1" },
		{ "HTTPS", "on" }, { "REMOTE_ADDR", "127.0.0.1" }
	};
	unsigned char text[PROBE_BYTES];
	size_t i, used = 0, length;

	for (i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		used += write_parameter(
		    text + used, parameters[i][0], parameters[i][1]);
	assert(used < 256);
	length = write_record(out, FCGI_BEGIN, responder, sizeof(responder));
	length += write_record(out + length, FCGI_PARAMS, text, used);
	length += write_record(out + length, FCGI_PARAMS, NULL, 0);
	return length + write_record(out + length, FCGI_STDIN, NULL, 0);
}

bool
listener_answers_fastcgi(const char *path)
{
	unsigned char question[PROBE_BYTES];
	size_t length = write_request(question);
	struct sockaddr_un address;
	unsigned char answer[8];
	bool answers;
	int descriptor;

	if (!unix_address(&address, path))
		return false;
	descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return false;
	answers = !connect(descriptor, (struct sockaddr *)&address,
		      sizeof(address)) &&
	    send(descriptor, question, length, MSG_NOSIGNAL) ==
		(ssize_t)length &&
	    hears_back(descriptor) &&
	    recv(descriptor, answer, sizeof(answer), MSG_DONTWAIT) > 0;
	(void)close(descriptor);
	return answers;
}

/* Every address of the machine is asked at the loopback one. */
static void
reachable_address(struct sockaddr_storage *out, const struct endpoint *endpoint)
{
	*out = endpoint->socket_address;
	if (!endpoint->is_any)
		return;
	if (endpoint->is_ipv6)
		((struct sockaddr_in6 *)out)->sin6_addr = in6addr_loopback;
	else
		((struct sockaddr_in *)out)->sin_addr.s_addr = htonl(
		    INADDR_LOOPBACK);
}

bool
listener_answers_tcp(const struct endpoint *endpoint)
{
	struct sockaddr_storage address;
	bool answers;
	int descriptor;

	reachable_address(&address, endpoint);
	descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return false;
	answers = !connect(descriptor, (struct sockaddr *)&address,
		      endpoint->socket_bytes) &&
	    !shutdown(descriptor, SHUT_WR) && hears_back(descriptor);
	(void)close(descriptor);
	return answers;
}
