/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_peer_reply.c: a good answer is taken as it is; each thing that could
 * be wrong with one is enough to refuse it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/peer/sync_reply.h"
#include "engine/rules/lease.h"
#include <string.h>

#define REQUEST_ID  "0123456789abcdef0123456789abcdef"
#define HARDWARE_ID "0331J8K29P4T77QX"
#define PARTS                                                                  \
	"[{'kind':'reserved','units':50,'granted':1000,'expires':9000},"       \
	" {'kind':'quantum','units':25,'size':25,'count':1,"                   \
	"  'granted':1000,'expires':5000}]"

static struct arena arena;
static struct keypair *server, *stranger;
static struct sync_expectation expectation;
static struct sync_reply reply;
static json_t *answer, *document;

/* JSON with ' for ", so that a test can be read. */
static json_t *
read_json(const char *text)
{
	char *copy = arena_text(&arena, text), *at;
	json_t *value;

	for (at = copy; *at; at++)
		if (*at == '\'')
			*at = '"';
	value = json_loads(copy, JSON_DECODE_ANY, NULL);
	assert_non_null(value);
	return value;
}

static void
put(json_t *object, const char *name, const char *text)
{
	assert_false(json_object_set_new(object, name, read_json(text)));
}

static void
put_feature(json_t *object, const char *feature, const char *text)
{
	put(json_object_get(object, "features"), feature, text);
}

static int
make(void **state)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];

	(void)state;
	arena_init(&arena, 0);
	if (keypair_generate(&server) || keypair_generate(&stranger))
		return -1;
	expectation = (struct sync_expectation){ .request_id = REQUEST_ID,
		.client_name = "gw001",
		.hardware_id = HARDWARE_ID,
		.epoch = 1,
		.number = 41 };
	answer = read_json(
	    "{'protocol':1,'request_id':'" REQUEST_ID "','server_time':2000,"
	    "'server_id':'SERVER','renew_after':14400,'token':'t1',"
	    "'number':42,'epoch':1,'features':{'CONSEC':{'reserved':50,"
	    "'increment':25,'maximum':150,'leased':75,'auto_lease':true,"
	    "'denied':null,'parts':" PARTS "}}}");
	document = read_json(
	    "{'iss':'SERVER','client':'gw001',"
	    "'hardware_id':'" HARDWARE_ID "','request_id':'" REQUEST_ID
	    "','number':42,"
	    "'epoch':1,'features':{'CONSEC':{'parts':" PARTS "}}}");
	keypair_public(key, server);
	return json_object_set_new(
	    answer, "server_key", keypair_public_to_jwk(key));
}

static int
drop(void **state)
{
	(void)state;
	json_decref(answer);
	json_decref(document);
	keypair_free(&server);
	keypair_free(&stranger);
	arena_clear(&arena);
	return 0;
}

static void
pin(const struct keypair *key)
{
	expectation.has_server_key = true;
	keypair_public(expectation.server_key, key);
}

static enum link_failure
read_text(const char *text)
{
	assert_int_equal(
	    sync_reply_read(&reply, &arena, text, strlen(text), &expectation),
	    FAULT_NONE);
	assert_non_null(reply.detail);
	return reply.failure;
}

static enum link_failure
read_signed(const struct keypair *key, const char *type)
{
	char *lease;

	assert_int_equal(
	    jws_sign(&lease, &arena, key, type, "", document), FAULT_NONE);
	json_object_set_new(answer, "lease", json_string(lease));
	return read_text(json_dump(&arena, answer));
}

static enum link_failure
read_good(void)
{
	return read_signed(server, "lease+jwt");
}

