/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lease_request.c: what a client may say, member by member.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/lease_request.h"
#include "engine/base/json.h"
#include "engine/rules/catalogue.h"
#include <stdio.h>
#include <string.h>

#define GOOD                                                                   \
	"{\"protocol\":1,\"request_id\":\"0123456789abcdef\","                 \
	"\"sent_at\":1767225600,\"hardware_id\":\"0331J8K29P4T77QX\","         \
	"\"platform\":\"PSA-5000\",\"product\":\"PCS\",\"version\":"           \
	"\"8.0r5\",\"features\":{\"CONSEC\":{\"users\":120},"                  \
	"\"ACCESS\":{\"users\":0}}}"

static struct arena arena;
static struct lease_request_body body;

static int
begin(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static enum lease_request_state
parse(const char *text)
{
	return lease_request_parse(&body, &arena, text, strlen(text));
}

/* The good request with one member set to the JSON "value"; NULL removes it. */
static enum lease_request_state
parse_with(const char *name, const char *value)
{
	json_t *object = json_loads(GOOD, 0, NULL);
	json_t *member = value
	    ? json_loads(value, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL)
	    : NULL;
	char *text;

	if (value)
		assert_non_null(member);
	if (member)
		assert_int_equal(json_object_set_new(object, name, member), 0);
	else
		json_object_del(object, name);
	text = json_dump(&arena, object);
	assert_non_null(text);
	json_decref(object);
	return parse(text);
}

static void
assert_taken(const char *name, const char *value)
{
	if (parse_with(name, value) != LEASE_REQUEST_GOOD)
		fail_msg("%s = %s was refused: %s", name,
		    value ? value : "(absent)", body.reason);
}

static void
assert_refused(const char *name, const char *value)
{
	if (parse_with(name, value) != LEASE_REQUEST_BAD)
		fail_msg("%s = %s was taken", name, value ? value : "(absent)");
	assert_string_not_equal(body.reason, "");
}

static void
reads_a_whole_request(void **state)
{
	(void)state;
	assert_int_equal(parse(GOOD), LEASE_REQUEST_GOOD);
	assert_string_equal(body.request_id, "0123456789abcdef");
	assert_int_equal(body.sent_at, 1767225600);
	assert_string_equal(body.hardware_id, "0331J8K29P4T77QX");
	assert_string_equal(body.platform, "PSA-5000");
	assert_int_equal(body.product, PRODUCT_PCS);
	assert_string_equal(body.version, "8.0r5");
	assert_string_equal(body.cluster, "");
	assert_int_equal(body.holds, 0);
	assert_int_equal(body.want_count, 2);
	assert_string_equal(body.wants[0].feature, "CONSEC");
	assert_int_equal(body.wants[0].users, 120);
	assert_string_equal(body.wants[1].feature, "ACCESS");
	assert_int_equal(body.wants[1].users, 0);
	assert_false(body.has_device_key);
	assert_null(body.client);
	assert_null(body.password);
	assert_string_equal(body.unsupported, "");
}

static void
refuses_what_is_no_json_object(void **state)
{
	static const char *const texts[] = { "", " ", "{", "[]", "null", "1",
		"\"x\"", GOOD "x", GOOD GOOD, "\xef\xbb\xbf" GOOD,
		"{\"protocol\":1,\"protocol\":1}", "{\"a\":\"\xff\"}",
		"{\"a\":\"\\ud800\"}", "{\"a\":\"\\u0000\"}", "{\"a\":01}",
		"{\"a\":NaN}", "{\"a\":1,}", "{/**/}", "{\"\\u0000\":1}" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(parse(texts[i]), LEASE_REQUEST_BAD);
		assert_string_not_equal(body.reason, "");
		assert_string_equal(body.request_id, "");
	}
	assert_int_equal(
	    lease_request_parse(&body, &arena, NULL, 0), LEASE_REQUEST_BAD);
}

static void
survives_deep_nesting(void **state)
{
	static char text[LEASE_REQUEST_MAX_BYTES];

	(void)state;
	memset(text, '[', sizeof(text));
	memcpy(text, "{\"a\":", 5);
	assert_int_equal(lease_request_parse(&body, &arena, text, sizeof(text)),
	    LEASE_REQUEST_BAD);
}

static void
takes_the_largest_body_and_no_larger(void **state)
{
	static char text[LEASE_REQUEST_MAX_BYTES + 1];
	size_t length = strlen(GOOD);

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, GOOD, length);
	assert_int_equal(
	    lease_request_parse(&body, &arena, text, LEASE_REQUEST_MAX_BYTES),
	    LEASE_REQUEST_GOOD);
	assert_int_equal(lease_request_parse(
			     &body, &arena, text, LEASE_REQUEST_MAX_BYTES + 1),
	    LEASE_REQUEST_BAD);
}

