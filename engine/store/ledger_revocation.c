/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_revocation.c: an issuer's word against its own license keys. Nobody
 * else's counts, and an older word never undoes a newer one.
 */
#include "engine/store/ledger_revocation.h"

#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_issue.h"
#include "engine/store/ledger_surrendered.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/store_license.h"
#include "engine/store/store_revocation.h"
#include <assert.h>
#include <string.h>

#define LIST_TYPE "leasehold-revocations"
#define WHY_MAX	  256

/* ---- at the center ---- */

enum fault
ledger_revocation_take_back(
    struct ledger *ledger, const char *serial, const char *why)
{
	enum fault fault;
	bool is_there = false;

	assert(ledger && serial && why);
	(void)ledger_act_issues(ledger);
	if (!ledger_act_is_printable(why, WHY_MAX))
		mistake_add(&ledger->mistakes, "why", MISTAKE_REVOKE_WHY, NULL,
		    NULL);
	if (ledger->mistakes.count > 0)
		return FAULT_NONE;
	if ((fault = store_revocation_take_back(
		 &is_there, ledger->store, serial, why, ledger->now)))
		return fault;
	if (is_there)
		return ledger_act_event(ledger, EVENT_KEY_TAKEN_BACK, serial,
		    why, NULL, NULL, NULL);
	mistake_add(&ledger->mistakes, "serial", MISTAKE_REVOKE_NONE, serial,
	    NULL);
	return FAULT_NONE;
}

static json_t *
list_to_json(const char *issuer, int64_t now, const char *const *serials,
    size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < count; i++)
		if (json_array_append_new(list, json_string(serials[i]))) {
			json_decref(list);
			return NULL;
		}
	return json_pack("{s:s, s:I, s:o}", "iss", issuer, "iat",
	    (json_int_t)now, "serials", list);
}

/* One more line, signed by that key. */
static enum fault
sign_list(const char **out, struct ledger *ledger,
    const struct keypair *issuer, const char *const *serials, size_t count)
{
	const char *name, *kid;
	json_t *payload;
	char *jws = NULL;
	enum fault fault = ledger_issue_name(&name, &kid, ledger, issuer);

	if (fault)
		return fault;
	payload = list_to_json(name, ledger->now, serials, count);
	fault = payload
	    ? jws_sign(&jws, ledger->arena, issuer, LIST_TYPE, kid, payload)
	    : FAULT_MEMORY;
	json_decref(payload);
	if (fault)
		return fault;
	*out = **out ? arena_format(ledger->arena, "%s\n%s", *out, jws) : jws;
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
ledger_revocation_list(const char **out, struct ledger *ledger,
    const struct issuer_keys *keys)
{
	const char **serials;
	size_t count;
	enum fault fault;

	assert(out && ledger && keys && keys->count > 0);
	*out = "";
	fault = store_revocation_issued(
	    &serials, &count, ledger->arena, ledger->store);
	for (size_t i = 0; !fault && i < keys->count; i++)
		fault = sign_list(out, ledger, keys->keys[i],
		    (const char *const *)serials, count);
	return fault;
}

/* ---- on an appliance ---- */

/* One that this appliance trusts to issue license keys of that name. */
static bool
is_trusted(const struct ledger *ledger, const struct jws *jws)
{
	const struct jwks_key *key = jwks_find(
	    &ledger->appliance->trust, jws->kid);
	const char *issuer = json_text(jws->payload, "iss");

	return key && issuer &&
	    (!*key->issuer || strcmp(key->issuer, issuer) == 0) &&
	    jws_verify(jws, key->public_key);
}

static enum fault
insert_all(bool *is_new, struct ledger *ledger, const json_t *payload)
{
	const char *issuer = json_text(payload, "iss");
	enum fault fault = FAULT_NONE;
	size_t index;
	json_t *item;
	bool one;

	*is_new = false;
	json_array_foreach(json_object_get(payload, "serials"), index, item)
	{
		const char *serial = json_string_value(item);

		if (!serial || fault)
			continue;
		fault = store_revocation_insert(
		    &one, ledger->store, issuer, serial, ledger->now);
		*is_new = *is_new || (!fault && one);
	}
	return fault;
}

/* What is installed of them, each told once. */
static enum fault
mark_licenses(struct ledger *ledger)
{
	struct license_row *rows;
	enum fault fault;
	size_t count;

	if ((fault = store_license_list(
		 &rows, &count, ledger->arena, ledger->store, ledger->now)))
		return fault;
	for (size_t i = 0; i < count; i++) {
		bool has;

		if (rows[i].state == LICENSE_REVOKED && !rows[i].distrusted_at)
			continue;
		if ((fault = store_revocation_has(
			 &has, ledger->store, rows[i].issuer, rows[i].serial)))
			return fault;
		if (has &&
		    (fault = ledger_act_event(ledger, EVENT_LICENSE_REVOKED,
			 rows[i].serial, rows[i].sku, NULL, NULL, NULL)))
			return fault;
	}
	if ((fault = store_revocation_mark(ledger->store, ledger->now)))
		return fault;
	for (size_t i = 0; !fault && i < count; i++)
		fault = ledger_watch_pools_changed(ledger, rows[i].feature);
	return fault;
}

static enum fault
take(bool *is_taken, struct ledger *ledger, const struct jws *jws)
{
	int64_t at, newest;
	enum fault fault;
	bool is_new;

	if (!is_trusted(ledger, jws) ||
	    !json_int64(&at, jws->payload, "iat", 1, INT64_MAX))
		return FAULT_NONE;
	if ((fault = store_revocation_newest(&newest, ledger->store)) ||
	    at < newest)
		return fault;
	*is_taken = true;
	if ((fault = store_revocation_set_newest(ledger->store, at)) ||
	    (fault = insert_all(&is_new, ledger, jws->payload)) || !is_new)
		return fault;
	fault = mark_licenses(ledger);
	return fault ? fault : ledger_surrendered_verify(ledger);
}

static enum fault
take_line(bool *is_taken, struct ledger *ledger, const char *line, size_t length)
{
	struct jws jws;
	enum fault fault;

	if (jws_parse(&jws, ledger->arena, line, length, LIST_TYPE) != JWS_OK)
		return ledger->arena->failed ? FAULT_MEMORY : FAULT_NONE;
	fault = take(is_taken, ledger, &jws);
	jws_clear(&jws);
	return fault;
}

enum fault
ledger_revocation_take(bool *is_taken, struct ledger *ledger, const char *list)
{
	enum fault fault = FAULT_NONE;

	assert(is_taken && ledger && list);
	*is_taken = false;
	while (!fault && !*is_taken && *list) {
		size_t length = strcspn(list, "\n");

		fault = take_line(is_taken, ledger, list, length);
		list += length + (list[length] == '\n');
	}
	return fault;
}

enum fault
ledger_revocation_carry(struct ledger *ledger, struct store *from)
{
	struct revocation_row *rows;
	int64_t newest;
	size_t count;
	enum fault fault;
	bool is_new;

	assert(ledger && from);
	if ((fault = store_revocation_newest(&newest, from)) ||
	    (fault = store_revocation_set_newest(ledger->store, newest)) ||
	    (fault = store_revocation_list(
		 &rows, &count, ledger->arena, from)))
		return fault;
	for (size_t i = 0; !fault && i < count; i++)
		fault = store_revocation_insert(&is_new, ledger->store,
		    rows[i].issuer, rows[i].serial, rows[i].since);
	return fault;
}
