/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lease_answer.c: refusals as problem+json, and the answer that is
 * signed, repeatable and carries what a client checks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/lease_answer.h"
#include "engine/base/json.h"
#include "engine/base/jws.h"
#include <string.h>

#define NOW 1767225600

static struct arena arena;
static struct keypair *key;
static struct lease_signer signer;
static struct lease_response response;
static const struct lease_token_subject subject = { 7, 1767000000, 1,
	"0331J8K29P4T77QX" };
static struct lease_answer_extra extra;
static char answer_text[] =
    "{\"number\":42,\"server_time\":1767225600,\"notices\":[]}";
static char document_text[] = "{\"number\":42,\"iss\":\"X\"}";
static const struct sync_answer granted = { .status = 200,
	.code = "",
	.text = "",
	.answer = answer_text,
	.document = document_text,
	.number = 42 };

static int
begin(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	memset(&extra, 0, sizeof(extra));
	if (keypair_generate(&key))
		return -1;
	keypair_public(signer.public_key, key);
	signer.key = key;
	return keypair_thumbprint(signer.kid, signer.public_key);
}

static int
end(void **state)
{
	(void)state;
	keypair_free(&key);
	arena_clear(&arena);
	return 0;
}

static json_t *
body_object(void)
{
	json_t *object = json_load_object(
	    response.body, strlen(response.body), NULL, 0);

	assert_non_null(object);
	return object;
}

static void
assert_member(const json_t *object, const char *name, const char *expected)
{
	const char *text = json_text(object, name);

	assert_non_null(text);
	assert_string_equal(text, expected);
}

static void
every_refusal_is_a_whole_problem(void **state)
{
	json_t *problem;
	int refusal;

	(void)state;
	for (refusal = 0; refusal < LEASE_REFUSAL__COUNT; refusal++) {
		lease_answer_refuse(&response, &arena,
		    (enum lease_refusal)refusal, "0123456789abcdef", NULL);
		problem = body_object();
		assert_string_equal(response.type, "application/problem+json");
		assert_in_range(response.status, 400, 503);
		assert_int_equal(
		    json_integer_value(json_object_get(problem, "status")),
		    response.status);
		assert_member(problem, "code", response.code);
		assert_string_not_equal(json_text(problem, "title"), "");
		assert_member(problem, "request_id", "0123456789abcdef");
		assert_int_equal(
		    response.retry_after != 0, response.status == 503);
		json_decref(problem);
	}
}

static void
another_protocol_learns_the_versions_spoken(void **state)
{
	json_t *problem, *versions;

	(void)state;
	lease_answer_refuse(
	    &response, &arena, LEASE_REFUSAL_PROTOCOL, "", NULL);
	problem = body_object();
	versions = json_object_get(problem, "versions");
	assert_int_equal(json_array_size(versions), 1);
	assert_int_equal(json_integer_value(json_array_get(versions, 0)), 1);
	assert_null(json_object_get(problem, "request_id"));
	json_decref(problem);
}

static void
a_refusal_of_the_ledger_keeps_its_sentence(void **state)
{
	const struct sync_answer refused = { .status = 409,
		.code = "hardware_mismatch",
		.text = "Another device." };
	json_t *problem;

	(void)state;
	lease_answer_refuse_code(&response, &arena, &refused, "");
	assert_int_equal(response.status, 409);
	problem = body_object();
	assert_member(problem, "code", "hardware_mismatch");
	assert_member(problem, "title", "Other hardware");
	assert_member(problem, "detail", "Another device.");
	json_decref(problem);
}

static void
unauthorized_is_worded_the_same_whoever_says_it(void **state)
{
	const struct sync_answer refused = { .status = 401,
		.code = "unauthorized",
		.text = "The password changed meanwhile." };
	const char *first;

	(void)state;
	lease_answer_refuse_code(&response, &arena, &refused, "x");
	first = response.body;
	lease_answer_refuse(
	    &response, &arena, LEASE_REFUSAL_UNAUTHORIZED, "x", NULL);
	assert_string_equal(first, response.body);
}

static void
a_full_arena_still_refuses(void **state)
{
	struct arena full;

	(void)state;
	arena_init(&full, 1);
	lease_answer_refuse(
	    &response, &full, LEASE_REFUSAL_UNAVAILABLE, "", NULL);
	assert_int_equal(response.status, 503);
	json_decref(body_object());
	arena_clear(&full);
}

