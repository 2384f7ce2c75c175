/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_clients.c: clients added, changed and deleted, the server's
 * switch and times; every mistake at once; and what readers see of them.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/store/client_report.h"
#include "engine/store/ledger_clients.h"

#include <string.h>

static int
open_virtual(void **state)
{
	static struct estate estate;

	estate_open(&estate, ROLE_VIRTUAL_SERVER);
	estate_license(&estate, CATALOGUE_LICENSE_SERVER, 0, "");
	*state = &estate;
	return 0;
}

static int64_t
add(struct estate *estate, const struct client_input *input)
{
	int64_t id;

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_client_add(&id, &estate->ledger, input)),
	    FAULT_NONE);
	return id;
}

static struct client_row
load(struct estate *estate, int64_t id)
{
	struct client_row row;

	assert_int_equal(store_client_load_id(
			     &row, &estate->arena, estate->appliance.store, id),
	    FAULT_NONE);
	return row;
}

static void
every_mistake_is_shown_at_once(void **state)
{
	struct estate *estate = *state;
	struct client_count counts[] = {
		{ "CONSEC", { 10, 0, 20 } },
		{ "ACCESS", { -1, 0, 0 } },
		{ "ACCESS-RDP", { 5, 0, 4 } },
		{ "NOSUCH", { 1, 0, 1 } },
		{ "member", { 1, 0, 1 } },
	};
	struct client_input input = { .name = "gw 1",
		.expires_date = "2025-02-30",
		.platform = "PSA-1",
		.product = 0,
		.counts = counts,
		.count_count = 5 };

	estate_license(estate, "CONSEC", 1000, "");
	assert_int_equal(add(estate, &input), 0);
	assert_int_equal(estate->ledger.mistakes.count, 10);
	assert_true(estate_has_mistake(
	    estate, "client_id", MISTAKE_CLIENT_ID_CHARACTERS));
	assert_true(
	    estate_has_mistake(estate, "password", MISTAKE_PASSWORD_MISSING));
	assert_true(
	    estate_has_mistake(estate, "expires", MISTAKE_DATE_INVALID));
	assert_true(
	    estate_has_mistake(estate, "platform", MISTAKE_PLATFORM_UNKNOWN));
	assert_true(
	    estate_has_mistake(estate, "product", MISTAKE_PRODUCT_UNKNOWN));
	assert_true(
	    estate_has_mistake(estate, "increment.CONSEC", MISTAKE_COUNTS));
	assert_true(
	    estate_has_mistake(estate, "reserved.ACCESS", MISTAKE_COUNTS));
	assert_true(
	    estate_has_mistake(estate, "maximum.ACCESS-RDP", MISTAKE_COUNTS));
	assert_true(estate_has_mistake(
	    estate, "maximum.NOSUCH", MISTAKE_FEATURE_UNKNOWN));
	assert_true(estate_has_mistake(
	    estate, "maximum.member", MISTAKE_FEATURE_UNKNOWN));
	assert_int_equal(estate_events(estate, "LIC30517", NULL), 0);
}

static void
client_id_is_exact_and_alone_in_any_case(void **state)
{
	struct estate *estate = *state;
	struct client_input input = { .name = "Gw1",
		.password_hash = "h",
		.platform = "PSA-5000",
		.product = PRODUCT_PPS };
	struct client_row row;
	char name[3001];
	int64_t id = add(estate, &input);

	assert_int_not_equal(id, 0);
	assert_int_equal(add(estate, &input), 0);
	assert_true(
	    estate_has_mistake(estate, "client_id", MISTAKE_CLIENT_ID_IN_USE));
	input.name = "gW1";
	assert_int_equal(add(estate, &input), 0);
	assert_true(
	    estate_has_mistake(estate, "client_id", MISTAKE_CLIENT_ID_CASE));
	assert_string_equal(estate->ledger.mistakes.items[0].text,
	    "Client ID gW1 differs only in upper and lower case from Gw1. "
	    "Choose another ID.");
	input.name = "";
	assert_int_equal(add(estate, &input), 0);
	assert_true(
	    estate_has_mistake(estate, "client_id", MISTAKE_CLIENT_ID_MISSING));
	memset(name, 'a', 3000);
	name[3000] = '\0';
	input.name = name;
	assert_int_not_equal(add(estate, &input), 0);
	assert_int_equal(store_client_load(&row, &estate->arena,
			     estate->appliance.store, "gw1"),
	    FAULT_NOT_FOUND);
	assert_int_equal(store_client_load(&row, &estate->arena,
			     estate->appliance.store, "Gw1"),
	    FAULT_NONE);
	assert_int_equal(row.id, id);
	assert_int_equal(row.product, PRODUCT_PPS);
	assert_int_equal(row.made_at, START);
	assert_int_equal(store_client_load(&row, &estate->arena,
			     estate->appliance.store, name),
	    FAULT_NONE);
}

