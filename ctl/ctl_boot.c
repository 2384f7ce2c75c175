/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_boot.c: what a virtual license server asks at its first start, on a
 * serial console or from cloud-init: the license agreement, and whether it is
 * to be a license server. Nothing is written before the last answer.
 */
#include "ctl/commands.h"

#include "ctl/pager.h"
#include "engine/store/agreement_file.h"
#include "engine/store/store_agreement.h"
#include "engine/store/store_setting.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ANSWER_BYTES 256
/* A line that only makes noise must not keep a machine from starting. */
#define TRIES_MAX 10

struct boot {
	struct command *command;
	FILE *
	    out; /* of the dialogue; standard output is for JSON when that is asked for */
	struct agreement_text text;
	struct agreement_row accepted; /* when "is_agreed" */
	bool is_agreed, is_enabled;    /* before the dialogue */
};

enum answer {
	ANSWER_YES,
	ANSWER_NO,
	ANSWER_READ,
	ANSWER_NONE,
	ANSWER_WRONG
};

static bool
load(struct boot *boot, struct command *command)
{
	struct store *store = command->appliance.store;
	int64_t enabled = 0;
	enum fault fault = agreement_file_load(
	    &boot->text, &command->arena, command->appliance.vendor_directory);

	if (!fault)
		fault = store_setting_load(
		    &enabled, store, SETTING_SERVER_ENABLED);
	boot->is_enabled = enabled != 0;
	if (!fault)
		fault = store_agreement_load(
		    &boot->accepted, &command->arena, store, boot->text.digest);
	boot->is_agreed = !fault;
	if (!fault || fault == FAULT_NOT_FOUND)
		return true;
	command->status = command_fault(command, fault);
	return false;
}

/* ---- one question ---- */

/* "y" and "yes" in any case, blanks around them. */
static enum answer
answer_of(char *line, bool may_read)
{
	static const struct {
		const char *letter, *word;
		enum answer answer;
	} words[] = {
		{ "y", "yes", ANSWER_YES },
		{ "n", "no", ANSWER_NO },
		{ "r", "read", ANSWER_READ },
	};

	line += strspn(line, " \t\r\n");
	line[strcspn(line, " \t\r\n")] = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcasecmp(line, words[i].letter) ||
		    !strcasecmp(line, words[i].word))
			return words[i].answer == ANSWER_READ && !may_read
			    ? ANSWER_WRONG
			    : words[i].answer;
	return ANSWER_WRONG;
}

/* A line and whatever is too long of it. */
static enum answer
read_answer(bool may_read)
{
	char line[ANSWER_BYTES];
	bool is_whole;
	int c = '\0';

	if (!fgets(line, sizeof(line), stdin))
		return ANSWER_NONE;
	is_whole = strchr(line, '\n') != NULL || feof(stdin);
	while (!is_whole && c != '\n' && c != EOF)
		c = getchar();
	return is_whole ? answer_of(line, may_read) : ANSWER_WRONG;
}

/* Asks until it is answered; "text" may be read, NULL = there is none. */
static enum answer
ask(struct boot *boot, const char *question, const char *text)
{
	const char *choice = text ? "y/n/r" : "y/n";

	for (int tries = 0; tries < TRIES_MAX; tries++) {
		enum answer answer;

		(void)fprintf(boot->out, "%s (%s)? ", question, choice);
		(void)fflush(boot->out);
		answer = read_answer(text != NULL);
		if (answer == ANSWER_READ) {
			(void)fputc('\n', boot->out);
			pager_show(text, stdin, boot->out);
			continue;
		}
		if (answer != ANSWER_WRONG)
			return answer;
		(void)fprintf(boot->out,
		    text ? "Answer y for yes, n for no, or r to read the "
			   "license agreement.\n"
			 : "Answer y for yes or n for no.\n");
	}
	return ANSWER_NONE;
}

/* ---- the dialogue ---- */

