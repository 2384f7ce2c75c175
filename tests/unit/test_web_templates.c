/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_web_templates.c: every page with every value hostile. Names are taken
 * from the templates themselves, so that a new key is hostile too.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/render.h"
#include "cgi/view.h"
#include "engine/base/file.h"
#include "engine/store/appliance.h"
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define HOSTILE                                                                \
	"\"'><script>__x=1</script><img src=x onerror=__x=1>{{7*7}}<?cs "      \
	"var:frame.user ?>"
#define NAMES_MAX 1024
#define NAME_SIZE 64

struct names {
	char items[NAMES_MAX][NAME_SIZE];
	size_t count;
};

static struct arena arena;
static struct names tops, middles, leaves, plain;

static void
add(struct names *names, const char *name, size_t length)
{
	if (!length || length >= NAME_SIZE)
		return;
	for (size_t i = 0; i < names->count; i++)
		if (strlen(names->items[i]) == length &&
		    !strncmp(names->items[i], name, length))
			return;
	assert_true(names->count < NAMES_MAX);
	memcpy(names->items[names->count], name, length);
	names->items[names->count++][length] = '\0';
}

/* "form.client_id.value": a top, a middle and a leaf; "recalculated" is plain. */
static void
add_path(const char *path, size_t length)
{
	if (!memchr(path, '.', length))
		add(&plain, path, length);
	for (size_t at = 0; at < length && memchr(path, '.', length);) {
		size_t word = 0;

		while (at + word < length && path[at + word] != '.')
			word++;
		add(!at                      ? &tops
			: at + word < length ? &middles
					     : &leaves,
		    path + at, word);
		at += word + 1;
	}
}

static void
collect(const char *text)
{
	for (const char *at = strstr(text, "<?cs"); at;
	     at = strstr(at, "<?cs")) {
		const char *end = strstr(at, "?>");

		for (at += 4; at < end;) {
			size_t length = 0;

			while (at + length < end &&
			    (isalnum((unsigned char)at[length]) ||
				at[length] == '_' || at[length] == '.'))
				length++;
			add_path(at, length);
			at += length ? length : 1;
		}
	}
}

static void
for_templates(void (*act)(const char *name, const char *text))
{
	char folder[512], path[1024];
	struct dirent *entry;
	DIR *directory;

	snprintf(
	    folder, sizeof(folder), "%s/templates", appliance_data_directory());
	directory = opendir(folder);
	assert_non_null(directory);
	while ((entry = readdir(directory))) {
		char *text;

		if (!strstr(entry->d_name, ".cs"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		assert_int_equal(
		    file_read(&text, NULL, &arena, path, 1024 * 1024),
		    FAULT_NONE);
		act(entry->d_name, text);
	}
	closedir(directory);
}

static void
collect_template(const char *name, const char *text)
{
	(void)name;
	collect(text);
}

static void
fill_leaves(struct view place)
{
	for (size_t i = 0; i < leaves.count; i++)
		view_text(place, leaves.items[i], HOSTILE);
}

static void
fill_middles(struct view place)
{
	for (size_t i = 0; i < middles.count; i++) {
		fill_leaves(view_child(place, middles.items[i]));
		fill_leaves(view_row(place, middles.items[i], 0));
	}
}

/* Each top with every leaf and middle, as a node and as a list of nodes. */
static struct view
hostile_view(void)
{
	struct view view = view_new();

	for (size_t i = 0; i < plain.count; i++)
		view_text(view, plain.items[i], HOSTILE);
	for (size_t i = 0; i < tops.count; i++) {
		fill_leaves(view_child(view, tops.items[i]));
		fill_leaves(view_row(view, tops.items[i], 0));
		fill_middles(view_child(view, tops.items[i]));
		fill_middles(view_row(view, tops.items[i], 0));
	}
	return view;
}

static struct render *render;
static struct view view;
static size_t rendered, hostile;

static void
render_template(const char *file, const char *text)
{
	char name[NAME_SIZE];
	char *html;
	size_t bytes;

	(void)text;
	/* The others are parts of pages. */
	if (strncmp(file, "page_", 5) && strcmp(file, "error.cs"))
		return;
	snprintf(name, sizeof(name), "%.*s", (int)(strlen(file) - 3), file);
	assert_int_equal(
	    render_page(&html, &bytes, &arena, render, &view, name),
	    FAULT_NONE);
	if (strstr(html, "<script>") || strstr(html, "<img src=x") ||
	    strstr(html, "<?cs"))
		fail_msg("%s lets markup through", file);
	for (const char *at = html; (at = strstr(at, "&lt;script&gt;")); at++)
		hostile++;
	/* No attribute is left by a quote. */
	assert_null(strstr(html, "\"\"'>"));
	rendered++;
}

static void
no_page_lets_markup_through(void **state)
{
	(void)state;
	for_templates(collect_template);
	assert_true(tops.count > 20 && middles.count > 10 && leaves.count > 50);
	assert_int_equal(
	    render_open(&render, appliance_data_directory()), FAULT_NONE);
	view = hostile_view();
	assert_false(view_has_failed(&view));
	for_templates(render_template);
	assert_true(rendered >= 10);
	assert_true(hostile > 200);
	view_free(&view);
	render_close(&render);
}

/* The same values without escaping: the test must be able to fail. */
static void
the_canary_would_be_seen(void **state)
{
	(void)state;
	assert_non_null(strstr(HOSTILE, "<script>"));
	assert_non_null(strstr(HOSTILE, "<img src=x"));
}

static int
prepare(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int
release(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_page_lets_markup_through),
		cmocka_unit_test(the_canary_would_be_seen),
	};

	return cmocka_run_group_tests(tests, prepare, release);
}
