/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease_writer.c: group commit. Does not know what an act decides, nor how
 * its answer travels.
 */
#include "cgi/lease_writer.h"

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include <assert.h>
#include <signal.h>
#include <unistd.h>

/* How often the list of trusted issuers is looked at. */
#define TRUST_INTERVAL_MS 60000

static enum fault
act(struct ledger *ledger, struct lease_op *op)
{
	if (!op->request && op->asker)
		return ledger_sync_cluster_refused(
		    ledger, op->asker, op->client);
	if (!op->request)
		return ledger_sync_unauthorized(ledger, op->client);
	return ledger_sync(&op->answer, ledger, op->request);
}

/* A fault of one act is its own; what is returned is the whole batch's. */
static enum fault
write_op(const struct lease_writer *writer, struct lease_op *op, int64_t now)
{
	const struct actor actor = { op->asker ? op->asker : op->client,
		op->address };
	struct store *store = writer->appliance->store;
	struct ledger ledger;
	enum fault fault;

	ledger_init(&ledger, store, writer->appliance, op->arena, &actor, now);
	if ((fault = store_savepoint(store)))
		return fault;
	op->fault = act(&ledger, op);
	if (op->fault == FAULT_UNKNOWN_OUTCOME)
		return op->fault;
	return op->fault ? ledger_undo(&ledger) : store_keep(store);
}

/* The leader's own act first: it may make it the leader. Without that, nobody is asked for. */
static enum fault
write_all_of(
    const struct lease_writer *writer, struct lease_op *op, int64_t now)
{
	enum fault fault = write_op(writer, op, now);
	size_t i;

	if (fault || op->fault || op->answer.status != 200)
		return fault;
	for (i = 0; i < op->relayed_count && !fault; i++)
		fault = write_op(writer, &op->relayed[i], now);
	return fault;
}

/* The batch happens at one instant. */
static enum fault
begin(int64_t *now, const struct lease_writer *writer)
{
	static const struct actor system_actor = { "System", "" };
	struct arena arena;
	struct ledger ledger;
	enum fault fault;

	arena_init(&arena, 0);
	ledger_init(&ledger, writer->appliance->store, writer->appliance,
	    &arena, &system_actor, clock_now());
	fault = ledger_begin(&ledger);
	*now = ledger.now;
	arena_clear(&arena);
	return fault;
}

static enum fault
write_batch(const struct lease_writer *writer, void **ops, size_t count)
{
	struct store *store = writer->appliance->store;
	enum fault fault;
	int64_t now;
	size_t i;

	if ((fault = begin(&now, writer)))
		return fault;
	for (i = 0; i < count && !fault; i++)
		fault = write_all_of(writer, ops[i], now);
	if (!fault && !(fault = store_commit(store)))
		return FAULT_NONE;
	store_rollback(store);
	return fault;
}

/* What was written may or may not be there: only a fresh process can tell, and the repeat of each request. */
static void
give_up(struct lease_writer *writer)
{
	if (atomic_exchange(&writer->has_failed, true))
		return;
	log_line(LOG_SEVERITY_ERROR,
	    "commit with unknown outcome: ending to be started anew");
	kill(getpid(), SIGTERM);
}

static void
finish_batch(void **ops, size_t count, enum fault fault)
{
	struct lease_op *op;
	size_t i;

	for (i = 0; i < count; i++) {
		op = ops[i];
		if (fault)
			op->fault = fault;
		/* From here on it is the waiting thread's. */
		sem_post(&op->done);
	}
}

static void
check_trust(struct lease_writer *writer)
{
	int64_t now_ms = clock_elapsed_ms();

	if (now_ms - writer->trust_checked_ms < TRUST_INTERVAL_MS)
		return;
	writer->trust_checked_ms = now_ms;
	if (appliance_refresh_trust(writer->appliance, clock_now()))
		log_line(LOG_SEVERITY_WARNING,
		    "trusted issuers stay as they were read before");
}

/* How many of them make one transaction: one at least. */
static size_t
count_batch(void **ops, size_t count)
{
	const struct lease_op *op = ops[0];
	size_t taken = 1, acts = 1 + op->relayed_count;

	for (; taken < count; taken++) {
		op = ops[taken];
		acts += 1 + op->relayed_count;
		if (acts > LEASE_WRITER_BATCH)
			break;
	}
	return taken;
}

static void
write_queue(struct lease_writer *writer, void **ops, size_t count)
{
	enum fault fault;
	size_t batch;

	for (; count; ops += batch, count -= batch) {
		batch = count_batch(ops, count);
		fault = atomic_load(&writer->has_failed)
		    ? FAULT_UNKNOWN_OUTCOME
		    : write_batch(writer, ops, batch);
		if (fault == FAULT_UNKNOWN_OUTCOME)
			give_up(writer);
		finish_batch(ops, batch, fault);
	}
}

static void *
write_all(void *argument)
{
	struct lease_writer *writer = argument;
	void *ops[LEASE_WRITER_BATCH];
	size_t count;

	while ((count = lease_queue_take(
		    &writer->queue, ops, LEASE_WRITER_BATCH))) {
		check_trust(writer);
		write_queue(writer, ops, count);
	}
	return NULL;
}

enum fault
lease_writer_open(struct lease_writer *writer, struct appliance *appliance,
    struct arena *arena)
{
	enum fault fault;

	assert(writer && appliance && arena);
	writer->appliance = appliance;
	writer->trust_checked_ms = clock_elapsed_ms();
	atomic_init(&writer->has_failed, false);
	if ((fault = lease_queue_init(
		 &writer->queue, arena, LEASE_WRITER_QUEUE)))
		return fault;
	if (pthread_create(&writer->thread, NULL, write_all, writer)) {
		lease_queue_clear(&writer->queue);
		return FAULT_MEMORY;
	}
	return FAULT_NONE;
}

void
lease_writer_close(struct lease_writer *writer)
{
	assert(writer);
	lease_queue_close(&writer->queue);
	pthread_join(writer->thread, NULL);
	lease_queue_clear(&writer->queue);
}

enum fault
lease_writer_run(struct lease_writer *writer, struct lease_op *op)
{
	assert(writer && op && op->client && op->address && op->arena);
	op->fault = FAULT_FULL;
	if (sem_init(&op->done, 0, 0))
		return FAULT_MEMORY;
	if (lease_queue_put(&writer->queue, op))
		while (sem_wait(&op->done))
			;
	sem_destroy(&op->done);
	return op->fault;
}