static void
reservation_is_checked_against_what_others_hold(void **state)
{
	struct estate *estate = *state;
	int64_t a;

	estate_license(estate, "CONSEC", 100, "");
	a = estate_client(
	    estate, "a", "CONSEC", (struct allocation){ 60, 0, 60 }, "", START);
	assert_int_equal(estate_client(estate, "b", "CONSEC",
			     (struct allocation){ 41, 0, 41 }, "", START),
	    0);
	assert_true(
	    estate_has_mistake(estate, "reserved.CONSEC", MISTAKE_COUNTS));
	assert_string_equal(estate->ledger.mistakes.items[0].text,
	    "CONSEC Reserved Count must be 40 or less.");
	assert_int_not_equal(estate_client(estate, "b", "CONSEC",
				 (struct allocation){ 40, 0, 40 }, "", START),
	    0);
	assert_int_equal(estate_pool(estate, "CONSEC", START).available, 0);
	assert_true(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 60, 10, 70 }, "", START));
	assert_false(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 61, 0, 61 }, "", START));
}

static void
reservation_that_does_not_rise_may_stay(void **state)
{
	struct estate *estate = *state;
	int64_t license, a;

	license = estate_license(estate, "CONSEC", 100, "");
	a = estate_client(
	    estate, "a", "CONSEC", (struct allocation){ 60, 0, 60 }, "", START);
	estate_license_remove(estate, license);
	assert_int_equal(estate_pool(estate, "CONSEC", START).available, -60);
	assert_true(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 60, 25, 85 }, "", START));
	assert_true(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 59, 0, 59 }, "", START));
	assert_false(estate_change(
	    estate, a, "CONSEC", (struct allocation){ 60, 0, 60 }, "", START));
}

static void
expired_configuration_holds_nothing_until_it_lives_again(void **state)
{
	struct estate *estate = *state;
	const struct allocation sixty = { 60, 0, 60 };
	int64_t a, b, later = START + 2 * DAY;

	estate_license(estate, "CONSEC", 100, "");
	a = estate_client(estate, "a", "CONSEC", sixty, "2025-03-02", START);
	assert_int_equal(
	    estate_client(estate, "b", "CONSEC", sixty, "", later - 1), 0);
	b = estate_client(estate, "b", "CONSEC", sixty, "", later);
	assert_int_not_equal(b, 0);
	/* Other fields may change; the counts are not live. */
	assert_true(estate_change(estate, a, "CONSEC",
	    (struct allocation){ 60, 25, 85 }, "2025-03-02", later));
	assert_false(
	    estate_change(estate, a, "CONSEC", sixty, "2025-04-01", later));
	assert_true(
	    estate_has_mistake(estate, "reserved.CONSEC", MISTAKE_COUNTS));
	assert_false(
	    estate_change(estate, a, "CONSEC", sixty, "2025-03-01", later));
	assert_true(estate_has_mistake(estate, "expires", MISTAKE_DATE_PAST));
	estate_delete(estate, b, later);
	assert_true(
	    estate_change(estate, a, "CONSEC", sixty, "2025-03-03", later));
}

static void
increment_rules_only_warn(void **state)
{
	struct estate *estate = *state;

	estate_license(estate, "CONSEC", 1000, "");
	assert_int_not_equal(estate_client(estate, "seed", "CONSEC",
				 (struct allocation){ 50, 10, 100 }, "", START),
	    0);
	assert_int_equal(estate->ledger.mistakes.warning_count, 1);
	assert_string_equal(
	    estate->ledger.mistakes.warnings[0].field, "increment.CONSEC");
	assert_int_not_equal(estate_client(estate, "odd", "CONSEC",
				 (struct allocation){ 50, 40, 150 }, "", START),
	    0);
	assert_int_equal(estate->ledger.mistakes.warning_count, 1);
}

static void
feature_must_be_usable(void **state)
{
	struct estate *estate = *state;
	struct client_count count = { "CONSEC", { 0, 1, 1 } };
	struct client_input input = { .name = "gw",
		.password_hash = "h",
		.platform = "PSA-5000",
		.product = PRODUCT_PPS,
		.counts = &count,
		.count_count = 1 };

	assert_int_equal(add(estate, &input), 0);
	assert_true(
	    estate_has_mistake(estate, "maximum.CONSEC", MISTAKE_COUNTS));
	count.feature = "ACCESSX600";
	assert_int_equal(add(estate, &input), 0);
	input.platform = "MAG-SM160";
	assert_int_not_equal(add(estate, &input), 0);
}