static void
every_member_it_needs_is_needed(void **state)
{
	static const char *const needed[] = { "protocol", "request_id",
		"sent_at", "hardware_id", "platform", "product", "version",
		"features" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		assert_refused(needed[i], NULL);
		assert_refused(needed[i], "null");
		assert_refused(needed[i], "true");
		assert_refused(needed[i], "[]");
	}
}

static void
another_protocol_is_told_from_a_bad_one(void **state)
{
	(void)state;
	assert_int_equal(
	    parse_with("protocol", "2"), LEASE_REQUEST_OTHER_PROTOCOL);
	assert_string_equal(body.request_id, "0123456789abcdef");
	assert_int_equal(
	    parse_with("protocol", "0"), LEASE_REQUEST_OTHER_PROTOCOL);
	assert_int_equal(
	    parse_with("protocol", "-1"), LEASE_REQUEST_OTHER_PROTOCOL);
	assert_int_equal(
	    parse("{\"protocol\":7}"), LEASE_REQUEST_OTHER_PROTOCOL);
	assert_refused("protocol", "\"1\"");
	assert_refused("protocol", "1.0");
}

static void
request_ids_have_their_bounds(void **state)
{
	(void)state;
	assert_refused("request_id", "\"0123456789abcde\"");
	assert_taken("request_id", "\"0123456789abcdeF\"");
	assert_taken("request_id",
	    "\"-_"
	    "23456789012345678901234567890123456789012345678901234567890123\"");
	assert_refused("request_id",
	    "\"0123456789012345678901234567890123456789012345678901234567890123"
	    "4\"");
	assert_refused("request_id", "\"0123456789abcde.\"");
	assert_refused("request_id", "\"0123456789abcde\\n\"");
	assert_refused("request_id", "\"0123456789abcde\\u0000\"");
	assert_refused("request_id", "\"0123456789abcde\\u00e9\"");
	assert_string_equal(body.request_id, "");
}

static void
counts_have_their_bounds(void **state)
{
	(void)state;
	assert_taken("features", "{}");
	assert_taken("features", "{\"A\":{\"users\":10000000}}");
	assert_refused("features", "{\"A\":{\"users\":10000001}}");
	assert_refused("features", "{\"A\":{\"users\":-1}}");
	assert_refused("features", "{\"A\":{\"users\":4294967297}}");
	assert_refused("features", "{\"A\":{\"users\":9007199254740993}}");
	assert_refused("features", "{\"A\":{\"users\":1.0}}");
	assert_refused("features", "{\"A\":{\"users\":1e3}}");
	assert_refused("features", "{\"A\":{\"users\":\"1\"}}");
	assert_refused("features", "{\"A\":{\"users\":null}}");
	assert_refused("features", "{\"A\":{}}");
	assert_refused("features", "{\"A\":7}");
	assert_taken("sent_at", "0");
	assert_refused("sent_at", "-1");
	assert_taken("sent_at", "253402300799");
	assert_refused("sent_at", "253402300800");
	assert_taken("holds", "9223372036854775807");
	assert_int_equal(body.holds, INT64_MAX);
	assert_refused("holds", "-1");
	assert_refused("holds", "\"4\"");
	assert_taken("holds", "null");
	/* No integer of C holds it: jansson refuses the text. */
	assert_int_equal(
	    parse("{\"protocol\":9223372036854775808}"), LEASE_REQUEST_BAD);
}

