/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_web_gate.c: every row of the route table against everybody who may
 * knock: who is let in is worked out here once more, in plain words, from the
 * table alone.
 */
#include "tests/store/fixture.h"

#include "cgi/gate.h"
#include "cgi/route.h"
#include "engine/base/password.h"
#include "engine/store/ledger_center.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CSRF  "0123456789abcdef0123456789abcdef"
#define TOKEN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

enum knocker {
	NOBODY,
	READER,
	OPERATOR,
	ADMINISTRATOR,
	SUPPORT_AGENT,
	PARTNER,
	CUSTOMER
};

static struct fixture fixture;
static struct console console;
static struct arena arena;
/* The stage's; the fixture works from the source, which has no assets. */
static char data_directory[512];

static void
sign_in(enum knocker knocker)
{
	static const enum admin_role roles[] = { ADMIN_READ_ONLY,
		ADMIN_OPERATOR, ADMIN_ADMINISTRATOR, ADMIN_SUPPORT_AGENT,
		ADMIN_PARTNER, ADMIN_CUSTOMER };
	static const char *const names[] = { "reader", "operator", "root",
		"agent", "partner", "customer" };
	static const struct center_customer_input company = {
		.name = "Example Ltd",
		.is_partner = true,
	};
	struct ledger *ledger = fixture_begin(&fixture, FIXTURE_NOW);
	uint8_t digest[DIGEST_BYTES];
	struct admin_row admin;

	if (knocker >= PARTNER) {
		assert_int_equal(
		    fixture_end(&fixture,
			ledger_center_customer_add(NULL, ledger, &company)),
		    0);
		ledger = fixture_begin(&fixture, FIXTURE_NOW);
	}
	assert_int_equal(fixture_end(&fixture,
			     ledger_admin_add_for(ledger, names[knocker - 1],
				 "x", roles[knocker - 1],
				 knocker >= PARTNER ? company.name : "")),
	    0);
	assert_int_equal(
	    digest_sha256(digest, TOKEN, strlen(TOKEN)), FAULT_NONE);
	assert_int_equal(store_admin_load(&admin, &arena,
			     fixture.appliance.store, names[knocker - 1]),
	    FAULT_NONE);
	ledger = fixture_begin(&fixture, FIXTURE_NOW);
	assert_int_equal(fixture_end(&fixture,
			     ledger_sign_in(ledger, admin.id, digest, CSRF)),
	    0);
}

static void
prepare(enum appliance_role role, enum knocker knocker, bool accepts)
{
	fixture_open(&fixture, role,
	    role == ROLE_CLIENT               ? "PSA-3000"
		: role == ROLE_VIRTUAL_SERVER ? "VA-SPE"
					      : "PSA-7000f");
	arena_init(&arena, 0);
	console.appliance = &fixture.appliance;
	assert_int_equal(agreement_file_load(&console.agreement, &arena,
			     appliance_data_directory()),
	    FAULT_NONE);
	if (knocker != NOBODY)
		sign_in(knocker);
	if (accepts)
		fixture_accept(&fixture);
	assert_int_equal(
	    render_open(&console.render, data_directory), FAULT_NONE);
}

static void
clean_up(void)
{
	render_close(&console.render);
	arena_clear(&arena);
	fixture_close(&fixture);
}

/* An address of the row, its {argument} filled. */
static const char *
address_of(char out[128], const struct route *route)
{
	size_t head = strcspn(route->path, "{");

	if (!route->path[head])
		return route->path;
	snprintf(out, 128, "%.*snobody%s", (int)head, route->path,
	    strchr(route->path, '}') + 1);
	return out;
}

struct knock {
	enum method method;
	const char *path, *body, *cookie, *origin, *type;
};

