/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_customers.c: who buys at the center, and which partner looks
 * after whom.
 */
#include "cgi/page_center.h"
#include "cgi/pages.h"

#include <inttypes.h>

#include "cgi/address.h"
#include "cgi/center_scope.h"
#include "cgi/page.h"
#include "engine/base/text.h"
#include "engine/store/ledger_center.h"

/* The name is the first form's alone, the version the second's. */
static const struct form_field fields[] = {
	{ "name", FORM_TEXT, true, 512, 0, 0, "Name" },
	{ "partner", FORM_FLAG, false, 0, 0, 0, "Is a partner" },
	{ "spares", FORM_FLAG, false, 0, 0, 0, "May stock spares" },
	{ "of", FORM_TEXT, false, 512, 0, 0, "Looked after by" },
	{ "ver", FORM_HIDDEN, false, 24, 0, 0, "" },
};
const struct form_table page_center_customers_form = { fields, 4 };
const struct form_table page_center_customers_one_form = { fields + 1, 4 };

static void
show_customer(struct view place, const struct center_customer_row *row)
{
	view_format(place, "id", "%" PRId64, row->id);
	view_text(place, "name", row->name);
	view_flag(place, "is_partner", row->is_partner);
	view_flag(place, "stocks_spares", row->stocks_spares);
	view_text(place, "of", row->partner_name);
	view_number(place, "devices", row->devices);
	view_number(place, "codes", row->codes);
	view_format(place, "ver", "%" PRId64, row->row_version);
}

static void
show_flags(struct request *request, bool is_partner, bool stocks_spares)
{
	view_flag(request->view, "form.partner.checked", is_partner);
	view_flag(request->view, "form.spares.checked", stocks_spares);
}

static enum fault
fill(struct request *request)
{
	struct form nothing = { 0 };
	struct page_center_list list = page_center_list_of(request);
	struct center_customer_row *rows;
	enum fault fault;

	do
		fault = store_center_customer_list(&rows, &list.count,
		    &list.matching, &request->arena, request->store,
		    &list.filter);
	while (page_center_list_again(&list, fault));
	if (fault)
		return fault;
	for (size_t i = 0; i < list.count; i++)
		show_customer(
		    view_row(request->view, "customers", i), &rows[i]);
	paging_show(request->view, &list.paging, list.count, list.matching);
	form_show(request->view, &page_center_customers_form,
	    request->method == METHOD_POST ? &request->form : &nothing,
	    &request->mistakes);
	if (request->method == METHOD_POST)
		show_flags(request, form_has(&request->form, "partner"),
		    form_has(&request->form, "spares"));
	return FAULT_NONE;
}

enum fault
page_center_customers_get(struct request *request)
{
	enum fault fault = fill(request);

	return fault ? fault : page_show(request, "page_center_customers", 200);
}

static void
read_input(struct center_customer_input *out, struct request *request)
{
	*out = (struct center_customer_input){
		.is_partner = form_has(&request->form, "partner"),
		.stocks_spares = form_has(&request->form, "spares"),
		.partner = form_text(&request->form, "of"),
	};
}

static enum fault
show_list_again(struct request *request)
{
	enum fault fault = fill(request);

	return fault ? fault
		     : page_show_again(request, "page_center_customers");
}

enum fault
page_center_customers_post(struct request *request)
{
	struct center_customer_input input;
	struct ledger ledger;
	enum fault fault;
	bool is_kept;

	if (request->mistakes.count)
		return show_list_again(request);
	read_input(&input, request);
	input.name = form_text(&request->form, "name");
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_center_customer_add(NULL, &ledger, &input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept ? page_done(request, "/center/customers",
			     NOTICE_CUSTOMER_ADDED, input.name, NULL)
		       : show_list_again(request);
}

/* ---- one of them ---- */

/* A page of 404 was made when there is none to be seen. */
static enum fault
find_customer(struct center_customer_row *out, struct request *request)
{
	enum fault fault = FAULT_NOT_FOUND;
	bool is_seen = false;
	int64_t id;

	if (text_parse_int64(&id, request->argument, 1, INT64_MAX))
		fault = store_center_customer_load_id(
		    out, &request->arena, request->store, id);
	if (!fault)
		fault = center_scope_admits(&is_seen, request, out->id);
	if (!fault && !is_seen)
		fault = FAULT_NOT_FOUND;
	if (fault == FAULT_NOT_FOUND)
		page_error(request, 404, "no_customer", request->argument);
	return fault;
}

static void
fill_one(struct request *request, const struct center_customer_row *row,
    bool is_typed)
{
	struct form nothing = { 0 };

	show_customer(view_child(request->view, "customer"), row);
	view_text(request->view, "customer.name_url",
	    address_encode(&request->arena, row->name));
	form_preset(request->view, "of", row->partner_name);
	form_show(request->view, &page_center_customers_one_form,
	    is_typed ? &request->form : &nothing, &request->mistakes);
	if (is_typed)
		show_flags(request, form_has(&request->form, "partner"),
		    form_has(&request->form, "spares"));
	else
		show_flags(request, row->is_partner, row->stocks_spares);
}

enum fault
page_center_customers_one_get(struct request *request)
{
	struct center_customer_row row;
	enum fault fault = find_customer(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	fill_one(request, &row, false);
	return page_show(request, "page_center_customer", 200);
}

static enum fault
show_one_again(struct request *request)
{
	struct center_customer_row row;
	enum fault fault = find_customer(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	fill_one(request, &row, !page_has_conflict(request));
	return page_show_again(request, "page_center_customer");
}

enum fault
page_center_customers_one_post(struct request *request)
{
	struct center_customer_input input;
	struct center_customer_row row;
	struct ledger ledger;
	bool is_kept;
	enum fault fault = find_customer(&row, request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (request->mistakes.count)
		return show_one_again(request);
	read_input(&input, request);
	input.name = row.name;
	if (!text_parse_int64(&input.row_version,
		form_text(&request->form, "ver"), 1, INT64_MAX))
		input.row_version = 0;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_center_customer_set(&ledger, &input);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept ? page_done(request, "/center/customers",
			     NOTICE_CUSTOMER_SAVED, row.name, NULL)
		       : show_one_again(request);
}
