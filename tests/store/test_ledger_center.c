/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_center.c: what is sold, to whom, and which device has its keys:
 * once, again the same, and no other device ever.
 */
#include "tests/store/fixture.h"

#include "engine/store/ledger_center.h"
#include "engine/store/license_claim.h"
#include "engine/store/store_issued.h"
#include <stdlib.h>
#include <string.h>

#define NOW	FIXTURE_NOW

struct scene {
	struct fixture fixture;
	char code[AUTHCODE_SIZE];
	const char *device, *other;	/* hardware IDs */
};

static struct ledger *
begin(struct scene *scene)
{
	return fixture_begin(&scene->fixture, NOW);
}

static size_t
end(struct scene *scene, enum fault fault)
{
	return fixture_end(&scene->fixture, fault);
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

static int
set_up(void **state)
{
	static const struct center_entitlement_input worth[] = {
		{ "consec-add-1000u", "", "" },
		{ "ACCESS-50U-1YR", "2026-07-01", "" },
	};
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	fixture_open(&scene->fixture, ROLE_CENTER, "PSA-5000");
	scene->device = hardware(scene, 1);
	scene->other = hardware(scene, 2);
	add_customer(scene, "Example Ltd", false);
	assert_int_equal(end(scene,
			     ledger_center_authcode_make(scene->code,
				 begin(scene), "example ltd", worth, 2)),
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

static struct center_activation
activate(struct scene *scene, const char *hardware_id, const char *code)
{
	const struct center_caller caller = { .hardware_id = hardware_id,
		.platform = "PSA-3000",
		.nonce = "" };
	struct center_activation out;

	assert_int_equal(
	    end(scene,
		ledger_center_activate(&out, begin(scene),
		    scene->fixture.issuer, &caller, code)),
	    0);
	return out;
}

static int64_t
number(struct scene *scene, const char *text)
{
	return fixture_sql_number(&scene->fixture, text);
}

/* ---- activation ---- */

static void
the_same_device_has_the_same_keys(void **state)
{
	struct scene *scene = *state;
	struct center_activation first = activate(
	    scene, scene->device, scene->code);
	struct center_activation again = activate(
	    scene, scene->device, scene->code);

	assert_null(first.text);
	assert_false(first.was_before);
	assert_int_equal(first.key_count, 2);
	assert_string_equal(first.keys[0].sku, "CONSEC-ADD-1000U");
	assert_string_equal(first.keys[1].sku, "ACCESS-50U-1YR");
	assert_true(again.was_before);
	assert_int_equal(again.key_count, 2);
	for (size_t i = 0; i < 2; i++)
		assert_string_equal(
		    first.keys[i].statement, again.keys[i].statement);
	assert_int_equal(number(scene, "SELECT count(*) FROM issued"), 2);
	assert_int_equal(
	    number(scene, "SELECT count(*) FROM issued"
			  " WHERE start_date = '2026-07-01'"
			  " AND end_date = '2027-06-30'"),
	    1);
	/* The device is the customer's from now on. */
	assert_int_equal(number(scene,
			     "SELECT count(*) FROM device d JOIN customer c"
			     " ON c.id = d.customer WHERE c.name ="
			     " 'Example Ltd' AND d.device_key NOT NULL"
			     " AND d.platform = 'PSA-3000'"),
	    1);
}

static void
who_speaks_for_a_device_shows_no_key_of_it(void **state)
{
	struct scene *scene = *state;
	const struct center_caller caller = { .hardware_id = scene->device,
		.platform = "",
		.nonce = "",
		.is_by_hand = true };
	struct center_activation out;

	assert_int_equal(
	    end(scene,
		ledger_center_activate(&out, begin(scene),
		    scene->fixture.issuer, &caller, scene->code)),
	    0);
	assert_null(out.text);
	assert_int_equal(out.key_count, 2);
	assert_int_equal(number(scene, "SELECT count(*) FROM device WHERE"
				       " device_key IS NULL AND contact_at = 0"
				       " AND customer NOT NULL"),
	    1);
	/* It shows its own when it calls. */
	assert_true(activate(scene, scene->device, scene->code).was_before);
}

static void
no_other_device_has_them(void **state)
{
	struct scene *scene = *state;
	struct center_activation out;

	activate(scene, scene->device, scene->code);
	out = activate(scene, scene->other, scene->code);
	assert_string_equal(out.code, "activation_used");
	assert_int_equal(out.key_count, 0);
	assert_int_equal(number(scene, "SELECT count(*) FROM issued"), 2);
	assert_int_equal(number(scene,
			     "SELECT count(*) FROM event"
			     " WHERE code = 'LHD10105'"),
	    1);
	/* Nor is a stranger's name kept for it. */
	assert_int_equal(number(scene, "SELECT count(*) FROM device"), 1);
}

static void
what_is_no_code_tells_nothing(void **state)
{
	struct scene *scene = *state;
	char wrong[AUTHCODE_SIZE];

	assert_string_equal(
	    activate(scene, scene->device, "' OR 1=1 --").code,
	    "authcode_shape");
	memcpy(wrong, scene->code, sizeof(wrong));
	wrong[0] = wrong[0] == '0' ? '1' : '0';
	assert_string_equal(
	    activate(scene, scene->device, wrong).code, "authcode_check");
	assert_int_equal(authcode_make(wrong), FAULT_NONE);
	assert_string_equal(
	    activate(scene, scene->device, wrong).code, "authcode_unknown");
	assert_int_equal(number(scene, "SELECT count(*) FROM issued"), 0);
	assert_int_equal(number(scene, "SELECT used_at FROM authcode"), 0);
}

static void
a_revoked_code_is_worth_nothing(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(
	    end(scene, ledger_center_authcode_revoke(begin(scene), 1)), 0);
	assert_int_equal(
	    end(scene, ledger_center_authcode_revoke(begin(scene), 1)), 0);
	assert_string_equal(activate(scene, scene->device, scene->code).code,
	    "activation_revoked");
	assert_int_equal(
	    end(scene, ledger_center_authcode_revoke(begin(scene), 9)), 1);
}

static void
a_used_code_is_not_revoked(void **state)
{
	struct scene *scene = *state;

	activate(scene, scene->device, scene->code);
	assert_int_equal(
	    end(scene, ledger_center_authcode_revoke(begin(scene), 1)), 1);
	assert_non_null(strstr(
	    scene->fixture.ledger.mistakes.items[0].text, scene->device));
}

static void
a_spare_waits_for_its_transfer(void **state)
{
	struct scene *scene = *state;
	const struct center_device_input input = {
		.hardware_id = scene->device, .serial = "S-1"
	};
	const struct issue_input by_hand = { .hardware_id = scene->device,
		.sku = "CONSEC-ADD-5U",
		.start_date = "",
		.end_date = "",
		.org = "" };
	const char *key;

	assert_int_equal(
	    end(scene, ledger_center_device_add(begin(scene), &input)), 0);
	fixture_sql(&scene->fixture, "UPDATE device SET state = 1");
	assert_string_equal(activate(scene, scene->device, scene->code).code,
	    "activation_spare");
	/* By hand neither. */
	assert_int_equal(end(scene,
			     ledger_issue(&key, begin(scene),
				 scene->fixture.issuer, &by_hand)),
	    1);
	assert_string_equal(
	    scene->fixture.ledger.mistakes.items[0].field, "hwid");
	assert_int_equal(number(scene, "SELECT used_at FROM authcode"), 0);
	fixture_sql(&scene->fixture, "UPDATE device SET state = 2");
	assert_string_equal(activate(scene, scene->device, scene->code).code,
	    "activation_replaced");
}

static void
another_customers_device_has_none(void **state)
{
	struct scene *scene = *state;
	const struct center_device_input input = {
		.hardware_id = scene->device, .customer = "Other Inc"
	};

	add_customer(scene, "Other Inc", false);
	assert_int_equal(
	    end(scene, ledger_center_device_add(begin(scene), &input)), 0);
	assert_string_equal(activate(scene, scene->device, scene->code).code,
	    "activation_customer");
}

/* What an appliance may ask for again and again: all that is good. */
static void
revoked_keys_are_not_handed_out(void **state)
{
	struct scene *scene = *state;
	struct center_key *keys;
	size_t count;

	activate(scene, scene->device, scene->code);
	fixture_sql(&scene->fixture,
	    "UPDATE issued SET revoked_at = 5 WHERE sku LIKE 'ACCESS%'");
	assert_int_equal(end(scene,
			     ledger_center_activate_keys(&keys, &count, begin(scene),
				 scene->device)),
	    0);
	assert_int_equal(count, 1);
	assert_string_equal(keys[0].sku, "CONSEC-ADD-1000U");
	assert_int_equal(
	    activate(scene, scene->device, scene->code).key_count, 1);
}

static void
a_call_is_answered_once(void **state)
{
	struct scene *scene = *state;
	struct center_caller caller = { .hardware_id = scene->device,
		.platform = "",
		.nonce = "n1" };
	bool is_new;

	activate(scene, scene->device, scene->code);
	for (int i = 0; i < 4; i++) {
		caller.nonce = i < 2 ? "n1" : "n2";
		assert_int_equal(
		    end(scene,
			ledger_center_activate_call(&is_new, begin(scene), &caller)),
		    0);
		assert_int_equal(is_new, i % 2 == 0);
	}
	/* A nonce is a device's own. */
	caller.hardware_id = scene->other;
	assert_int_equal(
	    end(scene, ledger_center_activate_call(&is_new, begin(scene), &caller)), 0);
	assert_true(is_new);
}

/* ---- what people enter ---- */

static void
assert_refused(struct scene *scene, enum fault fault, const char *field,
    enum mistake_kind kind)
{
	assert_int_equal(end(scene, fault), 1);
	assert_string_equal(
	    scene->fixture.ledger.mistakes.items[0].field, field);
	assert_int_equal(scene->fixture.ledger.mistakes.items[0].kind, kind);
}

static void
every_slip_is_said(void **state)
{
	static const struct center_entitlement_input wrong[] = {
		{ "CONSEC-ADD-1000U", "", "2027-01-01" }
	};
	struct scene *scene = *state;
	struct center_customer_input customer = { .name = "EXAMPLE LTD" };
	struct center_device_input device = { .hardware_id = "TYPO" };
	char code[AUTHCODE_SIZE];

	assert_refused(scene,
	    ledger_center_customer_add(NULL, begin(scene), &customer), "name",
	    MISTAKE_CUSTOMER_THERE);
	customer.name = "";
	assert_refused(scene,
	    ledger_center_customer_add(NULL, begin(scene), &customer), "name",
	    MISTAKE_CUSTOMER_NAME);
	customer = (struct center_customer_input){ .name = "New",
		.stocks_spares = true };
	assert_refused(scene,
	    ledger_center_customer_add(NULL, begin(scene), &customer),
	    "spares", MISTAKE_CUSTOMER_SPARES);
	customer.stocks_spares = false;
	assert_refused(scene,
	    ledger_center_customer_set(begin(scene), &customer), "name",
	    MISTAKE_CUSTOMER_UNKNOWN);
	assert_refused(scene, ledger_center_device_add(begin(scene), &device),
	    "hwid", MISTAKE_ISSUE_HARDWARE);
	device.hardware_id = scene->other;
	assert_refused(scene, ledger_center_device_set(begin(scene), &device),
	    "hwid", MISTAKE_DEVICE_UNKNOWN);
	device.contract_ends = "2026-02-30";
	assert_refused(scene, ledger_center_device_add(begin(scene), &device),
	    "contract", MISTAKE_ISSUE_DATE);
	device.contract_ends = "2026-02-28";
	device.customer = "Nobody";
	assert_refused(scene, ledger_center_device_add(begin(scene), &device),
	    "customer", MISTAKE_CUSTOMER_UNKNOWN);
	assert_refused(scene,
	    ledger_center_authcode_make(code, begin(scene), "Example Ltd",
		wrong, 1),
	    "end", MISTAKE_ISSUE_END_PERMANENT);
	assert_refused(scene,
	    ledger_center_authcode_make(code, begin(scene), "Example Ltd",
		NULL, 0),
	    "sku", MISTAKE_AUTHCODE_EMPTY);
}

static void
only_a_center_does_any_of_it(void **state)
{
	const struct center_customer_input input = { .name = "New" };
	struct scene *scene = *state;

	scene->fixture.appliance.role = ROLE_SERVER;
	assert_refused(scene,
	    ledger_center_customer_add(NULL, begin(scene), &input), "",
	    MISTAKE_WRONG_ROLE);
}

static void
a_device_changes_and_keeps(void **state)
{
	struct scene *scene = *state;
	struct center_device_input input = { .hardware_id = scene->device,
		.serial = "S-1",
		.customer = "Example Ltd",
		.contract_ends = "2027-01-31" };

	assert_int_equal(
	    end(scene, ledger_center_device_add(begin(scene), &input)), 0);
	input = (struct center_device_input){ .hardware_id = scene->device,
		.contract_ends = "2028-01-31",
		.row_version = 2 };
	assert_refused(scene, ledger_center_device_set(begin(scene), &input),
	    "", MISTAKE_EDIT_CONFLICT);
	input.row_version = 1;
	assert_int_equal(
	    end(scene, ledger_center_device_set(begin(scene), &input)), 0);
	assert_int_equal(number(scene,
			     "SELECT count(*) FROM device WHERE serial = 'S-1'"
			     " AND contract_ends = '2028-01-31'"
			     " AND customer = 1 AND row_version = 2"),
	    1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(the_same_device_has_the_same_keys),
		TEST(who_speaks_for_a_device_shows_no_key_of_it),
		TEST(no_other_device_has_them),
		TEST(what_is_no_code_tells_nothing),
		TEST(a_revoked_code_is_worth_nothing),
		TEST(a_used_code_is_not_revoked),
		TEST(a_spare_waits_for_its_transfer),
		TEST(another_customers_device_has_none),
		TEST(revoked_keys_are_not_handed_out),
		TEST(a_call_is_answered_once),
		TEST(every_slip_is_said),
		TEST(only_a_center_does_any_of_it),
		TEST(a_device_changes_and_keeps),
#undef TEST
	};

	return cmocka_run_group_tests_name("center", tests, NULL, NULL);
}
