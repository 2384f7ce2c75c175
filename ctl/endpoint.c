/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * endpoint.c: reads ADDR:PORT. No names are looked up: what an appliance
 * listens on must not depend on a name server.
 */
#include "ctl/endpoint.h"

#include "engine/base/text.h"
#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define PORT_MAX 65535

static bool
read_ipv6(struct endpoint *out, const char *address)
{
	struct sockaddr_in6 *socket_address;
	struct in6_addr parsed;

	if (inet_pton(AF_INET6, address, &parsed) != 1)
		return false;
	socket_address = (struct sockaddr_in6 *)&out->socket_address;
	socket_address->sin6_family = AF_INET6;
	socket_address->sin6_port = htons((uint16_t)out->port);
	socket_address->sin6_addr = parsed;
	out->socket_bytes = sizeof(*socket_address);
	out->is_ipv6 = true;
	out->is_any = IN6_IS_ADDR_UNSPECIFIED(&parsed);
	(void)inet_ntop(AF_INET6, &parsed, out->address, sizeof(out->address));
	(void)snprintf(out->text, sizeof(out->text), "[%.45s]:%d", out->address,
	    out->port);
	return true;
}

static bool
read_ipv4(struct endpoint *out, const char *address)
{
	struct sockaddr_in *socket_address;
	struct in_addr parsed;

	if (inet_pton(AF_INET, address, &parsed) != 1)
		return false;
	socket_address = (struct sockaddr_in *)&out->socket_address;
	socket_address->sin_family = AF_INET;
	socket_address->sin_port = htons((uint16_t)out->port);
	socket_address->sin_addr = parsed;
	out->socket_bytes = sizeof(*socket_address);
	out->is_any = parsed.s_addr == htonl(INADDR_ANY);
	(void)inet_ntop(AF_INET, &parsed, out->address, sizeof(out->address));
	(void)snprintf(
	    out->text, sizeof(out->text), "%.45s:%d", out->address, out->port);
	return true;
}

/* "address" gets what stands before the last colon, without brackets. */
static bool
split(char address[ENDPOINT_TEXT_MAX], bool *has_brackets, int *port,
    const char *text)
{
	const char *colon = strrchr(text, ':');
	int64_t number;
	size_t length;

	if (!colon || !text_parse_int64(&number, colon + 1, 1, PORT_MAX))
		return false;
	*port = (int)number;
	length = (size_t)(colon - text);
	*has_brackets = length >= 2 && text[0] == '[' && colon[-1] == ']';
	if (*has_brackets) {
		text++;
		length -= 2;
	}
	if (!length || length >= ENDPOINT_TEXT_MAX)
		return false;
	memcpy(address, text, length);
	address[length] = '\0';
	return true;
}

bool
endpoint_parse(struct endpoint *out, const char *text)
{
	char address[ENDPOINT_TEXT_MAX];
	bool has_brackets;
	int port;

	assert(text);
	memset(out, 0, sizeof(*out));
	if (!split(address, &has_brackets, &port, text))
		return false;
	out->port = port;
	if (has_brackets ? read_ipv6(out, address) : read_ipv4(out, address))
		return true;
	memset(out, 0, sizeof(*out));
	return false;
}