/* A JSON object of so many features. */
static const char *
features_of(size_t count)
{
	json_t *features = json_object();
	char name[32], *text;
	size_t i;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "F%zu", i);
		json_object_set_new(
		    features, name, json_pack("{s:i}", "users", 1));
	}
	text = json_dump(&arena, features);
	json_decref(features);
	return text;
}

static void
feature_names_have_their_bounds(void **state)
{
	(void)state;
	assert_taken(
	    "features", "{\"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345\":{\"users\":1}}");
	assert_refused("features",
	    "{\"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456\":{\"users\":1}}");
	assert_refused("features", "{\"\":{\"users\":1}}");
	assert_refused("features", "{\"A B\":{\"users\":1}}");
	assert_refused("features", "{\"A\\n\":{\"users\":1}}");
	assert_refused("features", "{\"\\u00e9\":{\"users\":1}}");
	assert_taken("features", features_of(64));
	assert_int_equal(body.want_count, 64);
	assert_refused("features", features_of(65));
}

static void
texts_have_their_bounds(void **state)
{
	char text[256] = "\"";
	size_t i;

	(void)state;
	assert_refused("hardware_id", "\"0331J8K29P4T77Q\"");
	assert_refused("hardware_id", "\"0331J8K29P4T77QXX\"");
	assert_refused("hardware_id", "\"0331j8k29p4t77qx\"");
	assert_refused("hardware_id", "\"0331J8K29P4T77QI\"");
	assert_refused("product", "\"PXS\"");
	assert_taken("product", "\"PPS\"");
	assert_int_equal(body.product, PRODUCT_PPS);
	assert_refused("version", "\"\"");
	assert_refused("platform", "\"\"");
	assert_refused("platform", "\"a\\nb\"");
	assert_refused("platform", "\"a\\u007fb\"");
	for (i = 0; i < 64; i++)
		memcpy(text + 1 + 2 * i, "\xc3\xa9", 3);
	memcpy(text + 129, "\"", 2);
	assert_taken("platform", text);
	memcpy(text + 129, "x\"", 3);
	assert_refused("platform", text);
}

static void
cluster_is_a_name_and_a_flag(void **state)
{
	(void)state;
	assert_taken("cluster", "{\"name\":\"emea\",\"leader\":true}");
	assert_string_equal(body.cluster, "emea");
	assert_taken("cluster", "{\"name\":\"<b>\"}");
	assert_taken("cluster", "null");
	assert_string_equal(body.cluster, "");
	assert_refused("cluster", "\"emea\"");
	assert_refused("cluster", "{}");
	assert_refused("cluster", "{\"name\":7}");
	assert_refused("cluster", "{\"name\":\"emea\",\"leader\":1}");
	assert_refused("cluster", "{\"name\":\"a\\u001bb\"}");
}

