/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_transfer.c: a spare takes over: under which conditions, to the
 * day; what moves, all or nothing; and what is found stays found.
 */
#include "tests/store/fixture.h"

#include "engine/store/ledger_center.h"
#include "engine/store/ledger_transfer.h"
#include "engine/store/ledger_transfer_audit.h"
#include "engine/store/store_issued.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW FIXTURE_NOW
#define DAY INT64_C(86400)

struct scene {
	struct fixture fixture;
	char code[AUTHCODE_SIZE];
	const char *device, *spare, *other;	/* hardware IDs */
	int64_t now, id;
	int calls;
};

static struct ledger *
begin(struct scene *scene)
{
	return fixture_begin(&scene->fixture, scene->now);
}

static size_t
end(struct scene *scene, enum fault fault)
{
	return fixture_end(&scene->fixture, fault);
}

/* An act changes nothing, and its first mistake says so. */
static void
refused(struct scene *scene, enum fault fault, const char *words)
{
	assert_true(end(scene, fault) > 0);
	assert_non_null(
	    strstr(scene->fixture.ledger.mistakes.items[0].text, words));
}

static int64_t
number(struct scene *scene, const char *text)
{
	return fixture_sql_number(&scene->fixture, text);
}

static const char *
hardware(struct scene *scene, uint8_t byte)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES] = { byte };
	char *id = arena_alloc(&scene->fixture.arena, HARDWARE_ID_SIZE);

	assert_int_equal(hardware_id_of(id, key), FAULT_NONE);
	return id;
}

static void
add_customer(struct scene *scene, const char *name, bool is_partner)
{
	const struct center_customer_input input = { .name = name,
		.is_partner = is_partner,
		.stocks_spares = is_partner };

	assert_int_equal(
	    end(scene, ledger_center_customer_add(NULL, begin(scene), &input)),
	    0);
}

static void
set_device(struct scene *scene, const char *hardware_id, const char *customer,
    const char *contract, bool is_new)
{
	const struct center_device_input input = { .hardware_id = hardware_id,
		.customer = customer,
		.warranty_ends = contract,
		.contract_ends = contract };

	assert_int_equal(end(scene,
			     is_new
				 ? ledger_center_device_add(begin(scene), &input)
				 : ledger_center_device_set(begin(scene), &input)),
	    0);
}

static struct center_activation
activate(struct scene *scene, const char *hardware_id)
{
	const struct center_caller caller = { .hardware_id = hardware_id,
		.platform = "PSA-3000",
		.nonce = "" };
	struct center_activation out;

	assert_int_equal(
	    end(scene,
		ledger_center_activate(&out, begin(scene),
		    scene->fixture.issuer, &caller, scene->code)),
	    0);
	return out;
}

/* A signed call of the device, whatever it asks. */
static void
call_with(struct scene *scene, const char *hardware_id, bool confirms_reset)
{
	char nonce[16];
	struct center_caller caller = { .hardware_id = hardware_id,
		.platform = "PSA-3000" };
	bool is_new;

	(void)snprintf(nonce, sizeof(nonce), "n%d", ++scene->calls);
	caller.nonce = nonce;
	caller.confirms_reset = confirms_reset;
	assert_int_equal(
	    end(scene,
		ledger_center_activate_call(&is_new, begin(scene), &caller)),
	    0);
	assert_true(is_new);
}

static void
call(struct scene *scene, const char *hardware_id)
{
	call_with(scene, hardware_id, false);
}

