/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * command.h: what every sub-command of "leasehold" shares: its options, the
 * open appliance, one act in the ledger, secrets, messages, exit codes.
 */
#ifndef LEASEHOLD_CTL_COMMAND_H
#define LEASEHOLD_CTL_COMMAND_H

#include "ctl/options.h"
#include "engine/base/arena.h"
#include "engine/base/csv.h"
#include "engine/base/password.h"
#include "engine/store/appliance.h"
#include "engine/store/ledger.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum command_status {
	COMMAND_DONE = 0,
	COMMAND_FAILED = 1,
	COMMAND_USAGE = 2
};

struct command {
	const char *words; /* "key add" */
	const char *synopsis, *help;
	int argument_count;
	char **arguments; /* [0] is the last of the words */

	int status; /* to leave with when one of the functions below said false */
	const char *state_directory;
	bool json;
	char **operands;
	size_t operand_count;

	int64_t now; /* what is shown holds at this instant; stands still while the system's clock is behind */
	int64_t system_now;
	struct arena arena;
	bool is_open;
	struct appliance appliance;
	struct actor actor; /* "cli:" and the login name */
	struct ledger ledger;
};

void command_init(struct command *command, int64_t now);
void command_clear(struct command *command);

/* Options of this command beside --state, --json and --help. False after a mistake, or when only help was asked for. */
bool command_read(struct command *command, const struct options_row *rows,
    size_t count, size_t least_operands, size_t most_operands);
/* The state directory was named; made absolute when it is there. */
bool command_needs_state(struct command *command);
/* Opens the appliance; "check" looks at the whole store first. */
bool command_open(struct command *command, bool check);
/* The appliance lends, or is a client, or a center; a sentence says what it would take. */
bool command_needs_role(struct command *command, enum appliance_role role);
/* All three: reads the options, opens the appliance, and looks at its role. */
bool command_open_role(struct command *command, enum appliance_role role,
    const struct options_row *rows, size_t count, size_t least_operands,
    size_t most_operands);

/* One act: begin, then anything of ledger.h on &command->ledger, then end. */
bool command_begin(struct command *command);
/* Commits or rolls back; prints mistakes and warnings, one a line; the exit code. */
int command_end(struct command *command, enum fault fault);

/* First line of the file, or of standard input when "file" is NULL ("prompt" is shown on a terminal, without echo). NULL after a message. */
const char *
command_secret(struct command *command, const char *file, const char *prompt);
/* What the running agent answers; NULL after a message (a refusal is one). Releases "request"; the caller releases the answer. */
json_t *command_ask(struct command *command, json_t *request);
/* Hash of a password read likewise; NULL after a message. */
const char *command_password(struct command *command, enum password_kind kind,
    const char *file, const char *prompt);

/* "leasehold: …" on standard error; both answer the exit code. */
int command_fail(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int command_usage(const struct command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Reads "on" or "off" of --OPTION; NULL leaves *out as it is. False after a message. */
bool command_switch(struct command *command, bool *out, const char *option,
    const char *word);
/* A fault that was logged where it arose. */
int command_fault(const struct command *command, enum fault fault);
/* Prints and releases; the exit code. */
int command_print(const struct command *command, json_t *value);
/* Did what was printed get out? The exit code. */
int command_flush(const struct command *command);
/* Of a list whose rows were printed unless JSON is asked for: that JSON, which is released, or none; the exit code. */
int command_end_list(const struct command *command, json_t *list);
/* The table, unless "fault" is one. Frees it; the exit code. */
int command_print_csv(
    const struct command *command, struct csv *csv, enum fault fault);
/* Text fit for a terminal, in the arena; "-" when empty. */
const char *command_shown(struct command *command, const char *text);
/* "2026-12-14 00:00 +01:00", "never" for INSTANT_NEVER, "-" for 0; in the arena. */
const char *command_instant(struct command *command, int64_t at);
/* Instant as JSON: null for 0 and INSTANT_NEVER. */
json_t *command_json_instant(int64_t at);

#endif