static void
virtual_server_never_serves_mag(void **state)
{
	struct estate *estate = *state;
	struct client_input input = { .name = "gw",
		.password_hash = "h",
		.platform = "MAG-SM160",
		.product = PRODUCT_PCS };

	assert_int_equal(add(estate, &input), 0);
	assert_true(estate_has_mistake(
	    estate, "platform", MISTAKE_PLATFORM_NOT_SERVED));
	assert_string_equal(estate->ledger.mistakes.items[0].text,
	    "A virtual license server does not lease to MAG-SM160. Choose one "
	    "of PSA-5000, VA-SPE, or add this client on a license server on "
	    "hardware.");
	input.platform = "PSA-5000";
	assert_int_not_equal(add(estate, &input), 0);
}

static void
a_virtual_server_has_clients_with_its_license(void **state)
{
	struct estate *estate = *state;
	struct client_input input = { .name = "gw",
		.password_hash = "h",
		.platform = "PSA-5000",
		.product = PRODUCT_PCS };

	assert_int_not_equal(add(estate, &input), 0);
	estate_license_remove(estate, 1);
	input.name = "gw2";
	assert_int_equal(add(estate, &input), 0);
	assert_int_equal(
	    estate->ledger.mistakes.items[0].kind, MISTAKE_NO_SERVER_LICENSE);
}

static void
permanent_access_is_reserved_for_no_virtual_appliance(void **state)
{
	struct estate *estate = *state;
	struct client_count counts[] = { { "ACCESS", { 6, 0, 6 } } };
	struct client_input input = { .name = "gw",
		.password_hash = "h",
		.platform = "VA-SPE",
		.product = PRODUCT_PCS,
		.counts = counts,
		.count_count = 1 };

	estate_license(estate, "ACCESS", 100, "");
	estate_license(estate, "ACCESS", 5, "2099-12-31");
	assert_int_equal(add(estate, &input), 0);
	assert_string_equal(estate->ledger.mistakes.items[0].text,
	    "ACCESS Reserved Count must be 5 or less.");
	counts[0].allocation = (struct allocation){ 5, 0, 5 };
	assert_int_not_equal(add(estate, &input), 0);
	input.name = "gw2";
	input.platform = "PSA-5000";
	counts[0].allocation = (struct allocation){ 100, 0, 100 };
	assert_int_not_equal(add(estate, &input), 0);
}

static void
change_tells_before_and_after_and_bumps_the_version(void **state)
{
	struct estate *estate = *state;
	struct client_count counts[] = { { "ACCESS", { 0, 5, 10 } } };
	struct client_input input = { .name = "gw2",
		.password_hash = "new",
		.expires_date = "2025-12-31",
		.platform = "MAG-SM160",
		.product = PRODUCT_PPS,
		.counts = counts,
		.count_count = 1 };
	struct client_row row;
	int64_t id;

	estate_license(estate, "CONSEC", 1000, "");
	id = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 50, 25, 150 }, "", START);
	assert_string_equal(estate_last_event(estate, "LIC30517"),
	    "Client gw added: PSA-5000 PCS, expiration none, CONSEC "
	    "50/25/150.");
	input.row_version = load(estate, id).row_version;
	estate_begin(estate, START + 5);
	assert_int_equal(estate_end(estate,
			     ledger_client_change(&estate->ledger, id, &input)),
	    FAULT_NONE);
	assert_string_equal(estate_last_event(estate, "LIC30518"),
	    "Client gw2 changed: ID gw -> gw2, platform PSA-5000 -> MAG-SM160, "
	    "product PCS -> PPS,"
	    " expiration none -> 2025-12-31, password, ACCESS 0/0/0 -> 0/5/10, "
	    "CONSEC 50/25/150 -> 0/0/0.");
	row = load(estate, id);
	assert_int_equal(row.row_version, input.row_version + 1);
	assert_int_equal(row.password_version, 2);
	assert_string_equal(row.password_hash, "new");
	assert_string_equal(row.name, "gw2");
	assert_int_equal(row.changed_at, START + 5);
	/* The same again changes nothing, and the old form is refused. */
	estate_begin(estate, START + 6);
	assert_int_equal(estate_end(estate,
			     ledger_client_change(&estate->ledger, id, &input)),
	    FAULT_NONE);
	assert_true(estate_has_mistake(estate, "", MISTAKE_EDIT_CONFLICT));
	input.row_version = 0;
	input.password_hash = NULL;
	estate_begin(estate, START + 7);
	assert_int_equal(estate_end(estate,
			     ledger_client_change(&estate->ledger, id, &input)),
	    FAULT_NONE);
	assert_int_equal(estate_events(estate, "LIC30518", NULL), 1);
	assert_int_equal(load(estate, id).row_version, row.row_version);
}