static int
set_up(void **state)
{
	static const struct center_entitlement_input worth[] = {
		{ "CONSEC-ADD-1000U", "", "" },
		{ "ACCESS-50U-1YR", "2026-02-01", "" },
		{ "POLSEC-10U-1YR", "2024-01-01", "" },	/* ended: it goes along */
	};
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	fixture_open(&scene->fixture, ROLE_CENTER, "PSA-5000");
	scene->now = NOW;
	scene->device = hardware(scene, 1);
	scene->spare = hardware(scene, 2);
	scene->other = hardware(scene, 3);
	add_customer(scene, "Example Ltd", false);
	add_customer(scene, "Partner Inc", true);
	add_customer(scene, "Stocker Ltd", true);
	set_device(scene, scene->device, "Example Ltd", "2026-06-15", true);
	set_device(scene, scene->spare, "", "", true);
	set_device(scene, scene->other, "", "", true);
	assert_int_equal(end(scene,
			     ledger_center_authcode_make(scene->code,
				 begin(scene), "Example Ltd", worth, 3)),
	    0);
	assert_int_equal(activate(scene, scene->device).key_count, 3);
	assert_int_equal(end(scene,
			     ledger_transfer_stock(
				 begin(scene), scene->spare, "Partner Inc")),
	    0);
	*state = scene;
	return 0;
}

static int
tear_down(void **state)
{
	struct scene *scene = *state;

	fixture_close(&scene->fixture);
	free(scene);
	return 0;
}

/* ---- steps ---- */

static enum fault
request(struct scene *scene, const char *hardware_id, const char *partner)
{
	const struct transfer_request asked = { .case_number = "CASE-1",
		.fault = "it does not start",
		.hardware_id = hardware_id,
		.partner = partner };

	return ledger_transfer_request(&scene->id, begin(scene), &asked);
}

static enum fault
step(struct scene *scene, enum transfer_act act, const char *hardware_id)
{
	const struct transfer_input input = { .id = scene->id,
		.text = "as it was seen",
		.hardware_id = hardware_id };

	return ledger_transfer_step(begin(scene), act, &input);
}

static enum fault
run(struct scene *scene)
{
	const struct transfer_input input = { .id = scene->id, .text = "" };

	return ledger_transfer_run(
	    begin(scene), scene->fixture.issuer, &input, "CASE-1");
}

static void
authorise(struct scene *scene, const char *hardware_id, const char *spare)
{
	assert_int_equal(
	    end(scene, request(scene, hardware_id, "Partner Inc")), 0);
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_TEST, NULL)), 0);
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_CHOOSE_SPARE, spare)), 0);
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_AUTHORISE, NULL)), 0);
}

static void
transfer(struct scene *scene, const char *hardware_id, const char *spare)
{
	authorise(scene, hardware_id, spare);
	assert_int_equal(end(scene, run(scene)), 0);
}

/* ---- conditions ---- */

static void
a_contract_counts_on_its_last_day(void **state)
{
	struct scene *scene = *state;

	/* 2026-06-15, the last day, to its last second. */
	scene->now = NOW + DAY / 2 - 1;
	authorise(scene, scene->device, scene->spare);
	scene->now++;
	refused(scene, run(scene), "no active service contract");
	assert_int_equal(number(scene, "SELECT count(*) FROM issued"
				       " WHERE revoked_at > 0"),
	    0);
	set_device(scene, scene->device, NULL, "2026-06-16", false);
	assert_int_equal(end(scene, run(scene)), 0);
}

static void
whose_device_it_is_matters(void **state)
{
	struct scene *scene = *state;
	const struct center_customer_input looked_after = {
		.name = "Example Ltd", .partner = "Stocker Ltd"
	};

	set_device(scene, scene->other, NULL, "2030-01-01", false);
	refused(scene, request(scene, scene->other, "Partner Inc"),
	    "not known whose");
	refused(scene, request(scene, scene->spare, "Partner Inc"),
	    "Only a device in service");
	assert_int_equal(end(scene,
			     ledger_center_customer_set(
				 begin(scene), &looked_after)),
	    0);
	refused(scene, request(scene, scene->device, "Partner Inc"),
	    "Another partner looks after");
	assert_int_equal(
	    end(scene, request(scene, scene->device, "Stocker Ltd")), 0);
	/* The spare of another's stock. */
	assert_int_equal(end(scene, step(scene, TRANSFER_ACT_TEST, NULL)), 0);
	refused(scene, step(scene, TRANSFER_ACT_CHOOSE_SPARE, scene->spare),
	    "stock of the very partner");
	refused(scene, step(scene, TRANSFER_ACT_CHOOSE_SPARE, scene->device),
	    "cannot replace itself");
}

