/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_identity.c: which device is a client's: second devices are
 * refused, kept in bounded number and told of.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/store_other_device.h"
#include <string.h>

#define BOUND "DEVICE0000000001"

static int64_t
bound_client(struct estate *estate)
{
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	id = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 50, 25, 100 }, "", START);
	estate_sync(estate, id, "CONSEC", 50, 0, START);
	return id;
}

/* Asks as the device of that number, from an address of its own, which must be refused. */
static void
intrude(struct estate *estate, int64_t client, int device, bool has_key,
    int64_t now)
{
	struct sync_request request = estate_request(
	    estate, client, NULL, 0, now);
	struct sync_outcome outcome;

	request.hardware_id = arena_format(
	    &estate->arena, "OTHERDEVICE%05d", device);
	request.address = arena_format(
	    &estate->arena, "192.0.2.%d", 100 + device);
	request.has_device_key = has_key;
	memset(request.device_key, device, KEYPAIR_PUBLIC_BYTES);
	estate_send(&outcome, estate, &request, now);
	assert_string_equal(outcome.answer.code, "hardware_mismatch");
	assert_int_equal(outcome.answer.status, 409);
}

static size_t
list(struct other_device_row **rows, struct estate *estate, int64_t client)
{
	size_t count;

	assert_int_equal(store_other_device_list(rows, &count, &estate->arena,
			     estate->appliance.store, client),
	    FAULT_NONE);
	return count;
}

static void
second_device_is_kept_once(void **state)
{
	struct estate *estate = *state;
	struct other_device_row *rows;
	int64_t id = bound_client(estate);

	intrude(estate, id, 1, true, START + 10);
	intrude(estate, id, 1, false, START + 10 + HOUR);
	intrude(estate, id, 1, false, START + 10 + 2 * HOUR);
	assert_int_equal(list(&rows, estate, id), 1);
	assert_string_equal(rows[0].hardware_id, "OTHERDEVICE00001");
	assert_string_equal(rows[0].address, "192.0.2.101");
	assert_string_equal(rows[0].platform, "PSA-5000");
	assert_true(rows[0].has_device_key);
	assert_int_equal(rows[0].device_key[0], 1);
	assert_int_equal(rows[0].first_at, START + 10);
	assert_int_equal(rows[0].last_at, START + 10 + 2 * HOUR);
	assert_int_equal(rows[0].tries, 3);
	assert_int_equal(estate_events(estate, "LIC30635", "gw"), 1);
	assert_non_null(
	    strstr(estate_last_event(estate, "LIC30635"), "192.0.2.101"));
	assert_non_null(strstr(estate_last_event(estate, "LIC30635"), BOUND));
}

static void
flood_of_devices_fills_nothing(void **state)
{
	struct estate *estate = *state;
	struct other_device_row *rows;
	int64_t id = bound_client(estate);
	int i;

	for (i = 1; i <= 30; i++)
		intrude(estate, id, i, false, START + i);
	assert_int_equal(list(&rows, estate, id), STORE_OTHER_DEVICE_MAX);
	assert_string_equal(rows[0].hardware_id, "OTHERDEVICE00030");
	assert_string_equal(rows[3].hardware_id, "OTHERDEVICE00027");
	assert_int_equal(estate_events(estate, "LIC30635", "gw"), 1);
	/* One that comes back displaces the one not seen for longest. */
	intrude(estate, id, 27, false, START + 31);
	intrude(estate, id, 31, false, START + 61);
	assert_int_equal(list(&rows, estate, id), STORE_OTHER_DEVICE_MAX);
	assert_string_equal(rows[1].hardware_id, "OTHERDEVICE00027");
	assert_string_equal(rows[3].hardware_id, "OTHERDEVICE00029");
	/* The minute is over at START + 61. */
	assert_int_equal(estate_events(estate, "LIC30635", "gw"), 2);
}

static void
long_silence_is_forgotten(void **state)
{
	struct estate *estate = *state;
	struct other_device_row *rows;
	int64_t id = bound_client(estate),
		over = START + 5 + STORE_OTHER_DEVICE_KEEP_SECONDS;

	intrude(estate, id, 1, false, START + 5);
	estate_reclaim(estate, over - 1);
	assert_int_equal(list(&rows, estate, id), 1);
	estate_reclaim(estate, over);
	assert_int_equal(list(&rows, estate, id), 0);
}

/* A client of the same name is another one: nothing of the first is its. */
static void
deleted_client_takes_them_along(void **state)
{
	struct estate *estate = *state;
	struct other_device_row *rows;
	int64_t id = bound_client(estate);

	intrude(estate, id, 1, false, START + 5);
	estate_delete(estate, id, START + 6);
	assert_int_equal(list(&rows, estate, id), 0);
}

int
main(void)
{
#define T(test)                                                                \
	cmocka_unit_test_setup_teardown(                                       \
	    test, estate_set_up_server, estate_tear_down)
	const struct CMUnitTest tests[] = {
		T(second_device_is_kept_once),
		T(flood_of_devices_fills_nothing),
		T(long_silence_is_forgotten),
		T(deleted_client_takes_them_along),
	};

	return cmocka_run_group_tests_name(
	    "ledger_identity", tests, NULL, NULL);
}