static struct response
knock_at(const struct knock *knock)
{
	struct request request = { .console = &console };
	char cookie[160];
	struct response response;

	arena_init(&request.arena, 0);
	snprintf(cookie, sizeof(cookie), "__Host-lh-%s=%s",
	    fixture.appliance.hardware_id, knock->cookie);
	request.appliance = &fixture.appliance;
	request.store = fixture.appliance.store;
	request.now = request.system_now = FIXTURE_NOW;
	request.boot_id = "";
	request.argument = "";
	request.method = knock->method;
	request.path = knock->path;
	request.query = "";
	request.body = knock->body;
	request.body_bytes = strlen(knock->body);
	request.content_type = knock->type;
	request.host = "server.example";
	request.origin = knock->origin;
	request.fetch_site = "";
	request.cookies = cookie;
	request.address = "127.0.0.1";
	snprintf(request.id, sizeof(request.id), "test");
	request.view = view_new();
	mistake_init(&request.mistakes, &request.arena);
	gate_run(&request);
	response = request.response;
	response.location = arena_text(&arena, response.location);
	response.body = arena_text(&arena, response.body);
	view_free(&request.view);
	arena_clear(&request.arena);
	return response;
}

static struct response
knock(const struct route *route, const char *body)
{
	char address[128];
	struct knock knock = { route->method, address_of(address, route), body,
		TOKEN, "", "application/x-www-form-urlencoded" };

	return knock_at(&knock);
}

static bool
may(enum knocker knocker, enum capability capability)
{
	if (knocker == ADMINISTRATOR)
		return true;
	switch (capability) {
	case CAPABILITY_PUBLIC:
	case CAPABILITY_AGREEMENT:
	case CAPABILITY_OWN:
		return true;
	case CAPABILITY_PARTNER:
		return knocker == SUPPORT_AGENT || knocker == PARTNER;
	case CAPABILITY_ASSIST:
		return knocker == SUPPORT_AGENT;
	case CAPABILITY_READ:
		return knocker < PARTNER;
	case CAPABILITY_OPERATE:
		return knocker == OPERATOR;
	case CAPABILITY_ADMINISTER:
		return false;
	}
	return false;
}

/* What must come of it: a status, or 0 = the page itself runs. */
static int
refusal_of(const struct route *route, enum appliance_role role,
    enum knocker knocker, bool accepted)
{
	if (knocker == NOBODY && route->capability != CAPABILITY_PUBLIC)
		return route->method == METHOD_POST ? 403 : 303;
	if (!(route->roles & 1 << role))
		return 404;
	if (!accepted && role != ROLE_CENTER &&
	    route->capability > CAPABILITY_AGREEMENT)
		return 303;
	if (!may(knocker, route->capability))
		return 403;
	/* It has no license-server license. */
	if (role == ROLE_VIRTUAL_SERVER && route->roles & WITH_SERVER_LICENSE)
		return route->method == METHOD_POST             ? 403
		    : strcmp(route->path, "/licensing/clients") ? 404
								: 200;
	return 0;
}

static void
check_row(const struct route *route, enum appliance_role role,
    enum knocker knocker, bool accepted)
{
	int expected = refusal_of(route, role, knocker, accepted);
	/* A body without the csrf word: whoever passes all else stops there. */
	struct response response = knock(route, "");

	if (!expected && route->method == METHOD_POST &&
	    route->capability != CAPABILITY_PUBLIC)
		expected = 403;
	if (expected && response.status != expected)
		fail_msg("%s as %d on %d: %d, not %d", route->path, knocker,
		    role, response.status, expected);
	if (!expected)
		assert_true(response.status == 200 || response.status == 303 ||
		    response.status == 404 || response.status == 422);
}

/* Is there such an account on such an appliance? */
static bool
is_there(enum appliance_role role, enum knocker knocker)
{
	if (knocker == NOBODY || knocker == READER || knocker == ADMINISTRATOR)
		return true;
	return (role == ROLE_CENTER) == (knocker >= SUPPORT_AGENT);
}