static void
a_good_answer_is_taken(void **state)
{
	const struct link_answer *taken = &reply.answer;
	uint8_t key[KEYPAIR_PUBLIC_BYTES];

	(void)state;
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_string_equal(taken->server_id, "SERVER");
	assert_string_equal(taken->token, "t1");
	assert_int_equal(taken->number, 42);
	assert_int_equal(taken->epoch, 1);
	assert_int_equal(taken->server_time, 2000);
	assert_int_equal(reply.renew_after, 14400);
	keypair_public(key, server);
	assert_memory_equal(taken->server_key, key, sizeof(key));
	assert_int_equal(taken->feature_count, 1);
	assert_string_equal(taken->features[0].feature, "CONSEC");
	assert_int_equal(taken->features[0].maximum, 150);
	assert_true(taken->features[0].auto_lease);
	assert_string_equal(taken->features[0].denied_code, "");
	assert_int_equal(taken->part_count, 2);
	assert_int_equal(taken->parts[0].kind, LEASE_PART_RESERVED);
	assert_int_equal(taken->parts[1].kind, LEASE_PART_QUANTUM);
	assert_int_equal(taken->parts[1].units, 25);
	assert_int_equal(taken->parts[1].expires, 5000);
}

static void
a_denial_is_read(void **state)
{
	(void)state;
	put_feature(answer, "CONSEC",
	    "{'reserved':50,'increment':25,'maximum':150,'parts':" PARTS ","
	    "'denied':{'code':'pool_exhausted','text':'None left.'}}");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_string_equal(
	    reply.answer.features[0].denied_code, "pool_exhausted");
	assert_string_equal(reply.answer.features[0].denied_text, "None left.");
}

static void
a_feature_without_parts_may_be_left_out_of_the_lease(void **state)
{
	(void)state;
	put_feature(answer, "ACCESS",
	    "{'reserved':0,'increment':25,'maximum':150,'parts':[]}");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_int_equal(reply.answer.feature_count, 2);
}

static void
no_json_is_no_answer(void **state)
{
	(void)state;
	assert_int_equal(read_text(""), LINK_FAILURE_PROTOCOL);
	assert_int_equal(read_text("<html>"), LINK_FAILURE_PROTOCOL);
	assert_int_equal(read_text("[]"), LINK_FAILURE_PROTOCOL);
	assert_int_equal(read_text("{}"), LINK_FAILURE_VERSION);
}

static void
each_member_is_needed(void **state)
{
	static const char *const names[] = { "request_id", "server_time",
		"server_id", "renew_after", "number", "epoch", "features",
		"server_key" };
	json_t *kept;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		kept = json_incref(json_object_get(answer, names[i]));
		json_object_del(answer, names[i]);
		assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
		json_object_set_new(answer, names[i], kept);
	}
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
}

static void
each_member_of_the_lease_is_needed(void **state)
{
	static const char *const names[] = { "iss", "client", "hardware_id",
		"request_id", "number", "epoch", "features" };
	json_t *kept;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		kept = json_incref(json_object_get(document, names[i]));
		json_object_del(document, names[i]);
		assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
		json_object_set_new(document, names[i], kept);
	}
}

static void
a_recorded_answer_is_refused(void **state)
{
	(void)state;
	expectation.request_id = "ffffffffffffffffffffffffffffffff";
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "request_id", "'ffffffffffffffffffffffffffffffff'");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
}

static void
a_lease_of_another_client_is_refused(void **state)
{
	(void)state;
	put(document, "client", "'gw002'");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(document, "client", "'gw001'");
	put(document, "hardware_id", "'0331J8K29P4T77QY'");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
}

static void
more_in_the_open_than_signed_is_refused(void **state)
{
	(void)state;
	put_feature(answer, "ACCESS",
	    "{'reserved':0,'increment':25,'maximum':150,'parts':" PARTS "}");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
}

static void
less_in_the_open_than_signed_is_refused(void **state)
{
	(void)state;
	put_feature(document, "ACCESS", "{'parts':" PARTS "}");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
}

static void
another_number_in_the_open_is_refused(void **state)
{
	(void)state;
	put(answer, "number", "43");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
}

static void
the_pinned_key_must_have_signed(void **state)
{
	(void)state;
	pin(server);
	json_object_del(answer, "server_key");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_int_equal(read_signed(stranger, "lease+jwt"),
	    LINK_FAILURE_SERVER_KEY_CHANGED);
}