static void
check_writes_nothing(void **state)
{
	struct estate *estate = *state;
	struct client_count count = { "CONSEC", { 101, 0, 101 } };
	struct client_input input = { .name = "gw",
		.password_hash = "x",
		.platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.counts = &count,
		.count_count = 1 };
	int64_t clients;

	estate_license(estate, "CONSEC", 100, "");
	for (int reserved = 100; reserved <= 101; reserved++) {
		count.allocation.reserved = count.allocation.maximum = reserved;
		estate_begin(estate, START);
		assert_int_equal(
		    ledger_client_check(&estate->ledger, 0, &input),
		    FAULT_NONE);
		assert_int_equal(estate->ledger.mistakes.count, reserved - 100);
		assert_int_equal(estate_end(estate, FAULT_NONE), FAULT_NONE);
	}
	assert_int_equal(
	    store_client_count(&clients, estate->appliance.store), FAULT_NONE);
	assert_int_equal(clients, 0);
}

static void
delete_knows_who_was_there(void **state)
{
	struct estate *estate = *state;
	int64_t id = estate_client(
	    estate, "gw", "CONSEC", (struct allocation){ 0 }, "", START);

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(
		estate, ledger_client_delete(&estate->ledger, id, 7, false)),
	    FAULT_NONE);
	assert_true(estate_has_mistake(estate, "", MISTAKE_EDIT_CONFLICT));
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(
		estate, ledger_client_delete(&estate->ledger, id, 1, false)),
	    FAULT_NONE);
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(
		estate, ledger_client_delete(&estate->ledger, id, 0, false)),
	    FAULT_NOT_FOUND);
	assert_int_equal(estate_events(estate, "LIC30519", "gw"), 1);
}

static void
only_a_server_has_clients(void **state)
{
	struct estate *estate = *state;
	const struct server_input input = { true, 86400, 14400 };

	assert_int_equal(estate_client(estate, "gw", "CONSEC",
			     (struct allocation){ 0 }, "", START),
	    0);
	assert_true(estate_has_mistake(estate, "", MISTAKE_WRONG_ROLE));
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_server_save(&estate->ledger, &input)),
	    FAULT_NONE);
	assert_true(estate_has_mistake(estate, "", MISTAKE_WRONG_ROLE));
}

/* ---- the server's times ---- */

static bool
save(struct estate *estate, bool is_enabled, int64_t duration, int64_t interval)
{
	const struct server_input input = { is_enabled, duration, interval };

	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_server_save(&estate->ledger, &input)),
	    FAULT_NONE);
	return estate->ledger.mistakes.count == 0;
}

static void
times_have_bounds(void **state)
{
	struct estate *estate = *state;
	int64_t value;

	assert_false(save(estate, true, 24 * HOUR - 1, HOUR));
	assert_true(estate_has_mistake(estate, "duration", MISTAKE_DURATION));
	assert_false(save(estate, true, 240 * HOUR + 1, HOUR));
	assert_false(save(estate, true, 24 * HOUR, 12 * HOUR + 1));
	assert_true(estate_has_mistake(estate, "interval", MISTAKE_INTERVAL));
	assert_string_equal(estate->ledger.mistakes.items[0].text,
	    "Lease Renewal Interval must be between 1 and 12 hours, half of "
	    "the Incremental Lease Duration.");
	assert_false(save(estate, true, 24 * HOUR, HOUR - 1));
	assert_true(save(estate, true, 240 * HOUR, 120 * HOUR));
	assert_int_equal(store_setting_load(&value, estate->appliance.store,
			     SETTING_LEASE_DURATION),
	    FAULT_NONE);
	assert_int_equal(value, 240 * HOUR);
	assert_int_equal(estate_events(estate, "LIC30515", NULL), 1);
	assert_string_equal(estate_last_event(estate, "LIC30516"),
	    "Lease Renewal Interval changed to 7200 minutes.");
	assert_int_equal(estate_events(estate, "LIC30514", NULL), 0);
	assert_true(save(estate, false, 240 * HOUR, 120 * HOUR));
	assert_string_equal(estate_last_event(estate, "LIC30514"),
	    "Licensing server switched off.");
	assert_int_equal(estate_events(estate, "LIC30515", NULL), 1);
}

