/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_people.c: administrators, sign-ins and the license agreement.
 */
#include "tests/store/fixture.h"

#include "engine/base/file.h"
#include "engine/store/agreement_file.h"
#include "engine/store/store_admin.h"
#include "engine/store/store_agreement.h"
#include "engine/store/store_setting.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define IDLE    INT64_C(1800)
#define LONGEST INT64_C(43200)

static const uint8_t cookie[DIGEST_BYTES] = { 1, 2, 3 };
static const uint8_t other_cookie[DIGEST_BYTES] = { 9 };

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture_open(fixture, ROLE_SERVER, "PSA-5000");
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

static size_t
add(struct fixture *fixture, const char *name)
{
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);

	return fixture_end(fixture,
	    ledger_admin_add(ledger, name, "$scrypt$one", ADMIN_OPERATOR));
}

static struct admin_row
admin(struct fixture *fixture, const char *name)
{
	struct admin_row row;

	assert_int_equal(store_admin_load(&row, &fixture->arena,
			     fixture->appliance.store, name),
	    FAULT_NONE);
	return row;
}

static void
sign_in(struct fixture *fixture, const char *name,
    const uint8_t digest[DIGEST_BYTES], int64_t now)
{
	int64_t id = admin(fixture, name).id;
	struct ledger *ledger = fixture_begin(fixture, now);

	assert_int_equal(fixture_end(fixture,
			     ledger_sign_in(ledger, id, digest, "csrf-token")),
	    0);
}

static enum fault
load_sign_in(struct fixture *fixture, int64_t now)
{
	struct sign_in_row row;

	return store_sign_in_load(
	    &row, &fixture->arena, fixture->appliance.store, cookie, now);
}

static int64_t
events(struct fixture *fixture, const char *code)
{
	return fixture_sql_number(fixture,
	    arena_format(&fixture->arena,
		"SELECT count(*) FROM event WHERE code = '%s'", code));
}

/* ---- administrators ---- */

static void
an_administrator_is_added_once(void **state)
{
	struct fixture *fixture = *state;
	struct admin_row row;

	assert_int_equal(add(fixture, "ada.l-2_x"), 0);
	row = admin(fixture, "ada.l-2_x");
	assert_string_equal(row.password_hash, "$scrypt$one");
	assert_int_equal(row.role, ADMIN_OPERATOR);
	assert_int_equal(row.made_at, FIXTURE_NOW);
	assert_int_equal(row.last_sign_in_at, 0);
	assert_int_equal(add(fixture, "ada.l-2_x"), 1);
	assert_int_equal(
	    fixture->ledger.mistakes.items[0].kind, MISTAKE_ADMIN_IN_USE);
	assert_int_equal(events(fixture, "LHD10005"), 1);
}

static void
odd_names_are_refused(void **state)
{
	char longest[66];
	struct fixture *fixture = *state;

	assert_int_equal(add(fixture, ""), 1);
	assert_int_equal(add(fixture, "a b"), 1);
	assert_int_equal(add(fixture, "é"), 1);
	assert_int_equal(add(fixture, "a/b"), 1);
	memset(longest, 'a', sizeof(longest));
	longest[65] = '\0';
	assert_int_equal(add(fixture, longest), 1);
	assert_int_equal(
	    fixture->ledger.mistakes.items[0].kind, MISTAKE_ADMIN_NAME);
	longest[64] = '\0';
	assert_int_equal(add(fixture, longest), 0);
}

static void
lists_are_by_name(void **state)
{
	struct fixture *fixture = *state;
	struct admin_row *rows;
	size_t count;

	add(fixture, "zoe");
	add(fixture, "bob");
	assert_int_equal(store_admin_list(&rows, &count, &fixture->arena,
			     fixture->appliance.store),
	    FAULT_NONE);
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].name, "bob");
	assert_string_equal(rows[1].name, "zoe");
}

static void
a_new_password_ends_all_sign_ins(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(
	    fixture_end(
		fixture, ledger_admin_password(ledger, "bob", "$scrypt$two")),
	    0);
	assert_string_equal(admin(fixture, "bob").password_hash, "$scrypt$two");
	assert_int_equal(load_sign_in(fixture, FIXTURE_NOW), FAULT_NOT_FOUND);
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(
	    fixture_end(
		fixture, ledger_admin_password(ledger, "eve", "$scrypt$two")),
	    1);
	assert_int_equal(ledger->mistakes.items[0].kind, MISTAKE_ADMIN_UNKNOWN);
}