static void
a_new_key_in_the_answer_does_not_replace_the_pinned_one(void **state)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];

	(void)state;
	pin(server);
	keypair_public(key, stranger);
	json_object_set_new(answer, "server_key", keypair_public_to_jwk(key));
	assert_int_equal(read_signed(stranger, "lease+jwt"),
	    LINK_FAILURE_SERVER_KEY_CHANGED);
}

static void
another_kind_of_document_is_no_lease(void **state)
{
	(void)state;
	assert_int_equal(
	    read_signed(server, "license+jwt"), LINK_FAILURE_PROTOCOL);
	json_object_set_new(answer, "lease", json_string("a.b.c"));
	assert_int_equal(
	    read_text(json_dump(&arena, answer)), LINK_FAILURE_PROTOCOL);
}

static enum link_failure
read_aged(int64_t epoch, int64_t number)
{
	json_object_set_new(answer, "epoch", json_integer(epoch));
	json_object_set_new(document, "epoch", json_integer(epoch));
	json_object_set_new(answer, "number", json_integer(number));
	json_object_set_new(document, "number", json_integer(number));
	return read_good();
}

static void
an_older_document_is_refused(void **state)
{
	(void)state;
	expectation.epoch = 3;
	assert_int_equal(read_aged(3, 40), LINK_FAILURE_REPLAYED);
	assert_int_equal(read_aged(3, 41), LINK_FAILURE_NONE);
	assert_int_equal(read_aged(3, 42), LINK_FAILURE_NONE);
	assert_int_equal(read_aged(2, 99), LINK_FAILURE_REPLAYED);
	assert_int_equal(read_aged(4, 1), LINK_FAILURE_NONE);
}

static void
odd_parts_are_refused(void **state)
{
	static const char *const parts[] = {
		"[{'kind':'gift','units':1,'granted':1,'expires':2}]",
		"[{'kind':'quantum','units':-1,'granted':1,'expires':2}]",
		"[{'kind':'quantum','units':1.5,'granted':1,'expires':2}]",
		"[{'kind':'quantum','units':1,'granted':1}]",
		"[7]",
	};
	json_t *open, *closed;
	size_t i;

	(void)state;
	open = json_object_get(json_object_get(answer, "features"), "CONSEC");
	closed = json_object_get(
	    json_object_get(document, "features"), "CONSEC");
	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		put(open, "parts", parts[i]);
		put(closed, "parts", parts[i]);
		assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	}
}

static void
odd_numbers_are_refused(void **state)
{
	(void)state;
	put(answer, "renew_after", "0");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "renew_after", "864001");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "renew_after", "864000");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	put(answer, "server_time", "9223372036854775807");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "server_time", "'now'");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
}

/* ---- what is said beside the lease ---- */

static void
what_became_of_licenses_is_read(void **state)
{
	const struct link_answer *taken = &reply.answer;

	(void)state;
	put(answer, "surrenders",
	    "[{'serial':'A-1','state':'accepted'},"
	    " {'serial':'A-2','state':'refused','text':'Why.'}]");
	put(answer, "recalls",
	    "[{'serial':'A-3','state':'pending','missing':50,'text':'Wait.'},"
	    " {'serial':'A-4','state':'returned','missing':null}]");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_int_equal(taken->surrender_count, 4);
	assert_string_equal(taken->surrenders[0].serial, "A-1");
	assert_string_equal(taken->surrenders[0].state, "accepted");
	assert_string_equal(taken->surrenders[0].text, "");
	assert_string_equal(taken->surrenders[1].text, "Why.");
	assert_string_equal(taken->surrenders[2].state, "pending");
	assert_int_equal(taken->surrenders[2].missing, 50);
	assert_string_equal(taken->surrenders[3].serial, "A-4");
	assert_int_equal(taken->surrenders[3].missing, 0);
	put(answer, "surrenders", "null");
	put(answer, "recalls", "[]");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_int_equal(taken->surrender_count, 0);
}