static void
enabled_alone_changes_no_times_and_is_told_once(void **state)
{
	struct estate *estate = *state;
	int64_t value;

	assert_true(save(estate, false, 240 * HOUR, 120 * HOUR));
	for (int times = 0; times < 2; times++) {
		estate_begin(estate, START);
		assert_int_equal(
		    estate_end(estate, ledger_server_enable(&estate->ledger)),
		    FAULT_NONE);
		assert_int_equal(estate->ledger.mistakes.count, 0);
	}
	assert_string_equal(estate_last_event(estate, "LIC30514"),
	    "Licensing server switched on.");
	assert_int_equal(estate_events(estate, "LIC30514", NULL), 2);
	assert_int_equal(store_setting_load(&value, estate->appliance.store,
			     SETTING_LEASE_DURATION),
	    FAULT_NONE);
	assert_int_equal(value, 240 * HOUR);
}

static void
switch_strict(struct estate *estate, bool is_on)
{
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_server_strict(&estate->ledger, is_on)),
	    FAULT_NONE);
}

static void
strict_membership_is_switched_and_told_once(void **state)
{
	struct estate *estate = *state;
	int64_t value;

	switch_strict(estate, false);
	assert_int_equal(estate_events(estate, "LHD10031", NULL), 0);
	switch_strict(estate, true);
	switch_strict(estate, true);
	assert_int_equal(store_setting_load(&value, estate->appliance.store,
			     SETTING_STRICT_MEMBERSHIP),
	    FAULT_NONE);
	assert_int_equal(value, 1);
	assert_int_equal(estate_events(estate, "LHD10031", NULL), 1);
	switch_strict(estate, false);
	assert_string_equal(estate_last_event(estate, "LHD10031"),
	    "Strict membership switched off.");
}

/* ---- what readers see ---- */

static void
list_finds_sorts_and_pages(void **state)
{
	struct estate *estate = *state;
	struct client_filter filter = {
		.find = "", .sort = "name", .limit = 2
	};
	struct store *store = estate->appliance.store;
	static const char *const names[] = { "alpha", "Bravo", "charlie",
		"delta" };
	struct client_list_row *rows;
	int64_t matching, ids[4];
	size_t count;

	for (size_t i = 0; i < 4; i++)
		ids[i] = estate_client(estate, names[i], "CONSEC",
		    (struct allocation){ 0 }, "", START);
	assert_int_equal(store_client_list(&rows, &count, &matching,
			     &estate->arena, store, &filter),
	    FAULT_NONE);
	assert_int_equal(matching, 4);
	assert_int_equal(count, 2);
	assert_string_equal(rows[1].client.name, "Bravo");
	filter.offset = 3;
	assert_int_equal(store_client_list(&rows, &count, &matching,
			     &estate->arena, store, &filter),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_string_equal(rows[0].client.name, "delta");
	filter = (struct client_filter){ .find = "A%", .sort = "name" };
	assert_int_equal(store_client_list(&rows, &count, &matching,
			     &estate->arena, store, &filter),
	    FAULT_NONE);
	assert_int_equal(count, 0);
	estate_sync(estate, ids[2], "CONSEC", 0, 0, START + 9);
	filter = (struct client_filter){
		.find = "R", .sort = "contact", .descending = true
	};
	assert_int_equal(store_client_list(&rows, &count, &matching,
			     &estate->arena, store, &filter),
	    FAULT_NONE);
	assert_int_equal(matching, 2);
	assert_string_equal(rows[0].client.name, "charlie");
	assert_int_equal(rows[0].client.last_contact, START + 9);
	filter = (struct client_filter){ .sort = "platform",
		.descending = true };
	estate_delete(estate, ids[3], START);
	assert_int_equal(store_client_list(&rows, &count, &matching,
			     &estate->arena, store, &filter),
	    FAULT_NONE);
	assert_int_equal(count, 3);
	assert_string_equal(rows[0].client.name, "charlie");
}

static struct client_filter
filter_at(int64_t now)
{
	return (struct client_filter){
		.sort = "name", .now = now, .interval = 4 * HOUR
	};
}

static int64_t
matching_of(struct estate *estate, const struct client_filter *filter)
{
	struct client_list_row *rows;
	int64_t matching;
	size_t count;

	assert_int_equal(store_client_list(&rows, &count, &matching,
			     &estate->arena, estate->appliance.store, filter),
	    FAULT_NONE);
	assert_int_equal(count, matching);
	return matching;
}

/* Of the only client that is called like that; the filter by state finds it, and by no other. */
static enum client_state
state_at(struct estate *estate, const char *name, int64_t now)
{
	struct client_filter filter = filter_at(now);
	struct client_list_row *rows;
	enum client_state state;
	int64_t matching;
	size_t count;

	filter.find = name;
	assert_int_equal(store_client_list(&rows, &count, &matching,
			     &estate->arena, estate->appliance.store, &filter),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	state = rows[0].state;
	filter.has_state = true;
	for (int other = 0; other < CLIENT_STATES; other++) {
		filter.state = (enum client_state)other;
		assert_int_equal(
		    matching_of(estate, &filter), filter.state == state);
	}
	return state;
}

static void
states_change_to_the_second(void **state)
{
	struct estate *estate = *state;
	struct client_row row;
	int64_t gw, more, until;

	estate_license(estate, "CONSEC", 100, "2099-01-01");
	gw = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 10, 10, 40 }, "", START);
	assert_int_equal(state_at(estate, "gw", START), CLIENT_STATE_NEVER);
	estate_sync(estate, gw, "CONSEC", 5, 0, START);
	assert_int_equal(state_at(estate, "gw", START), CLIENT_STATE_OK);
	assert_int_equal(
	    state_at(estate, "gw", START + 8 * HOUR), CLIENT_STATE_OK);
	assert_int_equal(
	    state_at(estate, "gw", START + 8 * HOUR + 1), CLIENT_STATE_OVERDUE);
	until = estate_feature(estate, gw, "CONSEC", START).expires;
	assert_true(until > START + 8 * HOUR + 1);
	assert_int_equal(
	    state_at(estate, "gw", until - 1), CLIENT_STATE_OVERDUE);
	assert_int_equal(state_at(estate, "gw", until), CLIENT_STATE_ENDED);
	more = estate_client(estate, "more", "CONSEC",
	    (struct allocation){ 0, 10, 20 }, "2025-03-31", START);
	estate_sync(estate, more, "CONSEC", 21, 0, START);
	assert_int_equal(state_at(estate, "more", START), CLIENT_STATE_DENIED);
	assert_int_equal(store_client_load_id(&row, &estate->arena,
			     estate->appliance.store, more),
	    FAULT_NONE);
	until = row.expires;
	assert_int_equal(
	    state_at(estate, "more", until - 1), CLIENT_STATE_ENDED);
	assert_int_equal(state_at(estate, "more", until), CLIENT_STATE_EXPIRED);
}

