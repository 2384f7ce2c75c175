/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_host.h: the listening side of "leasehold conformance --client":
 * TLS with one of several faces, and one HTTP/1.1 request a connection, one
 * connection at a time. Knows nothing of leases.
 */
#ifndef LEASEHOLD_CTL_CONFORMANCE_HOST_H
#define LEASEHOLD_CTL_CONFORMANCE_HOST_H

#include "ctl/endpoint.h"
#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As docs/lease-protocol.md bounds a request. */
#define CONFORMANCE_HOST_BODY_MAX 65536

/* What a client meets. */
enum conformance_host_face {
	CONFORMANCE_HOST_RIGHT,	/* the certificate that it was told of */
	CONFORMANCE_HOST_STRANGER,	/* one of nobody */
	CONFORMANCE_HOST_OTHER_NAME,	/* trusted, but of another machine */
	CONFORMANCE_HOST_EXPIRED,	/* trusted, but of another time */
	CONFORMANCE_HOST__CERTIFICATES,
	CONFORMANCE_HOST_OLD_TLS = CONFORMANCE_HOST__CERTIFICATES,	/* the right one, TLS 1.1 at most */
	CONFORMANCE_HOST_NO_TLS,	/* answers in plain HTTP */
	CONFORMANCE_HOST__FACES
};

enum conformance_heard {
	CONFORMANCE_HEARD_NOBODY,	/* until the deadline */
	CONFORMANCE_HEARD_PLAIN,	/* a connection that did not begin with TLS */
	CONFORMANCE_HEARD_NO_HANDSHAKE,	/* the client broke the handshake off */
	CONFORMANCE_HEARD_NOTHING,	/* the handshake, then not a byte */
	CONFORMANCE_HEARD_SCRAP,	/* bytes that are no whole request; "reason" says why */
	CONFORMANCE_HEARD_REQUEST
};

struct conformance_heard_request {
	const char *reason;		/* why it is no whole request; else "" */
	const char *method, *path, *head;	/* "head": the lines after the first */
	const char *body;		/* NUL-terminated */
	size_t bytes;
	int64_t at_ms;			/* elapsed time at which it was read */
};

struct conformance_host;

/* "pem" names a file with key and certificate for each face below __CERTIFICATES. A fault is logged. Ignores SIGPIPE from then on. */
enum fault conformance_host_open(struct conformance_host **out, const struct endpoint *endpoint, const char *const pem[CONFORMANCE_HOST__CERTIFICATES]) MUST_CHECK;
void conformance_host_close(struct conformance_host **host);

/* The next connection on which anything is said until that elapsed time (INT64_MAX = forever). After a REQUEST it stays open for one of the two below; text is in the arena. */
enum conformance_heard conformance_host_hear(struct conformance_heard_request *out, struct conformance_host *host, struct arena *arena, enum conformance_host_face face, int64_t deadline_ms);
/* Answers and ends the connection. "headers": whole lines with CRLF, or "". */
void conformance_host_answer(struct conformance_host *host, struct arena *arena, int status, const char *headers, const char *body);
/* Ends it without an answer. */
void conformance_host_hang_up(struct conformance_host *host);

/* Value of a header of the request, in the arena; NULL when it is not there. */
const char *conformance_host_header(struct arena *arena, const struct conformance_heard_request *request, const char *name);

#endif
