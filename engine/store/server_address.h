/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server_address.h: inside this room only: where a license server is, as a
 * person enters it.
 */
#ifndef LEASEHOLD_STORE_SERVER_ADDRESS_H
#define LEASEHOLD_STORE_SERVER_ADDRESS_H

#include <stdbool.h>

/* A host name, an IPv4 address or an IPv6 address in brackets, and perhaps a colon and a port. */
bool server_address_is_valid(const char *server);

#endif