static void
who_draws_on_permanent_units_is_not_ok(void **state)
{
	struct estate *estate = *state;
	int64_t gw;

	estate_license(estate, "CONSEC", 100, "");
	gw = estate_client(estate, "gw", "CONSEC",
	    (struct allocation){ 10, 10, 40 }, "", START);
	estate_sync(estate, gw, "CONSEC", 5, 0, START);
	assert_int_equal(
	    state_at(estate, "gw", START), CLIENT_STATE_NONCOMPLIANT);
	/* Not while nothing of it runs. */
	assert_int_equal(
	    state_at(estate, "gw",
		estate_feature(estate, gw, "CONSEC", START).expires),
	    CLIENT_STATE_ENDED);
}

static void
filters_narrow_and_sums_follow(void **state)
{
	struct estate *estate = *state;
	struct client_filter filter = filter_at(START);
	struct client_list_sum *sums;
	struct csv csv = { .text = NULL };
	int64_t one;
	size_t count;

	estate_license(estate, "CONSEC", 100, "2099-01-01");
	estate_license(estate, "ACCESS", 100, "2099-01-01");
	one = estate_client(estate, "one", "CONSEC",
	    (struct allocation){ 10, 10, 40 }, "", START);
	(void)estate_client(estate, "two", "CONSEC",
	    (struct allocation){ 20, 0, 20 }, "", START);
	(void)estate_client(estate, "three", "ACCESS",
	    (struct allocation){ 7, 0, 7 }, "", START);
	estate_sync(estate, one, "CONSEC", 15, 0, START);
	assert_int_equal(matching_of(estate, &filter), 3);
	filter.feature = "CONSEC";
	assert_int_equal(matching_of(estate, &filter), 2);
	assert_int_equal(store_client_list_sums(&sums, &count, &estate->arena,
			     estate->appliance.store, &filter),
	    FAULT_NONE);
	assert_int_equal(count, 1);
	assert_int_equal(sums[0].reserved, 30);
	assert_int_equal(sums[0].leased, 20);
	assert_int_equal(sums[0].maximum, 60);
	filter.find = "TW";
	assert_int_equal(matching_of(estate, &filter), 1);
	assert_int_equal(
	    client_report_csv(&csv, estate->appliance.store, &filter),
	    FAULT_NONE);
	assert_non_null(strstr(csv.text,
	    "\r\n\"two\",\"PSA-5000\",\"PCS\",\"\",\"CONSEC\",20,0,20,0,"
	    "\"\",\"\",\"\",\"\",\"never\"\r\n"));
	csv_free(&csv);
	filter = filter_at(START);
	filter.platform = "PSA-300";
	assert_int_equal(matching_of(estate, &filter), 0);
	filter.platform = "PSA-5000";
	filter.product = PRODUCT_PPS;
	assert_int_equal(matching_of(estate, &filter), 0);
	filter.product = PRODUCT_PCS;
	filter.cluster = "emea";
	assert_int_equal(matching_of(estate, &filter), 0);
}

