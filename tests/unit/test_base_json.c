/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_json.c: what is no plain object is refused, and why; members are
 * of the asked type or absent.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/json.h"
#include <string.h>

static bool
loads(const char *text, size_t length)
{
	json_t *object = json_load_object(text, length, NULL, 0);
	bool is_loaded = object != NULL;

	json_decref(object);
	return is_loaded;
}

#define LOADS(literal) loads(literal, sizeof(literal) - 1)

static void
one_plain_object_is_loaded(void **state)
{
	(void)state;
	assert_true(LOADS("{}"));
	assert_true(LOADS(" {\"a\": [1, true, null, \"\xc3\xa4\"]} \n"));
	assert_true(loads("{}x", 2));
	assert_false(LOADS(""));
	assert_false(loads(NULL, 0));
	assert_false(LOADS("[]"));
	assert_false(LOADS("1"));
	assert_false(LOADS("\"a\""));
	assert_false(LOADS("{}{}"));
	assert_false(LOADS("{} x"));
	assert_false(LOADS("{\"a\":1,}"));
	assert_false(LOADS("{'a':1}"));
	assert_false(LOADS("{\"a\":1,\"a\":1}"));
	assert_false(LOADS("{\"a\":1,\"\\u0061\":2}"));
	assert_false(LOADS("{\"b\":{\"a\":1,\"a\":2}}"));
	assert_false(LOADS("{\"a\":\"\\u0000\"}"));
	assert_false(LOADS("{\"\\u0000\":1}"));
	assert_false(LOADS("{\"a\":\"\0\"}"));
	assert_false(LOADS("{}\0"));
	assert_false(LOADS("{\"a\":\"\xc0\xaf\"}"));
	assert_false(LOADS("{\"a\":\"\xed\xa0\x80\"}"));
	assert_false(LOADS("{\"a\":\"\\ud800\"}"));
	assert_false(LOADS("{\"a\":\"\xff\"}"));
	assert_false(LOADS("{\"a\":9223372036854775808}"));
	assert_false(LOADS("{\"a\":1e999}"));
	assert_false(LOADS("{\"a\":NaN}"));
	assert_false(LOADS("\xef\xbb\xbf{}"));
}

/* {"a":[[…]]}: an object and "depth" - 1 arrays. */
static bool
loads_nested(size_t depth)
{
	char text[256] = "{\"a\":";
	size_t at = strlen(text);

	memset(text + at, '[', depth - 1);
	memset(text + at + depth - 1, ']', depth - 1);
	text[at + 2 * (depth - 1)] = '}';
	return loads(text, at + 2 * (depth - 1) + 1);
}

static void
depth_is_bounded(void **state)
{
	static char deep[100000];

	(void)state;
	assert_true(loads_nested(2));
	assert_true(loads_nested(32));
	assert_false(loads_nested(33));
	memset(deep, '[', sizeof(deep));
	assert_false(loads(deep, sizeof(deep)));
	/* Brackets inside text are no depth. */
	assert_true(LOADS(
	    "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[\\\\\"}"));
	assert_true(LOADS(
	    "{\"a\":[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
	    "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]}"));
}

static void
reason_names_the_line_and_keeps_secrets(void **state)
{
	char reason[80];
	json_t *object;

	(void)state;
	assert_null(json_load_object(
	    "{\n\n\"a\" \"secret\"}", 16, reason, sizeof(reason)));
	assert_memory_equal(reason, "line 3: ", 8);
	assert_true(strlen(reason) > 8);
	assert_null(strstr(reason, "secret"));
	assert_null(json_load_object("[]", 2, reason, sizeof(reason)));
	assert_string_equal(reason, "line 1: not an object");
	assert_null(json_load_object("[]", 2, reason, 5));
	assert_string_equal(reason, "line");
	assert_null(json_load_object("", 0, reason, sizeof(reason)));
	assert_memory_equal(reason, "line 1: ", 8);
	object = json_load_object("{}", 2, reason, sizeof(reason));
	assert_non_null(object);
	assert_string_equal(reason, "");
	json_decref(object);
}

static void
members_have_the_asked_type(void **state)
{
	json_t *object = json_pack("{s:s, s:i, s:b, s:n, s:f, s:s%}", "text",
	    "x", "number", 5, "yes", 1, "nothing", "real", 5.0, "nul", "a\0b",
	    (size_t)3);
	int64_t number = 7;

	(void)state;
	assert_string_equal(json_text(object, "text"), "x");
	assert_null(json_text(object, "number"));
	assert_null(json_text(object, "absent"));
	assert_null(json_text(object, "nul"));
	assert_null(json_text(NULL, "text"));
	assert_true(json_int64(&number, object, "number", 5, 5));
	assert_int_equal(number, 5);
	assert_false(json_int64(&number, object, "number", 6, 9));
	assert_int_equal(number, 0);
	assert_false(json_int64(&number, object, "number", 0, 4));
	assert_false(json_int64(&number, object, "real", 0, 9));
	assert_false(json_int64(&number, object, "text", 0, 9));
	assert_false(json_int64(&number, object, "absent", 0, 9));
	assert_true(json_bool(object, "yes", false));
	assert_true(json_bool(object, "absent", true));
	assert_false(json_bool(object, "number", false));
	assert_true(json_bool(object, "nothing", true));
	json_decref(object);
}

static void
numbers_keep_all_64_bits(void **state)
{
	const char *text =
	    "{\"high\":9223372036854775807,\"low\":-9223372036854775808}";
	json_t *object = json_load_object(text, strlen(text), NULL, 0);
	struct arena arena;
	int64_t number;

	(void)state;
	assert_true(json_int64(&number, object, "high", INT64_MIN, INT64_MAX));
	assert_true(number == INT64_MAX);
	assert_true(json_int64(&number, object, "low", INT64_MIN, INT64_MAX));
	assert_true(number == INT64_MIN);
	arena_init(&arena, 0);
	assert_string_equal(json_dump(&arena, object), text);
	arena_clear(&arena);
	json_decref(object);
}

static void
dump_is_compact_and_sorted(void **state)
{
	json_t *object = json_pack(
	    "{s:i, s:[s, b], s:s}", "b", 1, "a", "\xc3\xa4", 0, "c", "\n");
	json_t *text = json_string("x");
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_string_equal(json_dump(&arena, object),
	    "{\"a\":[\"\xc3\xa4\",false],\"b\":1,\"c\":\"\\n\"}");
	assert_string_equal(json_dump(&arena, text), "\"x\"");
	assert_null(json_dump(&arena, NULL));
	arena_clear(&arena);
	arena_init(&arena, 8);
	assert_null(json_dump(&arena, object));
	assert_int_equal(arena.failed, 1);
	arena_clear(&arena);
	json_decref(object);
	json_decref(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_plain_object_is_loaded),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(reason_names_the_line_and_keeps_secrets),
		cmocka_unit_test(members_have_the_asked_type),
		cmocka_unit_test(numbers_keep_all_64_bits),
		cmocka_unit_test(dump_is_compact_and_sorted),
	};

	return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