/* Nothing was written; how to come back. */
static int
stop(struct boot *boot, enum answer answer, const char *what)
{
	if (answer == ANSWER_NONE)
		(void)fputc('\n', boot->out);
	(void)fflush(boot->out);
	return command_fail(boot->command,
	    "%s; nothing was changed, and this virtual license server lends "
	    "nothing. To be asked again: leasehold boot --state %s",
	    answer == ANSWER_NO ? what : "the question was not answered",
	    boot->command->state_directory);
}

static bool
agrees(struct boot *boot, bool says_yes)
{
	enum answer answer = ANSWER_YES;

	if (boot->is_agreed) {
		(void)fprintf(boot->out,
		    "License agreement, version %s: accepted by %s on %s.\n",
		    boot->text.version,
		    command_shown(boot->command, boot->accepted.actor),
		    command_instant(boot->command, boot->accepted.at));
		return true;
	}
	(void)fprintf(boot->out,
	    "License agreement, version %s. Entering y indicates that you have "
	    "read and\nagreed to the terms described in it; r shows them.\n",
	    boot->text.version);
	if (!says_yes)
		answer = ask(boot,
		    "Do you agree to the terms of the license agreement",
		    boot->text.body);
	if (answer != ANSWER_YES)
		boot->command->status = stop(
		    boot, answer, "the license agreement was not accepted");
	return answer == ANSWER_YES;
}

static bool
enables(struct boot *boot, bool says_yes)
{
	enum answer answer = ANSWER_YES;

	if (boot->is_enabled) {
		(void)fprintf(boot->out,
		    "The Virtual License Server is enabled already.\n");
		return true;
	}
	if (!says_yes)
		answer = ask(
		    boot, "Do you want to enable Virtual License Server", NULL);
	if (answer != ANSWER_YES)
		boot->command->status = stop(
		    boot, answer, "the Virtual License Server was not enabled");
	return answer == ANSWER_YES;
}

/* Both or neither; what somebody else did meanwhile is not done again. */
static int
write_both(struct boot *boot)
{
	struct command *command = boot->command;
	enum fault fault;

	if (!command_begin(command))
		return command->status;
	fault = ledger_agreement_accept(&command->ledger, boot->text.digest);
	if (!fault && !command->ledger.mistakes.count)
		fault = ledger_server_enable(&command->ledger);
	return command_end(command, fault);
}

static int
report(struct boot *boot, bool is_changed)
{
	struct command *command = boot->command;

	if (is_changed)
		(void)fprintf(boot->out,
		    "The Virtual License Server is enabled. Its console is "
		    "https://%s/: enter an\nauthentication code there under "
		    "Download Licenses.\n",
		    command->appliance.listen);
	if (command->json)
		return command_print(command,
		    json_pack("{s:s, s:b, s:b, s:b}", "version",
			boot->text.version, "accepted", true, "enabled", true,
			"changed", is_changed));
	return command_flush(command);
}

int
ctl_boot_run(struct command *command)
{
	struct boot boot = { .command = command };
	bool accepts = false, does_enable = false, is_changed;
	const struct options_row rows[] = {
		{ .name = "accept-agreement", .flag = &accepts },
		{ .name = "enable", .flag = &does_enable },
	};
	int status = COMMAND_DONE;

	if (!command_open_role(command, ROLE_VIRTUAL_SERVER, rows,
		sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !load(&boot, command))
		return command->status;
	boot.out = command->json ? stderr : stdout;
	(void)fprintf(boot.out, "%s, hardware ID %s\n",
	    command->appliance.hostname, command->appliance.hardware_id);
	if (!agrees(&boot, accepts) || !enables(&boot, does_enable))
		return command->status;
	is_changed = !boot.is_agreed || !boot.is_enabled;
	if (is_changed)
		status = write_both(&boot);
	return status == COMMAND_DONE ? report(&boot, is_changed) : status;
}