/* Whoever entered the former password loses against a reset in between, and against the end of the account. */
static void
ones_own_password_goes_by_the_verified_one(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger;
	int64_t id;

	add(fixture, "bob");
	id = admin(fixture, "bob").id;
	assert_int_equal(
	    store_admin_hash_save(fixture->appliance.store, id, "$scrypt$one"),
	    FAULT_NONE);
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(fixture_end(fixture,
			     ledger_admin_password_own(
				 ledger, id, "$scrypt$before", "$scrypt$mine")),
	    1);
	assert_int_equal(
	    ledger->mistakes.items[0].kind, MISTAKE_PASSWORD_PRESENT);
	assert_string_equal(admin(fixture, "bob").password_hash, "$scrypt$one");
	assert_int_equal(load_sign_in(fixture, FIXTURE_NOW), FAULT_NONE);
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(fixture_end(fixture,
			     ledger_admin_password_own(
				 ledger, id, "$scrypt$one", "$scrypt$mine")),
	    0);
	assert_string_equal(
	    admin(fixture, "bob").password_hash, "$scrypt$mine");
	assert_int_equal(load_sign_in(fixture, FIXTURE_NOW), FAULT_NOT_FOUND);
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(fixture_end(fixture,
			     ledger_admin_password_own(ledger, id + 1000,
				 "$scrypt$mine", "$scrypt$two")),
	    1);
}

static void
a_hash_made_anew_ends_nothing(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	assert_int_equal(store_admin_hash_save(fixture->appliance.store,
			     admin(fixture, "bob").id, "$scrypt$better"),
	    FAULT_NONE);
	assert_string_equal(
	    admin(fixture, "bob").password_hash, "$scrypt$better");
	assert_int_equal(load_sign_in(fixture, FIXTURE_NOW), FAULT_NONE);
}

static void
failures_are_counted_and_cleared(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger;
	int i;

	add(fixture, "bob");
	for (i = 1; i <= 3; i++) {
		ledger = fixture_begin(fixture, FIXTURE_NOW + i);
		assert_int_equal(
		    fixture_end(fixture, ledger_sign_in_failed(ledger, "bob")),
		    0);
		assert_int_equal(admin(fixture, "bob").failures, i);
		assert_int_equal(
		    admin(fixture, "bob").failed_at, FIXTURE_NOW + i);
	}
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(
	    fixture_end(fixture, ledger_admin_unlock(ledger, "bob")), 0);
	assert_int_equal(admin(fixture, "bob").failures, 0);
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(
	    fixture_end(fixture, ledger_sign_in_failed(ledger, "bob")), 0);
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	assert_int_equal(admin(fixture, "bob").failures, 0);
	assert_int_equal(admin(fixture, "bob").last_sign_in_at, FIXTURE_NOW);
	assert_string_equal(
	    admin(fixture, "bob").last_sign_in_from, "192.0.2.7");
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(
	    fixture_end(fixture, ledger_admin_unlock(ledger, "eve")), 1);
}

static void
a_failure_of_nobody_is_an_event_of_bounded_length(void **state)
{
	struct fixture *fixture = *state;
	char *name = arena_array(&fixture->arena, 100001, 1);
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);

	memset(name, 'n', 100000);
	assert_int_equal(
	    fixture_end(fixture, ledger_sign_in_failed(ledger, name)), 0);
	assert_int_equal(
	    fixture_sql_number(fixture,
		"SELECT length(object) FROM event WHERE code = 'LHD10002'"),
	    64);
}

static void
failures_never_wrap(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger;

	add(fixture, "bob");
	fixture_sql(fixture, "UPDATE admin SET failures = 9223372036854775807");
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(
	    fixture_end(fixture, ledger_sign_in_failed(ledger, "bob")), 0);
	assert_true(admin(fixture, "bob").failures == INT64_MAX);
}

/* ---- sign-ins ---- */

static void
a_sign_in_says_who_it_is(void **state)
{
	struct fixture *fixture = *state;
	struct sign_in_row row;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	assert_int_equal(store_sign_in_load(&row, &fixture->arena,
			     fixture->appliance.store, cookie, FIXTURE_NOW),
	    FAULT_NONE);
	assert_string_equal(row.admin.name, "bob");
	assert_int_equal(row.admin.role, ADMIN_OPERATOR);
	assert_string_equal(row.csrf, "csrf-token");
	assert_string_equal(row.address, "192.0.2.7");
	assert_string_equal(row.notice, "");
	assert_int_equal(row.made_at, FIXTURE_NOW);
	assert_int_equal(row.seen_at, FIXTURE_NOW);
	assert_int_equal(
	    store_sign_in_load(&row, &fixture->arena, fixture->appliance.store,
		other_cookie, FIXTURE_NOW),
	    FAULT_NOT_FOUND);
	assert_int_equal(events(fixture, "LHD10001"), 1);
}