static void
one_device_is_in_one_replacement(void **state)
{
	struct scene *scene = *state;
	int64_t first;

	authorise(scene, scene->device, scene->spare);
	first = scene->id;
	refused(scene, request(scene, scene->device, "Partner Inc"),
	    "names this device");
	set_device(scene, scene->other, "Example Ltd", "2030-01-01", false);
	assert_int_equal(
	    end(scene, request(scene, scene->other, "Partner Inc")), 0);
	assert_int_equal(end(scene, step(scene, TRANSFER_ACT_TEST, NULL)), 0);
	refused(scene, step(scene, TRANSFER_ACT_CHOOSE_SPARE, scene->spare),
	    "names this spare");
	/* Cancelled, the first lets go of both. */
	scene->id = first;
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_CANCEL, NULL)), 0);
	scene->id = first + 1;
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_CHOOSE_SPARE, scene->spare)),
	    0);
}

static void
two_agents_do_not_overwrite_each_other(void **state)
{
	struct scene *scene = *state;
	struct transfer_input input = { .text = "seen", .row_version = 2 };

	assert_int_equal(
	    end(scene, request(scene, scene->device, "Partner Inc")), 0);
	input.id = scene->id;
	input.row_version =
	    number(scene, "SELECT row_version FROM transfer") + 1;
	refused(scene,
	    ledger_transfer_step(begin(scene), TRANSFER_ACT_TEST, &input),
	    "Somebody else changed this meanwhile");
	input.row_version--;
	assert_int_equal(end(scene,
			     ledger_transfer_step(
				 begin(scene), TRANSFER_ACT_TEST, &input)),
	    0);
	refused(scene,
	    ledger_transfer_step(begin(scene), TRANSFER_ACT_TEST, &input),
	    "Somebody else changed this meanwhile");
}

static void
no_key_is_made_for_a_spare(void **state)
{
	struct scene *scene = *state;
	const struct issue_input wish = { .hardware_id = scene->spare,
		.sku = "CONSEC-ADD-5U",
		.start_date = "",
		.end_date = "",
		.org = "" };
	const char *key;

	refused(scene,
	    ledger_issue(&key, begin(scene), scene->fixture.issuer, &wish),
	    "spare in stock");
	assert_null(key);
	assert_string_equal(activate(scene, scene->spare).code,
	    "activation_used");
}

/* ---- the transfer ---- */

static void
all_moves_with_the_same_dates(void **state)
{
	struct scene *scene = *state;
	const char *const same =
	    "SELECT count(*) FROM issued a JOIN issued b ON a.sku = b.sku"
	    " AND a.start_date = b.start_date AND a.end_date = b.end_date"
	    " AND a.entitlement = b.entitlement AND a.id < b.id"
	    " WHERE a.revoked_at > 0 AND b.revoked_at = 0";

	transfer(scene, scene->device, scene->spare);
	assert_int_equal(number(scene, same), 3);
	assert_int_equal(number(scene, "SELECT count(*) FROM issued"), 6);
	assert_int_equal(number(scene,
			     "SELECT count(*) FROM device d JOIN customer c ON"
			     " c.id = d.customer WHERE d.serial = '' AND"
			     " d.state = 0 AND c.name = 'Example Ltd' AND"
			     " d.contract_ends = '2026-06-15' AND"
			     " d.warranty_ends = '2026-06-15'"),
	    1);
	assert_int_equal(number(scene, "SELECT count(*) FROM device WHERE"
				       " state = 2 AND contract_ends = ''"),
	    1);
	/* The code is the spare's; its former device hears why it has nothing. */
	assert_int_equal(activate(scene, scene->spare).key_count, 3);
	assert_string_equal(activate(scene, scene->device).code,
	    "activation_replaced");
	refused(scene, run(scene), "not the next step");
	refused(scene, request(scene, scene->device, "Partner Inc"),
	    "Only a device in service");
}

