/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: finds the sub-command and hands it the rest of the line.
 */
#include "ctl/commands.h"

#include "engine/base/clock.h"
#include "engine/base/log.h"
#include <stdio.h>
#include <string.h>

static const struct row {
	int (*function)(struct command *command);
	const char *words, *synopsis, *help;
} rows[] = {
#define COMMAND(function, words, synopsis, help)                               \
	{ function, words, synopsis, help },
#include "ctl/commands.tbl"
#undef COMMAND
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static int
print_overview(void)
{
	size_t i, widest = 0;

	for (i = 0; i < ROW_COUNT; i++)
		if (strlen(rows[i].words) > widest)
			widest = strlen(rows[i].words);
	(void)printf("usage: leasehold COMMAND --state DIR [OPTION...]\n\n");
	for (i = 0; i < ROW_COUNT; i++)
		(void)printf(
		    "  %-*s  %s\n", (int)widest, rows[i].words, rows[i].help);
	(void)printf("\nleasehold COMMAND --help tells more about one, "
		     "leasehold(8) all of it.\n");
	return COMMAND_DONE;
}

/* How many of the arguments spell the words of a row; 0 when they do not. */
static int
words_matched(const char *words, int count, char *const *arguments)
{
	size_t length;
	int i;

	for (i = 0; *words; i++) {
		length = strcspn(words, " ");
		if (i == count || strlen(arguments[i]) != length ||
		    strncmp(arguments[i], words, length) != 0)
			return 0;
		words += length;
		words += *words == ' ';
	}
	return i;
}

static int
run(const struct row *row, int argument_count, char **arguments)
{
	static struct command command;
	int status;

	command.words = row->words;
	command.synopsis = row->synopsis;
	command.help = row->help;
	command.argument_count = argument_count;
	command.arguments = arguments;
	command_init(&command, clock_now());
	status = row->function(&command);
	command_clear(&command);
	return status;
}

int
main(int argument_count, char **arguments)
{
	int matched;
	size_t i;

	log_open("leasehold");
	if (argument_count < 2) {
		(void)fprintf(stderr,
		    "leasehold: say what to do; see leasehold --help\n");
		return COMMAND_USAGE;
	}
	if (!strcmp(arguments[1], "--help") || !strcmp(arguments[1], "help"))
		return print_overview();
	if (!strcmp(arguments[1], "--version")) {
		(void)printf("leasehold %s\n", LEASEHOLD_VERSION);
		return COMMAND_DONE;
	}
	for (i = 0; i < ROW_COUNT; i++) {
		matched = words_matched(
		    rows[i].words, argument_count - 1, arguments + 1);
		if (matched)
			return run(&rows[i], argument_count - matched,
			    arguments + matched);
	}
	(void)fprintf(stderr,
	    "leasehold: there is no command \"%s%s%s\"; see leasehold --help\n",
	    arguments[1], argument_count > 2 ? " " : "",
	    argument_count > 2 ? arguments[2] : "");
	return COMMAND_USAGE;
}
