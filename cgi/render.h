/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * render.h: a page's template with its values, as one text. Templates are
 * parsed once per process; escaping for HTML is always on.
 */
#ifndef LEASEHOLD_CGI_RENDER_H
#define LEASEHOLD_CGI_RENDER_H

#include "cgi/view.h"
#include "engine/base/arena.h"
#include "engine/base/fault.h"

struct render;

/* "data_directory" holds templates/ and static/. */
enum fault
render_open(struct render **out, const char *data_directory) MUST_CHECK;
void render_close(struct render **render);
/* templates/<name>.cs; text in the arena. Errors are logged, never shown. */
enum fault render_page(char **out, size_t *bytes, struct arena *arena,
    struct render *render, const struct view *view,
    const char *name) MUST_CHECK;

#endif