/* As they are by now. */
static bool
change_all(struct estate *estate, size_t *changed, const int64_t *ids,
    size_t count, const struct clients_change *change)
{
	struct clients_one ones[8];
	struct client_row row;

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(store_client_load_id(&row, &estate->arena,
				     estate->appliance.store, ids[i]),
		    FAULT_NONE);
		ones[i] = (struct clients_one){ ids[i], row.row_version };
	}
	estate_begin(estate, START);
	return estate_end(estate,
		   ledger_clients_change(changed, &estate->ledger, ones, count,
		       change)) == FAULT_NONE &&
	    estate->ledger.mistakes.count == 0;
}

static struct allocation
counts_of(struct estate *estate, int64_t client)
{
	return estate_feature(estate, client, "CONSEC", START).allocation;
}

static void
many_are_changed_or_none(void **state)
{
	struct estate *estate = *state;
	struct clients_change change = { .feature = "CONSEC",
		.which = CLIENTS_MAXIMUM,
		.is_added = true,
		.units = 5 };
	int64_t ids[3];
	size_t changed;

	estate_license(estate, "CONSEC", 100, "2099-01-01");
	ids[0] = estate_client(estate, "one", "CONSEC",
	    (struct allocation){ 10, 10, 40 }, "", START);
	ids[1] = estate_client(estate, "two", "CONSEC",
	    (struct allocation){ 20, 5, 25 }, "", START);
	ids[2] = estate_client(
	    estate, "three", "ACCESS", (struct allocation){ 0 }, "", START);
	assert_true(change_all(estate, &changed, ids, 3, &change));
	assert_int_equal(changed, 2);
	assert_int_equal(counts_of(estate, ids[0]).maximum, 45);
	assert_int_equal(counts_of(estate, ids[1]).maximum, 30);
	/* The second would fall below its Reserved Count: the first stays, too. */
	change.units = -11;
	assert_false(change_all(estate, &changed, ids, 3, &change));
	assert_int_equal(estate->ledger.mistakes.count, 1);
	assert_string_equal(
	    estate->ledger.mistakes.items[0].field, "clients.two");
	assert_int_equal(counts_of(estate, ids[0]).maximum, 45);
	/* Below 0 is refused, of each of them, and takes nothing away. */
	change.units = -CLIENTS_UNITS_MAX;
	assert_false(change_all(estate, &changed, ids, 3, &change));
	assert_true(estate->ledger.mistakes.count >= 2);
	change = (struct clients_change){ .feature = "CONSEC",
		.which = CLIENTS_RESERVED,
		.is_added = true,
		.units = -21 };
	assert_false(change_all(estate, &changed, ids, 3, &change));
	assert_int_equal(counts_of(estate, ids[0]).reserved, 10);
	change = (struct clients_change){
		.feature = "CONSEC", .which = CLIENTS_RESERVED, .units = 50
	};
	assert_false(change_all(estate, &changed, ids, 3, &change));
	/* Together no more than there is. */
	change.units = 30;
	assert_true(change_all(estate, &changed, ids, 3, &change));
	assert_int_equal(changed, 2);
	assert_true(change_all(estate, &changed, ids, 3, &change));
	assert_int_equal(changed, 0);
}

static void
many_are_those_that_were_seen(void **state)
{
	struct estate *estate = *state;
	const struct clients_change change = { .expires_date = "2030-01-01" };
	struct clients_one ones[2] = { { 0, 1 }, { 0, 1 } };
	size_t changed;

	estate_license(estate, "CONSEC", 100, "2099-01-01");
	ones[0].id = estate_client(estate, "one", "CONSEC",
	    (struct allocation){ 0, 10, 0 }, "", START);
	ones[1].id = estate_client(estate, "two", "CONSEC",
	    (struct allocation){ 5, 5, 25 }, "", START);
	ones[1].row_version = 2;
	estate_begin(estate, START);
	assert_int_equal(estate_end(estate,
			     ledger_clients_change(
				 &changed, &estate->ledger, ones, 2, &change)),
	    FAULT_NONE);
	assert_int_equal(
	    estate->ledger.mistakes.items[0].kind, MISTAKE_CLIENTS_CHANGED);
	ones[1].row_version = 1;
	estate_begin(estate, START);
	assert_int_equal(estate_end(estate,
			     ledger_clients_change(
				 &changed, &estate->ledger, ones, 2, &change)),
	    FAULT_NONE);
	assert_int_equal(changed, 2);
	/* Counts that nobody touched are there as before. */
	assert_int_equal(counts_of(estate, ones[0].id).increment, 10);
	/* As they were: they are not any more. */
	estate_begin(estate, START);
	assert_int_equal(
	    estate_end(estate, ledger_clients_delete(&estate->ledger, ones, 2)),
	    FAULT_NONE);
	assert_int_equal(estate->ledger.mistakes.count, 1);
}

