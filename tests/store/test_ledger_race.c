/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_race.c: many processes ask for the last units at once; exactly
 * one gets them. Each has a connection of its own, opened after the fork.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/store_private.h"
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES 64
#define ROUNDS    20
#define QUANTUM   25
#define NAPS_MAX  30000

enum {
	LOST = 0,
	WON = 1,
	BROKEN = 2
};

static int
close_server(void **state)
{
	estate_close(*state);
	return 0;
}

/*
 * The naps of the store are made for a handful of writers: 64 processes that
 * wake so often would keep a small machine from doing anything else.
 */
static int
wait_longer(void *unused, int naps)
{
	const struct timespec pause = { .tv_nsec = (1 + (getpid() + naps) % 7) *
		    1000000L };

	(void)unused;
	(void)nanosleep(&pause, NULL);
	return naps < NAPS_MAX;
}

/* Round after round all children wait at a gate, act, and say what they got. */
struct race {
	struct estate *estate;
	int (*act)(struct estate *estate, int64_t who);
	const int64_t *who;
	size_t count;
	int rounds;
	int gates[ROUNDS][2];
	int results[2];
	pid_t children[PROCESSES];
};

static void
run_child(struct race *race, int64_t who)
{
	struct estate *estate = race->estate;
	char result, none;

	for (int i = 0; i < race->rounds; i++)
		(void)close(race->gates[i][1]);
	if (store_open(&estate->appliance.store, estate->directory, false) ||
	    sqlite3_busy_handler(
		estate->appliance.store->db, wait_longer, NULL))
		_exit(1);
	for (int i = 0; i < race->rounds; i++) {
		/* The end of the file comes when the parent opens the gate. */
		if (read(race->gates[i][0], &none, 1) != 0)
			_exit(1);
		estate->now = START + i * DAY;
		estate->requests = i;
		result = (char)race->act(estate, who);
		arena_clear(&estate->arena);
		if (write(race->results[1], &result, 1) != 1)
			_exit(1);
	}
	store_close(&estate->appliance.store);
	_exit(0);
}

/* No connection is open while the children are made. */
static void
start_race(struct race *race)
{
	struct estate *estate = race->estate;

	store_close(&estate->appliance.store);
	assert_int_equal(pipe(race->results), 0);
	for (int i = 0; i < race->rounds; i++)
		assert_int_equal(pipe(race->gates[i]), 0);
	for (size_t i = 0; i < race->count; i++) {
		race->children[i] = fork();
		assert_true(race->children[i] >= 0);
		if (race->children[i] == 0)
			run_child(race, race->who[i]);
	}
	for (int i = 0; i < race->rounds; i++)
		(void)close(race->gates[i][0]);
	(void)close(race->results[1]);
	assert_int_equal(
	    store_open(&estate->appliance.store, estate->directory, false),
	    FAULT_NONE);
}

/* How many won, lost and broke. */
static void
run_round(int counts[3], struct race *race, int round)
{
	char result;

	counts[LOST] = counts[WON] = counts[BROKEN] = 0;
	(void)close(race->gates[round][1]);
	for (size_t i = 0; i < race->count; i++) {
		assert_int_equal(read(race->results[0], &result, 1), 1);
		counts[result == LOST || result == WON ? result : BROKEN]++;
	}
}

