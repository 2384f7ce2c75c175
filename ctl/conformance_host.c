/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_host.c: sockets, TLS and as much of HTTP/1.1 as a client of the
 * lease protocol speaks. Each connection serves one request.
 */
#include "ctl/conformance_host.h"

#include "ctl/listener.h"
#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* What one connection may take to say its next byte, and all of it. */
#define READ_SECONDS 15
#define CALL_MS      60000
#define HEAD_MAX     32768
#define TLS_RECORD   0x16
#define POLL_MS_MAX  60000
#define PLAIN_ANSWER                                                           \
	"HTTP/1.1 308 Permanent Redirect\r\nLocation: http://%s/lease/v1/"     \
	"sync\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

struct conformance_host {
	int listening, connection; /* -1 = none */
	char text[ENDPOINT_TEXT_MAX];
	SSL_CTX
	    *faces[CONFORMANCE_HOST__FACES]; /* NULL where there is no TLS */
	SSL *tls;
	int64_t
	    until_ms; /* elapsed time at which the connection has to be done */
};

/* ---- open and close ---- */

static SSL_CTX *
make_face(const char *pem, bool is_old)
{
	SSL_CTX *face = SSL_CTX_new(TLS_server_method());
	int oldest = is_old ? TLS1_VERSION : TLS1_2_VERSION;

	if (face && SSL_CTX_use_certificate_chain_file(face, pem) == 1 &&
	    SSL_CTX_use_PrivateKey_file(face, pem, SSL_FILETYPE_PEM) == 1 &&
	    SSL_CTX_set_min_proto_version(face, oldest) &&
	    (!is_old ||
		(SSL_CTX_set_max_proto_version(face, TLS1_1_VERSION) &&
		    SSL_CTX_set_cipher_list(face, "ALL:@SECLEVEL=0"))))
		return face;
	SSL_CTX_free(face);
	log_line(LOG_SEVERITY_ERROR, "%s: %s", pem,
	    ERR_reason_error_string(ERR_peek_last_error()));
	ERR_clear_error();
	return NULL;
}

enum fault
conformance_host_open(struct conformance_host **out,
    const struct endpoint *endpoint,
    const char *const pem[CONFORMANCE_HOST__CERTIFICATES])
{
	const struct sigaction ignored = { .sa_handler = SIG_IGN };
	struct conformance_host *host = calloc(1, sizeof(*host));
	int error, i;

	*out = host;
	if (!host)
		return FAULT_MEMORY;
	host->listening = host->connection = -1;
	(void)text_copy(host->text, sizeof(host->text), endpoint->text);
	for (i = 0; i < CONFORMANCE_HOST_NO_TLS; i++) {
		bool is_old = i == CONFORMANCE_HOST_OLD_TLS;

		host->faces[i] = make_face(
		    pem[is_old ? CONFORMANCE_HOST_RIGHT : i], is_old);
		if (!host->faces[i])
			return FAULT_CRYPTO;
	}
	if ((error = listener_tcp(&host->listening, endpoint))) {
		log_line(LOG_SEVERITY_ERROR, "%s: %s", endpoint->text,
		    strerror(error));
		return FAULT_IO;
	}
	(void)sigaction(SIGPIPE, &ignored, NULL);
	return FAULT_NONE;
}

void
conformance_host_hang_up(struct conformance_host *host)
{
	SSL_free(host->tls);
	host->tls = NULL;
	if (host->connection >= 0)
		(void)close(host->connection);
	host->connection = -1;
	ERR_clear_error();
}

void
conformance_host_close(struct conformance_host **host)
{
	int i;

	if (!*host)
		return;
	conformance_host_hang_up(*host);
	if ((*host)->listening >= 0)
		(void)close((*host)->listening);
	for (i = 0; i < CONFORMANCE_HOST__FACES; i++)
		SSL_CTX_free((*host)->faces[i]);
	free(*host);
	*host = NULL;
}

/* ---- a connection ---- */

static bool
accept_until(struct conformance_host *host, int64_t deadline_ms)
{
	const struct timeval patience = { .tv_sec = READ_SECONDS };
	struct pollfd waited = { .fd = host->listening, .events = POLLIN };
	int64_t left;

	while (host->connection < 0 &&
	    (left = deadline_ms - clock_elapsed_ms()) > 0) {
		if (poll(&waited, 1,
			(int)(left < POLL_MS_MAX ? left : POLL_MS_MAX)) == 1)
			host->connection = accept(host->listening, NULL, NULL);
	}
	if (host->connection < 0)
		return false;
	host->until_ms = clock_elapsed_ms() + CALL_MS;
	(void)setsockopt(host->connection, SOL_SOCKET, SO_RCVTIMEO, &patience,
	    sizeof(patience));
	(void)setsockopt(host->connection, SOL_SOCKET, SO_SNDTIMEO, &patience,
	    sizeof(patience));
	return true;
}

/* The first byte, left where it is; -1 when there is none. */
static int
first_byte(const struct conformance_host *host)
{
	unsigned char byte;

	return recv(host->connection, &byte, 1, MSG_PEEK) == 1 ? byte : -1;
}

static bool
read_some(struct conformance_host *host, char *out, size_t *used, size_t most)
{
	int got;

	if (*used >= most || clock_elapsed_ms() > host->until_ms)
		return false;
	got = SSL_read(host->tls, out + *used, (int)(most - *used));
	if (got <= 0)
		return false;
	*used += (size_t)got;
	return true;
}

static enum conformance_heard
scrap(struct conformance_heard_request *out, const char *reason)
{
	out->reason = reason;
	return CONFORMANCE_HEARD_SCRAP;
}

