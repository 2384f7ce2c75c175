/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * command.c: the frame of a sub-command. Standard output carries what was
 * asked for, standard error one line per thing that is wrong.
 */
#include "ctl/command.h"

#include "ctl/listener.h"
#include "engine/base/json.h"
#include "engine/peer/agent_call.h"
#include "engine/base/calendar.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include "engine/store/store_watch.h"
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ARENA_BYTES     (256u * 1024 * 1024)
#define COMMON_ROWS     3
#define ROWS_MAX        32
#define SECRET_FILE_MAX (64 * 1024)
#define LINE_MAX_BYTES  4096
/* More is better; NIST and OWASP call this the least. */

/* ---- messages ---------------------------------------------------------------- */

__attribute__((format(printf, 1, 0))) static void
say(const char *format, va_list values, const char *tail)
{
	char text[LINE_MAX_BYTES], escaped[2 * LINE_MAX_BYTES];

	(void)vsnprintf(text, sizeof(text), format, values);
	(void)log_escape(escaped, sizeof(escaped), text);
	(void)fprintf(stderr, "leasehold: %s%s\n", escaped, tail);
}

int
command_fail(const struct command *command, const char *format, ...)
{
	va_list values;

	(void)command;
	va_start(values, format);
	say(format, values, "");
	va_end(values);
	return COMMAND_FAILED;
}

int
command_usage(const struct command *command, const char *format, ...)
{
	va_list values;
	char tail[128];

	(void)snprintf(
	    tail, sizeof(tail), "; see leasehold %s --help", command->words);
	va_start(values, format);
	say(format, values, tail);
	va_end(values);
	return COMMAND_USAGE;
}

bool
command_switch(
    struct command *command, bool *out, const char *option, const char *word)
{
	if (!word)
		return true;
	*out = !strcmp(word, "on");
	if (*out || !strcmp(word, "off"))
		return true;
	command->status = command_usage(
	    command, "--%s must be on or off", option);
	return false;
}

int
command_fault(const struct command *command, enum fault fault)
{
	const char *advice = "see the log line above";

	if (fault == FAULT_BUSY)
		advice = "another program holds the store; try again";
	if (fault == FAULT_UNKNOWN_OUTCOME)
		advice = "it may or may not have been saved; look before "
			 "trying again";
	if (fault == FAULT_FULL)
		advice = "make room on the disk, then try again";
	return command_fail(command, "nothing could be done: %s (%s)",
	    fault_text(fault), advice);
}

/* ---- start and end ------------------------------------------------------------- */

void
command_init(struct command *command, int64_t now)
{
	const struct passwd *user = getpwuid(getuid());

	command->now = command->system_now = now;
	arena_init(&command->arena, ARENA_BYTES);
	command->actor.address = "";
	command->actor.name = arena_format(
	    &command->arena, "cli:%s", user ? user->pw_name : "unknown");
	if (!command->actor.name)
		command->actor.name = "cli";
}

void
command_clear(struct command *command)
{
	if (command->is_open)
		appliance_close(&command->appliance);
	command->is_open = false;
	arena_clear(&command->arena);
}

static void
print_help(
    const struct command *command, const struct options_row *rows, size_t count)
{
	size_t i;

	(void)printf("usage: leasehold %s%s%s\n\n%s.\n\n", command->words,
	    *command->synopsis ? " " : "", command->synopsis, command->help);
	for (i = 0; i < count; i++)
		(void)printf(
		    "  --%s%s\n", rows[i].name, rows[i].flag ? "" : " …");
	(void)printf("  --state DIR   the appliance (or LEASEHOLD_STATE)\n"
		     "  --json        data as JSON\n");
}

bool
command_read(struct command *command, const struct options_row *rows,
    size_t count, size_t least_operands, size_t most_operands)
{
	struct options_row all[ROWS_MAX + COMMON_ROWS];
	char reason[256];
	bool wants_help = false;
	int first;

	assert(count <= ROWS_MAX);
	if (count)
		memcpy(all, rows, count * sizeof(*rows));
	all[count] = (struct options_row){ .name = "state",
		.text = &command->state_directory };
	all[count + 1] = (struct options_row){ .name = "json",
		.flag = &command->json };
	all[count + 2] = (struct options_row){ .name = "help",
		.flag = &wants_help };
	if (!options_read(&first, reason, sizeof(reason), all,
		count + COMMON_ROWS, command->argument_count,
		command->arguments)) {
		command->status = command_usage(command, "%s", reason);
		return false;
	}
	if (wants_help) {
		print_help(command, rows, count);
		command->status = COMMAND_DONE;
		return false;
	}
	command->operands = command->arguments + first;
	command->operand_count = (size_t)(command->argument_count - first);
	if (command->operand_count >= least_operands &&
	    command->operand_count <= most_operands)
		return true;
	command->status = command->operand_count < least_operands
	    ? command_usage(command, "something is missing: leasehold %s %s",
		  command->words, command->synopsis)
	    : command_usage(command, "\"%s\" is too much",
		  command->operands[most_operands]);
	return false;
}

