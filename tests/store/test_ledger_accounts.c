/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_accounts.c: the people of a center: who may have which role, and
 * whose rows each of them sees.
 */
#include "tests/store/fixture.h"

#include "engine/store/ledger_center.h"
#include <stdlib.h>
#include <string.h>

struct scene {
	struct fixture fixture;
};

static struct ledger *
begin(struct scene *scene)
{
	return fixture_begin(&scene->fixture, FIXTURE_NOW);
}

static void
done(struct scene *scene, enum fault fault)
{
	assert_int_equal(fixture_end(&scene->fixture, fault), 0);
}

static void
assert_refused(struct scene *scene, enum fault fault, const char *field,
    enum mistake_kind kind)
{
	const struct mistake *first = scene->fixture.ledger.mistakes.items;

	assert_int_equal(fixture_end(&scene->fixture, fault), 1);
	assert_string_equal(first->field, field);
	assert_int_equal(first->kind, kind);
}

static enum fault
customer(struct scene *scene, const char *name, bool is_partner,
    const char *looked_after_by)
{
	const struct center_customer_input input = { .name = name,
		.is_partner = is_partner,
		.partner = looked_after_by };

	return ledger_center_customer_add(NULL, begin(scene), &input);
}

static enum fault
change(struct scene *scene, const char *name, bool is_partner,
    const char *looked_after_by)
{
	const struct center_customer_input input = { .name = name,
		.is_partner = is_partner,
		.partner = looked_after_by };

	return ledger_center_customer_set(begin(scene), &input);
}

static enum fault
person(struct scene *scene, const char *name, enum admin_role role,
    const char *of)
{
	return ledger_admin_add_for(begin(scene), name, "x", role, of);
}

static int
set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	fixture_open(&scene->fixture, ROLE_CENTER, "PSA-5000");
	done(scene, customer(scene, "Partner Inc", true, NULL));
	done(scene, customer(scene, "Its Customer", false, "partner inc"));
	done(scene, customer(scene, "Stranger", false, ""));
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

static void
who_may_be_what(void **state)
{
	struct scene *scene = *state;

	assert_refused(scene, person(scene, "op", ADMIN_OPERATOR, ""), "role",
	    MISTAKE_ADMIN_ROLE);
	assert_refused(scene, person(scene, "p", ADMIN_PARTNER, ""),
	    "customer", MISTAKE_ADMIN_OF_WHOM);
	assert_refused(scene, person(scene, "c", ADMIN_CUSTOMER, ""),
	    "customer", MISTAKE_ADMIN_OF_WHOM);
	assert_refused(scene, person(scene, "p", ADMIN_PARTNER, "Stranger"),
	    "customer", MISTAKE_CUSTOMER_NO_PARTNER);
	assert_refused(scene, person(scene, "c", ADMIN_CUSTOMER, "Nobody"),
	    "customer", MISTAKE_CUSTOMER_UNKNOWN);
	assert_refused(scene,
	    person(scene, "a", ADMIN_SUPPORT_AGENT, "Stranger"), "customer",
	    MISTAKE_ADMIN_OF_HOUSE);
	done(scene, person(scene, "a", ADMIN_SUPPORT_AGENT, ""));
	done(scene, person(scene, "p", ADMIN_PARTNER, "PARTNER INC"));
	done(scene, person(scene, "c", ADMIN_CUSTOMER, "Its Customer"));
	done(scene, person(scene, "r", ADMIN_READ_ONLY, ""));
	scene->fixture.appliance.role = ROLE_SERVER;
	assert_refused(scene, person(scene, "b", ADMIN_SUPPORT_AGENT, ""),
	    "role", MISTAKE_ADMIN_ROLE);
	done(scene, person(scene, "op", ADMIN_OPERATOR, ""));
}

