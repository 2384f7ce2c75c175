/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * view.c: values into ClearSilver's tree. With render.c the only file that
 * includes ClearSilver, and never with config.h.
 */
#include "cgi/view.h"
#include "cgi/view_tree.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/calendar.h"
#include "engine/base/log.h"
#include "engine/base/text.h"

static void
note_failure(struct view view, NEOERR *error)
{
	if (error == STATUS_OK)
		return;
	if (view.tree)
		view.tree->has_failed = true;
	nerr_ignore(&error);
}

struct view
view_new(void)
{
	struct view_tree *tree = calloc(1, sizeof(*tree));
	NEOERR *error;

	if (!tree)
		return (struct view){ NULL, NULL };
	error = hdf_init(&tree->root);
	if (error != STATUS_OK) {
		nerr_ignore(&error);
		free(tree);
		return (struct view){ NULL, NULL };
	}
	return (struct view){ tree, tree->root };
}

void
view_free(struct view *view)
{
	if (view->tree) {
		hdf_destroy(&view->tree->root);
		free(view->tree);
	}
	view->tree = NULL;
	view->node = NULL;
}

bool
view_has_failed(const struct view *view)
{
	return !view->tree || view->tree->has_failed;
}

void
view_text(struct view view, const char *name, const char *value)
{
	assert(name);
	/* "" is no value, so that a template can ask whether there is one: if:?name */
	if (view.node)
		note_failure(view,
		    hdf_set_value(
			view.node, name, value && *value ? value : NULL));
}

void
view_format(struct view view, const char *name, const char *format, ...)
{
	char *text = NULL;
	va_list list;
	int length;

	va_start(list, format);
	length = vasprintf(&text, format, list);
	va_end(list);
	if (length < 0) {
		if (view.tree)
			view.tree->has_failed = true;
		return;
	}
	view_text(view, name, text);
	free(text);
}

void
view_flag(struct view view, const char *name, bool value)
{
	if (value)
		view_text(view, name, "1");
}

void
view_number(struct view view, const char *name, int64_t value)
{
	char text[32];

	text_format_thousands(text, value);
	view_text(view, name, text);
}

void
view_instant(struct view view, const char *name, int64_t at, int64_t now)
{
	char text[CALENDAR_TEXT_MAX];
	struct view place;

	if (at <= 0 || at == INT64_MAX)
		return;
	place = view_child(view, name);
	calendar_format(text, at);
	view_text(place, "text", text);
	calendar_format_relative(text, at, now);
	view_text(place, "relative", text);
	calendar_format_utc(text, at);
	view_text(place, "iso", text);
}

void
view_clock(struct view view, const char *name, int64_t at)
{
	char text[CALENDAR_TEXT_MAX];

	calendar_format_clock(text, at);
	view_text(view, name, text);
}

struct view
view_child(struct view view, const char *name)
{
	HDF *node = NULL;

	if (view.node)
		note_failure(view, hdf_get_node(view.node, name, &node));
	return (struct view){ view.tree, node };
}

struct view
view_row(struct view view, const char *list, size_t index)
{
	char name[96];
	int length = snprintf(name, sizeof(name), "%s.%zu", list, index);

	assert(length > 0 && (size_t)length < sizeof(name));
	(void)length;
	return view_child(view, name);
}
