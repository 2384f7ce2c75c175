/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_jws.c: RFC 8037 appendix A.4, each way to tamper, and the order
 * in which a header is refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/base64.h"
#include "engine/base/jws.h"
#include <string.h>

#define RFC_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

static struct arena arena;
static struct keypair *keypair;
static uint8_t public_key[KEYPAIR_PUBLIC_BYTES];

static int
make_key(void **state)
{
	(void)state;
	if (keypair_generate(&keypair))
		return -1;
	keypair_public(public_key, keypair);
	return 0;
}

static int
drop_key(void **state)
{
	(void)state;
	keypair_free(&keypair);
	return 0;
}

static int
clear_arena(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static char *
encoded(const char *text)
{
	return base64_url_encode(&arena, text, strlen(text));
}

/* A signed text with any header and payload, well-formed or not. */
static char *
forge(const char *header, const char *payload)
{
	uint8_t signature[KEYPAIR_SIGNATURE_BYTES];
	char *text = arena_format(
	    &arena, "%s.%s", encoded(header), encoded(payload));

	assert_int_equal(
	    keypair_sign(signature, keypair, text, strlen(text)), FAULT_NONE);
	return arena_format(&arena, "%s.%s", text,
	    base64_url_encode(&arena, signature, sizeof(signature)));
}

static enum jws_state
state_of_text(const char *text, const char *typ)
{
	struct jws jws;
	enum jws_state state = jws_parse(&jws, &arena, text, strlen(text), typ);

	if (state == JWS_OK && !jws_verify(&jws, public_key))
		state = JWS_SIGNATURE;
	if (state != JWS_OK && state != JWS_SIGNATURE) {
		assert_null(jws.payload);
		assert_null(jws.signed_text);
		assert_null(jws.alg);
	}
	jws_clear(&jws);
	return state;
}

static enum jws_state
state_of(const char *header)
{
	return state_of_text(forge(header, "{\"a\":1}"), NULL);
}

static char *
sign_sample(const char *typ, const char *kid)
{
	json_t *payload = json_pack(
	    "{s:s, s:i}", "sub", "0331J8K29P4T77QX", "iat", 1767225600);
	char *text;

	assert_int_equal(
	    jws_sign(&text, &arena, keypair, typ, kid, payload), FAULT_NONE);
	json_decref(payload);
	return text;
}

static void
rfc_8037_signature_verifies(void **state)
{
	static const char detached[] =
	    "eyJhbGciOiJFZERTQSJ9.."
	    "hgyY0il_MGCjP0JzlnLWG1PPOt7-"
	    "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
	static const char payload[] = "Example of Ed25519 signing";
	json_t *jwk = json_pack(
	    "{s:s, s:s, s:s}", "kty", "OKP", "crv", "Ed25519", "x", RFC_X);
	uint8_t key[KEYPAIR_PUBLIC_BYTES];

	(void)state;
	assert_true(keypair_public_from_jwk(key, jwk));
	json_decref(jwk);
	assert_int_equal(jws_verify_detached(&arena, detached, NULL, payload,
			     strlen(payload), key),
	    JWS_OK);
	assert_int_equal(jws_verify_detached(&arena, detached, NULL, payload,
			     strlen(payload) - 1, key),
	    JWS_SIGNATURE);
	assert_int_equal(jws_verify_detached(&arena, detached, NULL, payload,
			     strlen(payload), public_key),
	    JWS_SIGNATURE);
}

static void
signed_text_is_read_back(void **state)
{
	char *text = sign_sample("license+jwt", "key-1");
	struct jws jws;

	(void)state;
	assert_int_equal(
	    jws_parse(&jws, &arena, text, strlen(text), "license+jwt"), JWS_OK);
	assert_string_equal(jws.alg, "EdDSA");
	assert_string_equal(jws.kid, "key-1");
	assert_string_equal(jws.typ, "license+jwt");
	assert_string_equal(
	    json_string_value(json_object_get(jws.payload, "sub")),
	    "0331J8K29P4T77QX");
	assert_true(jws_verify(&jws, public_key));
	public_key[0] ^= 1;
	assert_false(jws_verify(&jws, public_key));
	public_key[0] ^= 1;
	jws_clear(&jws);
	assert_null(jws.payload);
	assert_false(jws_verify(&jws, public_key));
	jws_clear(&jws);
}

static void
kid_and_typ_may_be_absent(void **state)
{
	char *text = sign_sample(NULL, "");
	struct jws jws;

	(void)state;
	assert_memory_equal(text, "eyJhbGciOiJFZERTQSJ9.", 21);
	assert_int_equal(
	    jws_parse(&jws, &arena, text, strlen(text), NULL), JWS_OK);
	assert_string_equal(jws.kid, "");
	assert_string_equal(jws.typ, "");
	jws_clear(&jws);
	assert_int_equal(
	    jws_parse(&jws, &arena, text, strlen(text), "license+jwt"),
	    JWS_TYPE);
}

/* Each character replaced by several others, dropped, and doubled. */
static void
every_tampered_position_is_refused(void **state)
{
	static const char others[] = "ABgw09-_.=+/ \n";
	char *text = sign_sample("license+jwt", "key-1"), *bent;
	size_t length = strlen(text), at, i;

	(void)state;
	assert_int_equal(state_of_text(text, NULL), JWS_OK);
	for (at = 0; at < length; at++) {
		for (i = 0; i < sizeof(others) - 1; i++) {
			if (text[at] == others[i])
				continue;
			bent = arena_text(&arena, text);
			bent[at] = others[i];
			assert_int_not_equal(state_of_text(bent, NULL), JWS_OK);
		}
		bent = arena_format(
		    &arena, "%.*s%s", (int)at, text, text + at + 1);
		assert_int_not_equal(state_of_text(bent, NULL), JWS_OK);
		bent = arena_format(
		    &arena, "%.*s%s", (int)at + 1, text, text + at);
		assert_int_not_equal(state_of_text(bent, NULL), JWS_OK);
		bent = arena_format(&arena, "%.*s", (int)at, text);
		assert_int_not_equal(state_of_text(bent, NULL), JWS_OK);
		arena_clear(&arena);
		text = sign_sample("license+jwt", "key-1");
	}
}

static void
only_three_parts_are_taken(void **state)
{
	char *text = sign_sample(NULL, NULL);

	(void)state;
	assert_int_equal(state_of_text("", NULL), JWS_MALFORMED);
	assert_int_equal(state_of_text(".", NULL), JWS_MALFORMED);
	assert_int_equal(state_of_text("..", NULL), JWS_MALFORMED);
	assert_int_equal(state_of_text("...", NULL), JWS_MALFORMED);
	assert_int_equal(state_of_text("e30", NULL), JWS_MALFORMED);
	assert_int_equal(state_of_text(arena_format(&arena, "%s.", text), NULL),
	    JWS_MALFORMED);
	assert_int_equal(state_of_text(arena_format(&arena, ".%s", text), NULL),
	    JWS_MALFORMED);
	assert_int_equal(
	    state_of_text(arena_format(&arena, "%s.e30.e30", text), NULL),
	    JWS_MALFORMED);
	assert_int_equal(
	    state_of_text(arena_format(&arena, "%s\n", text), NULL),
	    JWS_MALFORMED);
	assert_int_equal(state_of_text(arena_format(&arena, " %s", text), NULL),
	    JWS_MALFORMED);
}

static void
nul_inside_is_refused(void **state)
{
	char *text = sign_sample(NULL, NULL);
	size_t length = strlen(text);
	struct jws jws;

	(void)state;
	/* The terminator as one more character of the signature. */
	assert_int_equal(
	    jws_parse(&jws, &arena, text, length + 1, NULL), JWS_MALFORMED);
	assert_int_equal(jws_parse(&jws, &arena, NULL, 0, NULL), JWS_MALFORMED);
}

static void
only_edwards_signatures_are_taken(void **state)
{
	(void)state;
	assert_int_equal(state_of("{\"alg\":\"EdDSA\"}"), JWS_OK);
	assert_int_equal(state_of("{\"alg\":\"Ed25519\"}"), JWS_OK);
	assert_int_equal(state_of("{\"alg\":\"none\"}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{\"alg\":\"HS256\"}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{\"alg\":\"ES256\"}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{\"alg\":\"Ed448\"}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{\"alg\":\"eddsa\"}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{\"alg\":\"EdDSA \"}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{\"alg\":\"\"}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{\"alg\":null}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{\"alg\":[\"EdDSA\"]}"), JWS_ALGORITHM);
	assert_int_equal(state_of("{}"), JWS_ALGORITHM);
	assert_int_equal(
	    state_of_text(arena_format(&arena, "%s.%s.",
			      encoded("{\"alg\":\"none\"}"), encoded("{}")),
		NULL),
	    JWS_ALGORITHM);
}

static void
headers_are_objects_without_doubles(void **state)
{
	(void)state;
	assert_int_equal(state_of(""), JWS_MALFORMED);
	assert_int_equal(state_of("[]"), JWS_MALFORMED);
	assert_int_equal(state_of("\"EdDSA\""), JWS_MALFORMED);
	assert_int_equal(state_of("{\"alg\":\"EdDSA\"} x"), JWS_MALFORMED);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\"}"), JWS_MALFORMED);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"kid\":1}"), JWS_MALFORMED);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"typ\":null}"), JWS_MALFORMED);
	assert_int_equal(state_of("{\"alg\":\"EdDSA\",\"kid\":\"a\\u0000\"}"),
	    JWS_MALFORMED);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"extra\":{\"a\":1}}"), JWS_OK);
}

