/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_clients_list.h: the list of license clients, within Configure Clients.
 */
#ifndef LEASEHOLD_CGI_PAGE_CLIENTS_LIST_H
#define LEASEHOLD_CGI_PAGE_CLIENTS_LIST_H

#include "cgi/request.h"
#include "engine/base/fault.h"
#include "engine/store/store_client_list.h"

/* What narrows the list, as fields of a form. */
#define PAGE_CLIENTS_LIST_FILTERS 6
#define PAGE_CLIENTS_LIST_FIELDS                                               \
	{ "find", FORM_TEXT, false, 256, 0, 0, "Client ID" },                  \
	    { "platform", FORM_TEXT, false, 32, 0, 0, "Platform" },            \
	    { "product", FORM_TEXT, false, 8, 0, 0, "Product" },               \
	    { "cluster", FORM_TEXT, false, 256, 0, 0, "Cluster" },             \
	    { "state", FORM_TEXT, false, 32, 0, 0, "State" },                  \
	{                                                                      \
		"feature", FORM_TEXT, false, 32, 0, 0, "Feature"               \
	}

/* What the address, or a form that carries it along, asks for; text is the form's. */
enum fault page_clients_list_filter(
    struct client_filter *out, const struct request *request) MUST_CHECK;
/* features.N.{name,chosen}: those that are counted. */
void page_clients_list_features(struct request *request, const char *chosen);
/* clients.N.*, sums.N.*, releasing.N.*, paging.*, query.*, chips.N.* and what may be chosen; a POST shows the first page of all. */
enum fault page_clients_list_show(struct request *request) MUST_CHECK;

#endif
