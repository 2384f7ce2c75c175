/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * render.c: ClearSilver's parser and renderer. Debian's 0.10.5 reads the
 * escaping mode in cs_init only, so it stands in the tree before that.
 */
#include "cgi/render.h"
#include "cgi/view_tree.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/log.h"

#define TEMPLATES_MAX  64
#define NAME_MAX_BYTES 64

struct template
{
	char name[NAME_MAX_BYTES];
	CSPARSE *parse;
};

struct render {
	HDF *site; /* read-only after opening */
	struct template templates[TEMPLATES_MAX];
	size_t count;
};

/* Logs and releases; true when there was an error. */
static bool
failed(NEOERR *error, const char *what)
{
	STRING text;

	if (error == STATUS_OK)
		return false;
	string_init(&text);
	nerr_error_string(error, &text);
	log_line(LOG_SEVERITY_ERROR, "template %s: %s", what,
	    text.buf ? text.buf : "unknown error");
	string_clear(&text);
	nerr_ignore(&error);
	return true;
}

static bool
fill_site(HDF *site, const char *data_directory)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof(path), "%s/templates",
		data_directory) >= sizeof(path))
		return false;
	if (failed(hdf_set_value(site, "hdf.loadpaths.0", path), "site") ||
	    failed(hdf_set_value(site, "Config.VarEscapeMode", "html"), "site"))
		return false;
	if ((size_t)snprintf(path, sizeof(path), "%s/static/manifest.hdf",
		data_directory) >= sizeof(path))
		return false;
	return !failed(hdf_read_file(site, path), path);
}

enum fault
render_open(struct render **out, const char *data_directory)
{
	struct render *render;

	*out = NULL;
	if (failed(nerr_init(), "init"))
		return FAULT_MEMORY;
	render = calloc(1, sizeof(*render));
	if (!render)
		return FAULT_MEMORY;
	if (failed(hdf_init(&render->site), "site") ||
	    !fill_site(render->site, data_directory)) {
		render_close(&render);
		return FAULT_IO;
	}
	*out = render;
	return FAULT_NONE;
}

void
render_close(struct render **render)
{
	if (!*render)
		return;
	for (size_t i = 0; i < (*render)->count; i++)
		cs_destroy(&(*render)->templates[i].parse);
	hdf_destroy(&(*render)->site);
	free(*render);
	*render = NULL;
}

static CSPARSE *
find_template(struct render *render, const char *name)
{
	struct template *fresh;
	char file[NAME_MAX_BYTES + 4];

	for (size_t i = 0; i < render->count; i++)
		if (!strcmp(render->templates[i].name, name))
			return render->templates[i].parse;
	assert(render->count < TEMPLATES_MAX && strlen(name) < NAME_MAX_BYTES);
	fresh = &render->templates[render->count];
	snprintf(fresh->name, sizeof(fresh->name), "%s", name);
	snprintf(file, sizeof(file), "%s.cs", name);
	fresh->parse = NULL;
	if (failed(cs_init(&fresh->parse, render->site), name))
		return NULL;
	if (failed(cs_parse_file(fresh->parse, file), name)) {
		cs_destroy(&fresh->parse);
		return NULL;
	}
	render->count++;
	return fresh->parse;
}

static NEOERR *
append(void *context, char *text)
{
	return string_append(context, text);
}

enum fault
render_page(char **out, size_t *bytes, struct arena *arena,
    struct render *render, const struct view *view, const char *name)
{
	CSPARSE *parse = find_template(render, name);
	STRING text;
	bool is_bad;

	*out = NULL;
	*bytes = 0;
	if (!parse || view_has_failed(view))
		return FAULT_DAMAGED;
	string_init(&text);
	parse->hdf = view->tree->root;
	parse->global_hdf = render->site;
	is_bad = failed(cs_render(parse, &text, append), name);
	parse->hdf = render->site;
	if (!is_bad) {
		*out = arena_text_n(
		    arena, text.buf ? text.buf : "", (size_t)text.len);
		*bytes = (size_t)text.len;
	}
	string_clear(&text);
	return is_bad ? FAULT_DAMAGED : *out ? FAULT_NONE : FAULT_MEMORY;
}