static void
embedded_keys_and_extensions_are_refused(void **state)
{
	(void)state;
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"jwk\":{}}"), JWS_EMBEDDED_KEY);
	assert_int_equal(state_of("{\"alg\":\"EdDSA\",\"jku\":\"https://x\"}"),
	    JWS_EMBEDDED_KEY);
	assert_int_equal(state_of("{\"alg\":\"EdDSA\",\"x5u\":\"https://x\"}"),
	    JWS_EMBEDDED_KEY);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"x5c\":[]}"), JWS_EMBEDDED_KEY);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"jwk\":null}"), JWS_EMBEDDED_KEY);
	assert_int_equal(
	    state_of("{\"alg\":\"none\",\"jwk\":{}}"), JWS_ALGORITHM);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"crit\":[\"exp\"]}"), JWS_CRITICAL);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"crit\":[]}"), JWS_CRITICAL);
	assert_int_equal(
	    state_of("{\"alg\":\"EdDSA\",\"crit\":[\"b64\"],\"b64\":false}"),
	    JWS_CRITICAL);
}

static void
payloads_are_objects(void **state)
{
	(void)state;
	assert_int_equal(
	    state_of_text(forge("{\"alg\":\"EdDSA\"}", "{}"), NULL), JWS_OK);
	assert_int_equal(state_of_text(forge("{\"alg\":\"EdDSA\"}", ""), NULL),
	    JWS_MALFORMED);
	assert_int_equal(
	    state_of_text(forge("{\"alg\":\"EdDSA\"}", "[]"), NULL),
	    JWS_MALFORMED);
	assert_int_equal(
	    state_of_text(forge("{\"alg\":\"EdDSA\"}", "text"), NULL),
	    JWS_MALFORMED);
	assert_int_equal(
	    state_of_text(
		forge("{\"alg\":\"EdDSA\"}", "{\"a\":1,\"a\":2}"), NULL),
	    JWS_MALFORMED);
}