static void
odd_words_on_licenses_are_refused(void **state)
{
	static const char *const odd[] = { "{}", "7", "'accepted'", "[7]",
		"[null]", "[[]]", "[{'state':'accepted'}]",
		"[{'serial':7,'state':'accepted'}]", "[{'serial':'A-1'}]",
		"[{'serial':'A-1','state':'given'}]",
		"[{'serial':'A-1','state':null}]" };
	static const char *const names[] = { "surrenders", "recalls" };

	(void)state;
	for (size_t n = 0; n < 2; n++) {
		for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
			put(answer, names[n], odd[i]);
			assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
		}
		put(answer, names[n], "[]");
	}
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
}

static void
more_words_than_a_request_can_ask_for_are_refused(void **state)
{
	json_t *many = json_array();

	(void)state;
	for (int i = 0; i < 1000; i++)
		json_array_append_new(
		    many, read_json("{'serial':'A','state':'pending'}"));
	json_object_set(answer, "recalls", many);
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_int_equal(reply.answer.surrender_count, 1000);
	put(answer, "surrenders", "[{'serial':'B','state':'accepted'}]");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	json_decref(many);
}

static void
the_leader_and_a_penalty_are_read(void **state)
{
	const struct link_answer *taken = &reply.answer;

	(void)state;
	put(answer, "cluster", "{'leader':'gw002','until':5000}");
	put(answer, "penalty_until", "6000");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_string_equal(taken->leader, "gw002");
	assert_int_equal(taken->leader_until, 5000);
	assert_int_equal(taken->penalty_until, 6000);
	put(answer, "cluster", "null");
	put(answer, "penalty_until", "null");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_string_equal(taken->leader, "");
	assert_int_equal(taken->leader_until, 0);
	assert_int_equal(taken->penalty_until, 0);
	put(answer, "penalty_until", "'soon'");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "penalty_until", "-1");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "penalty_until", "9223372036854775807");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "penalty_until", "0");
	put(answer, "cluster", "{'leader':'gw002','until':1.5}");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "cluster", "{'leader':7}");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_string_equal(taken->leader, "");
}

static void
notices_are_kept_as_they_came(void **state)
{
	static const char text[] =
	    "[{'code':'x','text':'Why <b>.','severity':'warning'}]";
	char *huge;

	(void)state;
	put(answer, "notices", text);
	put(answer, "compliance", "['c']");
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_string_equal(reply.answer.notices,
	    "[{\"code\":\"x\",\"severity\":\"warning\",\"text\":\"Why "
	    "<b>.\"}]");
	assert_string_equal(reply.answer.compliance, "[\"c\"]");
	/* A book is no notice. */
	huge = arena_array(&arena, 70000, 1);
	memset(huge, 'a', 69999);
	json_object_set_new(answer, "notices", json_pack("[s]", huge));
	assert_int_equal(read_good(), LINK_FAILURE_NONE);
	assert_string_equal(reply.answer.notices, "[]");
	put(answer, "notices", "{'code':'x'}");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
	put(answer, "notices", "[]");
	put(answer, "compliance", "7");
	assert_int_equal(read_good(), LINK_FAILURE_PROTOCOL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
		TEST(a_good_answer_is_taken),
		TEST(a_denial_is_read),
		TEST(a_feature_without_parts_may_be_left_out_of_the_lease),
		TEST(no_json_is_no_answer),
		TEST(each_member_is_needed),
		TEST(each_member_of_the_lease_is_needed),
		TEST(a_recorded_answer_is_refused),
		TEST(a_lease_of_another_client_is_refused),
		TEST(more_in_the_open_than_signed_is_refused),
		TEST(less_in_the_open_than_signed_is_refused),
		TEST(another_number_in_the_open_is_refused),
		TEST(the_pinned_key_must_have_signed),
		TEST(a_new_key_in_the_answer_does_not_replace_the_pinned_one),
		TEST(another_kind_of_document_is_no_lease),
		TEST(an_older_document_is_refused),
		TEST(odd_parts_are_refused),
		TEST(odd_numbers_are_refused),
		TEST(what_became_of_licenses_is_read),
		TEST(odd_words_on_licenses_are_refused),
		TEST(more_words_than_a_request_can_ask_for_are_refused),
		TEST(the_leader_and_a_penalty_are_read),
		TEST(notices_are_kept_as_they_came),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
