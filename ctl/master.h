/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * master.h: keeps a set of programs running: starts another when one dies,
 * rolls to new ones on SIGHUP, stops all on SIGTERM and SIGINT. Knows nothing
 * of what they do.
 */
#ifndef LEASEHOLD_CTL_MASTER_H
#define LEASEHOLD_CTL_MASTER_H

#include "ctl/spawn.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum master_roll {
	MASTER_ROLL_NEVER,
	MASTER_ROLL_OVERLAP, /* the new one first, then the old one goes */
	MASTER_ROLL_ONE      /* never two at once: the old one goes first */
};

struct master_program {
	const char *name; /* for the log */
	struct spawn spawn;
	size_t count; /* processes of it */
	enum master_roll roll;
	int stop_signal;
	bool stops_first; /* takes requests in: gone before the others stop */
};

struct master {
	const struct master_program *programs;
	size_t program_count;
	/* Asked again and again after the start until it says yes. */
	bool (*is_ready)(const void *context);
	/* Called once then. */
	void (*ready)(const void *context);
	const void *context;
};

/*
 * Blocks the signals it handles. Needed before the first socket is opened or
 * program started, so that none is lost; *out is the descriptor they arrive at.
 */
bool master_signals(int *out);
/*
 * Runs until told to stop: true. False when a program ended before everything
 * was ready, or that took too long (logged); all are stopped then, too.
 */
bool master_run(const struct master *master, int signals);

#endif
