/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * responder.c: sockets and signals. Does not know what is asked.
 */
#include "cgi/responder.h"

#include "engine/base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* libfcgi's own handlers must not run: signals are waited for by the main thread. */
static bool
prepare_signals(sigset_t *awaited)
{
	sigemptyset(awaited);
	sigaddset(awaited, SIGTERM);
	sigaddset(awaited, SIGINT);
	sigaddset(awaited, SIGPIPE);
	sigaddset(awaited, SIGUSR1);
	if (pthread_sigmask(SIG_BLOCK, awaited, NULL))
		return false;
	sigdelset(awaited, SIGPIPE);
	sigdelset(awaited, SIGUSR1);
	return true;
}

static bool
prepare_socket(void)
{
	int flags = fcntl(RESPONDER_SOCKET, F_GETFL), is_listening = 0;
	socklen_t size = sizeof(is_listening);

	if (flags < 0 ||
	    getsockopt(RESPONDER_SOCKET, SOL_SOCKET, SO_ACCEPTCONN,
		&is_listening, &size) ||
	    !is_listening) {
		log_line(LOG_SEVERITY_ERROR,
		    "descriptor 0 is not a listening socket");
		return false;
	}
	return fcntl(RESPONDER_SOCKET, F_SETFL, flags | O_NONBLOCK) == 0;
}

bool
responder_prepare(sigset_t *awaited)
{
	return prepare_socket() && prepare_signals(awaited);
}

static bool
watch(int epoll, int descriptor, uint32_t events)
{
	struct epoll_event event = { .events = events,
		.data = { .fd = descriptor } };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

bool
responder_watch(int *out, int stop_event)
{
	*out = epoll_create1(EPOLL_CLOEXEC);
	if (*out >= 0 &&
	    watch(*out, RESPONDER_SOCKET, EPOLLIN | EPOLLEXCLUSIVE) &&
	    watch(*out, stop_event, EPOLLIN))
		return true;
	log_line(LOG_SEVERITY_ERROR, "epoll: %s", strerror(errno));
	return false;
}

void
responder_wait(int epoll)
{
	struct epoll_event event;

	while (epoll_wait(epoll, &event, 1, -1) < 0 && errno == EINTR)
		;
}

void
responder_stop(int stop_event)
{
	const uint64_t one = 1;

	if (write(stop_event, &one, sizeof(one)) < 0)
		log_line(LOG_SEVERITY_ERROR, "eventfd: %s", strerror(errno));
}
