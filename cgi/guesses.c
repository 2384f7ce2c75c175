/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guesses.c: see guesses.h. Which guesses there were the store knows.
 */
#include "cgi/guesses.h"

#include <assert.h>

#include "engine/store/store_guess.h"

#define FREE_TRIES            5
#define FREE_TRIES_OF_ADDRESS 30
#define LONGEST_WAIT          INT64_C(900)

/* Seconds until the next try counts: doubling with each wrong one beyond those that are free. */
static int64_t
seconds_to_wait(const struct guess_row *guess, int64_t free_tries, int64_t now)
{
	int64_t over = guess->failures - free_tries, wait = LONGEST_WAIT, until;

	if (over < 0)
		return 0;
	if (over < 8)
		wait = INT64_C(5) << over;
	wait = wait < LONGEST_WAIT ? wait : LONGEST_WAIT;
	until = guess->failed_at + wait;
	/* A clock set back must not lock anybody out for longer. */
	return until > now && until - now <= wait ? until - now : 0;
}

/*
 * By name and address, and by address for all names: whoever guesses waits,
 * the right person at another address does not. An unknown name waits alike.
 */
enum fault
guesses_wait(int64_t *out, struct request *request, const char *name)
{
	struct guess_row one, all;
	int64_t wait;
	enum fault fault;

	assert(out && request && name);
	*out = 0;
	if ((fault = store_guess_load(
		 &one, request->store, name, request->address)) ||
	    (fault = store_guess_load(
		 &all, request->store, "", request->address)))
		return fault;
	*out = seconds_to_wait(&one, FREE_TRIES, request->now);
	wait = seconds_to_wait(&all, FREE_TRIES_OF_ADDRESS, request->now);
	*out = wait > *out ? wait : *out;
	return FAULT_NONE;
}