static void
it_moves_whole_or_not_at_all(void **state)
{
	struct scene *scene = *state;

	authorise(scene, scene->device, scene->spare);
	/* One of its SKUs is in the catalogue no more. */
	fixture_sql(&scene->fixture,
	    "UPDATE issued SET sku = 'GONE-5U' WHERE sku LIKE 'POLSEC%'");
	assert_true(end(scene, run(scene)) > 0);
	assert_int_equal(number(scene, "SELECT count(*) FROM issued"), 3);
	assert_int_equal(number(scene, "SELECT count(*) FROM issued"
				       " WHERE revoked_at > 0"),
	    0);
	assert_int_equal(
	    number(scene, "SELECT count(*) FROM device WHERE state = 2"), 0);
}

static void
what_a_server_holds_follows_the_licenses(void **state)
{
	struct scene *scene = *state;
	const char *const heir =
	    "SELECT count(*) FROM issued i JOIN device d ON d.hardware_id ="
	    " i.hardware_id WHERE i.revoked_at = 0 AND d.state = 0 AND"
	    " i.sku = 'CONSEC-ADD-1000U' AND d.contact_at = 77";
	struct issued_row *rows;
	const char *serial;
	int64_t first;
	size_t count;

	assert_int_equal(
	    store_issued_list(&rows, &count, &scene->fixture.arena,
		scene->fixture.appliance.store, scene->device, 9),
	    FAULT_NONE);
	serial = arena_text(&scene->fixture.arena, rows[count - 1].serial);
	assert_string_equal(rows[count - 1].sku, "CONSEC-ADD-1000U");
	assert_int_equal(
	    end(scene,
		ledger_transfer_hold(begin(scene), serial, "lic01.example")),
	    0);
	transfer(scene, scene->device, scene->spare);
	first = scene->id;
	assert_int_equal(number(scene, "SELECT count(*) FROM issued"), 5);
	/* Before it comes back the spare is replaced as well. */
	assert_int_equal(end(scene,
			     ledger_transfer_stock(
				 begin(scene), scene->other, "Partner Inc")),
	    0);
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_FOUND_FAULT, NULL)), 0);
	refused(scene, request(scene, scene->spare, "Partner Inc"),
	    "names this device");
	set_device(scene, hardware(scene, 4), "", "", true);
	assert_int_equal(
	    end(scene,
		step(scene, TRANSFER_ACT_RECEIVE, hardware(scene, 4))),
	    0);
	transfer(scene, scene->spare, scene->other);
	assert_int_equal(number(scene, "SELECT count(*) FROM issued WHERE"
				       " revoked_at = 0"),
	    2);
	assert_int_equal(
	    end(scene,
		ledger_transfer_returned(begin(scene), scene->fixture.issuer,
		    first, serial)),
	    0);
	fixture_sql(&scene->fixture,
	    "UPDATE device SET contact_at = 77 WHERE id ="
	    " (SELECT spare FROM transfer ORDER BY id DESC LIMIT 1)");
	assert_int_equal(number(scene, heir), 1);
	refused(scene,
	    ledger_transfer_returned(
		begin(scene), scene->fixture.issuer, first, serial),
	    "does not wait");
}

/* ---- afterwards ---- */

/* One more than a page of devices shows, and the spare after all of them. */
static void
a_large_stock_is_shown_whole(void **state)
{
	enum {
		COUNT = 501
	};
	struct scene *scene = *state;
	struct center_customer_row partner;
	struct center_device_row *rows;
	size_t count;

	fixture_sql(&scene->fixture,
	    "INSERT INTO device (hardware_id, customer, state, made_at)"
	    " WITH RECURSIVE n(i) AS"
	    "  (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 501)"
	    " SELECT printf('%016d', i),"
	    "  (SELECT id FROM customer WHERE name = 'Partner Inc'), 1, 1"
	    " FROM n");
	assert_int_equal(
	    number(scene, "SELECT count(*) FROM device"), COUNT + 3);
	assert_int_equal(
	    store_center_customer_load(&partner, &scene->fixture.arena,
		scene->fixture.appliance.store, "Partner Inc"),
	    FAULT_NONE);
	assert_int_equal(
	    store_center_stock_list(&rows, &count, &scene->fixture.arena,
		scene->fixture.appliance.store, partner.id),
	    FAULT_NONE);
	assert_int_equal(count, COUNT + 1);
}