static void
every_route_for_everybody(void **state)
{
	static const enum appliance_role roles[] = { ROLE_SERVER, ROLE_CLIENT,
		ROLE_CENTER, ROLE_VIRTUAL_SERVER };

	(void)state;
	for (size_t role = 0; role < 4; role++) {
		for (int knocker = NOBODY; knocker <= CUSTOMER; knocker++) {
			if (!is_there(roles[role], (enum knocker)knocker))
				continue;
			for (int accepted = 0; accepted < 2; accepted++) {
				prepare(roles[role], (enum knocker)knocker,
				    accepted);
				for (size_t i = 0; i < route_count; i++)
					if (strcmp(route_table[i].path,
						"/signout"))
						check_row(&route_table[i],
						    roles[role],
						    (enum knocker)knocker,
						    accepted);
				clean_up();
			}
		}
	}
}

static void
every_row_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		assert_non_null(route_table[i].handler);
		assert_non_null(route_table[i].form);
		assert_int_equal(route_table[i].path[0], '/');
		assert_true(strlen(route_table[i].help) > 4);
		assert_true(route_table[i].roles != 0);
		for (size_t j = i + 1; j < route_count; j++)
			assert_false(
			    route_table[i].method == route_table[j].method &&
			    !strcmp(route_table[i].path, route_table[j].path));
	}
}

static void
only_sign_in_and_health_are_public(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++)
		if (route_table[i].capability == CAPABILITY_PUBLIC)
			assert_true(!strcmp(route_table[i].path, "/signin") ||
			    !strcmp(route_table[i].path, "/healthz") ||
			    !strcmp(route_table[i].path, "/vendor/logo"));
}

static void
install(const char *sku)
{
	const struct fixture_claims claims = {
		.jti = "A-1", .sku = sku, .start = "2026-06-01"
	};
	struct ledger *ledger = fixture_begin(&fixture, FIXTURE_NOW);
	struct license_result *results;
	enum fault fault;
	size_t count;

	fault = ledger_license_add(
	    &results, &count, ledger, fixture_key(&fixture, &claims));
	assert_int_equal(fixture_end(&fixture, fault), 0);
	assert_int_equal(count, 1);
	assert_true(results[0].is_installed);
}

static void
configure_clients_opens_with_its_license(void **state)
{
	struct knock look = { METHOD_GET, "/licensing/clients", "", TOKEN, "",
		"" };
	struct knock save = { METHOD_POST, "/licensing/clients",
		"csrf=" CSRF "&enabled=1&duration=24&interval=4", TOKEN,
		"https://server.example", "application/x-www-form-urlencoded" };
	struct response response;

	(void)state;
	prepare(ROLE_VIRTUAL_SERVER, ADMINISTRATOR, true);
	response = knock_at(&look);
	assert_int_equal(response.status, 200);
	assert_non_null(strstr(response.body, "no license-server license"));
	assert_null(strstr(response.body, "<form method=\"post\" action=\"/l"));
	response = knock_at(&save);
	assert_int_equal(response.status, 403);
	assert_non_null(strstr(response.body, "Nothing was changed"));
	install("VLS-LICENSE-SERVER");
	response = knock_at(&look);
	assert_int_equal(response.status, 200);
	assert_non_null(strstr(response.body, "Enable Licensing server"));
	assert_int_equal(knock_at(&save).status, 303);
	clean_up();
}

static void
a_form_from_elsewhere_changes_nothing(void **state)
{
	struct knock knock = { METHOD_POST, "/licensing/clients",
		"csrf=" CSRF "&enabled=1&duration=24&interval=4", TOKEN,
		"https://evil.example", "application/x-www-form-urlencoded" };

	(void)state;
	prepare(ROLE_SERVER, ADMINISTRATOR, true);
	assert_int_equal(knock_at(&knock).status, 403);
	knock.origin = "https://server.example.evil.example";
	assert_int_equal(knock_at(&knock).status, 403);
	knock.origin = "null";
	assert_int_equal(knock_at(&knock).status, 403);
	knock.origin = "http://server.example";
	assert_int_equal(knock_at(&knock).status, 403);
	assert_int_equal(
	    fixture_sql_number(&fixture, "SELECT count(*) FROM setting"), 0);
	knock.origin = "https://server.example";
	assert_int_equal(knock_at(&knock).status, 303);
	assert_int_equal(fixture_sql_number(&fixture,
			     "SELECT count(*) FROM setting WHERE name = "
			     "'server-enabled' AND value = 1"),
	    1);
	clean_up();
}

