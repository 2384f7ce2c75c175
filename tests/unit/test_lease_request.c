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
#include "engine/base/hardware_id.h"
#include "engine/base/json.h"
#include "engine/rules/catalogue.h"
#include <stdio.h>
#include <string.h>

/* With everything a client may say beyond that, for a memory that runs out. */
#define WHOLE                                                                  \
	"{\"protocol\":1,\"request_id\":\"0123456789abcdef\","                 \
	"\"sent_at\":1,\"hardware_id\":\"0331J8K29P4T77QX\",\"platform\":"     \
	"\"p\",\"product\":\"PCS\",\"version\":\"1\",\"features\":{},"         \
	"\"members\":[\"m\"],\"surrenders\":[{\"key\":\"k\",\"since\":1}],"    \
	"\"recalls\":[{\"serial\":\"s\",\"since\":1}],\"auto_leases\":"        \
	"[{\"feature\":\"F\",\"units\":1,\"from\":1,\"to\":2}],\"lease\":"     \
	"\"a.b.c\",\"on_behalf\":[{\"authorization\":\"x\",\"device\":\"y\","  \
	"\"request\":{\"a\":1}},{\"request\":\"{}\"}]}"

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
	assert_false(body.offers_to_lead);
	assert_int_equal(body.member_count, 0);
	assert_int_equal(body.surrender_count, 0);
	assert_int_equal(body.recall_count, 0);
	assert_int_equal(body.auto_lease_count, 0);
	assert_int_equal(body.node_count, 0);
	assert_null(body.lease);
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
	assert_true(body.offers_to_lead);
	assert_taken("cluster", "{\"name\":\"emea\",\"leader\":false}");
	assert_false(body.offers_to_lead);
	assert_taken("cluster", "{\"name\":\"<b>\"}");
	assert_false(body.offers_to_lead);
	assert_taken("cluster", "null");
	assert_string_equal(body.cluster, "");
	assert_refused("cluster", "\"emea\"");
	assert_refused("cluster", "{}");
	assert_refused("cluster", "{\"name\":7}");
	assert_refused("cluster", "{\"name\":\"emea\",\"leader\":1}");
	assert_refused("cluster", "{\"name\":\"a\\u001bb\"}");
}

#define JWK                                                                    \
	"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"                          \
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

/* The good request from a device: its key, and a hardware ID as text. */
static enum lease_request_state
parse_device(const char *hardware_id)
{
	json_t *object = json_loads(GOOD, 0, NULL);
	char *text;

	json_object_set_new(object, "device_key", json_loads(JWK, 0, NULL));
	json_object_set_new(object, "hardware_id", json_string(hardware_id));
	text = json_dump(&arena, object);
	json_decref(object);
	return parse(text);
}

static void
device_key_is_an_ed25519_key(void **state)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	char derived[HARDWARE_ID_SIZE];
	json_t *jwk = json_loads(JWK, 0, NULL);

	(void)state;
	assert_true(keypair_public_from_jwk(key, jwk));
	json_decref(jwk);
	assert_int_equal(hardware_id_of(derived, key), FAULT_NONE);
	assert_int_equal(parse_device(derived), LEASE_REQUEST_GOOD);
	assert_true(body.has_device_key);
	assert_memory_equal(body.device_key, key, sizeof(key));
	assert_string_equal(body.hardware_id, derived);
	assert_taken("device_key", "null");
	assert_false(body.has_device_key);
	assert_refused("device_key", "{}");
	assert_refused("device_key", "\"x\"");
	assert_refused("device_key",
	    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfV\"}");
	assert_refused("device_key",
	    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"x\",\"y\":\"y\"}");
}