static void
type_is_compared_as_a_media_type(void **state)
{
	(void)state;
	assert_int_equal(
	    state_of_text(sign_sample("license+jwt", NULL), "license+jwt"),
	    JWS_OK);
	assert_int_equal(
	    state_of_text(sign_sample("License+JWT", NULL), "license+jwt"),
	    JWS_OK);
	assert_int_equal(
	    state_of_text(
		sign_sample("application/license+jwt", NULL), "license+jwt"),
	    JWS_OK);
	assert_int_equal(
	    state_of_text(sign_sample("license+jwt", NULL), "lease+jwt"),
	    JWS_TYPE);
	assert_int_equal(
	    state_of_text(sign_sample("text/license+jwt", NULL), "license+jwt"),
	    JWS_TYPE);
	assert_int_equal(
	    state_of_text(sign_sample("license+jwtx", NULL), "license+jwt"),
	    JWS_TYPE);
	assert_int_equal(
	    state_of_text(
		sign_sample("xxxxxxxxxxxxlicense+jwt", NULL), "license+jwt"),
	    JWS_TYPE);
}

static void
signature_has_64_bytes(void **state)
{
	const char *good = sign_sample(NULL, NULL);
	const char *dot = strrchr(good, '.');
	int kept = (int)(dot - good);

	(void)state;
	assert_int_equal(
	    state_of_text(arena_format(&arena, "%.*s.", kept, good), NULL),
	    JWS_SIGNATURE);
	assert_int_equal(
	    state_of_text(arena_format(&arena, "%.*s.AAAA", kept, good), NULL),
	    JWS_SIGNATURE);
	assert_int_equal(state_of_text(arena_format(&arena, "%.*sAAAA",
					   (int)strlen(good) - 2, good),
			     NULL),
	    JWS_SIGNATURE);
}