static void
only_what_is_free_joins_a_stock(void **state)
{
	struct scene *scene = *state;

	refused(scene,
	    ledger_transfer_stock(begin(scene), scene->device, "Partner Inc"),
	    "is somebody else's");
	refused(scene,
	    ledger_transfer_stock(begin(scene), scene->spare, "Partner Inc"),
	    "is a spare already");
	refused(scene,
	    ledger_transfer_stock(begin(scene), scene->other, "Example Ltd"),
	    "may not stock spares");
	transfer(scene, scene->device, scene->spare);
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_FOUND_FAULT, NULL)), 0);
	refused(scene, step(scene, TRANSFER_ACT_RECEIVE, scene->device),
	    "must be another device");
	refused(scene, step(scene, TRANSFER_ACT_RECEIVE, scene->spare),
	    "is somebody else's");
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_RECEIVE, scene->other)), 0);
	assert_int_equal(number(scene, "SELECT state FROM transfer"),
	    TRANSFER_CLOSED);
}

static void
a_reset_is_taken_from_the_device_early_or_late(void **state)
{
	struct scene *scene = *state;

	/* Long ago it says nothing of this replacement. */
	assert_int_equal(
	    end(scene, ledger_transfer_reset(begin(scene), scene->device)), 0);
	transfer(scene, scene->device, scene->spare);
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_FOUND_NOTHING, NULL)), 0);
	assert_int_equal(number(scene, "SELECT state FROM transfer"),
	    TRANSFER_RESET_DUE);
	scene->now += DAY;
	assert_int_equal(
	    end(scene, ledger_transfer_reset(begin(scene), scene->device)), 0);
	assert_int_equal(number(scene, "SELECT state FROM transfer"),
	    TRANSFER_CLOSED);
	/* The customer of then is still named. */
	assert_int_equal(number(scene,
			     "SELECT count(*) FROM transfer t JOIN customer c"
			     " ON c.id = t.customer WHERE c.name ="
			     " 'Example Ltd'"),
	    1);
	/* The next time it is reset before anybody says that nothing was found. */
	set_device(scene, scene->spare, NULL, "2030-01-01", false);
	transfer(scene, scene->spare, scene->device);
	scene->now += DAY;
	assert_int_equal(
	    end(scene, ledger_transfer_reset(begin(scene), scene->spare)), 0);
	assert_int_equal(number(scene, "SELECT count(*) FROM transfer WHERE"
				       " state = 3"),
	    1);
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_FOUND_NOTHING, NULL)), 0);
	assert_int_equal(number(scene, "SELECT count(*) FROM transfer WHERE"
				       " state = 6"),
	    2);
	assert_int_equal(
	    number(scene, "SELECT count(*) FROM device WHERE state = 1"), 1);
}

static int64_t
findings(struct scene *scene)
{
	assert_int_equal(
	    end(scene, ledger_transfer_audit_minute(begin(scene))), 0);
	return number(scene,
	    "SELECT count(*) FROM transfer_step WHERE step = 'finding'");
}

