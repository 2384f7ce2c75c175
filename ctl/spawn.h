/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spawn.h: one process that lives and dies with the master: own process
 * group (Ctrl-C reaches the master only), clean signals, only the descriptors
 * it is given, and SIGTERM when the master goes without saying so.
 */
#ifndef LEASEHOLD_CTL_SPAWN_H
#define LEASEHOLD_CTL_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SPAWN_DESCRIPTORS_MAX 2

struct spawn {
	char *const
	    *arguments; /* [0] is the path of the program; ends with NULL */
	/* Sockets it inherits as descriptors first_descriptor, + 1 …; 0 = in place of standard input, which is /dev/null otherwise. */
	int descriptors[SPAWN_DESCRIPTORS_MAX];
	size_t descriptor_count;
	int first_descriptor;
	bool
	    announces; /* tells of them as systemd does: LISTEN_FDS, LISTEN_PID */
};

/* The process, or -1 (logged). */
pid_t spawn_start(const struct spawn *spawn);
/* Runs it to its end: its exit status, or -1. */
int spawn_run(const struct spawn *spawn);

#endif