bool
command_needs_state(struct command *command)
{
	char *absolute;

	if (!command->state_directory)
		command->state_directory = getenv("LEASEHOLD_STATE");
	if (!command->state_directory || !*command->state_directory) {
		command->status = command_usage(
		    command, "name the appliance with --state DIR");
		return false;
	}
	absolute = realpath(command->state_directory, NULL);
	if (absolute)
		command->state_directory = arena_text(
		    &command->arena, absolute);
	free(absolute);
	return true;
}

static bool
store_is_there(struct command *command)
{
	char path[PATH_MAX];

	if (appliance_path(
		path, sizeof(path), command->state_directory, "store.db") &&
	    file_exists(path))
		return true;
	command->status = command_fail(command,
	    "there is no store in %s: name the directory of an appliance, or "
	    "restore its store.db",
	    command->state_directory);
	return false;
}

bool
command_open(struct command *command, bool check)
{
	char reason[512] = "";
	enum fault fault;

	if (!command_needs_state(command) || !store_is_there(command))
		return false;
	fault = appliance_open(&command->appliance, command->state_directory,
	    check, reason, sizeof(reason));
	if (fault) {
		command->status = command_fail(
		    command, "%s", *reason ? reason : fault_text(fault));
		return false;
	}
	command->is_open = true;
	fault = store_watch_now(
	    &command->now, command->appliance.store, command->system_now);
	if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}

bool
command_needs_role(struct command *command, enum appliance_role role)
{
	const struct appliance *appliance = &command->appliance;
	const char *needed = role == ROLE_SERVER ? "license server"
						 : appliance_role_word(role);
	bool has = role == ROLE_SERVER ? appliance_lends(appliance)
				       : appliance->role == role;

	if (!has)
		command->status = command_fail(command, "%s",
		    mistake_text(&command->arena, MISTAKE_WRONG_ROLE,
			appliance_role_word(appliance->role), needed));
	return has;
}

bool
command_open_role(struct command *command, enum appliance_role role,
    const struct options_row *rows, size_t count, size_t least_operands,
    size_t most_operands)
{
	return command_read(
		   command, rows, count, least_operands, most_operands) &&
	    command_open(command, false) && command_needs_role(command, role);
}

/* ---- acts ------------------------------------------------------------------------ */

bool
command_begin(struct command *command)
{
	enum fault fault;

	ledger_init(&command->ledger, command->appliance.store,
	    &command->appliance, &command->arena, &command->actor,
	    command->system_now);
	if ((fault = ledger_begin(&command->ledger)))
		command->status = command_fault(command, fault);
	return !fault;
}

int
command_end(struct command *command, enum fault fault)
{
	const struct mistakes *mistakes = &command->ledger.mistakes;
	size_t i;

	fault = ledger_end(&command->ledger, fault);
	if (fault)
		return command_fault(command, fault);
	for (i = 0; i < mistakes->count; i++)
		(void)command_fail(command, "%s", mistakes->items[i].text);
	for (i = 0; i < mistakes->warning_count; i++)
		(void)command_fail(
		    command, "warning: %s", mistakes->warnings[i].text);
	return mistakes->count ? COMMAND_FAILED : COMMAND_DONE;
}

/* ---- secrets ----------------------------------------------------------------------- */

/* Reads a line from the terminal without showing it. */
static bool
read_hidden(char *out, size_t size, const char *prompt)
{
	struct termios shown, hidden;
	bool is_read;

	if (tcgetattr(STDIN_FILENO, &shown))
		return false;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	(void)fprintf(stderr, "%s: ", prompt);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	is_read = fgets(out, (int)size, stdin);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	(void)fputc('\n', stderr);
	return is_read;
}

static enum fault
read_source(char **out, size_t *bytes, struct arena *arena, const char *file,
    const char *prompt)
{
	if (file)
		return file_read(out, bytes, arena, file, SECRET_FILE_MAX);
	if (!isatty(STDIN_FILENO))
		return file_read_descriptor(
		    out, bytes, arena, STDIN_FILENO, SECRET_FILE_MAX);
	*out = arena_alloc(arena, LINE_MAX_BYTES);
	if (!*out)
		return FAULT_MEMORY;
	if (!read_hidden(*out, LINE_MAX_BYTES, prompt))
		return FAULT_IO;
	*bytes = strlen(*out);
	return FAULT_NONE;
}