static void
what_was_found_stays_found(void **state)
{
	struct scene *scene = *state;

	authorise(scene, scene->device, scene->spare);
	assert_int_equal(findings(scene), 0);
	/* The contract lapses, is renewed, and lapses on the spare. */
	scene->now += DAY;
	assert_int_equal(findings(scene), 1);
	assert_int_equal(findings(scene), 1);
	set_device(scene, scene->device, NULL, "2026-06-16", false);
	assert_int_equal(findings(scene), 1);
	assert_int_equal(end(scene, run(scene)), 0);
	assert_int_equal(findings(scene), 1);
	scene->now += DAY;
	assert_int_equal(findings(scene), 2);
	/* That it was reset it may say. */
	call_with(scene, scene->device, true);
	assert_int_equal(
	    end(scene, ledger_transfer_reset(begin(scene), scene->device)), 0);
	assert_int_equal(findings(scene), 2);
	scene->now++;
	/* The old device is used: once a day is enough to know. */
	call(scene, scene->device);
	call(scene, scene->device);
	assert_int_equal(findings(scene), 3);
	scene->now += DAY;
	call(scene, scene->device);
	assert_int_equal(findings(scene), 4);
	call(scene, scene->spare);
	assert_int_equal(findings(scene), 4);
	/* Its reset is due in five days, to the second. */
	fixture_sql(&scene->fixture, "UPDATE device SET reset_at = 0");
	assert_int_equal(
	    end(scene, step(scene, TRANSFER_ACT_FOUND_NOTHING, NULL)), 0);
	scene->now += 5 * DAY;
	assert_int_equal(findings(scene), 4);
	scene->now++;
	assert_int_equal(findings(scene), 5);
	assert_int_equal(
	    end(scene, ledger_transfer_reset(begin(scene), scene->device)), 0);
	/* In stock it may speak. */
	call(scene, scene->device);
	assert_int_equal(findings(scene), 5);
	assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE"
				       " code = 'LHD10127'"),
	    5);
}

/* A file that the device signed at "at", and somebody carries here now. */
static void
carry(struct scene *scene, const char *hardware_id, int64_t at)
{
	const struct center_caller caller = { .hardware_id = hardware_id,
		.platform = "PSA-3000",
		.nonce = "",
		.said_at = at };

	assert_int_equal(
	    end(scene, ledger_center_activate_contact(begin(scene), &caller)),
	    0);
}

static int64_t
contact_of(struct scene *scene, const char *hardware_id)
{
	return number(scene,
	    arena_format(&scene->fixture.arena,
		"SELECT contact_at FROM device WHERE hardware_id = '%s'",
		hardware_id));
}

static void
a_file_proves_its_own_time(void **state)
{
	struct scene *scene = *state;
	int64_t moved, found;

	set_device(scene, scene->device, NULL, "2027-06-15", false);
	authorise(scene, scene->device, scene->spare);
	scene->now += DAY;
	assert_int_equal(end(scene, run(scene)), 0);
	moved = scene->now;
	scene->now += DAY;
	found = findings(scene);
	/* Made before the replacement, to the second: nobody did wrong. */
	carry(scene, scene->device, moved - 1);
	assert_int_equal(contact_of(scene, scene->device), moved - 1);
	carry(scene, scene->device, moved);
	assert_int_equal(findings(scene), found);
	assert_int_equal(number(scene,
			     "SELECT count(*) FROM event WHERE"
			     " code = 'LHD10122'"),
	    0);
	carry(scene, scene->device, moved + 1);
	assert_int_equal(findings(scene), found + 1);
	/* An older one shown later moves nothing back; a clock that is ahead, nothing beyond now. */
	carry(scene, scene->device, 1);
	assert_int_equal(contact_of(scene, scene->device), moved + 1);
	carry(scene, scene->spare, INT64_MAX);
	assert_int_equal(contact_of(scene, scene->spare), scene->now);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_contract_counts_on_its_last_day),
		TEST(whose_device_it_is_matters),
		TEST(one_device_is_in_one_replacement),
		TEST(two_agents_do_not_overwrite_each_other),
		TEST(no_key_is_made_for_a_spare),
		TEST(all_moves_with_the_same_dates),
		TEST(it_moves_whole_or_not_at_all),
		TEST(what_a_server_holds_follows_the_licenses),
		TEST(a_large_stock_is_shown_whole),
		TEST(only_what_is_free_joins_a_stock),
		TEST(a_reset_is_taken_from_the_device_early_or_late),
		TEST(what_was_found_stays_found),
		TEST(a_file_proves_its_own_time),
	};

	return cmocka_run_group_tests_name(
	    "ledger_transfer", tests, NULL, NULL);
}