static enum fault
sign_filler(char **out, size_t size)
{
	char *filler = arena_alloc(&arena, size + 1);
	enum fault fault;
	json_t *payload;

	memset(filler, 'x', size);
	payload = json_pack("{s:s}", "a", filler);
	fault = jws_sign(out, &arena, keypair, NULL, NULL, payload);
	json_decref(payload);
	return fault;
}

/* The largest that is signed can be read; one byte more is neither. */
static void
size_is_bounded_on_both_sides(void **state)
{
	size_t size = JWS_MAX_BYTES / 4 * 3 - 200;
	struct jws jws;
	char *text, *zeros;

	(void)state;
	while (sign_filler(&text, size) == FAULT_NONE) {
		arena_clear(&arena);
		size++;
	}
	assert_null(text);
	assert_int_equal(sign_filler(&text, size), FAULT_FULL);
	assert_int_equal(sign_filler(&text, size - 1), FAULT_NONE);
	assert_in_range(strlen(text), JWS_MAX_BYTES - 2, JWS_MAX_BYTES);
	assert_int_equal(state_of_text(text, NULL), JWS_OK);
	zeros = arena_alloc(&arena, JWS_MAX_BYTES + 1);
	memset(zeros, 'A', JWS_MAX_BYTES + 1);
	assert_int_equal(
	    jws_parse(&jws, &arena, zeros, JWS_MAX_BYTES + 1, NULL),
	    JWS_MALFORMED);
}

static void
full_arena_is_no_crash(void **state)
{
	char *text = sign_sample("license+jwt", "key-1"), *made;
	json_t *payload = json_pack("{s:i}", "a", 1);
	struct arena small;
	struct jws jws;
	size_t cap;
	int has_fit = 0;

	(void)state;
	for (cap = 1; cap < 1200; cap++) {
		arena_init(&small, cap);
		if (jws_parse(&jws, &small, text, strlen(text), NULL) != JWS_OK)
			assert_int_equal(small.failed, 1);
		else
			has_fit = 1;
		jws_clear(&jws);
		arena_clear(&small);
		if (jws_sign(&made, &small, keypair, "t", "k", payload))
			assert_null(made);
		arena_clear(&small);
		if (jws_sign_detached(&made, &small, keypair, "t", "x", 1))
			assert_null(made);
		arena_clear(&small);
	}
	assert_int_equal(has_fit, 1);
	json_decref(payload);
}

