/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_arena.c: the cap, alignment, and memory that starts as zeros.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/arena.h"
#include <stdalign.h>
#include <string.h>

static void
cap_is_reached_exactly(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, 100);
	assert_non_null(arena_alloc(&arena, 100));
	assert_int_equal(arena.used, 100);
	assert_int_equal(arena.failed, 0);
	assert_null(arena_alloc(&arena, 1));
	assert_int_equal(arena.failed, 1);
	arena_clear(&arena);
	assert_int_equal(arena.failed, 0);
	assert_int_equal(arena.used, 0);
	assert_null(arena_alloc(&arena, 101));
	assert_non_null(arena_alloc(&arena, 100));
	arena_clear(&arena);
	arena_clear(&arena);
}

static void
cap_counts_small_pieces_with_their_padding(void **state)
{
	struct arena arena;
	size_t count = 0;

	(void)state;
	arena_init(&arena, 1024 * 1024);
	while (arena_alloc(&arena, 1))
		count++;
	assert_true(count <= 1024 * 1024 / alignof(max_align_t) + 4096);
	assert_true(arena.used <= 1024 * 1024);
	arena_clear(&arena);
}

static void
text_fills_the_cap_byte_by_byte(void **state)
{
	struct arena arena;
	int i;

	(void)state;
	arena_init(&arena, 20);
	for (i = 0; i < 10; i++)
		assert_string_equal(arena_text(&arena, "x"), "x");
	assert_null(arena_text(&arena, ""));
	assert_int_equal(arena.used, 20);
	arena_clear(&arena);
}

static void
no_cap_means_64_mib(void **state)
{
	struct arena arena;
	size_t most = (size_t)64 * 1024 * 1024;

	(void)state;
	arena_init(&arena, 0);
	assert_null(arena_alloc(&arena, most + 1));
	assert_non_null(arena_alloc(&arena, most));
	assert_null(arena_alloc(&arena, 0));
	arena_clear(&arena);
	assert_non_null(arena_alloc(&arena, 1));
	arena_clear(&arena);
}

static void
pieces_are_zeroed_aligned_and_apart(void **state)
{
	struct arena arena;
	unsigned char *piece, *last = NULL;
	size_t i, j;

	(void)state;
	arena_init(&arena, 0);
	for (i = 0; i < 3000; i++) {
		piece = arena_alloc(&arena, i);
		assert_non_null(piece);
		assert_ptr_not_equal(piece, last);
		assert_int_equal((uintptr_t)piece % alignof(max_align_t), 0);
		for (j = 0; j < i; j++)
			assert_int_equal(piece[j], 0);
		memset(piece, 0xff, i);
		assert_non_null(arena_text(&arena, "odd"));
		last = piece;
	}
	arena_clear(&arena);
}

static void
large_pieces_leave_small_ones_alone(void **state)
{
	struct arena arena;
	char *small, *large, *next;

	(void)state;
	arena_init(&arena, 0);
	small = arena_text(&arena, "small");
	large = arena_alloc(&arena, 1000000);
	next = arena_text(&arena, "next");
	memset(large, 'x', 1000000);
	assert_string_equal(small, "small");
	assert_ptr_equal(next, small + sizeof("small"));
	arena_clear(&arena);
}

static void
overflow_is_refused(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena, SIZE_MAX);
	assert_null(arena_array(&arena, SIZE_MAX / 2 + 1, 2));
	assert_null(arena_array(&arena, SIZE_MAX, SIZE_MAX));
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_text_n(&arena, "", SIZE_MAX));
	assert_int_equal(arena.failed, 1);
	assert_non_null(arena_array(&arena, 0, SIZE_MAX));
	assert_non_null(arena_array(&arena, 3, 5));
	arena_clear(&arena);
}

static void
text_is_copied_and_formatted(void **state)
{
	struct arena arena;
	char source[] = "abc";
	char *copy;

	(void)state;
	arena_init(&arena, 0);
	assert_null(arena_text(&arena, NULL));
	assert_null(arena_text_n(&arena, NULL, 3));
	assert_int_equal(arena.failed, 0);
	copy = arena_text(&arena, source);
	source[0] = 'x';
	assert_string_equal(copy, "abc");
	assert_string_equal(arena_text_n(&arena, "abcdef", 2), "ab");
	assert_string_equal(arena_text_n(&arena, "abc", 0), "");
	assert_string_equal(arena_format(&arena, "%d-%s", 7, "x"), "7-x");
	assert_string_equal(arena_format(&arena, "%s", ""), "");
	assert_int_equal(strlen(arena_format(&arena, "%050000d", 1)), 50000);
	arena_clear(&arena);
	arena_init(&arena, 4);
	assert_null(arena_format(&arena, "%s", "four"));
	assert_string_equal(arena_format(&arena, "%s", "thr"), "thr");
	arena_clear(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cap_is_reached_exactly),
		cmocka_unit_test(cap_counts_small_pieces_with_their_padding),
		cmocka_unit_test(text_fills_the_cap_byte_by_byte),
		cmocka_unit_test(no_cap_means_64_mib),
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(large_pieces_leave_small_ones_alone),
		cmocka_unit_test(overflow_is_refused),
		cmocka_unit_test(text_is_copied_and_formatted),
	};

	return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
