/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_activate_code.c: at the center: a code and a hardware ID, told on
 * the telephone perhaps, are answered with license keys. They are shown in the
 * answer: asking again gives the very same.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include <string.h>

#include "cgi/page.h"
#include "engine/base/hardware_id.h"
#include "engine/store/issuer_keys.h"
#include "engine/store/ledger_center.h"

static const struct form_field fields[] = {
	{ "code", FORM_TEXT, true, 64, 0, 0, "Authentication code" },
	{ "hwid", FORM_TEXT, true, 64, 0, 0, "Hardware ID" },
};
const struct form_table page_center_activate_code_form = { fields, 2 };

static void
show_form(struct request *request)
{
	form_show(request->view, &page_center_activate_code_form, &request->form,
	    &request->mistakes);
}

enum fault
page_center_activate_code_get(struct request *request)
{
	show_form(request);
	return page_show(request, "page_center_activate_code", 200);
}

static enum fault
show_again(struct request *request)
{
	show_form(request);
	return page_show_again(request, "page_center_activate_code");
}

static enum fault
load_issuers(struct issuer_keys *out, struct request *request)
{
	enum fault fault = appliance_refresh_trust(
	    request->appliance, request->now);

	return fault ? fault
		     : issuer_keys_load(out, &request->arena,
			   request->appliance->state_directory);
}

/* ---- a code and a hardware ID ---- */

static enum fault
activate(struct center_activation *out, bool *is_kept, struct request *request,
    const char *hardware_id)
{
	const struct center_caller caller = { .hardware_id = hardware_id,
		.platform = "",
		.nonce = "",
		.is_by_hand = true };
	struct issuer_keys issuers;
	struct ledger ledger;
	enum fault fault = load_issuers(&issuers, request);

	*is_kept = false;
	if (fault)
		return fault;
	if (!(fault = page_begin(&ledger, request))) {
		fault = ledger_center_activate(out, &ledger, issuers.keys[0],
		    &caller, form_text(&request->form, "code"));
		fault = page_end(is_kept, &ledger, request, fault);
	}
	issuer_keys_free(&issuers);
	return fault;
}

static enum fault
show_keys(struct request *request, const struct center_activation *done,
    const char *hardware_id)
{
	struct view place = view_child(request->view, "answer");
	size_t total = 0, used = 0;
	char *all;

	view_text(place, "hwid", hardware_id);
	view_flag(place, "was_before", done->was_before);
	for (size_t i = 0; i < done->key_count; i++) {
		struct view row = view_row(request->view, "keys", i);

		view_text(row, "sku", done->keys[i].sku);
		view_text(row, "serial", done->keys[i].serial);
		total += strlen(done->keys[i].statement) + 1;
	}
	if (!(all = arena_alloc(&request->arena, total + 1)))
		return FAULT_MEMORY;
	for (size_t i = 0; i < done->key_count; i++) {
		size_t length = strlen(done->keys[i].statement);

		memcpy(all + used, done->keys[i].statement, length);
		used += length;
		all[used++] = '\n';
	}
	all[used] = '\0';
	view_text(place, "text", all);
	return page_show(request, "page_center_activated", 200);
}

/* The center's own sentence, beside the code. */
static void
tell_refusal(struct request *request, const char *text)
{
	mistake_add(&request->mistakes, "code", MISTAKE_ACTIVATION_REFUSED,
	    text, NULL);
}

enum fault
page_center_activate_code_post(struct request *request)
{
	const char *hardware_id = page_center_hardware_id(
	    request, form_text(&request->form, "hwid"));
	struct center_activation done;
	bool is_kept;
	enum fault fault;

	if (!hardware_id)
		return FAULT_MEMORY;
	if (!request->mistakes.count && !hardware_id_is_valid(hardware_id))
		mistake_add(&request->mistakes, "hwid",
		    MISTAKE_ISSUE_HARDWARE, NULL, NULL);
	if (request->mistakes.count)
		return show_again(request);
	if ((fault = activate(&done, &is_kept, request, hardware_id)))
		return fault;
	if (is_kept && !done.text)
		return show_keys(request, &done, hardware_id);
	if (done.text)
		tell_refusal(request, done.text);
	return show_again(request);
}