static void
detached_signature_binds_type_and_payload(void **state)
{
	char *text, *bent;
	size_t at;

	(void)state;
	assert_int_equal(
	    jws_sign_detached(&text, &arena, keypair, "device+jws", "body", 4),
	    FAULT_NONE);
	assert_non_null(strstr(text, ".."));
	assert_int_equal(jws_verify_detached(
			     &arena, text, "device+jws", "body", 4, public_key),
	    JWS_OK);
	assert_int_equal(
	    jws_verify_detached(&arena, text, NULL, "body", 4, public_key),
	    JWS_OK);
	assert_int_equal(
	    jws_verify_detached(&arena, text, "other", "body", 4, public_key),
	    JWS_TYPE);
	assert_int_equal(jws_verify_detached(
			     &arena, text, "device+jws", "bodx", 4, public_key),
	    JWS_SIGNATURE);
	assert_int_equal(jws_verify_detached(
			     &arena, text, "device+jws", "body", 3, public_key),
	    JWS_SIGNATURE);
	assert_int_equal(jws_verify_detached(
			     &arena, text, "device+jws", NULL, 0, public_key),
	    JWS_SIGNATURE);
	assert_int_equal(
	    jws_verify_detached(&arena, "", NULL, "body", 4, public_key),
	    JWS_MALFORMED);
	assert_int_equal(jws_verify_detached(&arena, sign_sample(NULL, NULL),
			     NULL, "body", 4, public_key),
	    JWS_MALFORMED);
	for (at = 0; at < strlen(text); at++) {
		bent = arena_text(&arena, text);
		bent[at] = bent[at] == 'A' ? 'B' : 'A';
		assert_int_not_equal(jws_verify_detached(&arena, bent,
					 "device+jws", "body", 4, public_key),
		    JWS_OK);
	}
	assert_int_equal(
	    jws_sign_detached(&text, &arena, keypair, NULL, NULL, 0),
	    FAULT_NONE);
	assert_int_equal(
	    jws_verify_detached(&arena, text, NULL, NULL, 0, public_key),
	    JWS_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
		    rfc_8037_signature_verifies, clear_arena),
		cmocka_unit_test_teardown(
		    signed_text_is_read_back, clear_arena),
		cmocka_unit_test_teardown(
		    kid_and_typ_may_be_absent, clear_arena),
		cmocka_unit_test_teardown(
		    every_tampered_position_is_refused, clear_arena),
		cmocka_unit_test_teardown(
		    only_three_parts_are_taken, clear_arena),
		cmocka_unit_test_teardown(nul_inside_is_refused, clear_arena),
		cmocka_unit_test_teardown(
		    only_edwards_signatures_are_taken, clear_arena),
		cmocka_unit_test_teardown(
		    headers_are_objects_without_doubles, clear_arena),
		cmocka_unit_test_teardown(
		    embedded_keys_and_extensions_are_refused, clear_arena),
		cmocka_unit_test_teardown(payloads_are_objects, clear_arena),
		cmocka_unit_test_teardown(
		    type_is_compared_as_a_media_type, clear_arena),
		cmocka_unit_test_teardown(signature_has_64_bytes, clear_arena),
		cmocka_unit_test_teardown(
		    size_is_bounded_on_both_sides, clear_arena),
		cmocka_unit_test_teardown(full_arena_is_no_crash, clear_arena),
		cmocka_unit_test_teardown(
		    detached_signature_binds_type_and_payload, clear_arena),
	};

	return cmocka_run_group_tests_name(
	    "base/jws", tests, make_key, drop_key);
}
