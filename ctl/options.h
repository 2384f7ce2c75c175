/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * options.h: the long options of one sub-command as a table, read by
 * getopt_long.
 */
#ifndef LEASEHOLD_CTL_OPTIONS_H
#define LEASEHOLD_CTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#define OPTIONS_REPEATED_MAX 64

struct options_texts {
	const char *items[OPTIONS_REPEATED_MAX];
	size_t count;
};

/* Exactly one of the three is set: where a value, several, or a mere presence go. */
struct options_row {
	const char *name; /* without dashes */
	const char **text;
	struct options_texts *texts;
	bool *flag;
};

/*
 * Fills what the rows point at. What is no option ends up at the end of
 * "arguments", from *first on. A mistake is one line in "reason": false.
 */
bool options_read(int *first, char *reason, size_t reason_size,
    const struct options_row *rows, size_t count, int argument_count,
    char **arguments);

#endif
