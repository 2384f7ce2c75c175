/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * view.h: what a page shows, as named values. The only place that formats
 * numbers and times. Knows no page, no SQL and no clock.
 */
#ifndef LEASEHOLD_CGI_VIEW_H
#define LEASEHOLD_CGI_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct view_tree; /* one request's values */

/* A place in the tree; passed by value. */
struct view {
	struct view_tree *tree;
	void *node;
};

/* NULL tree inside when there is no memory. */
struct view view_new(void);
void view_free(struct view *view);
/* Did any call fail? Then the page must not be shown. */
bool view_has_failed(const struct view *view);

/* Names are ours, lower.dotted; values are anybody's. NULL and "" are none, which if:?name tells. */
void view_text(struct view view, const char *name, const char *value);
void view_format(struct view view, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void
view_flag(struct view view, const char *name, bool value); /* "1" or absent */
/* 1,234,567 */
void view_number(struct view view, const char *name, int64_t value);
/* name.text "2026-12-14 00:00 +01:00", name.relative "in 22 days", name.iso for <time datetime>; nothing when "at" is 0 or never. */
void view_instant(struct view view, const char *name, int64_t at, int64_t now);
/* "13:05:09", the time of day. */
void view_clock(struct view view, const char *name, int64_t at);
/* Row "index" of a list; in display order. */
struct view view_row(struct view view, const char *list, size_t index);
struct view view_child(struct view view, const char *name);

#endif
