/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_file.c: bounds of reading, and writing that leaves either the
 * old file or the new one and nothing else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/file.h"
#include "tests/unit/test_base_scratch.h"
#include <fcntl.h>
#include <sys/stat.h>

static struct arena arena;

static int
clear_arena(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static enum fault
read_back(char **out, size_t *bytes, const char *name, size_t max_bytes)
{
	return file_read(out, bytes, &arena, scratch_path(name), max_bytes);
}

static void
whole_file_is_read_with_its_nuls(void **state)
{
	size_t bytes;
	char *text;

	(void)state;
	scratch_write("nul", "a\0b", 3);
	assert_int_equal(read_back(&text, &bytes, "nul", 3), FAULT_NONE);
	assert_int_equal(bytes, 3);
	assert_memory_equal(text, "a\0b\0", 4);
	assert_int_equal(read_back(&text, NULL, "nul", 3), FAULT_NONE);
	scratch_write("empty", "", 0);
	assert_int_equal(read_back(&text, &bytes, "empty", 0), FAULT_NONE);
	assert_int_equal(bytes, 0);
	assert_string_equal(text, "");
}

static void
bound_is_exact(void **state)
{
	static const size_t sizes[] = { 1, 4095, 4096, 4097, 8192, 100000 };
	static char data[100000];
	size_t i, bytes;
	char *text;

	(void)state;
	memset(data, 'x', sizeof(data));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		scratch_write("sized", data, sizes[i]);
		assert_int_equal(
		    read_back(&text, &bytes, "sized", sizes[i]), FAULT_NONE);
		assert_int_equal(bytes, sizes[i]);
		assert_int_equal(
		    read_back(&text, &bytes, "sized", sizes[i] - 1),
		    FAULT_FULL);
		assert_null(text);
		assert_int_equal(bytes, 0);
	}
}

static void
unreadable_files_have_their_fault(void **state)
{
	struct arena small;
	size_t bytes;
	char *text;

	(void)state;
	assert_int_equal(
	    read_back(&text, &bytes, "absent", 10), FAULT_NOT_FOUND);
	scratch_write("plain", "abc", 3);
	assert_int_equal(
	    read_back(&text, &bytes, "plain/below", 10), FAULT_NOT_FOUND);
	assert_int_equal(
	    file_read(&text, &bytes, &arena, scratch_folder, 10), FAULT_IO);
	assert_null(text);
	arena_init(&small, 3);
	assert_int_equal(
	    file_read(&text, &bytes, &small, scratch_path("plain"), 10),
	    FAULT_MEMORY);
	arena_clear(&small);
	assert_int_equal(
	    file_read_descriptor(&text, &bytes, &arena, -1, 10), FAULT_IO);
}

static void
descriptor_is_read_to_its_end(void **state)
{
	int ends[2];
	size_t bytes;
	char *text;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "ab", 2), 2);
	assert_int_equal(write(ends[1], "cd", 2), 2);
	close(ends[1]);
	assert_int_equal(
	    file_read_descriptor(&text, &bytes, &arena, ends[0], 4),
	    FAULT_NONE);
	assert_string_equal(text, "abcd");
	assert_int_equal(bytes, 4);
	close(ends[0]);
}

static void
replacing_leaves_one_file_with_its_mode(void **state)
{
	struct stat about;
	int count = scratch_count();
	char *text;

	(void)state;
	assert_int_equal(
	    file_replace(scratch_path("new"), "one", 3, 0640), FAULT_NONE);
	assert_int_equal(
	    file_replace(scratch_path("new"), "second", 6, 0600), FAULT_NONE);
	assert_int_equal(scratch_count(), count + 1);
	assert_int_equal(stat(scratch_path("new"), &about), 0);
	assert_int_equal(about.st_mode & 07777, 0600);
	assert_int_equal(read_back(&text, NULL, "new", 100), FAULT_NONE);
	assert_string_equal(text, "second");
	assert_int_equal(
	    file_replace(scratch_path("new"), NULL, 0, 0600), FAULT_NONE);
	assert_int_equal(stat(scratch_path("new"), &about), 0);
	assert_int_equal(about.st_size, 0);
}

static void
failed_replacing_changes_nothing(void **state)
{
	char long_name[PATH_MAX];
	int count;

	(void)state;
	assert_int_equal(mkdir(scratch_path("folder"), 0700), 0);
	count = scratch_count();
	assert_int_equal(
	    file_replace(scratch_path("folder"), "x", 1, 0600), FAULT_IO);
	assert_int_equal(
	    file_replace(scratch_path("absent/x"), "x", 1, 0600), FAULT_IO);
	memset(long_name, 'a', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(file_replace(long_name, "x", 1, 0600), FAULT_IO);
	assert_int_equal(scratch_count(), count);
	assert_int_equal(rmdir(scratch_path("folder")), 0);
}

static void
creating_never_overwrites(void **state)
{
	int count = scratch_count();
	struct stat about;
	char *text;

	(void)state;
	assert_int_equal(
	    file_create(scratch_path("once"), "first", 5, 0600), FAULT_NONE);
	assert_int_equal(
	    file_create(scratch_path("once"), "second", 6, 0600), FAULT_IO);
	assert_int_equal(scratch_count(), count + 1);
	assert_int_equal(read_back(&text, NULL, "once", 100), FAULT_NONE);
	assert_string_equal(text, "first");
	assert_int_equal(stat(scratch_path("once"), &about), 0);
	assert_int_equal(about.st_nlink, 1);
	/* A link that leads nowhere is not followed and not replaced. */
	assert_int_equal(symlink("nowhere", scratch_path("dangling")), 0);
	assert_int_equal(
	    file_create(scratch_path("dangling"), "x", 1, 0600), FAULT_IO);
	assert_false(file_exists(scratch_path("dangling")));
	assert_false(file_exists(scratch_path("nowhere")));
}

static void
existence_is_told(void **state)
{
	(void)state;
	scratch_write("there", "", 0);
	assert_true(file_exists(scratch_path("there")));
	assert_true(file_exists("/"));
	assert_false(file_exists(scratch_path("not there")));
	assert_false(file_exists(""));
}

/* A name without a folder: the entry to sync is in ".". */
static void
bare_names_are_written_too(void **state)
{
	char name[32] = "bare-XXXXXX";
	int made = mkstemp(name);

	(void)state;
	assert_true(made >= 0);
	close(made);
	assert_int_equal(file_replace(name, "x", 1, 0600), FAULT_NONE);
	assert_int_equal(unlink(name), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
		    whole_file_is_read_with_its_nuls, clear_arena),
		cmocka_unit_test_teardown(bound_is_exact, clear_arena),
		cmocka_unit_test_teardown(
		    unreadable_files_have_their_fault, clear_arena),
		cmocka_unit_test_teardown(
		    descriptor_is_read_to_its_end, clear_arena),
		cmocka_unit_test_teardown(
		    replacing_leaves_one_file_with_its_mode, clear_arena),
		cmocka_unit_test_teardown(
		    failed_replacing_changes_nothing, clear_arena),
		cmocka_unit_test_teardown(
		    creating_never_overwrites, clear_arena),
		cmocka_unit_test(existence_is_told),
		cmocka_unit_test(bare_names_are_written_too),
	};

	return cmocka_run_group_tests_name(
	    "base/file", tests, scratch_make, scratch_remove);
}