static void
features_and_parts_are_read_by_name(void **state)
{
	struct estate *estate = *state;
	struct client_feature_row *rows;
	struct client_part_row *parts;
	struct pool_row *pools;
	struct store *store = estate->appliance.store;
	struct client_count counts[] = { { "CONSEC", { 10, 5, 20 } },
		{ "ACCESS", { 3, 0, 3 } } };
	struct client_input input = { .name = "gw",
		.password_hash = "h",
		.platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.counts = counts,
		.count_count = 2 };
	size_t count;
	int64_t id;

	estate_license(estate, "CONSEC", 100, "");
	estate_license(estate, "ACCESS", 100, "");
	id = add(estate, &input);
	estate_sync(estate, id, "CONSEC", 12, 0, START);
	assert_int_equal(store_client_features(
			     &rows, &count, &estate->arena, store, id, START),
	    FAULT_NONE);
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].feature, "ACCESS");
	assert_int_equal(rows[0].leased, 3);
	assert_int_equal(rows[0].expires, rows[0].reserved_expires);
	assert_int_equal(rows[1].leased, 15);
	assert_int_equal(rows[1].allocation.increment, 5);
	assert_int_equal(rows[1].expires, START + DAY);
	assert_int_equal(store_client_parts(
			     &parts, &count, &estate->arena, store, id, START),
	    FAULT_NONE);
	assert_int_equal(count, 3);
	assert_string_equal(parts[2].feature, "CONSEC");
	assert_int_equal(parts[2].part.kind, LEASE_PART_QUANTUM);
	assert_int_equal(store_client_parts(&parts, &count, &estate->arena,
			     store, id, START + DAY),
	    FAULT_NONE);
	assert_int_equal(count, 2);
	assert_int_equal(store_client_features(
			     &rows, &count, &estate->arena, store, 99, START),
	    FAULT_NOT_FOUND);
	assert_int_equal(store_pool_list(&pools, &count, &estate->arena, store,
			     &estate->appliance.catalogue, START),
	    FAULT_NONE);
	assert_int_equal(count, 2);
	assert_string_equal(pools[0].feature, "ACCESS");
	assert_string_equal(pools[1].feature, "CONSEC");
	assert_int_equal(pools[1].unallocated, 5);
}

#define CLIENT_TEST(name)                                                      \
	cmocka_unit_test_setup_teardown(                                       \
	    name, estate_set_up_server, estate_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CLIENT_TEST(every_mistake_is_shown_at_once),
		CLIENT_TEST(client_id_is_exact_and_alone_in_any_case),
		CLIENT_TEST(reservation_is_checked_against_what_others_hold),
		CLIENT_TEST(reservation_that_does_not_rise_may_stay),
		CLIENT_TEST(
		    expired_configuration_holds_nothing_until_it_lives_again),
		CLIENT_TEST(increment_rules_only_warn),
		CLIENT_TEST(feature_must_be_usable),
		cmocka_unit_test_setup_teardown(
		    a_virtual_server_has_clients_with_its_license, open_virtual,
		    estate_tear_down),
		cmocka_unit_test_setup_teardown(
		    permanent_access_is_reserved_for_no_virtual_appliance,
		    open_virtual, estate_tear_down),
		cmocka_unit_test_setup_teardown(virtual_server_never_serves_mag,
		    open_virtual, estate_tear_down),
		CLIENT_TEST(
		    change_tells_before_and_after_and_bumps_the_version),
		CLIENT_TEST(check_writes_nothing),
		CLIENT_TEST(delete_knows_who_was_there),
		cmocka_unit_test_setup_teardown(only_a_server_has_clients,
		    estate_set_up_client, estate_tear_down),
		CLIENT_TEST(times_have_bounds),
		CLIENT_TEST(enabled_alone_changes_no_times_and_is_told_once),
		CLIENT_TEST(strict_membership_is_switched_and_told_once),
		CLIENT_TEST(list_finds_sorts_and_pages),
		CLIENT_TEST(states_change_to_the_second),
		CLIENT_TEST(who_draws_on_permanent_units_is_not_ok),
		CLIENT_TEST(filters_narrow_and_sums_follow),
		CLIENT_TEST(many_are_changed_or_none),
		CLIENT_TEST(many_are_those_that_were_seen),
		CLIENT_TEST(features_and_parts_are_read_by_name),
	};

	return cmocka_run_group_tests_name("ledger_clients", tests, NULL, NULL);
}
