/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hello.c: a round of hellos now and then. What fails is tried again in the
 * next; it was logged where it arose.
 */
#include "agent/hello.h"

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include "engine/peer/cluster_hello.h"
#include "engine/store/store_setting.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MS      1000
#define TICK_MS 1000
/* curl is told to stop within a second; a name server may take longer. */
#define JOIN_MS 3000

struct hello {
	const struct appliance *appliance;
	struct store *store;
	struct http *http;
	struct arena arena;
	atomic_bool is_stopping;
	pthread_t thread;
	int stop_event, end_event;
	int64_t seen_version; /* of link and nodes, as a sum */
};

static void
announce(int event)
{
	const uint64_t one = 1;

	while (write(event, &one, sizeof(one)) < 0 && errno == EINTR)
		continue;
}

static void
say(struct hello *hello)
{
	static const struct actor actor = { "System", "" };
	struct ledger ledger;
	enum fault fault;

	ledger_init(&ledger, hello->store, hello->appliance, &hello->arena,
	    &actor, clock_now());
	fault = cluster_hello_round(&ledger, hello->http);
	if (fault)
		log_line(LOG_SEVERITY_NOTICE, "hello: %s", fault_text(fault));
	arena_clear(&hello->arena);
}

/* Of all that a person entered: what was changed is tried at once. */
static int64_t
version_of(struct hello *hello)
{
	struct cluster_node_row *nodes = NULL;
	struct link_row link;
	int64_t version = -1;
	size_t count, i;

	if (!store_link_load(&link, &hello->arena, hello->store) &&
	    !store_cluster_node_list(
		&nodes, &count, &hello->arena, hello->store)) {
		version = link.row_version;
		for (i = 0; i < count; i++)
			version += nodes[i].row_version;
	}
	arena_clear(&hello->arena);
	return version;
}

static int64_t
interval_ms(const struct hello *hello)
{
	int64_t seconds;

	if (store_setting_load(&seconds, hello->store, SETTING_HELLO_INTERVAL))
		seconds = setting_rows[SETTING_HELLO_INTERVAL].value;
	return seconds * MS;
}

/* Until somebody wants it to end, at the longest. */
static void
pause_for(const struct hello *hello, int ms)
{
	struct pollfd item = { .fd = hello->stop_event, .events = POLLIN };

	(void)poll(&item, 1, ms);
}

static void *
work(void *context)
{
	struct hello *hello = context;
	int64_t due_ms = 0, version;

	while (!atomic_load(&hello->is_stopping)) {
		version = version_of(hello);
		if (clock_elapsed_ms() >= due_ms ||
		    version != hello->seen_version) {
			hello->seen_version = version;
			due_ms = clock_elapsed_ms() + interval_ms(hello);
			say(hello);
		}
		pause_for(hello, TICK_MS);
	}
	announce(hello->end_event);
	return NULL;
}

static void
release(struct hello *hello)
{
	http_close(&hello->http);
	store_close(&hello->store);
	arena_clear(&hello->arena);
	if (hello->stop_event >= 0)
		close(hello->stop_event);
	if (hello->end_event >= 0)
		close(hello->end_event);
	free(hello);
}

static enum fault
start_thread(struct hello *hello)
{
	int error;

	hello->stop_event = eventfd(0, EFD_CLOEXEC);
	hello->end_event = eventfd(0, EFD_CLOEXEC);
	error = hello->stop_event < 0 || hello->end_event < 0
	    ? errno
	    : pthread_create(&hello->thread, NULL, work, hello);
	if (!error)
		return FAULT_NONE;
	log_line(
	    LOG_SEVERITY_ERROR, "no thread for hellos: %s", strerror(error));
	return FAULT_MEMORY;
}

enum fault
hello_open(struct hello **out, const struct appliance *appliance)
{
	struct hello *hello = calloc(1, sizeof(*hello));
	enum fault fault;

	*out = NULL;
	if (!hello)
		return FAULT_MEMORY;
	hello->appliance = appliance;
	hello->stop_event = hello->end_event = -1;
	arena_init(&hello->arena, 0);
	atomic_init(&hello->is_stopping, false);
	if ((fault = appliance_store(&hello->store, appliance)) ||
	    (fault = http_open(&hello->http, &hello->is_stopping)) ||
	    (fault = start_thread(hello))) {
		release(hello);
		return fault;
	}
	*out = hello;
	return FAULT_NONE;
}

bool
hello_close(struct hello **hello)
{
	struct hello *gone = *hello;
	struct pollfd item = { .events = POLLIN };

	*hello = NULL;
	if (!gone)
		return true;
	atomic_store(&gone->is_stopping, true);
	announce(gone->stop_event);
	item.fd = gone->end_event;
	if (poll(&item, 1, JOIN_MS) == 0)
		return false;
	pthread_join(gone->thread, NULL);
	release(gone);
	return true;
}
