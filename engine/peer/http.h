/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http.h: one HTTPS request to another machine, through libcurl. Never plain
 * HTTP, never a redirect, no proxy but one that is named, TLS 1.2 or later, bounded in time and
 * size (rules.md 9.4).
 */
#ifndef LEASEHOLD_PEER_HTTP_H
#define LEASEHOLD_PEER_HTTP_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_PIN_SIZE 64	 /* "sha256//" and a SHA-256 in base64 */
#define HTTP_SECONDS_MAX 30	 /* from the first byte to the last */
#define HTTP_ANSWER_MAX 262144	 /* bytes of an answer; more is refused */

struct http;

enum http_outcome {
	HTTP_ANSWERED,		/* a whole answer came, of whatever status */
	HTTP_NAME_UNKNOWN,	/* DNS does not know the host */
	HTTP_UNREACHABLE,	/* no connection */
	HTTP_NETWORK_DOWN,	/* the local address or interface is not there */
	HTTP_TIMEOUT,
	HTTP_NOT_TRUSTED,	/* chain or name do not verify; nothing was sent */
	HTTP_OTHER_KEY,		/* not the pinned public key; nothing was sent */
	HTTP_NO_TLS,		/* it speaks no TLS that we accept */
	HTTP_TOO_LARGE,
	HTTP_PROXY,		/* the proxy is not there, or does not let this through; nothing was sent */
	HTTP_STOPPED,		/* the program is about to end */
	HTTP_BROKEN		/* the connection ended before the answer did */
};

/* What the other side shows of itself; nothing of it is trusted by that. */
struct http_certificate {
	const char *subject, *issuer;	/* "CN=…, O=…" */
	int64_t begins, ends;		/* 0 = not readable */
	const char *fingerprint;	/* SHA-256 of the certificate: "AB:CD:…" */
};

struct http_request {
	const char *url;		/* "https://host[:port]/path" */
	const char *network;		/* local address or interface to use; NULL = any */
	const char *proxy;		/* "HOST:PORT" of an HTTP proxy, which sees a tunnel only; NULL or "" = none */
	const char *proxy_user, *proxy_password;	/* NULL or "" = it asks for none */
	bool verify;			/* chain and name must verify */
	const char *ca_file;		/* more roots beside the system's; NULL = none */
	const char *pin;		/* without "verify": the only public key to talk to */
	const char *body;		/* JSON; NULL for http_get */
	size_t body_bytes;
	const char *const *headers;	/* "Name: value", NULL at the end; may be NULL */
	int seconds;			/* most that it may take; 0 = HTTP_SECONDS_MAX */
};

struct http_answer {
	enum http_outcome outcome;
	long status;
	const char *body;		/* NUL-terminated, in the arena; "" when none */
	size_t body_bytes;
	const char *content_type;	/* as its header says; "" when it has none */
	int64_t retry_after;		/* seconds the other side asks us to wait; 0 = none */
	char seen_pin[HTTP_PIN_SIZE];	/* public key of the other side, "" when not learnt */
	const char *detail;		/* curl's own words, for the log and "why"; in the arena */
	const char *address;		/* of the other side; "" when no connection was made */
	const struct http_certificate *certificate;	/* of http_meet and http_check; NULL when not learnt */
};

/* "stop" (may be NULL) ends a request under way within a second once true. */
enum fault http_open(struct http **out, const atomic_bool *stop) MUST_CHECK;
void http_close(struct http **http);
/* "Authorization: Basic …" for struct http_request, in the arena; NULL without memory. */
const char *http_basic(struct arena *arena, const char *user, const char *password);
/* Posts and reads the answer. A failure of the network is an outcome, not a fault. */
enum fault http_post(struct http_answer *out, struct http *http, struct arena *arena, const struct http_request *request) MUST_CHECK;
/* The same without a body. */
enum fault http_get(struct http_answer *out, struct http *http, struct arena *arena, const struct http_request *request) MUST_CHECK;
/* The TLS handshake alone, to learn "seen_pin"; sends no byte of HTTP and trusts nobody. HTTP_ANSWERED when the key was learnt. */
enum fault http_meet(struct http_answer *out, struct http *http, struct arena *arena, const struct http_request *request) MUST_CHECK;
/* The TLS handshake alone, believed as a request would believe it ("verify", or "pin" unless that is NULL); sends no byte of HTTP. */
enum fault http_check(struct http_answer *out, struct http *http, struct arena *arena, const struct http_request *request) MUST_CHECK;
/* A TCP connection alone: HTTP_ANSWERED, or HTTP_NAME_UNKNOWN also when nobody told the address in time. */
enum fault http_reach(struct http_answer *out, struct http *http, struct arena *arena, const struct http_request *request) MUST_CHECK;

#endif
