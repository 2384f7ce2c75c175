/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_peer_ask.c: what a license client says in a request, and that it says
 * the same however often one request is sent.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/json.h"
#include "engine/peer/sync_ask.h"
#include <string.h>

#define REQUEST_ID "0123456789abcdef0123456789abcdef"

static struct arena arena;
static struct keypair *device;
static struct appliance appliance;
static struct link_row row;
static struct sync_news news;
static struct sync_ask_input input;
static struct sync_ask ask;
static json_t *body;

static const char *members[] = { "member.key.x" };
static struct sync_news_license licenses[] = {
	{ "first.key.x", "A-1", 100, false },
	{ "second.key.x", "A-2", 200, true },
	{ "third.key.x", "A-3", 300, false },
};
static struct link_auto_lease_row taken[] = {
	{ 1, "CONSEC", 25, 1000, 1500, 1000 },
	{ 2, "ACCESS", 50, 1200, 2000, 1100 },
};

static int
make(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	appliance = (struct appliance){ .platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.version = "9.1r1" };
	strcpy(appliance.hardware_id, "0331J8K29P4T77QX");
	row = (struct link_row){ .client_name = "gw001",
		.password = "secret",
		.token = "token",
		.cluster = "",
		.document = "a.lease.document",
		.number = 41 };
	memset(&news, 0, sizeof(news));
	if (keypair_generate(&device))
		return -1;
	input = (struct sync_ask_input){ .appliance = &appliance,
		.device = device,
		.link = &row,
		.request_id = REQUEST_ID,
		.sent_at = 2000,
		.news = &news };
	body = NULL;
	return 0;
}

static int
drop(void **state)
{
	(void)state;
	json_decref(body);
	keypair_free(&device);
	arena_clear(&arena);
	return 0;
}

static void
build(void)
{
	json_decref(body);
	assert_int_equal(sync_ask_build(&ask, &arena, &input), FAULT_NONE);
	body = json_load_object(ask.body, ask.bytes, NULL, 0);
	assert_non_null(body);
}

static void
assert_member(const char *name, const char *expected)
{
	const json_t *value = json_object_get(body, name);

	assert_non_null(value);
	assert_string_equal(json_dump(&arena, value), expected);
}

static void
without_news_there_is_none_of_it(void **state)
{
	static const char *const names[] = { "members", "surrenders", "recalls",
		"auto_leases", "lease", "cluster", "on_behalf" };

	(void)state;
	for (int i = 0; i < 2; i++) {
		build();
		for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++)
			assert_null(json_object_get(body, names[n]));
		input.news = NULL;
	}
}

static void
all_news_is_said(void **state)
{
	(void)state;
	news = (struct sync_news){ .members = members,
		.member_count = 1,
		.licenses = licenses,
		.license_count = 3,
		.auto_leases = taken,
		.auto_lease_count = 2,
		.lease = row.document };
	build();
	assert_member("members", "[\"member.key.x\"]");
	assert_member("surrenders",
	    "[{\"key\":\"first.key.x\",\"since\":100},"
	    "{\"key\":\"third.key.x\",\"since\":300}]");
	/* What is recalled is named only: the server has its key. */
	assert_member("recalls", "[{\"serial\":\"A-2\",\"since\":200}]");
	assert_member("auto_leases",
	    "[{\"feature\":\"CONSEC\",\"from\":1000,\"to\":1500,\"units\":25},"
	    "{\"feature\":\"ACCESS\",\"from\":1200,\"to\":2000,\"units\":50}]");
	assert_string_equal(json_text(body, "lease"), "a.lease.document");
}

static void
the_cluster_is_named(void **state)
{
	(void)state;
	row.cluster = "emea";
	build();
	assert_member("cluster", "{\"leader\":false,\"name\":\"emea\"}");
	row.offers_to_lead = true;
	build();
	assert_member("cluster", "{\"leader\":true,\"name\":\"emea\"}");
}

static void
one_request_is_the_same_by_token_and_by_password(void **state)
{
	const char *by_token;

	(void)state;
	news = (struct sync_news){ .auto_leases = taken,
		.auto_lease_count = 2,
		.licenses = licenses,
		.license_count = 3 };
	input.with_token = true;
	build();
	by_token = ask.body;
	input.with_token = false;
	build();
	assert_string_equal(ask.body, by_token);
}

/* As much of everything as sync_news takes up. */
static void
the_most_there_can_be_fits_into_a_request(void **state)
{
	static struct sync_news_license many[SYNC_NEWS_LICENSES_MAX];
	static struct link_auto_lease_row intervals[SYNC_NEWS_AUTO_LEASES_MAX];
	static char keys[SYNC_NEWS_BYTES_MAX - SYNC_NEWS_LEASE_MAX_BYTES -
	    SYNC_NEWS_AUTO_LEASES_MAX * 96 - SYNC_NEWS_LICENSES_MAX * 40 + 1];
	char *document = arena_array(&arena, SYNC_NEWS_LEASE_MAX_BYTES + 1, 1);

	(void)state;
	memset(document, 'd', SYNC_NEWS_LEASE_MAX_BYTES);
	memset(keys, 'k', sizeof(keys) - 1);
	for (size_t i = 0; i < SYNC_NEWS_LICENSES_MAX; i++)
		many[i] = (struct sync_news_license){ i ? "" : keys, "S",
			INT64_C(4102444800), false };
	for (size_t i = 0; i < SYNC_NEWS_AUTO_LEASES_MAX; i++)
		intervals[i] = (struct link_auto_lease_row){ 1, "ACCESS-RDP",
			10000000, INT64_C(4102444800), INT64_C(4102444801), 1 };
	news = (struct sync_news){ .licenses = many,
		.license_count = SYNC_NEWS_LICENSES_MAX,
		.auto_leases = intervals,
		.auto_lease_count = SYNC_NEWS_AUTO_LEASES_MAX,
		.lease = document };
	build();
	assert_non_null(json_object_get(body, "lease"));
	assert_true(ask.bytes < (size_t)56 * 1024);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
		TEST(without_news_there_is_none_of_it),
		TEST(all_news_is_said),
		TEST(the_cluster_is_named),
		TEST(one_request_is_the_same_by_token_and_by_password),
		TEST(the_most_there_can_be_fits_into_a_request),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