static void
a_wrong_csrf_word_changes_nothing(void **state)
{
	static const char *const bodies[] = {
		"enabled=1&duration=24&interval=4",
		"csrf=&enabled=1&duration=24&interval=4",
		"csrf=0123456789abcdef0123456789abcdee&enabled=1&duration=24&"
		"interval=4",
		"csrf=" CSRF "0&enabled=1&duration=24&interval=4",
	};
	struct knock knock = { METHOD_POST, "/licensing/clients", "", TOKEN, "",
		"application/x-www-form-urlencoded" };

	(void)state;
	prepare(ROLE_SERVER, ADMINISTRATOR, true);
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		knock.body = bodies[i];
		assert_int_equal(knock_at(&knock).status, 403);
	}
	assert_int_equal(
	    fixture_sql_number(&fixture, "SELECT count(*) FROM setting"), 0);
	clean_up();
}

static void
malformed_forms_are_refused(void **state)
{
	static const struct {
		const char *body;
		const char *type;
		int status;
	} rows[] = {
		{ "csrf=" CSRF "&enabled=1&enabled=1",
		    "application/x-www-form-urlencoded", 400 },
		{ "csrf=" CSRF "&unknown=1",
		    "application/x-www-form-urlencoded", 400 },
		{ "csrf=" CSRF "&duration=%",
		    "application/x-www-form-urlencoded", 400 },
		{ "csrf=" CSRF "&duration=%00",
		    "application/x-www-form-urlencoded", 400 },
		{ "csrf=" CSRF, "multipart/form-data", 415 },
		{ "{}", "application/json", 415 },
		{ "csrf=" CSRF "&duration=23&interval=4",
		    "application/x-www-form-urlencoded", 422 },
		{ "csrf=" CSRF "&duration=24&interval=13",
		    "application/x-www-form-urlencoded", 422 },
		{ "csrf=" CSRF "&duration=x&interval=1",
		    "application/x-www-form-urlencoded", 422 },
		{ "csrf=" CSRF, "application/x-www-form-urlencoded", 422 },
	};
	struct knock knock = { METHOD_POST, "/licensing/clients", "", TOKEN, "",
		"" };

	(void)state;
	prepare(ROLE_SERVER, ADMINISTRATOR, true);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		knock.body = rows[i].body;
		knock.type = rows[i].type;
		assert_int_equal(knock_at(&knock).status, rows[i].status);
	}
	assert_int_equal(
	    fixture_sql_number(&fixture, "SELECT count(*) FROM setting"), 0);
	clean_up();
}

static void
what_was_typed_is_shown_again_but_no_password(void **state)
{
	struct knock knock = { METHOD_POST, "/licensing/clients/new",
		"csrf=" CSRF
		"&client_id=gw1&password=sekret1&password2=sekret2&platform="
		"PSA-300&product=PPS&reserved.ACCESS=77&increment.ACCESS=5x",
		TOKEN, "", "application/x-www-form-urlencoded" };
	struct response response;

	(void)state;
	prepare(ROLE_SERVER, ADMINISTRATOR, true);
	response = knock_at(&knock);
	assert_int_equal(response.status, 422);
	assert_non_null(strstr(response.body, "value=\"gw1\""));
	assert_non_null(strstr(response.body, "value=\"77\""));
	assert_non_null(strstr(response.body, "value=\"5x\""));
	assert_non_null(strstr(response.body, "<option selected>PSA-300"));
	assert_null(strstr(response.body, "sekret"));
	assert_int_equal(
	    fixture_sql_number(&fixture, "SELECT count(*) FROM client"), 0);
	clean_up();
}

