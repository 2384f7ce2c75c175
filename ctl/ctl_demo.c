/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_demo.c: fills a new license server with a company's clients, to be
 * looked at and measured. No client of it can lease: their passwords are
 * nobody's.
 */
#include "ctl/commands.h"

#include "ctl/demo.h"
#include "ctl/master_lock.h"
#include "engine/base/text.h"
#include "engine/rules/instant.h"
#include "engine/store/store_agreement.h"
#include "engine/store/store_client.h"
#include <inttypes.h>
#include <stdio.h>

#define CLIENTS 5000

static bool
read_number(int64_t *out, struct command *command, const char *name,
    const char *text, int64_t least, int64_t most)
{
	if (!text || text_parse_int64(out, text, least, most))
		return true;
	command->status = command_usage(command,
	    "--%s %s must be a whole number from %" PRId64 " to %" PRId64, name,
	    text, least, most);
	return false;
}

static bool
read_demo(struct demo *demo, struct command *command)
{
	const char *seed = NULL, *clients = NULL, *at = NULL;
	const struct options_row rows[] = {
		{ .name = "seed", .text = &seed },
		{ .name = "clients", .text = &clients },
		{ .name = "at", .text = &at },
	};
	int64_t number = 1;

	if (!command_open_role(command, ROLE_SERVER, rows, 3, 0, 0) ||
	    !read_number(&number, command, "seed", seed, 0, INT64_MAX))
		return false;
	demo->chance = (uint64_t)number;
	demo->client_count = CLIENTS;
	demo->at = command->system_now;
	if (!read_number(&demo->client_count, command, "clients", clients, 1,
		DEMO_CLIENTS_MAX) ||
	    !read_number(&demo->at, command, "at", at, 500 * SECONDS_PER_DAY,
		command->system_now))
		return false;
	demo->at -= demo->at % SECONDS_PER_HOUR;
	return true;
}

/* What a demonstration would spoil, and what it cannot do without. */
static enum fault
check(const char **why, struct demo *demo)
{
	struct command *command = demo->command;
	struct store *store = command->appliance.store;
	struct agreement_row agreement;
	int64_t clients, units = 0;
	enum fault fault;

	*why = NULL;
	if ((fault = store_client_count(&clients, store)) ||
	    (fault = store_pool_list(&demo->pools, &demo->pool_count,
		 &command->arena, store, &command->appliance.catalogue,
		 demo->at - 60 * SECONDS_PER_DAY)))
		return fault;
	for (size_t i = 0; i < demo->pool_count; i++)
		units += demo->pools[i].installed;
	if (clients > 0)
		*why = "this license server has clients: a demonstration is "
		       "for one that is new";
	else if (units < 100 * demo->client_count)
		*why = "install license keys first, of 100 units and more for "
		       "each client, which began 60 days ago or earlier";
	else if ((fault = store_agreement_load(&agreement, &command->arena,
		      store, NULL)) == FAULT_NOT_FOUND)
		*why = "accept the license agreement first";
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* All of it happened before the store was made: the clock goes back, and what it noted of later goes. */
static enum fault
turn_back(struct demo *demo)
{
	struct command *command = demo->command;
	int64_t then = demo->at - 60 * SECONDS_PER_DAY;
	enum fault fault;

	ledger_init(&command->ledger, command->appliance.store,
	    &command->appliance, &command->arena, &command->actor, then);
	if ((fault = ledger_begin(&command->ledger)))
		return fault;
	return ledger_end(&command->ledger,
	    ledger_watch_accept_clock(&command->ledger, then));
}

static enum fault
enable(struct demo *demo)
{
	struct command *command = demo->command;
	enum fault fault;

	ledger_init(&command->ledger, command->appliance.store,
	    &command->appliance, &command->arena, &command->actor,
	    demo->at - 50 * SECONDS_PER_DAY);
	if ((fault = ledger_begin(&command->ledger)))
		return fault;
	return ledger_end(
	    &command->ledger, ledger_server_enable(&command->ledger));
}

/* What the agent would have done meanwhile. */
static enum fault
settle(struct demo *demo)
{
	struct command *command = demo->command;
	enum fault fault;

	ledger_init(&command->ledger, command->appliance.store,
	    &command->appliance, &command->arena, &command->actor, demo->at);
	if ((fault = ledger_begin(&command->ledger)))
		return fault;
	if (!(fault = ledger_reclaim(&command->ledger)))
		fault = ledger_watch(&command->ledger);
	return ledger_end(&command->ledger, fault);
}

static enum fault
make(struct demo *demo)
{
	struct command *command = demo->command;
	enum fault fault;

	if ((fault = turn_back(demo)) || (fault = enable(demo)) ||
	    (fault = demo_clients_make(demo)) ||
	    (fault = store_pool_list(&demo->pools, &demo->pool_count,
		 &command->arena, command->appliance.store,
		 &command->appliance.catalogue, demo->at)) ||
	    (fault = demo_history_make(demo)))
		return fault;
	return settle(demo);
}

int
ctl_demo(struct command *command)
{
	struct demo demo = { .command = command };
	const char *why;
	int lock;
	enum fault fault;

	if (!read_demo(&demo, command) || !master_lock_take(&lock, command))
		return command->status;
	if ((fault = check(&why, &demo)))
		return command_fault(command, fault);
	if (why)
		return command_fail(command, "%s", why);
	if ((fault = make(&demo)))
		return command_fault(command, fault);
	(void)printf("%" PRId64 " license clients. Their passwords are "
		     "nobody's; give one a new one to lease with it.\n",
	    demo.client_count);
	return command_flush(command);
}
