/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server_address.c: reads a host and a port as a person enters them. Asks no
 * name server.
 */
#include "engine/store/server_address.h"

#include "engine/base/text.h"
#include <arpa/inet.h>
#include <string.h>

#define HOST_MAX  253
#define LABEL_MAX 63
#define PORT_MAX  65535

static bool
is_label_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-';
}

/* Letters, digits and dashes between dots, none of them empty or with a dash at an end. An IPv4 address is one, too. */
static bool
is_host_name(const char *host)
{
	size_t label = 0;
	char before = '.';

	for (; *host; host++) {
		if (*host == '.') {
			if (label == 0 || before == '-')
				return false;
			label = 0;
		} else if (!is_label_character(*host) ||
		    (label == 0 && *host == '-') || ++label > LABEL_MAX) {
			return false;
		}
		before = *host;
	}
	return label > 0 && before != '-';
}

/* "1.2.3" is neither a name nor an address. */
static bool
is_digits_and_dots(const char *host)
{
	return strspn(host, "0123456789.") == strlen(host);
}

static bool
is_host(const char *host)
{
	struct in_addr address;

	if (is_digits_and_dots(host))
		return inet_pton(AF_INET, host, &address) == 1;
	return is_host_name(host);
}

static bool
is_port(const char *text)
{
	int64_t port;

	return text_parse_int64(&port, text, 1, PORT_MAX);
}

/* "[2001:db8::1]" or "[2001:db8::1]:8443" */
static bool
is_bracketed(const char *server)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr parsed;
	const char *end = strchr(server, ']');
	size_t length;

	if (!end)
		return false;
	length = (size_t)(end - server - 1);
	if (length >= sizeof(address))
		return false;
	memcpy(address, server + 1, length);
	address[length] = '\0';
	if (inet_pton(AF_INET6, address, &parsed) != 1)
		return false;
	return end[1] == '\0' || (end[1] == ':' && is_port(end + 2));
}

bool
server_address_is_valid(const char *server)
{
	char host[HOST_MAX + 1];
	const char *colon = strchr(server, ':');
	size_t length = colon ? (size_t)(colon - server) : strlen(server);

	if (*server == '[')
		return is_bracketed(server);
	if (length > HOST_MAX || (colon && !is_port(colon + 1)))
		return false;
	memcpy(host, server, length);
	host[length] = '\0';
	return is_host(host);
}