static void
device_key_is_an_ed25519_key(void **state)
{
	(void)state;
	assert_taken("device_key",
	    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
	    "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
	assert_true(body.has_device_key);
	assert_int_equal(body.device_key[0], 0xd7);
	assert_taken("device_key", "null");
	assert_false(body.has_device_key);
	assert_refused("device_key", "{}");
	assert_refused("device_key", "\"x\"");
	assert_refused("device_key",
	    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfV\"}");
	assert_refused("device_key",
	    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"x\",\"y\":\"y\"}");
}

static void
credentials_are_texts(void **state)
{
	(void)state;
	assert_taken("client", "\"gw001\"");
	assert_string_equal(body.client, "gw001");
	assert_taken("password", "\"\"");
	assert_string_equal(body.password, "");
	assert_refused("client", "\"\"");
	assert_refused("client", "7");
	assert_refused("client", "\"a\\u0000b\"");
	assert_refused("password", "7");
}

static void
reasons_never_quote_the_request(void **state)
{
	(void)state;
	assert_int_equal(
	    parse("{\"password\":\"hunter2\" hunter2}"), LEASE_REQUEST_BAD);
	assert_null(strstr(body.reason, "hunter2"));
	assert_refused("password", "[\"hunter2\"]");
	assert_null(strstr(body.reason, "hunter2"));
	assert_refused("features", "{\"hunter2 x\":{\"users\":1}}");
	assert_null(strstr(body.reason, "hunter2"));
}

static void
what_is_not_acted_upon_is_named(void **state)
{
	(void)state;
	assert_taken("members", "[]");
	assert_string_equal(body.unsupported, "");
	assert_taken("members", "[\"key\"]");
	assert_string_equal(body.unsupported, "members");
	assert_taken("surrenders", "[{\"key\":\"k\",\"since\":1}]");
	assert_string_equal(body.unsupported, "surrenders");
	assert_taken("recalls", "[{}]");
	assert_taken("auto_leases", "[{}]");
	assert_taken("on_behalf", "[{}]");
	assert_taken("lease", "\"a.b.c\"");
	assert_string_equal(body.unsupported, "lease");
	assert_refused("members", "[7]");
	assert_refused("members", "{}");
	assert_refused("surrenders", "[\"k\"]");
	assert_refused("recalls", "7");
	assert_refused("auto_leases", "[[]]");
	assert_refused("on_behalf", "\"x\"");
	assert_refused("lease", "7");
	assert_int_equal(parse("{\"protocol\":1,"
			       "\"request_id\":\"0123456789abcdef\","
			       "\"sent_at\":1,\"hardware_id\":"
			       "\"0331J8K29P4T77QX\",\"platform\":\"p\","
			       "\"product\":\"PCS\",\"version\":\"1\","
			       "\"features\":{},\"recalls\":[{}],"
			       "\"surrenders\":[{}]}"),
	    LEASE_REQUEST_GOOD);
	assert_string_equal(body.unsupported, "surrenders, recalls");
}

static void
members_it_does_not_know_are_passed_over(void **state)
{
	(void)state;
	assert_taken("a_later_idea", "{\"x\":[1,2.5,null]}");
}

static void
a_full_arena_is_no_mistake_of_the_client(void **state)
{
	struct arena small;
	size_t bytes;
	enum lease_request_state result = LEASE_REQUEST_NO_MEMORY;

	(void)state;
	for (bytes = 1; result == LEASE_REQUEST_NO_MEMORY; bytes += 8) {
		arena_init(&small, bytes);
		result = lease_request_parse(&body, &small, GOOD, strlen(GOOD));
		assert_int_not_equal(result, LEASE_REQUEST_BAD);
		assert_non_null(body.request_id);
		arena_clear(&small);
	}
	assert_int_equal(result, LEASE_REQUEST_GOOD);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_a_whole_request),
		TEST(refuses_what_is_no_json_object),
		TEST(survives_deep_nesting),
		TEST(takes_the_largest_body_and_no_larger),
		TEST(every_member_it_needs_is_needed),
		TEST(another_protocol_is_told_from_a_bad_one),
		TEST(request_ids_have_their_bounds),
		TEST(counts_have_their_bounds),
		TEST(feature_names_have_their_bounds),
		TEST(texts_have_their_bounds),
		TEST(cluster_is_a_name_and_a_flag),
		TEST(device_key_is_an_ed25519_key),
		TEST(credentials_are_texts),
		TEST(reasons_never_quote_the_request),
		TEST(what_is_not_acted_upon_is_named),
		TEST(members_it_does_not_know_are_passed_over),
		TEST(a_full_arena_is_no_mistake_of_the_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
