/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.c: getopt_long behind a table.
 */
#include "ctl/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define ROWS_MAX 32
/* What getopt_long answers for row 0; below it are single letters. */
#define FIRST_ROW 256

static void
fill_long_options(
    struct option *out, const struct options_row *rows, size_t count)
{
	size_t i;

	memset(out, 0, (count + 1) * sizeof(*out));
	for (i = 0; i < count; i++) {
		out[i].name = rows[i].name;
		out[i].has_arg = rows[i].flag ? no_argument : required_argument;
		out[i].val = FIRST_ROW + (int)i;
	}
}

/* A value that is given twice is a mistake: which of them counts should not be a riddle. */
static bool
take(const struct options_row *row, const char *value, char *reason,
    size_t reason_size)
{
	if (row->flag)
		*row->flag = true;
	else if (row->texts && row->texts->count < OPTIONS_REPEATED_MAX)
		row->texts->items[row->texts->count++] = value;
	else if (row->text && !*row->text)
		*row->text = value;
	else {
		(void)snprintf(
		    reason, reason_size, "--%s is given too often", row->name);
		return false;
	}
	return true;
}

/* Only the name is shown: what follows "=" may be a secret put in the wrong place. */
static void
explain(char *reason, size_t reason_size, int chosen, const char *argument)
{
	const char *cause = "is no option of this command";

	/* Of "-xy" only the x was looked at; getopt has not passed the word. */
	if (optopt && optopt < FIRST_ROW) {
		(void)snprintf(reason, reason_size, "-%c %s",
		    optopt > ' ' && optopt <= '~' ? optopt : '?', cause);
		return;
	}
	if (chosen == ':')
		cause = "needs a value";
	else if (strchr(argument, '='))
		cause = "is no option of this command that takes a value";
	(void)snprintf(reason, reason_size, "%.*s %s",
	    (int)strcspn(argument, "="), argument, cause);
}

bool
options_read(int *first, char *reason, size_t reason_size,
    const struct options_row *rows, size_t count, int argument_count,
    char **arguments)
{
	struct option long_options[ROWS_MAX + 1];
	int chosen;

	assert(count <= ROWS_MAX);
	fill_long_options(long_options, rows, count);
	opterr = 0;
	optind = 0;
	while ((chosen = getopt_long(argument_count, arguments, ":",
		    long_options, NULL)) != -1) {
		if (chosen == ':' || chosen == '?') {
			explain(
			    reason, reason_size, chosen, arguments[optind - 1]);
			return false;
		}
		if (!take(
			&rows[chosen - FIRST_ROW], optarg, reason, reason_size))
			return false;
	}
	*first = optind;
	return true;
}