static void
an_answer_is_signed_and_has_a_token(void **state)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES], shown[KEYPAIR_PUBLIC_BYTES];
	struct jws jws;
	json_t *object;
	const char *lease;

	(void)state;
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &granted, &subject, &extra),
	    0);
	assert_int_equal(response.status, 200);
	assert_string_equal(response.type, "application/json");
	object = body_object();
	assert_int_equal(lease_token_check(json_text(object, "token"),
			     signer.token_secret, &subject, NOW),
	    LEASE_TOKEN_GOOD);
	assert_int_equal(lease_token_check(json_text(object, "token"),
			     signer.token_secret, &subject, NOW + 86400),
	    LEASE_TOKEN_OVER);
	lease = json_text(object, "lease");
	assert_int_equal(
	    jws_parse(&jws, &arena, lease, strlen(lease), "lease+jwt"), JWS_OK);
	keypair_public(public_key, key);
	assert_true(keypair_public_from_jwk(
	    shown, json_object_get(object, "server_key")));
	assert_memory_equal(shown, public_key, sizeof(shown));
	assert_true(jws_verify(&jws, public_key));
	assert_string_equal(jws.kid, signer.kid);
	assert_int_equal(
	    json_integer_value(json_object_get(jws.payload, "number")), 42);
	jws_clear(&jws);
	json_decref(object);
}

static void
a_repeat_is_the_same_to_the_byte(void **state)
{
	const char *first;

	(void)state;
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &granted, &subject, &extra),
	    0);
	first = response.body;
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &granted, &subject, &extra),
	    0);
	assert_string_equal(first, response.body);
}

static void
a_strange_lease_document_is_told(void **state)
{
	json_t *object, *notice;

	(void)state;
	extra.lease_is_strange = true;
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &granted, &subject, &extra),
	    0);
	object = body_object();
	notice = json_array_get(json_object_get(object, "notices"), 0);
	assert_member(notice, "code", "lease_not_recognized");
	assert_member(notice, "severity", "warning");
	assert_int_equal(
	    json_integer_value(json_object_get(notice, "since")), NOW);
	json_decref(object);
}

static void
answers_of_nodes_stand_in_the_leaders(void **state)
{
	json_t *object;

	(void)state;
	extra.on_behalf = json_pack("[{s:i}]", "status", 401);
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &granted, &subject, &extra),
	    0);
	object = body_object();
	assert_true(
	    json_equal(json_object_get(object, "on_behalf"), extra.on_behalf));
	json_decref(object);
	json_decref(extra.on_behalf);
}

static void
only_a_document_of_this_server_proves_anything(void **state)
{
	struct keypair *other;
	json_t *object, *payload;
	const char *proof;
	char *forged;

	(void)state;
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &granted, &subject, &extra),
	    0);
	object = body_object();
	proof = lease_answer_proof(&arena, &signer, json_text(object, "lease"));
	assert_non_null(proof);
	payload = json_load_object(proof, strlen(proof), NULL, 0);
	assert_int_equal(
	    json_integer_value(json_object_get(payload, "number")), 42);
	assert_int_equal(keypair_generate(&other), 0);
	assert_int_equal(
	    jws_sign(&forged, &arena, other, "lease+jwt", signer.kid, payload),
	    0);
	assert_null(lease_answer_proof(&arena, &signer, forged));
	assert_int_equal(
	    jws_sign(&forged, &arena, key, "license+jwt", signer.kid, payload),
	    0);
	assert_null(lease_answer_proof(&arena, &signer, forged));
	assert_null(lease_answer_proof(&arena, &signer, ""));
	assert_null(lease_answer_proof(&arena, &signer, "a.b.c"));
	keypair_free(&other);
	json_decref(payload);
	json_decref(object);
}

static void
a_damaged_answer_is_a_fault(void **state)
{
	static char not_json[] = "{", no_time[] = "{\"number\":1}";
	struct sync_answer damaged = granted;

	(void)state;
	damaged.answer = not_json;
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &damaged, &subject, &extra),
	    FAULT_DAMAGED);
	damaged.answer = no_time;
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &damaged, &subject, &extra),
	    FAULT_DAMAGED);
	damaged = granted;
	damaged.document = not_json;
	assert_int_equal(lease_answer_grant(&response, &arena, &signer,
			     &damaged, &subject, &extra),
	    FAULT_DAMAGED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_refusal_is_a_whole_problem),
		TEST(another_protocol_learns_the_versions_spoken),
		TEST(a_refusal_of_the_ledger_keeps_its_sentence),
		TEST(unauthorized_is_worded_the_same_whoever_says_it),
		TEST(a_full_arena_still_refuses),
		TEST(an_answer_is_signed_and_has_a_token),
		TEST(a_repeat_is_the_same_to_the_byte),
		TEST(a_strange_lease_document_is_told),
		TEST(answers_of_nodes_stand_in_the_leaders),
		TEST(only_a_document_of_this_server_proves_anything),
		TEST(a_damaged_answer_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
