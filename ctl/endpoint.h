/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * endpoint.h: a place to listen, written ADDR:PORT with a numeric address,
 * IPv6 in brackets.
 */
#ifndef LEASEHOLD_CTL_ENDPOINT_H
#define LEASEHOLD_CTL_ENDPOINT_H

#include <stdbool.h>
#include <sys/socket.h>

#define ENDPOINT_TEXT_MAX 64

struct endpoint {
	char address[ENDPOINT_TEXT_MAX]; /* "192.0.2.1", "::1": shortest form */
	char text[ENDPOINT_TEXT_MAX];    /* "192.0.2.1:443", "[::1]:443" */
	int port;
	bool is_ipv6;
	bool is_any; /* listens on every address of the machine */
	struct sockaddr_storage socket_address;
	socklen_t socket_bytes;
};

/* False (and a cleared struct) when "text" is not of that form. */
bool endpoint_parse(struct endpoint *out, const char *text);

#endif