static void
end_race(struct race *race)
{
	int status;

	(void)close(race->results[0]);
	for (size_t i = 0; i < race->count; i++) {
		assert_int_equal(
		    waitpid(race->children[i], &status, 0), race->children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
}

static int
sync_once(struct estate *estate, int64_t who)
{
	static const struct actor actor = { "gw", "" };
	const struct sync_want want = { "CONSEC", QUANTUM };
	struct sync_request request = estate_request(
	    estate, who, &want, 0, estate->now);
	struct sync_answer answer;
	struct client_feature_row *rows;
	size_t count;

	ledger_init(&estate->ledger, estate->appliance.store,
	    &estate->appliance, &estate->arena, &actor, estate->now);
	if (store_begin(estate->appliance.store))
		return BROKEN;
	if (ledger_end(&estate->ledger,
		ledger_sync(&answer, &estate->ledger, &request)) ||
	    answer.status != 200)
		return BROKEN;
	if (store_client_features(&rows, &count, &estate->arena,
		estate->appliance.store, who, estate->now) ||
	    count != 1)
		return BROKEN;
	return rows[0].leased == QUANTUM ? WON : LOST;
}

static void
last_quantum_is_granted_once(void **state)
{
	struct estate *estate = *state;
	struct race race = { .estate = estate };
	int64_t ids[PROCESSES];
	char name[16];
	int counts[3];

	estate_license(estate, "CONSEC", QUANTUM + QUANTUM - 1, "");
	for (int i = 0; i < PROCESSES; i++) {
		(void)snprintf(name, sizeof(name), "gw%d", i);
		ids[i] = estate_client(estate, name, "CONSEC",
		    (struct allocation){ 0, QUANTUM, 100 }, "", START);
	}
	race.act = sync_once;
	race.who = ids;
	race.count = PROCESSES;
	race.rounds = ROUNDS;
	start_race(&race);
	/* What one round lent has run out when the next begins. */
	for (int round = 0; round < ROUNDS; round++) {
		run_round(counts, &race, round);
		assert_int_equal(counts[BROKEN], 0);
		assert_int_equal(counts[WON], 1);
		assert_int_equal(counts[LOST], PROCESSES - 1);
		assert_int_equal(
		    estate_pool(estate, "CONSEC", START + round * DAY).held,
		    QUANTUM);
	}
	end_race(&race);
}

static int
reserve_once(struct estate *estate, int64_t who)
{
	static const struct actor actor = { "admin", "" };
	struct client_count count = { "CONSEC", { 60, 0, 60 } };
	struct client_input input = { .password_hash = "h",
		.platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.counts = &count,
		.count_count = 1 };
	int64_t id;

	input.name = arena_format(&estate->arena, "r%d", (int)who);
	ledger_init(&estate->ledger, estate->appliance.store,
	    &estate->appliance, &estate->arena, &actor, START);
	if (store_begin(estate->appliance.store))
		return BROKEN;
	if (ledger_end(&estate->ledger,
		ledger_client_add(&id, &estate->ledger, &input)))
		return BROKEN;
	return estate->ledger.mistakes.count == 0 ? WON : LOST;
}

static void
last_units_are_reserved_once(void **state)
{
	struct estate *estate = *state;
	const int64_t who[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct race race = { .estate = estate,
		.act = reserve_once,
		.who = who,
		.count = 8,
		.rounds = 1 };
	int counts[3];

	estate_license(estate, "CONSEC", 100, "");
	start_race(&race);
	run_round(counts, &race, 0);
	end_race(&race);
	assert_int_equal(counts[BROKEN], 0);
	assert_int_equal(counts[WON], 1);
	assert_int_equal(estate_pool(estate, "CONSEC", START).reserved, 60);
}

static void
one_request_sent_by_many_is_granted_once(void **state)
{
	struct estate *estate = *state;
	int64_t ids[8], id;
	struct race race = { .estate = estate,
		.act = sync_once,
		.who = ids,
		.count = 8,
		.rounds = 1 };
	struct client_row client;
	int counts[3];

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 0, QUANTUM, 1000 }, "", START);
	for (int i = 0; i < 8; i++)
		ids[i] = id;
	/* All processes send the very same request. */
	start_race(&race);
	run_round(counts, &race, 0);
	end_race(&race);
	assert_int_equal(counts[WON], 8);
	assert_int_equal(store_client_load_id(&client, &estate->arena,
			     estate->appliance.store, id),
	    FAULT_NONE);
	assert_int_equal(client.number, START + 1);
	assert_int_equal(estate_events(estate, "LIC30503", "gw"), 1);
}

#define RACE_TEST(name)                                                        \
	cmocka_unit_test_setup_teardown(                                       \
	    name, estate_set_up_server, close_server)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RACE_TEST(last_quantum_is_granted_once),
		RACE_TEST(last_units_are_reserved_once),
		RACE_TEST(one_request_sent_by_many_is_granted_once),
	};

	return cmocka_run_group_tests_name("ledger_race", tests, NULL, NULL);
}