static void
a_refused_key_is_answered_and_kept(void **state)
{
	struct knock knock = { METHOD_POST, "/licensing/summary",
		"csrf=" CSRF "&keys=eyJhbGciOiJub25lIn0.e30.AAAA&add=1", TOKEN,
		"", "application/x-www-form-urlencoded" };
	struct response response;

	(void)state;
	prepare(ROLE_SERVER, ADMINISTRATOR, true);
	response = knock_at(&knock);
	assert_int_equal(response.status, 422);
	assert_non_null(strstr(response.body, "<title>Error: "));
	assert_non_null(strstr(
	    response.body, "#keys\">This license key is signed in a way"));
	assert_non_null(strstr(response.body, "signed in a way"));
	assert_non_null(strstr(response.body, ">eyJhbGciOiJub25lIn0.e30.AAAA"));
	knock.body = "csrf=" CSRF "&keys=%20%0A&add=1";
	response = knock_at(&knock);
	assert_int_equal(response.status, 422);
	assert_non_null(strstr(response.body, "No license key was found."));
	knock.body = "csrf=" CSRF "&keys=&save=1";
	assert_int_equal(knock_at(&knock).status, 303);
	assert_int_equal(
	    fixture_sql_number(&fixture, "SELECT count(*) FROM license"), 0);
	clean_up();
}

#define FORM   "application/x-www-form-urlencoded"
#define CLIENT "csrf=" CSRF "&save=1&platform=PSA-3000&product=PCS"

static void
add_client(const char *name)
{
	char body[256];
	struct knock knock = { METHOD_POST, "/licensing/clients/new", body,
		TOKEN, "", FORM };

	snprintf(body, sizeof(body),
	    CLIENT "&client_id=%s&password=a-password&password2=a-password",
	    name);
	assert_int_equal(knock_at(&knock).status, 303);
}

static void
a_name_that_spells_zero_is_a_name(void **state)
{
	struct knock knock = { METHOD_GET, "/licensing/clients", "", TOKEN, "",
		"" };
	struct response response;

	(void)state;
	prepare(ROLE_SERVER, ADMINISTRATOR, true);
	add_client("0");
	response = knock_at(&knock);
	assert_non_null(strstr(response.body, "href=\"/licensing/client/0\""));
	clean_up();
}

static void
an_edit_conflict_shows_what_is_saved(void **state)
{
	struct knock knock = { METHOD_POST, "/licensing/client/gw1",
		CLIENT "&ver=1&increment.CONSEC=25&maximum.CONSEC=77", TOKEN,
		"", FORM };
	struct response response;

	(void)state;
	prepare(ROLE_SERVER, ADMINISTRATOR, true);
	add_client("gw1");
	assert_int_equal(knock_at(&knock).status, 303);
	knock.body = CLIENT "&ver=1&increment.CONSEC=30&maximum.CONSEC=99";
	response = knock_at(&knock);
	assert_int_equal(response.status, 409);
	assert_non_null(strstr(response.body, "now saved: 0 / 25 / 77"));
	assert_non_null(strstr(response.body, "value=\"99\""));
	assert_non_null(strstr(response.body, "name=\"ver\" value=\"2\""));
	clean_up();
}

static void
counts_of_another_product_are_not_lost(void **state)
{
	struct knock knock = { METHOD_POST, "/licensing/clients/new",
		"csrf=" CSRF "&save=1&client_id=gw1&password=a&password2=a"
		"&platform=PSA-3000&product=PPS&increment.CONSEC=25"
		"&maximum.CONSEC=88",
		TOKEN, "", FORM };
	struct response response;

	(void)state;
	prepare(ROLE_SERVER, ADMINISTRATOR, true);
	response = knock_at(&knock);
	assert_int_equal(response.status, 422);
	assert_non_null(strstr(response.body, "value=\"88\""));
	clean_up();
}

/* The status of a sign-in with a wrong password. */
static int
guess(const char *name, const char *csrf)
{
	char body[256];
	struct knock knock = { METHOD_POST, "/signin", body, "none", "", FORM };

	snprintf(body, sizeof(body), "csrf=%s&username=%s&password=wrong", csrf,
	    name);
	return knock_at(&knock).status;
}