static void
a_sign_in_ends_when_idle(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	assert_int_equal(
	    load_sign_in(fixture, FIXTURE_NOW + IDLE - 1), FAULT_NONE);
	assert_int_equal(
	    load_sign_in(fixture, FIXTURE_NOW + IDLE), FAULT_NOT_FOUND);
	assert_int_equal(
	    load_sign_in(fixture, FIXTURE_NOW + IDLE + 1), FAULT_NOT_FOUND);
	assert_int_equal(load_sign_in(fixture, INT64_MAX), FAULT_NOT_FOUND);
	/* A clock set back ends nobody's work. */
	assert_int_equal(
	    load_sign_in(fixture, FIXTURE_NOW - 99999), FAULT_NONE);
	assert_int_equal(load_sign_in(fixture, INT64_MIN), FAULT_NONE);
}

static void
every_sign_in_ends_however_busy(void **state)
{
	struct fixture *fixture = *state;
	int64_t now;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	for (now = FIXTURE_NOW; now < FIXTURE_NOW + LONGEST; now += 600)
		assert_int_equal(
		    store_sign_in_touch(fixture->appliance.store, cookie, now),
		    FAULT_NONE);
	assert_int_equal(
	    load_sign_in(fixture, FIXTURE_NOW + LONGEST - 1), FAULT_NONE);
	assert_int_equal(
	    load_sign_in(fixture, FIXTURE_NOW + LONGEST), FAULT_NOT_FOUND);
}

static void
touching_writes_at_most_once_a_minute(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = fixture->appliance.store;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	assert_int_equal(
	    store_sign_in_touch(store, cookie, FIXTURE_NOW + 59), FAULT_NONE);
	assert_int_equal(
	    fixture_sql_number(fixture, "SELECT seen_at FROM sign_in"),
	    FIXTURE_NOW);
	assert_int_equal(
	    store_sign_in_touch(store, cookie, FIXTURE_NOW + 60), FAULT_NONE);
	assert_int_equal(
	    fixture_sql_number(fixture, "SELECT seen_at FROM sign_in"),
	    FIXTURE_NOW + 60);
	assert_int_equal(
	    store_sign_in_touch(store, other_cookie, FIXTURE_NOW), FAULT_NONE);
}

static void
other_settings_count_at_once(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	assert_int_equal(store_setting_save(fixture->appliance.store,
			     SETTING_SIGN_IN_IDLE, 300),
	    FAULT_NONE);
	assert_int_equal(load_sign_in(fixture, FIXTURE_NOW + 299), FAULT_NONE);
	assert_int_equal(
	    load_sign_in(fixture, FIXTURE_NOW + 300), FAULT_NOT_FOUND);
}

static void
a_notice_is_kept_and_cleared(void **state)
{
	struct fixture *fixture = *state;
	struct store *store = fixture->appliance.store;
	struct sign_in_row row;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	assert_int_equal(
	    store_sign_in_notice(store, cookie, "Saved."), FAULT_NONE);
	assert_int_equal(store_sign_in_load(
			     &row, &fixture->arena, store, cookie, FIXTURE_NOW),
	    FAULT_NONE);
	assert_string_equal(row.notice, "Saved.");
	assert_int_equal(store_sign_in_notice(store, cookie, ""), FAULT_NONE);
	assert_int_equal(store_sign_in_load(
			     &row, &fixture->arena, store, cookie, FIXTURE_NOW),
	    FAULT_NONE);
	assert_string_equal(row.notice, "");
}

static void
signing_out_ends_it_and_twice_is_fine(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger;
	int i;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	for (i = 0; i < 2; i++) {
		ledger = fixture_begin(fixture, FIXTURE_NOW + 1);
		assert_int_equal(
		    fixture_end(fixture, ledger_sign_out(ledger, cookie)), 0);
	}
	assert_int_equal(
	    load_sign_in(fixture, FIXTURE_NOW + 1), FAULT_NOT_FOUND);
	assert_int_equal(events(fixture, "LHD10003"), 1);
}

static void
signing_in_sweeps_what_is_over(void **state)
{
	struct fixture *fixture = *state;

	add(fixture, "bob");
	sign_in(fixture, "bob", cookie, FIXTURE_NOW);
	sign_in(fixture, "bob", other_cookie, FIXTURE_NOW + IDLE);
	assert_int_equal(
	    fixture_sql_number(fixture, "SELECT count(*) FROM sign_in"), 1);
}

