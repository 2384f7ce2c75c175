/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * simulate.c: plays one story or several, each given by its seed, and says as
 * TAP whether anything was found. docs/simulation.md tells of it.
 */
#include "tests/simulation/sim_world.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option options[] = {
	{ "seed", required_argument, NULL, 's' },
	{ "hours", required_argument, NULL, 'h' },
	{ "settle", required_argument, NULL, 'q' },
	{ "clients", required_argument, NULL, 'c' },
	{ "progress", required_argument, NULL, 'p' },
	{ "lie", required_argument, NULL, 'l' },
	{ "trace", no_argument, NULL, 't' },
	{ NULL, 0, NULL, 0 },
};

static int
usage(void)
{
	(void)fputs("usage: simulate [--seed N] [--hours N] [--settle N]"
		    " [--clients N] [--progress N] [--trace]"
		    " [--lie confirm|clock|sync]\n",
	    stderr);
	return 2;
}

static bool
read_lie(enum sim_lie *out, const char *word)
{
	static const char *const words[] = { "", "confirm", "clock", "sync" };

	for (size_t i = 1; i < sizeof(words) / sizeof(*words); i++) {
		*out = (enum sim_lie)i;
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

static bool
read_number(int64_t *out, const char *text, int64_t low, int64_t high)
{
	char *end;
	long long value = strtoll(text, &end, 10);

	*out = value;
	return *text && !*end && value >= low && value <= high;
}

int
main(int argc, char **argv)
{
	struct sim_options story = {
		.seed = 1, .hours = 48, .settle_hours = 300, .devices = 8
	};
	int64_t number = 0;
	int option;
	bool is_good;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 't') {
			story.trace = true;
			continue;
		}
		if (option == 'l') {
			if (!read_lie(&story.lie, optarg))
				return usage();
			continue;
		}
		if (option == '?' ||
		    !read_number(&number, optarg, option == 's' ? 0 : 1,
			option == 'c' ? 10000 : 10000000))
			return usage();
		if (option == 's')
			story.seed = (uint64_t)number;
		else if (option == 'h')
			story.hours = number;
		else if (option == 'p')
			story.tell_hours = number;
		else if (option == 'q')
			story.settle_hours = number;
		else
			story.devices = (int)number;
	}
	if (optind < argc)
		return usage();
	is_good = sim_world_play(&story);
	(void)printf("%sok - seed %llu, %d clients, %lld hours\n",
	    is_good ? "" : "not ", (unsigned long long)story.seed,
	    story.devices, (long long)story.hours);
	return is_good ? 0 : 1;
}
