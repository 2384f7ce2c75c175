/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_writer.h: the one thread of the lease endpoint that writes. It
 * commits whatever waits as one transaction, each act in a savepoint of its
 * own; nobody learns of an act before its commit. No timer: the next batch
 * gathers while the last one is being synced to disk.
 */
#ifndef LEASEHOLD_CGI_LEASE_WRITER_H
#define LEASEHOLD_CGI_LEASE_WRITER_H

#include "cgi/lease_queue.h"
#include "engine/store/appliance.h"
#include "engine/store/ledger.h"
#include <semaphore.h>
#include <stdatomic.h>

#define LEASE_WRITER_QUEUE 1024
#define LEASE_WRITER_BATCH 256 /* acts, those of nodes too */

struct lease_op {
	const struct sync_request
	    *request; /* NULL = only the event of wrong credentials */
	const char *client, *address; /* a node's client may be NULL: nobody's */
	const char *asker; /* who asked for that node; NULL = it came itself */
	struct arena *arena; /* the writer's until the act is done */
	struct lease_op *relayed; /* done after it, each by itself, if it is answered */
	size_t relayed_count;
	struct sync_answer answer;
	enum fault fault;
	sem_t done;
};

struct lease_writer {
	struct appliance
	    *appliance; /* its store and its trust are the writer's */
	struct lease_queue queue;
	pthread_t thread;
	int64_t trust_checked_ms;
	atomic_bool has_failed;
};

/* Starts the thread. */
enum fault lease_writer_open(struct lease_writer *writer,
    struct appliance *appliance, struct arena *arena) MUST_CHECK;
/* Does what waits, then ends the thread. */
void lease_writer_close(struct lease_writer *writer);
/*
 * Waits for the commit of "op". FAULT_FULL when too many wait.
 * FAULT_UNKNOWN_OUTCOME when a commit failed: from then on every act has that
 * outcome, and the process was sent SIGTERM to be started anew.
 */
enum fault
lease_writer_run(struct lease_writer *writer, struct lease_op *op) MUST_CHECK;

#endif