static void
a_role_is_read_as_it_was_written(void **state)
{
	static const struct {
		const char *name;
		enum admin_role role;
		const char *of;
	} people[] = {
		{ "a", ADMIN_SUPPORT_AGENT, "" },
		{ "p", ADMIN_PARTNER, "Partner Inc" },
		{ "c", ADMIN_CUSTOMER, "Its Customer" },
		{ "root", ADMIN_ADMINISTRATOR, "" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
		struct admin_row row;

		done(scene,
		    person(scene, people[i].name, people[i].role,
			people[i].of));
		assert_int_equal(store_admin_load(&row, &scene->fixture.arena,
				     scene->fixture.appliance.store,
				     people[i].name),
		    FAULT_NONE);
		assert_int_equal(row.role, people[i].role);
		assert_string_equal(row.customer_name, people[i].of);
	}
}

static void
the_last_administrator_stays(void **state)
{
	struct scene *scene = *state;

	done(scene, person(scene, "root", ADMIN_ADMINISTRATOR, ""));
	done(scene, person(scene, "a", ADMIN_SUPPORT_AGENT, ""));
	assert_refused(scene, ledger_admin_remove(begin(scene), "root"),
	    "name", MISTAKE_ADMIN_LAST);
	assert_refused(scene, ledger_admin_remove(begin(scene), "nobody"),
	    "name", MISTAKE_ADMIN_UNKNOWN);
	done(scene, ledger_admin_remove(begin(scene), "a"));
	done(scene, person(scene, "second", ADMIN_ADMINISTRATOR, ""));
	done(scene, ledger_admin_remove(begin(scene), "root"));
	assert_int_equal(
	    fixture_sql_number(&scene->fixture, "SELECT count(*) FROM admin"),
	    1);
}

static void
whoever_looks_after_others_stays_a_partner(void **state)
{
	struct scene *scene = *state;

	assert_refused(scene, change(scene, "Partner Inc", false, NULL),
	    "partner", MISTAKE_CUSTOMER_LOOKED_AFTER);
	assert_refused(scene, change(scene, "Stranger", false, "Its Customer"),
	    "of", MISTAKE_CUSTOMER_NO_PARTNER);
	assert_refused(scene,
	    change(scene, "Partner Inc", true, "Partner Inc"), "of",
	    MISTAKE_CUSTOMER_OWN_PARTNER);
	done(scene, change(scene, "Its Customer", false, ""));
	done(scene, person(scene, "p", ADMIN_PARTNER, "Partner Inc"));
	assert_refused(scene, change(scene, "Partner Inc", false, NULL),
	    "partner", MISTAKE_CUSTOMER_LOOKED_AFTER);
	done(scene, ledger_admin_add(begin(scene), "root", "x",
			ADMIN_ADMINISTRATOR));
	done(scene, ledger_admin_remove(begin(scene), "p"));
	done(scene, change(scene, "Partner Inc", false, NULL));
}

/* One device each, a scope, and how many of them it shows. */
static void
each_sees_its_own(void **state)
{
	static const char *const owners[] = { "Partner Inc", "Its Customer",
		"Stranger", "" };
	static const struct {
		int64_t scope, devices, customers;
	} rows[] = { { 0, 4, 3 }, { 1, 2, 2 }, { 2, 1, 1 }, { 3, 1, 1 } };
	struct scene *scene = *state;
	struct store *store = scene->fixture.appliance.store;
	struct arena *arena = &scene->fixture.arena;

	for (uint8_t i = 0; i < 4; i++) {
		uint8_t key[KEYPAIR_PUBLIC_BYTES] = { (uint8_t)(i + 1) };
		char id[HARDWARE_ID_SIZE];
		const struct center_device_input input = { .hardware_id = id,
			.customer = owners[i] };

		assert_int_equal(hardware_id_of(id, key), FAULT_NONE);
		done(scene, ledger_center_device_add(begin(scene), &input));
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct center_filter filter = { .find = "",
			.scope = rows[i].scope,
			.limit = 10 };
		struct center_customer_row *customers;
		struct center_device_row *devices;
		int64_t matching;
		size_t count;
		bool is_within;

		assert_int_equal(store_center_device_list(&devices, &count,
				     &matching, arena, store, &filter),
		    FAULT_NONE);
		assert_int_equal(count, rows[i].devices);
		assert_int_equal(matching, rows[i].devices);
		assert_int_equal(store_center_customer_list(&customers, &count,
				     &matching, arena, store, &filter),
		    FAULT_NONE);
		assert_int_equal(count, rows[i].customers);
		assert_int_equal(store_center_is_within(&is_within, store,
				     rows[i].scope, 0),
		    FAULT_NONE);
		assert_int_equal(is_within, rows[i].scope == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(who_may_be_what),
		TEST(a_role_is_read_as_it_was_written),
		TEST(the_last_administrator_stays),
		TEST(whoever_looks_after_others_stays_a_partner),
		TEST(each_sees_its_own),
#undef TEST
	};

	return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
