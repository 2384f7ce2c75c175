/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * listener.h: listening sockets, opened once by the master and inherited by
 * the programs that accept on them.
 */
#ifndef LEASEHOLD_CTL_LISTENER_H
#define LEASEHOLD_CTL_LISTENER_H

#include "ctl/endpoint.h"
#include <stdbool.h>

/* Longest path of a Unix socket, its end included. */
#define LISTENER_PATH_MAX 108

/* Both answer 0 or an errno value; *out is closed on exec, -1 on failure. */
int listener_tcp(int *out, const struct endpoint *endpoint);
/* A socket of that name is replaced; the new one has mode 0660. */
int listener_unix(int *out, const char *path);

/* Does a FastCGI program accept and answer on that Unix socket within a second? */
bool listener_answers_fastcgi(const char *path);
/* Does somebody accept there and close again when told that nothing follows? */
bool listener_answers_tcp(const struct endpoint *endpoint);

#endif
