/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_verify.c: is everything in the store as it was written, and does it add
 * up? Who finds that it does may let a server that stopped granting go on.
 */
#include "ctl/commands.h"

#include "engine/store/recount.h"
#include "engine/store/store_event.h"
#include "engine/store/store_watch.h"
#include <inttypes.h>
#include <stdio.h>

/* What was found. */
struct finding {
	int64_t broken; /* entry of the logs that does not fit, 0 = none */
	struct recount recount;
	struct watch_row watch;
};

static bool
is_sound(const struct finding *finding)
{
	return finding->broken == 0 && recount_is_sound(&finding->recount);
}

static enum fault
look(struct finding *out, struct command *command)
{
	struct store *store = command->appliance.store;
	enum fault fault;

	if ((fault = store_event_verify(&out->broken, store)) ||
	    (fault = store_watch_load(&out->watch, &command->arena, store)))
		return fault;
	return recount_run(&out->recount, &command->arena, &command->appliance,
	    command->system_now);
}

/* One snapshot of it all, while the appliance runs. */
static enum fault
look_only(struct finding *out, struct command *command)
{
	struct store *store = command->appliance.store;
	enum fault fault = store_begin_read(store);

	if (fault)
		return fault;
	fault = look(out, command);
	store_rollback(store);
	return fault;
}

/* ---- what is told ---- */

static json_t *
list_differences(const struct recount *recount)
{
	json_t *list = json_array();

	for (size_t i = 0; i < recount->count; i++)
		(void)json_array_append_new(list,
		    json_pack("{s:s, s:s}", "code", recount->items[i].code,
			"text", recount->items[i].text));
	return list;
}

static int
print_json(
    const struct command *command, const struct finding *finding, bool is_fine)
{
	const struct recount *recount = &finding->recount;
	int status = command_print(command,
	    json_pack("{s:b, s:o, s:I, s:o, s:s, s:{s:I, s:I, s:I}}", "ok",
		is_fine, "differences", list_differences(recount), "found",
		(json_int_t)recount->found, "broken_entry",
		finding->broken ? json_integer((json_int_t)finding->broken)
				: json_null(),
		"halted", finding->watch.halted_text, "looked_at", "licenses",
		(json_int_t)recount->licenses, "clients",
		(json_int_t)recount->clients, "parts",
		(json_int_t)recount->parts));

	return status == COMMAND_DONE && !is_fine ? COMMAND_FAILED : status;
}

/* Everything that does not add up, one a line. */
static int
print_differences(const struct command *command, const struct finding *finding)
{
	const struct recount *recount = &finding->recount;

	for (size_t i = 0; i < recount->count; i++)
		(void)command_fail(command, "%s", recount->items[i].text);
	if (recount->found > (int64_t)recount->count)
		(void)command_fail(command, "and %" PRId64 " more",
		    recount->found - (int64_t)recount->count);
	if (finding->broken)
		return command_fail(command,
		    "not clean: the logs were changed: entry %" PRId64
		    " does not fit the one before it",
		    finding->broken);
	return command_fail(command,
	    "not clean: what is above does not add up; restore a backup, or "
	    "ask who changed the store");
}

static int
print_clean(const struct command *command, const struct finding *finding)
{
	const struct recount *recount = &finding->recount;

	for (size_t i = 0; i < recount->count; i++)
		(void)printf("Note: %s\n", recount->items[i].text);
	(void)printf("Clean: the store is whole, the chain of its logs "
		     "unbroken; %" PRId64 " licenses, %" PRId64
		     " clients and %" PRId64 " parts of leases add up.\n",
	    recount->licenses, recount->clients, recount->parts);
	return command_flush(command);
}

static int
report(const struct command *command, const struct finding *finding)
{
	bool is_fine = is_sound(finding) && finding->watch.halted_at == 0;

	if (command->json)
		return print_json(command, finding, is_fine);
	if (!is_sound(finding))
		return print_differences(command, finding);
	if (finding->watch.halted_at != 0)
		return command_fail(command,
		    "everything adds up, but granting stands still (%s); let "
		    "it go on with leasehold verify --resume",
		    finding->watch.halted_text);
	return print_clean(command, finding);
}

/* ---- going on ---- */

/* Looked at within the transaction that lets it go on. */
static int
resume(struct command *command, struct finding *finding)
{
	enum fault fault;

	if (!command_needs_role(command, ROLE_SERVER) ||
	    !command_begin(command))
		return command->status;
	fault = look(finding, command);
	if (!fault && finding->recount.is_over) {
		(void)command_end(command, FAULT_NONE);
		(void)print_differences(command, finding);
		return command_fail(command,
		    "granting stands still until no more is held than there "
		    "is");
	}
	if (!fault && is_sound(finding)) {
		finding->watch.halted_at = 0;
		finding->watch.halted_text = "";
		fault = ledger_watch_resume(&command->ledger);
	}
	if (command_end(command, fault) != COMMAND_DONE)
		return COMMAND_FAILED;
	return report(command, finding);
}

int
ctl_verify_run(struct command *command)
{
	static struct finding finding;
	bool wants_resume = false;
	const struct options_row rows[] = { { .name = "resume",
	    .flag = &wants_resume } };
	enum fault fault;

	if (!command_read(command, rows, 1, 0, 0) ||
	    !command_open(command, true))
		return command->status;
	fault = store_verify(command->appliance.store);
	if (fault == FAULT_DAMAGED)
		return command_fail(command,
		    "not clean: the store is damaged; see the log line above, "
		    "and restore a backup");
	if (fault)
		return command_fault(command, fault);
	if (wants_resume)
		return resume(command, &finding);
	if ((fault = look_only(&finding, command)))
		return command_fault(command, fault);
	return report(command, &finding);
}