static void
whoever_guesses_waits_known_or_not(void **state)
{
	struct knock knock = { METHOD_GET, "/signin", "", "none", "", "" };
	struct response response;
	char csrf[64], hash[PASSWORD_HASH_MAX], sql[256];

	(void)state;
	prepare(ROLE_SERVER, OPERATOR, true);
	response = knock_at(&knock);
	snprintf(csrf, sizeof(csrf), "%.*s",
	    (int)strcspn(
		strstr(response.body, "name=\"csrf\" value=\"") + 19, "\""),
	    strstr(response.body, "name=\"csrf\" value=\"") + 19);
	assert_int_equal(
	    password_hash(hash, PASSWORD_CLIENT, "right"), FAULT_NONE);
	snprintf(
	    sql, sizeof(sql), "UPDATE admin SET password_hash = '%s'", hash);
	fixture_sql(&fixture, sql);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(guess("operator", csrf), 422);
		assert_int_equal(guess("nobody", csrf), 422);
	}
	assert_int_equal(guess("operator", csrf), 429);
	assert_int_equal(guess("nobody", csrf), 429);
	/* From elsewhere the right person is not kept waiting. */
	fixture_sql(&fixture, "UPDATE guess SET address = '192.0.2.1'");
	assert_int_equal(guess("operator", csrf), 422);
	clean_up();
}

static void
after_sign_in_the_whole_address_comes_back(void **state)
{
	struct knock knock = { METHOD_GET, "/licensing/client/a&b", "", "none",
		"", "" };

	(void)state;
	prepare(ROLE_SERVER, NOBODY, true);
	assert_string_equal(knock_at(&knock).location,
	    "/signin?next=%2Flicensing%2Fclient%2Fa%26b");
	clean_up();
}

static void
a_sign_in_ends_by_idleness(void **state)
{
	struct knock knock = { METHOD_GET, "/licensing/summary", "", TOKEN, "",
		"" };

	(void)state;
	prepare(ROLE_SERVER, READER, true);
	assert_int_equal(knock_at(&knock).status, 200);
	fixture_sql(&fixture, "UPDATE sign_in SET seen_at = seen_at - 1799");
	assert_int_equal(knock_at(&knock).status, 200);
	fixture_sql(&fixture, "UPDATE sign_in SET seen_at = 1781524800 - 1800");
	assert_int_equal(knock_at(&knock).status, 303);
	clean_up();
}

static void
unknown_addresses_and_methods(void **state)
{
	struct knock knock = { METHOD_GET, "/nothing", "", TOKEN, "", "" };
	struct response response;

	(void)state;
	prepare(ROLE_SERVER, READER, true);
	assert_int_equal(knock_at(&knock).status, 404);
	knock.path = "/signout";
	response = knock_at(&knock);
	assert_int_equal(response.status, 405);
	assert_string_equal(response.allow, "POST");
	knock.path = "/licensing/client/";
	assert_int_equal(knock_at(&knock).status, 404);
	knock.path = "/licensing/client/a/b";
	assert_int_equal(knock_at(&knock).status, 404);
	clean_up();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(only_sign_in_and_health_are_public),
		cmocka_unit_test(every_route_for_everybody),
		cmocka_unit_test(configure_clients_opens_with_its_license),
		cmocka_unit_test(a_form_from_elsewhere_changes_nothing),
		cmocka_unit_test(a_wrong_csrf_word_changes_nothing),
		cmocka_unit_test(malformed_forms_are_refused),
		cmocka_unit_test(what_was_typed_is_shown_again_but_no_password),
		cmocka_unit_test(a_refused_key_is_answered_and_kept),
		cmocka_unit_test(a_name_that_spells_zero_is_a_name),
		cmocka_unit_test(an_edit_conflict_shows_what_is_saved),
		cmocka_unit_test(counts_of_another_product_are_not_lost),
		cmocka_unit_test(whoever_guesses_waits_known_or_not),
		cmocka_unit_test(after_sign_in_the_whole_address_comes_back),
		cmocka_unit_test(a_sign_in_ends_by_idleness),
		cmocka_unit_test(unknown_addresses_and_methods),
	};

	snprintf(data_directory, sizeof(data_directory), "%s",
	    appliance_data_directory());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
