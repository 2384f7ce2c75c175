/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_activate.c: activation by hand: an activation file that somebody
 * brought is answered with a key file.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include <string.h>

#include "cgi/center_scope.h"
#include "cgi/page.h"
#include "engine/base/json.h"
#include "engine/store/activation_file.h"

static const struct form_field fields[] = {
	{ "file", FORM_AREA, true, 32768, 0, 0, "Activation file" },
};
const struct form_table page_center_activate_form = { fields, 1 };

static void
show_form(struct request *request)
{
	form_show(request->view, &page_center_activate_form, &request->form,
	    &request->mistakes);
}

enum fault
page_center_activate_get(struct request *request)
{
	show_form(request);
	return page_show(request, "page_center_activate", 200);
}

static enum fault
begin(struct ledger *ledger, void *with)
{
	return page_begin(ledger, with);
}

/* What is not of the person's house is not there. */
static enum fault
check_scope(struct request *request, const struct activation_file *file)
{
	struct center_device_row device;
	bool is_seen = true;
	enum fault fault = store_center_device_load(&device, &request->arena,
	    request->store, file->caller.hardware_id);

	/* A new device is of whoever has the code. */
	if (!fault && device.customer)
		fault = center_scope_admits(
		    &is_seen, request, device.customer);
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	if (!is_seen)
		mistake_add(&request->mistakes, "file", MISTAKE_DEVICE_UNKNOWN,
		    file->caller.hardware_id, NULL);
	return FAULT_NONE;
}

static enum fault
show_answer(struct request *request, const char *text)
{
	json_t *said = json_load_object(text, strlen(text), NULL, 0);
	size_t index;
	json_t *item;

	view_text(request->view, "answer.text", text);
	view_text(request->view, "answer.hwid", json_text(said, "hardware_id"));
	view_number(request->view, "answer.keys",
	    (int64_t)json_array_size(json_object_get(said, "keys")));
	json_array_foreach(json_object_get(said, "results"), index, item)
	{
		struct view row = view_row(
		    request->view, "answer.results", index);

		view_text(row, "ends_in", json_text(item, "ends_in"));
		view_text(row, "text", json_text(item, "text"));
		view_flag(row, "ok", json_bool(item, "ok", false));
	}
	json_decref(said);
	show_form(request);
	return page_show(request, "page_center_activate", 200);
}

static enum fault
show_again(struct request *request)
{
	show_form(request);
	return page_show_again(request, "page_center_activate");
}

static void
read_file(struct activation_file *out, struct request *request)
{
	enum activation_file_state state = activation_file_read(out,
	    &request->arena, form_text(&request->form, "file"), request->now);

	if (state != ACTIVATION_FILE_GOOD)
		mistake_add(&request->mistakes, "file",
		    state == ACTIVATION_FILE_AHEAD ? MISTAKE_ACTIVATION_AHEAD
						   : MISTAKE_ACTIVATION_FILE,
		    NULL, NULL);
}

enum fault
page_center_activate_post(struct request *request)
{
	struct activation_file file;
	struct issuer_keys issuers;
	const char *text;
	enum fault fault;

	if (!request->mistakes.count)
		read_file(&file, request);
	if (!request->mistakes.count &&
	    (fault = check_scope(request, &file)))
		return fault;
	if (request->mistakes.count)
		return show_again(request);
	if ((fault = issuer_keys_load(&issuers, &request->arena,
		 request->appliance->state_directory)))
		return fault;
	/* The issuer's name may be new. */
	fault = appliance_refresh_trust(request->appliance, request->now);
	if (!fault)
		fault = activation_file_answer(&text, &request->arena, begin,
		    request, &issuers, &file);
	issuer_keys_free(&issuers);
	return fault ? fault : show_answer(request, text);
}