/* Cuts the head, which ends in an empty line, into its parts. */
static bool
read_head(struct conformance_heard_request *out, struct arena *arena,
    const char *text, size_t length)
{
	char *head = arena_text_n(arena, text, length), *rest;

	if (!head || strlen(head) != length || !(rest = strstr(head, "\r\n")))
		return false;
	*rest = '\0';
	out->head = rest + 2;
	out->method = head;
	if (!(rest = strchr(head, ' ')))
		return false;
	*rest++ = '\0';
	out->path = rest;
	if (!(rest = strchr(rest, ' ')))
		return false;
	*rest++ = '\0';
	return strncmp(rest, "HTTP/1.", 7) == 0;
}

const char *
conformance_host_header(struct arena *arena,
    const struct conformance_heard_request *request, const char *name)
{
	const char *line = request->head;
	size_t length = strlen(name), end;

	for (; *line; line += end + (line[end] ? 2 : 0)) {
		end = strcspn(line, "\r\n");
		if (end > length && line[length] == ':' &&
		    strncasecmp(line, name, length) == 0) {
			char *value = arena_text_n(
			    arena, line + length + 1, end - length - 1);

			return value ? text_trim(value) : "";
		}
	}
	return NULL;
}

static enum conformance_heard
read_body(struct conformance_heard_request *out, struct conformance_host *host,
    struct arena *arena, const char *begun, size_t used)
{
	const char *length = conformance_host_header(
	    arena, out, "Content-Length");
	const char *expect = conformance_host_header(arena, out, "Expect");
	int64_t bytes = 0;
	char *body;

	if (length &&
	    !text_parse_int64(&bytes, length, 0, CONFORMANCE_HOST_BODY_MAX))
		return scrap(out, "a body of more than 65,536 bytes");
	if (!length && strcmp(out->method, "GET") != 0)
		return scrap(out, "no Content-Length");
	if (used > (size_t)bytes)
		return scrap(out, "more bytes than Content-Length says");
	if (!(body = arena_alloc(arena, (size_t)bytes + 1)))
		return scrap(out, "not enough memory here");
	memcpy(body, begun, used);
	if (expect && text_equals_ignoring_case(expect, "100-continue"))
		(void)SSL_write(host->tls, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	while (used < (size_t)bytes)
		if (!read_some(host, body, &used, (size_t)bytes))
			return scrap(out, "a body that ends too early");
	out->body = body;
	out->bytes = used;
	return CONFORMANCE_HEARD_REQUEST;
}

static enum conformance_heard
read_request(struct conformance_heard_request *out,
    struct conformance_host *host, struct arena *arena)
{
	char *text = arena_alloc(arena, HEAD_MAX + 1), *end = NULL;
	size_t used = 0, length;

	if (!text)
		return scrap(out, "not enough memory here");
	while (!end && read_some(host, text, &used, HEAD_MAX))
		end = strstr(text, "\r\n\r\n");
	if (!used)
		return CONFORMANCE_HEARD_NOTHING;
	if (!end)
		return scrap(out, "no end of the header");
	length = (size_t)(end - text) + 4;
	if (!read_head(out, arena, text, length))
		return scrap(out, "not HTTP/1.1");
	return read_body(out, host, arena, text + length, used - length);
}

/* Answers a greeting of TLS as a server without TLS would. */
static void
answer_plain(const struct conformance_host *host)
{
	char text[sizeof(PLAIN_ANSWER) + ENDPOINT_TEXT_MAX];
	char greeting[4096];
	int length = snprintf(text, sizeof(text), PLAIN_ANSWER, host->text);

	(void)recv(host->connection, greeting, sizeof(greeting), 0);
	(void)send(host->connection, text, (size_t)length, MSG_NOSIGNAL);
}

static enum conformance_heard
hear(struct conformance_heard_request *out, struct conformance_host *host,
    struct arena *arena, enum conformance_host_face face)
{
	int byte = first_byte(host);

	if (byte < 0)
		return CONFORMANCE_HEARD_NOBODY;
	if (byte != TLS_RECORD)
		return CONFORMANCE_HEARD_PLAIN;
	if (!host->faces[face]) {
		answer_plain(host);
		return CONFORMANCE_HEARD_NO_HANDSHAKE;
	}
	if (!(host->tls = SSL_new(host->faces[face])) ||
	    SSL_set_fd(host->tls, host->connection) != 1 ||
	    SSL_accept(host->tls) != 1)
		return CONFORMANCE_HEARD_NO_HANDSHAKE;
	return read_request(out, host, arena);
}

enum conformance_heard
conformance_host_hear(struct conformance_heard_request *out,
    struct conformance_host *host, struct arena *arena,
    enum conformance_host_face face, int64_t deadline_ms)
{
	enum conformance_heard heard = CONFORMANCE_HEARD_NOBODY;

	memset(out, 0, sizeof(*out));
	out->reason = out->method = out->path = out->head = out->body = "";
	conformance_host_hang_up(host);
	while (heard == CONFORMANCE_HEARD_NOBODY &&
	    accept_until(host, deadline_ms)) {
		heard = hear(out, host, arena, face);
		out->at_ms = clock_elapsed_ms();
		if (heard != CONFORMANCE_HEARD_REQUEST)
			conformance_host_hang_up(host);
	}
	return heard;
}

void
conformance_host_answer(struct conformance_host *host, struct arena *arena,
    int status, const char *headers, const char *body)
{
	const char *text = arena_format(arena,
	    "HTTP/1.1 %d Answer\r\n%sContent-Length: %zu\r\nConnection: "
	    "close\r\n\r\n%s",
	    status, headers, strlen(body), body);

	if (text && host->tls &&
	    SSL_write(host->tls, text, (int)strlen(text)) > 0)
		(void)SSL_shutdown(host->tls);
	conformance_host_hang_up(host);
}
