/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_download_file.c: license keys where there is no way out: the activation
 * file to carry away, and the key file that comes back.
 */
#include "cgi/pages.h"

#include <limits.h>

#include "cgi/page.h"
#include "engine/base/keypair.h"
#include "engine/store/activation_file.h"

#define TEMPLATE "page_download_file"

/* One form has the codes, the other the key file. */
static const struct form_field fields[] = {
	{ "codes", FORM_AREA, false, 2000, 0, 0, "Authentication code(s)" },
	{ "file", FORM_AREA, true, 60000, 0, 0, "Key file" },
};
const struct form_table page_download_file_codes_form = { fields, 1 };
const struct form_table page_download_file_form = { fields + 1, 1 };

static const struct form_table both = { fields, 2 };

static enum fault
show(struct request *request, bool is_again)
{
	form_show(
	    request->view, &both, &request->form, &request->mistakes);
	return is_again ? page_show_again(request, TEMPLATE)
			: page_show(request, TEMPLATE, 200);
}

enum fault
page_download_file_get(struct request *request)
{
	return show(request, false);
}

static enum fault
make(const char **out, const char **wrong, struct request *request)
{
	const char *state_directory = request->appliance->state_directory;
	struct keypair *device = NULL;
	char path[PATH_MAX];
	enum fault fault = FAULT_IO;

	if (appliance_path(path, sizeof(path), state_directory, "device.key"))
		fault = keypair_load(&device, path);
	if (!fault)
		fault = activation_file_make(out, wrong, &request->arena,
		    request->appliance, device, request->now,
		    form_text(&request->form, "codes"));
	keypair_free(&device);
	return fault;
}

enum fault
page_download_file_codes_post(struct request *request)
{
	const char *text = NULL, *wrong = NULL;
	enum fault fault;

	if (!request->mistakes.count &&
	    (fault = make(&text, &wrong, request)))
		return fault;
	if (wrong)
		mistake_add(&request->mistakes, "codes",
		    MISTAKE_AUTHCODE_SHAPE, NULL, NULL);
	view_text(request->view, "activation", text);
	return show(request, request->mistakes.count > 0);
}

static void
show_answer(struct request *request, const struct activation_answer *answer)
{
	size_t shown = 0;

	for (size_t i = 0; i < answer->result_count; i++, shown++) {
		struct view row = view_row(request->view, "results", shown);

		view_text(row, "what", answer->results[i].ends_in);
		view_text(row, "text", answer->results[i].text);
		view_flag(row, "is_code", true);
		view_flag(row, "ok", answer->results[i].is_good);
	}
	for (size_t i = 0; i < answer->key_count; i++, shown++) {
		struct view row = view_row(request->view, "results", shown);

		view_text(row, "what", answer->keys[i].sku);
		view_text(row, "text", answer->keys[i].text);
		view_flag(row, "ok",
		    answer->keys[i].is_installed ||
			answer->keys[i].is_duplicate);
	}
	view_flag(request->view, "installed", true);
}

enum fault
page_download_file_post(struct request *request)
{
	struct activation_answer answer = { .why = NULL };
	struct ledger ledger;
	bool is_kept = false;
	enum fault fault;

	if (request->mistakes.count)
		return show(request, true);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = activation_file_install(
	    &answer, &ledger, form_text(&request->form, "file"));
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept)
		return show(request, true);
	view_text(request->view, "refused", answer.why);
	if (!answer.why) {
		show_answer(request, &answer);
		request->form.count = 0;
	}
	return show(request, false);
}
