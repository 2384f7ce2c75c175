/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * responder.h: what the FastCGI responders of many threads do alike: the
 * listening socket that the master hands over as descriptor 0, the signals,
 * and each thread's wait for a connection or the end.
 */
#ifndef LEASEHOLD_CGI_RESPONDER_H
#define LEASEHOLD_CGI_RESPONDER_H

#include <signal.h>
#include <stdbool.h>

#define RESPONDER_SOCKET 0

/* After FCGX_Init() and before any thread: the socket, and the signals blocked. *awaited = those that end the process, for sigwait(). False after a word in the log. */
bool responder_prepare(sigset_t *awaited);
/* An epoll of a thread's own in *out, -1 when there is none; false after a word in the log. "stop_event" is an eventfd that all share. */
bool responder_watch(int *out, int stop_event);
/* Returns when there is a connection to accept, perhaps, or responder_stop() was called. */
void responder_wait(int epoll);
/* Wakes every thread, now and ever after. */
void responder_stop(int stop_event);

#endif