static void
nobody_signs_in_as_nobody(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);

	assert_int_equal(
	    ledger_sign_in(ledger, 77, cookie, "csrf"), FAULT_NOT_FOUND);
	assert_int_equal(ledger_end(ledger, FAULT_NOT_FOUND), FAULT_NOT_FOUND);
}

/* ---- agreement ---- */

static bool
is_needed(struct fixture *fixture)
{
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);
	bool needed;

	assert_int_equal(
	    fixture_end(fixture, ledger_agreement_needed(&needed, ledger)), 0);
	return needed;
}

static size_t
accept(struct fixture *fixture, const char *digest)
{
	struct ledger *ledger = fixture_begin(fixture, FIXTURE_NOW);

	return fixture_end(fixture, ledger_agreement_accept(ledger, digest));
}

static void
an_agreement_is_accepted_once(void **state)
{
	struct fixture *fixture = *state;
	struct agreement_text text;
	struct agreement_row row;

	assert_true(is_needed(fixture));
	assert_int_equal(store_agreement_load(&row, &fixture->arena,
			     fixture->appliance.store, NULL),
	    FAULT_NOT_FOUND);
	assert_int_equal(agreement_file_load(&text, &fixture->arena,
			     fixture->appliance.vendor_directory),
	    FAULT_NONE);
	assert_int_equal(accept(fixture, text.digest), 0);
	assert_int_equal(accept(fixture, text.digest), 0);
	assert_false(is_needed(fixture));
	assert_int_equal(store_agreement_load(&row, &fixture->arena,
			     fixture->appliance.store, text.digest),
	    FAULT_NONE);
	assert_string_equal(row.version, "1");
	assert_string_equal(row.actor, "ada");
	assert_string_equal(row.address, "192.0.2.7");
	assert_int_equal(row.at, FIXTURE_NOW);
	assert_int_equal(events(fixture, "LHD10004"), 1);
}

static void
another_text_than_the_one_shown_is_not_accepted(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(accept(fixture, "0123"), 1);
	assert_int_equal(
	    fixture->ledger.mistakes.items[0].kind, MISTAKE_AGREEMENT_CHANGED);
	assert_true(is_needed(fixture));
}

static void
a_new_text_is_needed_again_and_the_old_one_remembered(void **state)
{
	static const char text[] = "version: 2\n\nA new text.\n";
	struct fixture *fixture = *state;
	struct agreement_row row;

	fixture_accept(fixture);
	assert_int_equal(mkdir(fixture_path(fixture, "conf"), 0700), 0);
	assert_int_equal(
	    file_replace(fixture_path(fixture, "conf/agreement.txt"), text,
		sizeof(text) - 1, 0644),
	    FAULT_NONE);
	fixture->appliance.vendor_directory = fixture->state;
	assert_true(is_needed(fixture));
	assert_int_equal(store_agreement_load(&row, &fixture->arena,
			     fixture->appliance.store, NULL),
	    FAULT_NONE);
	assert_string_equal(row.version, "1");
}

static void
a_missing_text_is_a_fault(void **state)
{
	struct fixture *fixture = *state;
	struct ledger *ledger;
	bool needed;

	fixture->appliance.vendor_directory = fixture->state;
	ledger = fixture_begin(fixture, FIXTURE_NOW);
	assert_int_equal(
	    ledger_agreement_needed(&needed, ledger), FAULT_NOT_FOUND);
	assert_true(needed);
	store_rollback(fixture->appliance.store);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(an_administrator_is_added_once),
		T(odd_names_are_refused),
		T(lists_are_by_name),
		T(a_new_password_ends_all_sign_ins),
		T(ones_own_password_goes_by_the_verified_one),
		T(a_hash_made_anew_ends_nothing),
		T(failures_are_counted_and_cleared),
		T(a_failure_of_nobody_is_an_event_of_bounded_length),
		T(failures_never_wrap),
		T(a_sign_in_says_who_it_is),
		T(a_sign_in_ends_when_idle),
		T(every_sign_in_ends_however_busy),
		T(touching_writes_at_most_once_a_minute),
		T(other_settings_count_at_once),
		T(a_notice_is_kept_and_cleared),
		T(signing_out_ends_it_and_twice_is_fine),
		T(signing_in_sweeps_what_is_over),
		T(nobody_signs_in_as_nobody),
		T(an_agreement_is_accepted_once),
		T(another_text_than_the_one_shown_is_not_accepted),
		T(a_new_text_is_needed_again_and_the_old_one_remembered),
		T(a_missing_text_is_a_fault),
	};
#undef T

	return cmocka_run_group_tests_name("ledger people", tests, NULL, NULL);
}