const char *
command_secret(struct command *command, const char *file, const char *prompt)
{
	char *text = NULL;
	size_t bytes = 0;
	enum fault fault = read_source(
	    &text, &bytes, &command->arena, file, prompt);

	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(
		    command, "there is no file %s", file);
	else if (fault)
		command->status = command_fault(command, fault);
	if (fault)
		return NULL;
	if (strlen(text) != bytes || !text_is_utf8(text, bytes)) {
		command->status = command_fail(
		    command, "%s must be text (UTF-8)", prompt);
		return NULL;
	}
	text[strcspn(text, "\r\n")] = '\0';
	return text;
}

const char *
command_password(struct command *command, enum password_kind kind,
    const char *file, const char *prompt)
{
	const char *password = command_secret(command, file, prompt);
	char *hash = arena_alloc(&command->arena, PASSWORD_HASH_MAX);
	enum mistake_kind mistake = MISTAKE__COUNT;
	enum fault fault;

	if (!password || !hash)
		return NULL;
	if (!*password)
		mistake = MISTAKE_PASSWORD_MISSING;
	else if (strlen(password) > PASSWORD_MAX_BYTES)
		mistake = MISTAKE_PASSWORD_LONG;
	else if (kind == PASSWORD_ADMIN &&
	    strlen(password) < PASSWORD_ADMIN_LEAST)
		mistake = MISTAKE_PASSWORD_SHORT;
	if (mistake != MISTAKE__COUNT) {
		command->status = command_fail(command, "%s",
		    mistake_text(&command->arena, mistake,
			PASSWORD_ADMIN_LEAST_TEXT, NULL));
		return NULL;
	}
	fault = password_hash(hash, kind, password);
	if (!fault)
		return hash;
	command->status = command_fault(command, fault);
	return NULL;
}

/* ---- the running agent ---------------------------------------------------------------- */

json_t *
command_ask(struct command *command, json_t *request)
{
	json_t *answer = NULL;
	const char *text;
	enum fault fault = request
	    ? agent_call(&answer, command->state_directory, request,
		  AGENT_CALL_SECONDS)
	    : FAULT_MEMORY;

	json_decref(request);
	if (!fault && json_bool(answer, "ok", false))
		return answer;
	text = fault ? NULL : json_text(answer, "text");
	/* A refusal is an answer, too; a script tells it by its code. */
	if (!fault && command->json)
		(void)command_print(command, json_incref(answer));
	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(command,
		    "the appliance in %s is not running; start it with "
		    "leasehold serve",
		    command->state_directory);
	else if (fault == FAULT_BUSY)
		command->status = command_fail(
		    command, "the agent did not answer in time; try again");
	else if (fault)
		command->status = command_fault(command, fault);
	else
		command->status = command_fail(
		    command, "%s", text ? text : "refused without a reason");
	json_decref(answer);
	return NULL;
}

/* ---- output -------------------------------------------------------------------------- */

static int
end_output(const struct command *command, bool is_written)
{
	if (is_written && !fflush(stdout))
		return COMMAND_DONE;
	return command_fail(command, "the output could not be written");
}

int
command_flush(const struct command *command)
{
	return end_output(command, true);
}

int
command_print(const struct command *command, json_t *value)
{
	bool is_written = value &&
	    !json_dumpf(value, stdout, JSON_INDENT(2) | JSON_SORT_KEYS) &&
	    fputc('\n', stdout) != EOF;

	json_decref(value);
	return end_output(command, is_written);
}

int
command_end_list(const struct command *command, json_t *list)
{
	if (command->json)
		return command_print(command, list);
	json_decref(list);
	return command_flush(command);
}

int
command_print_csv(
    const struct command *command, struct csv *csv, enum fault fault)
{
	bool is_written = !fault && !csv->has_failed &&
	    fwrite(csv->text, 1, csv->length, stdout) == csv->length;

	csv_free(csv);
	return fault ? command_fault(command, fault)
		     : end_output(command, is_written);
}

const char *
command_shown(struct command *command, const char *text)
{
	size_t size = text ? 4 * strlen(text) + 1 : 0;
	char *shown;

	if (!text || !*text)
		return "-";
	shown = arena_alloc(&command->arena, size);
	if (!shown)
		return "?";
	(void)log_escape(shown, size, text);
	return shown;
}

const char *
command_instant(struct command *command, int64_t at)
{
	char text[CALENDAR_TEXT_MAX];

	if (!at)
		return "-";
	if (at == INSTANT_NEVER)
		return "never";
	calendar_format(text, at);
	return command_shown(command, text);
}

json_t *
command_json_instant(int64_t at)
{
	return at && at != INSTANT_NEVER ? json_integer(at) : json_null();
}