/* rules.md 1: nobody takes a hardware ID without the key it derives from. */
static void
a_hardware_id_must_derive_from_the_key_shown(void **state)
{
	(void)state;
	assert_refused("device_key", JWK);
	assert_string_equal(body.reason,
	    "hardware_id must be the one that derives from device_key.");
	assert_int_equal(parse_device("0331J8K29P4T77QX"), LEASE_REQUEST_BAD);
	assert_string_equal(body.reason,
	    "hardware_id must be the one that derives from device_key.");
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

/* A JSON array of "count" times "element". */
static const char *
array_of(size_t count, const char *element)
{
	size_t bytes = count * (strlen(element) + 1) + 3, i;
	char *text = arena_alloc(&arena, bytes);

	assert_non_null(text);
	strcpy(text, "[");
	for (i = 0; i < count; i++) {
		strcat(text, i ? "," : "");
		strcat(text, element);
	}
	strcat(text, "]");
	return text;
}

/* A JSON text of that many letters. */
static const char *
text_of(size_t length)
{
	char *text = arena_alloc(&arena, length + 3);

	assert_non_null(text);
	memset(text, 'k', length + 2);
	text[0] = text[length + 1] = '"';
	return text;
}

static const char *
object_of(const char *format, const char *value)
{
	char *text;
	/* The formats of this file. */
	const char *at = strchr(format, '@');
	size_t head = (size_t)(at - format);

	text = arena_alloc(&arena, strlen(format) + strlen(value) + 1);
	assert_non_null(text);
	memcpy(text, format, head);
	strcpy(text + head, value);
	strcat(text, at + 1);
	return text;
}

static void
assert_reason(const char *name, const char *value, const char *reason)
{
	assert_refused(name, value);
	assert_string_equal(body.reason, reason);
}

static void
member_licenses_are_keys(void **state)
{
	static const char rule[] = "members must be an array of up to 32 "
				   "texts of 1 to 8192 bytes.";

	(void)state;
	assert_taken("members", "[]");
	assert_taken("members", "null");
	assert_int_equal(body.member_count, 0);
	assert_taken("members", "[\"one\",\"two\"]");
	assert_int_equal(body.member_count, 2);
	assert_string_equal(body.members[0], "one");
	assert_string_equal(body.members[1], "two");
	assert_taken("members", array_of(32, "\"k\""));
	assert_int_equal(body.member_count, 32);
	assert_reason("members", array_of(33, "\"k\""), rule);
	assert_taken("members", array_of(1, text_of(8192)));
	assert_reason("members", array_of(1, text_of(8193)), rule);
	assert_reason("members", "[\"\"]", rule);
	assert_reason("members", "[\"a\\nb\"]", rule);
	assert_reason("members", "[\"k\",7]", rule);
	assert_reason("members", "{}", rule);
	assert_reason("members", "\"k\"", rule);
}

static void
surrenders_have_a_key_and_an_instant(void **state)
{
	static const char rule[] =
	    "surrenders must be an array of up to 128 objects.";
	static const char key_rule[] =
	    "surrenders: key must be a text of 1 to 8192 bytes.";
	static const char since_rule[] =
	    "surrenders: since must be whole seconds since 1970.";
	static const char with_key[] = "[{\"key\":@,\"since\":1}]";
	static const char with_since[] = "[{\"key\":\"k\",\"since\":@}]";

	(void)state;
	assert_taken("surrenders", "[]");
	assert_taken("surrenders",
	    "[{\"key\":\"a\",\"since\":0},{\"key\":\"b\",\"since\":"
	    "253402300799}]");
	assert_int_equal(body.surrender_count, 2);
	assert_string_equal(body.surrenders[0].key, "a");
	assert_int_equal(body.surrenders[0].since, 0);
	assert_string_equal(body.surrenders[1].key, "b");
	assert_int_equal(body.surrenders[1].since, 253402300799);
	assert_taken(
	    "surrenders", array_of(128, "{\"key\":\"k\",\"since\":1}"));
	assert_int_equal(body.surrender_count, 128);
	assert_reason(
	    "surrenders", array_of(129, "{\"key\":\"k\",\"since\":1}"), rule);
	assert_reason("surrenders", "[\"k\"]", rule);
	assert_reason("surrenders", "7", rule);
	assert_taken("surrenders", object_of(with_key, text_of(8192)));
	assert_reason(
	    "surrenders", object_of(with_key, text_of(8193)), key_rule);
	assert_reason("surrenders", object_of(with_key, "\"\""), key_rule);
	assert_reason("surrenders", object_of(with_key, "null"), key_rule);
	assert_reason("surrenders", "[{\"since\":1}]", key_rule);
	assert_reason("surrenders", object_of(with_since, "-1"), since_rule);
	assert_reason(
	    "surrenders", object_of(with_since, "253402300800"), since_rule);
	assert_reason("surrenders", object_of(with_since, "1.0"), since_rule);
	assert_reason("surrenders", "[{\"key\":\"k\"}]", since_rule);
}

static void
recalls_have_a_serial_and_an_instant(void **state)
{
	static const char rule[] =
	    "recalls must be an array of up to 128 objects.";
	static const char serial_rule[] =
	    "recalls: serial must be a text of 1 to 128 bytes.";
	static const char since_rule[] =
	    "recalls: since must be whole seconds since 1970.";
	static const char with_serial[] = "[{\"serial\":@,\"since\":1}]";
	static const char with_since[] = "[{\"serial\":\"A-1\",\"since\":@}]";

	(void)state;
	assert_taken("recalls", "[{\"serial\":\"A-1\",\"since\":1}]");
	assert_int_equal(body.recall_count, 1);
	assert_string_equal(body.recalls[0].serial, "A-1");
	assert_int_equal(body.recalls[0].since, 1);
	assert_taken(
	    "recalls", array_of(128, "{\"serial\":\"s\",\"since\":1}"));
	assert_int_equal(body.recall_count, 128);
	assert_reason(
	    "recalls", array_of(129, "{\"serial\":\"s\",\"since\":1}"), rule);
	assert_reason("recalls", "[[]]", rule);
	assert_taken("recalls", object_of(with_serial, text_of(128)));
	assert_reason(
	    "recalls", object_of(with_serial, text_of(129)), serial_rule);
	assert_reason("recalls", object_of(with_serial, "\"\""), serial_rule);
	assert_reason("recalls", "[{}]", serial_rule);
	assert_taken("recalls", object_of(with_since, "253402300799"));
	assert_reason(
	    "recalls", object_of(with_since, "253402300800"), since_rule);
	assert_reason("recalls", object_of(with_since, "\"1\""), since_rule);
}

static void
auto_leases_are_intervals_of_units(void **state)
{
	static const char rule[] =
	    "auto_leases must be an array of up to 256 objects.";
	static const char units_rule[] =
	    "auto_leases: units must be a whole number from 1 to 10000000.";
	static const char one[] =
	    "{\"feature\":\"F\",\"units\":1,\"from\":1,\"to\":2}";
	static const char with_units[] =
	    "[{\"feature\":\"F\",\"units\":@,\"from\":1,\"to\":2}]";
	static const char with_to[] =
	    "[{\"feature\":\"F\",\"units\":1,\"from\":5,\"to\":@}]";
	static const char with_feature[] =
	    "[{\"feature\":@,\"units\":1,\"from\":1,\"to\":2}]";

	(void)state;
	assert_taken("auto_leases",
	    "[{\"feature\":\"CONSEC\",\"units\":25,\"from\":0,\"to\":"
	    "253402300799}]");
	assert_int_equal(body.auto_lease_count, 1);
	assert_string_equal(body.auto_leases[0].feature, "CONSEC");
	assert_int_equal(body.auto_leases[0].units, 25);
	assert_int_equal(body.auto_leases[0].from, 0);
	assert_int_equal(body.auto_leases[0].to, 253402300799);
	assert_taken("auto_leases", array_of(256, one));
	assert_int_equal(body.auto_lease_count, 256);
	assert_reason("auto_leases", array_of(257, one), rule);
	assert_reason("auto_leases", "\"x\"", rule);
	assert_taken("auto_leases", object_of(with_units, "10000000"));
	assert_reason(
	    "auto_leases", object_of(with_units, "10000001"), units_rule);
	assert_reason("auto_leases", object_of(with_units, "0"), units_rule);
	assert_reason("auto_leases", object_of(with_units, "1.0"), units_rule);
	assert_reason("auto_leases", object_of(with_to, "4"),
	    "auto_leases: to must not be before from.");
	assert_reason("auto_leases", object_of(with_to, "253402300800"),
	    "auto_leases: to must be whole seconds since 1970.");
	assert_reason("auto_leases", object_of(with_feature, "\"A B\""),
	    "auto_leases: feature must be a name of 1 to 32 visible ASCII "
	    "characters.");
	assert_refused("auto_leases", object_of(with_feature, text_of(33)));
	assert_taken("auto_leases", object_of(with_feature, text_of(32)));
}

static void
an_auto_lease_of_no_length_counts_for_nothing(void **state)
{
	(void)state;
	assert_taken("auto_leases",
	    "[{\"feature\":\"A\",\"units\":1,\"from\":5,\"to\":5},"
	    "{\"feature\":\"B\",\"units\":1,\"from\":5,\"to\":6}]");
	assert_int_equal(body.auto_lease_count, 1);
	assert_string_equal(body.auto_leases[0].feature, "B");
}

static void
a_node_comes_with_its_headers_and_its_body(void **state)
{
	static const char rule[] =
	    "on_behalf must be an array of up to 64 objects.";

	(void)state;
	assert_taken("on_behalf",
	    "[{\"authorization\":\"Bearer x\",\"device\":\"1;a..b\","
	    "\"request\":\"{ \\\"z\\\": 1, \\\"a\\\": 2 }\"},"
	    "{\"authorization\":null,\"request\":{\"z\":1,\"a\":[\"\\u00e9\"]}}"
	    "]");
	assert_int_equal(body.node_count, 2);
	assert_string_equal(body.nodes[0].authorization, "Bearer x");
	assert_string_equal(body.nodes[0].proof, "1;a..b");
	assert_string_equal(body.nodes[0].text, "{ \"z\": 1, \"a\": 2 }");
	assert_int_equal(body.nodes[0].bytes, 18);
	assert_null(body.nodes[1].authorization);
	assert_null(body.nodes[1].proof);
	assert_string_equal(
	    body.nodes[1].text, "{\"a\":[\"\xc3\xa9\"],\"z\":1}");
	assert_taken("on_behalf", array_of(64, "{\"request\":\"\"}"));
	assert_int_equal(body.node_count, 64);
	assert_reason("on_behalf", array_of(65, "{\"request\":\"\"}"), rule);
	assert_reason("on_behalf", "[\"x\"]", rule);
	assert_reason("on_behalf", "{}", rule);
	assert_reason("on_behalf", "[{}]",
	    "on_behalf: request must be an object, or a text that holds one.");
	assert_refused("on_behalf", "[{\"request\":null}]");
	assert_refused("on_behalf", "[{\"request\":[]}]");
	assert_reason("on_behalf", "[{\"request\":{},\"authorization\":7}]",
	    "on_behalf: authorization must be a text.");
	assert_reason("on_behalf", "[{\"request\":{},\"device\":[]}]",
	    "on_behalf: device must be a text.");
}

static void
a_lease_document_is_a_text(void **state)
{
	(void)state;
	assert_taken("lease", "\"a.b.c\"");
	assert_string_equal(body.lease, "a.b.c");
	assert_taken("lease", "null");
	assert_null(body.lease);
	assert_reason("lease", "7", "lease must be a text.");
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
		result = lease_request_parse(
		    &body, &small, WHOLE, strlen(WHOLE));
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
		TEST(a_hardware_id_must_derive_from_the_key_shown),
		TEST(member_licenses_are_keys),
		TEST(surrenders_have_a_key_and_an_instant),
		TEST(recalls_have_a_serial_and_an_instant),
		TEST(auto_leases_are_intervals_of_units),
		TEST(an_auto_lease_of_no_length_counts_for_nothing),
		TEST(a_node_comes_with_its_headers_and_its_body),
		TEST(a_lease_document_is_a_text),
		TEST(members_it_does_not_know_are_passed_over),
		TEST(a_full_arena_is_no_mistake_of_the_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
