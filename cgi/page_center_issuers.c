/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_center_issuers.c: the keys by which the center signs: which there are,
 * what each still signs, a new one, and the end of a former one. What follows
 * from it for appliances is said before it is done.
 */
#include "cgi/pages.h"

#include <inttypes.h>
#include <string.h>

#include "cgi/page.h"
#include "engine/store/issuer_keys.h"
#include "engine/store/ledger_issuer.h"
#include "engine/store/store_issued.h"

#define HERE "/center/issuers"

/* Which key signed when the page was shown. */
static const struct form_field fields[] = {
	{ "present", FORM_HIDDEN, true, 64, 0, 0, "Present issuer key" },
};
const struct form_table page_center_issuers_rotate_form = { fields, 1 };

/* What a key of trusted.jwks does. */
enum use {
	USE_PRESENT,
	USE_FORMER,
	USE_TRUSTED
};

static const char *
use_word(enum use use)
{
	static const char *const words[] = {
		[USE_PRESENT] = "present",
		[USE_FORMER] = "former",
		[USE_TRUSTED] = "trusted",
	};

	return words[use];
}

static enum use
use_of(const struct issuer_keys *issuers, const struct jwks_key *key)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];

	for (size_t i = 0; i < issuers->count; i++) {
		keypair_public(public_key, issuers->keys[i]);
		if (memcmp(public_key, key->public_key, sizeof(public_key)) ==
		    0)
			return i ? USE_FORMER : USE_PRESENT;
	}
	return USE_TRUSTED;
}

static enum fault
show_key(struct view place, struct request *request,
    const struct issuer_keys *issuers, const struct jwks_key *key)
{
	enum use use = use_of(issuers, key);
	int64_t count;
	enum fault fault = store_issued_count(
	    &count, &request->arena, request->store, key->kid);

	if (fault)
		return fault;
	view_text(place, "kid", key->kid);
	view_text(place, "issuer", key->issuer);
	view_text(place, "use", use_word(use));
	view_number(place, "keys", count);
	return FAULT_NONE;
}

static enum fault
show_all(struct request *request, const struct issuer_keys *issuers)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; !fault && i < issuers->trust.count; i++)
		fault = show_key(view_row(request->view, "issuers", i), request,
		    issuers, &issuers->trust.keys[i]);
	return fault;
}

static enum fault
load(struct issuer_keys *out, struct request *request)
{
	return issuer_keys_load(
	    out, &request->arena, request->appliance->state_directory);
}

static enum fault
fill_all(struct request *request)
{
	struct issuer_keys issuers;
	enum fault fault = load(&issuers, request);

	if (fault)
		return fault;
	fault = show_all(request, &issuers);
	issuer_keys_free(&issuers);
	return fault;
}

enum fault
page_center_issuers_get(struct request *request)
{
	enum fault fault = fill_all(request);

	return fault ? fault : page_show(request, "page_center_issuers", 200);
}

/* ---- a new one ---- */

enum fault
page_center_issuers_rotate_get(struct request *request)
{
	enum fault fault = fill_all(request);

	return fault ? fault
		     : page_show(request, "page_center_issuers_rotate", 200);
}

enum fault
page_center_issuers_rotate_post(struct request *request)
{
	char kid[44];
	struct ledger ledger;
	bool is_kept;
	enum fault fault = page_begin(&ledger, request);

	if (fault)
		return fault;
	fault = ledger_issuer_rotate(
	    &ledger, kid, form_text(&request->form, "present"));
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	if (!is_kept) {
		fault = fill_all(request);
		return fault
		    ? fault
		    : page_show_again(request, "page_center_issuers_rotate");
	}
	return page_done(request, HERE, NOTICE_ISSUER_ROTATED, kid, NULL);
}

/* ---- the end of one ---- */

/* The page is filled; or one of 404 was made, and FAULT_NOT_FOUND answered. */
static enum fault
fill_one(struct request *request)
{
	struct issuer_keys issuers;
	const struct jwks_key *key;
	enum fault fault = load(&issuers, request);

	if (fault)
		return fault;
	key = jwks_find(&issuers.trust, request->argument);
	if (key)
		fault = show_key(view_child(request->view, "issuer"), request,
		    &issuers, key);
	else {
		page_error(request, 404, "no_issuer", request->argument);
		fault = FAULT_NOT_FOUND;
	}
	issuer_keys_free(&issuers);
	return fault;
}

enum fault
page_center_issuers_retire_get(struct request *request)
{
	enum fault fault = fill_one(request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return page_show(request, "page_center_issuers_retire", 200);
}

enum fault
page_center_issuers_retire_post(struct request *request)
{
	struct ledger ledger;
	bool is_kept;
	enum fault fault = fill_one(request);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = page_begin(&ledger, request)))
		return fault;
	fault = ledger_issuer_retire(&ledger, request->argument);
	if ((fault = page_end(&is_kept, &ledger, request, fault)))
		return fault;
	return is_kept ? page_done(request, HERE, NOTICE_ISSUER_RETIRED,
			     request->argument, NULL)
		       : page_show_again(request, "page_center_issuers_retire");
}
