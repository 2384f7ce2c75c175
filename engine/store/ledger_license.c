/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_license.c: license keys become installed licenses, and installed
 * licenses begin, end and go. What a key says is judged in license_claim.c.
 */
#include "engine/store/ledger.h"

#include "engine/rules/auto_lease.h"
#include "engine/store/ledger_act.h"
#include "engine/store/ledger_surrendered.h"
#include "engine/store/ledger_watch_work.h"
#include "engine/store/license_claim.h"
#include "engine/store/license_text.h"
#include "engine/store/sentence.h"
#include "engine/store/store_license.h"
#include "engine/store/store_revocation.h"
#include "engine/store/store_license_seen.h"
#include "engine/store/store_link_edit.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <string.h>

#define SHOWN_WHOLE_MAX 40
#define SHOWN_ENDS      12

/* Bits of license.announced. */
#define ANNOUNCED_ACTIVE 1
#define ANNOUNCED_ENDED  2

enum note {
#define NOTE(symbol, sentence) NOTE_##symbol,
#include "engine/store/license_notes.tbl"
#undef NOTE
	NOTE__COUNT
};

static const char *const notes[NOTE__COUNT] = {
#define NOTE(symbol, sentence) [NOTE_##symbol] = (sentence),
#include "engine/store/license_notes.tbl"
#undef NOTE
};

/* ---- begin and end ---- */

static instant
end_of(const struct license *license)
{
	return license->ended_at
	    ? instant_earlier(license->end, license->ended_at)
	    : license->end;
}

/* The instant from which it counts; behind its end when it never does. */
static instant
begin_of(const struct license *license)
{
	if (license->activated_at)
		return license->activated_at;
	return license->is_renewal
	    ? instant_later(license->start, license->waits_until)
	    : license->start;
}

static bool
has_begun(const struct license *license, instant now)
{
	instant begin = begin_of(license);

	return begin <= now && begin < end_of(license);
}

/* What has been seen is kept: no later change of zone or clock undoes it. */
static void
mark(struct license_row *row, instant now)
{
	struct license *license = &row->license;

	if (license->is_renewal && !license->activated_at &&
	    has_begun(license, now))
		license->activated_at = begin_of(license);
	if (!license->ended_at && license->end <= now)
		license->ended_at = license->end;
	if (!license->expired_at && row->state == LICENSE_EXPIRED)
		license->expired_at = now;
}

/* One that was over when it was installed never became active here. */
static bool
is_activation_due(const struct license_row *row, instant now)
{
	return !(row->announced & ANNOUNCED_ACTIVE) &&
	    has_begun(&row->license, now) &&
	    end_of(&row->license) > row->added_at;
}

static bool
is_ending_due(const struct license_row *row, instant now)
{
	return !(row->announced & ANNOUNCED_ENDED) &&
	    end_of(&row->license) <= now;
}

static enum fault
announce(struct ledger *ledger, struct license_row *row)
{
	enum fault fault;

	if (is_activation_due(row, ledger->now)) {
		row->announced |= ANNOUNCED_ACTIVE;
		if ((fault = ledger_act_event(ledger, EVENT_LICENSE_ACTIVE,
			 row->serial, row->sku, row->serial, NULL, NULL)))
			return fault;
	}
	if (is_ending_due(row, ledger->now)) {
		row->announced |= ANNOUNCED_ENDED;
		return ledger_act_event(ledger, EVENT_LICENSE_ENDED,
		    row->serial, row->sku, row->serial, NULL, NULL);
	}
	return FAULT_NONE;
}

static bool
is_changed(const struct license_row *a, const struct license_row *b)
{
	return a->announced != b->announced ||
	    a->license.ended_at != b->license.ended_at ||
	    a->license.activated_at != b->license.activated_at ||
	    a->license.expired_at != b->license.expired_at;
}

static enum fault
sweep_one(struct ledger *ledger, struct license_row *row)
{
	const struct license_row before = *row;
	enum fault fault;

	mark(row, ledger->now);
	if ((fault = announce(ledger, row)) || !is_changed(&before, row))
		return fault;
	return store_license_mark(ledger->store, row);
}

/* ---- is it still believed? ---- */

static bool
is_same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Does the row say what its key says? */
static bool
says_its_key(const struct license_row *row, const struct license_claim *claim)
{
	const struct license *license = &row->license;

	return is_same(row->issuer, claim->issuer) &&
	    is_same(row->serial, claim->serial) &&
	    is_same(row->sku, claim->sku_text) &&
	    is_same(row->start_date, claim->start_date) &&
	    is_same(row->end_date, claim->end_date) &&
	    is_same(row->feature, claim->sku.prefix->feature) &&
	    is_same(license->prefix, claim->sku.prefix->prefix) &&
	    is_same(license->renews, claim->renews) &&
	    license->units == claim->sku.units &&
	    license->is_subscription == license_claim_has_term(&claim->sku) &&
	    license->is_renewal == claim->sku.is_renewal;
}

static enum fault
verify(struct ledger *ledger, const struct license_row *row)
{
	struct license_claim claim;
	enum fault fault;
	bool is_right;

	if ((fault = license_claim_read(
		 &claim, ledger->arena, ledger->appliance, row->statement)))
		return fault;
	is_right = claim.refusal == MISTAKE__COUNT && says_its_key(row, &claim);
	if (is_right == (row->distrusted_at == 0))
		return FAULT_NONE;
	if ((fault = store_license_distrust(
		 ledger->store, row->license.id, is_right ? 0 : ledger->now)) ||
	    (fault = ledger_watch_pools_changed(ledger, row->feature)))
		return fault;
	return ledger_act_event(ledger,
	    is_right ? EVENT_LICENSE_BELIEVED : EVENT_LICENSE_DISTRUSTED,
	    row->serial, row->sku, row->serial, NULL, NULL);
}

/* A signature is dear: when the issuers changed, and once an hour. */
static enum fault
verify_all(struct ledger *ledger)
{
	const char *digest = ledger->appliance->trust.digest;
	struct license_row *rows;
	enum fault fault;
	size_t count, i;
	bool is_done;

	if ((fault = store_license_is_verified(&is_done, ledger->store, digest,
		 ledger->now - SECONDS_PER_HOUR, ledger->now)) ||
	    is_done)
		return fault;
	fault = store_license_list(
	    &rows, &count, ledger->arena, ledger->store, ledger->now);
	for (i = 0; !fault && i < count; i++)
		fault = verify(ledger, &rows[i]);
	if (!fault)
		fault = ledger_surrendered_verify(ledger);
	return fault
	    ? fault
	    : store_license_verified(ledger->store, digest, ledger->now);
}

enum fault
ledger_license_sweep(struct ledger *ledger)
{
	struct license_row *rows;
	enum fault fault;
	size_t count, i;

	assert(ledger && ledger->store);
	if ((fault = verify_all(ledger)))
		return fault;
	fault = store_license_list(
	    &rows, &count, ledger->arena, ledger->store, ledger->now);
	for (i = 0; !fault && i < count; i++)
		fault = sweep_one(ledger, &rows[i]);
	return fault;
}

/* ---- installing ---- */

static const char *
shorten(struct arena *arena, const char *key)
{
	size_t length = strlen(key);

	return length <= SHOWN_WHOLE_MAX
	    ? arena_text(arena, key)
	    : arena_format(
		  arena, "%.*s…%s", SHOWN_ENDS, key, key + length - SHOWN_ENDS);
}

static const char *
feature_of(const struct license_claim *claim)
{
	return claim->sku.prefix ? claim->sku.prefix->feature : "";
}

static void
fill_result(struct license_result *out, struct arena *arena,
    const struct license_claim *claim, const char *key)
{
	memset(out, 0, sizeof(*out));
	out->shown = shorten(arena, key);
	out->entered = key;
	/* Nothing is repeated that only claims to be of an issuer. */
	out->serial = claim->is_signed ? claim->serial : "";
	out->sku = claim->is_signed ? claim->sku_text : "";
	out->feature = claim->is_signed ? feature_of(claim) : "";
	out->units = claim->sku.units;
	out->text = "";
}

/* The license server looks at member licenses: it learns of it at once. */
static enum fault
tell_server(struct ledger *ledger, const char *feature)
{
	return strcmp(feature, CATALOGUE_MEMBER) == 0
	    ? store_link_edit_hasten(ledger->store)
	    : FAULT_NONE;
}

static enum fault
insert(
    struct ledger *ledger, const struct license_claim *claim, const char *key)
{
	const struct license_row row = {
		.license = {
			.prefix = claim->sku.prefix->prefix,
			.units = claim->sku.units,
			.is_subscription = license_claim_has_term(&claim->sku),
			.is_renewal = claim->sku.is_renewal,
			.renews = claim->renews,
		},
		.serial = claim->serial,
		.issuer = claim->issuer,
		.kid = claim->kid,
		.sku = claim->sku_text,
		.feature = claim->sku.prefix->feature,
		.org = claim->org,
		.statement = key,
		.added_by = ledger->actor.name,
		.start_date = claim->start_date,
		.end_date = claim->end_date,
		.added_at = ledger->now,
	};
	enum fault fault;

	if ((fault = store_license_insert(ledger->store, &row)) ||
	    (fault = tell_server(ledger, row.feature)))
		return fault;
	return ledger_act_event(ledger, EVENT_LICENSE_ADDED, claim->serial,
	    claim->sku_text, claim->serial, NULL, NULL);
}

static enum fault
refuse(struct license_result *out, struct ledger *ledger,
    const struct license_claim *claim)
{
	out->text = mistake_text(
	    ledger->arena, claim->refusal, claim->a, claim->b);
	return ledger_act_event(ledger, EVENT_LICENSE_REFUSED,
	    *out->serial ? out->serial : out->shown, out->text, NULL, NULL,
	    NULL);
}

static enum fault
install(struct license_result *out, struct ledger *ledger, const char *key)
{
	struct license_claim claim;
	const char *holder = NULL;
	enum fault fault;
	bool is_seen, is_revoked;

	if ((fault = license_claim_read(
		 &claim, ledger->arena, ledger->appliance, key)))
		return fault;
	fill_result(out, ledger->arena, &claim, key);
	if (ledger->arena->failed)
		return FAULT_MEMORY;
	if (claim.is_signed &&
	    (fault = ledger_surrendered_holder(
		 &holder, ledger, claim.issuer, claim.serial)))
		return fault;
	if (holder) {
		out->is_duplicate = true;
		out->text = mistake_text(
		    ledger->arena, MISTAKE_KEY_HELD, holder, NULL);
		return FAULT_NONE;
	}
	if (claim.refusal != MISTAKE__COUNT)
		return refuse(out, ledger, &claim);
	if ((fault = store_license_exists(&out->is_duplicate, ledger->store,
		 claim.issuer, claim.serial)))
		return fault;
	if (out->is_duplicate) {
		out->text = mistake_text(
		    ledger->arena, MISTAKE_KEY_DUPLICATE, NULL, NULL);
		return FAULT_NONE;
	}
	if ((fault = store_revocation_has(
		 &is_revoked, ledger->store, claim.issuer, claim.serial)))
		return fault;
	if (is_revoked) {
		claim.refusal = MISTAKE_KEY_REVOKED;
		return refuse(out, ledger, &claim);
	}
	if ((fault = store_license_seen(&is_seen, ledger->store, claim.issuer,
		 claim.serial, ledger->now)))
		return fault;
	out->is_first = !is_seen;
	out->is_installed = true;
	return insert(ledger, &claim, key);
}

static enum note
note_of(enum license_state state)
{
	switch (state) {
	case LICENSE_ACTIVE:
	case LICENSE_SURRENDER_PENDING:
	case LICENSE_SURRENDERED:
	case LICENSE_RECALL_PENDING:
		return NOTE_ACTIVE;
	case LICENSE_FUTURE:
		return NOTE_FUTURE;
	case LICENSE_PENDING_RENEWAL:
		return NOTE_WAITS;
	case LICENSE_GRACE:
		return NOTE_GRACE;
	case LICENSE_RENEWED:
		return NOTE_RENEWED;
	case LICENSE_EXPIRED:
	case LICENSE_REVOKED:
		break;
	}
	return NOTE_ENDED;
}

static const char *
note_text(struct arena *arena, const struct license_row *row)
{
	const struct sentence_value value = { "a",
		row->state == LICENSE_FUTURE ? row->start_date
					     : row->end_date };
	const char *text = sentence_fill(
	    arena, notes[note_of(row->state)], &value, 1);

	return text ? text : "";
}

/* Says of each that was installed what it is worth now, beside all the others. */
static enum fault
describe(struct license_result *results, size_t count, struct ledger *ledger)
{
	struct license_row *rows;
	enum fault fault;
	size_t row_count, i, k;

	if ((fault = store_license_list(
		 &rows, &row_count, ledger->arena, ledger->store, ledger->now)))
		return fault;
	for (i = 0; i < count; i++)
		for (k = 0; results[i].is_installed && k < row_count; k++)
			if (strcmp(rows[k].serial, results[i].serial) == 0)
				results[i].text = note_text(
				    ledger->arena, &rows[k]);
	return ledger->arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

/* ---- what the new ones mean for the pools ---- */

static bool
ends_penalty(const struct ledger *ledger, const struct license_result *result,
    const struct license_row *row, int64_t grace)
{
	return result->is_installed &&
	    strcmp(row->serial, result->serial) == 0 &&
	    auto_lease_ends_penalty(&row->license,
		catalogue_feature(&ledger->appliance->catalogue, row->feature),
		!result->is_first, grace, ledger->now);
}

/* A subscription for users that was never seen here ends a penalty (rules.md 6.5). */
static enum fault
end_penalty(
    struct ledger *ledger, const struct license_result *results, size_t count)
{
	struct license_row *rows;
	enum fault fault;
	size_t row_count, i, k;
	int64_t grace;

	if ((fault = store_setting_load(
		 &grace, ledger->store, SETTING_GRACE)) ||
	    (fault = store_license_list(
		 &rows, &row_count, ledger->arena, ledger->store, ledger->now)))
		return fault;
	for (i = 0; i < count; i++)
		for (k = 0; k < row_count; k++)
			if (ends_penalty(ledger, &results[i], &rows[k], grace))
				return ledger_watch_auto_forgive(
				    ledger, rows[k].sku, rows[k].serial);
	return FAULT_NONE;
}

static enum fault
settle_pools(
    struct ledger *ledger, const struct license_result *results, size_t count)
{
	enum fault fault;

	for (size_t i = 0; i < count; i++)
		if (results[i].is_installed &&
		    (fault = ledger_watch_pools_changed(
			 ledger, results[i].feature)))
			return fault;
	return end_penalty(ledger, results, count);
}

static enum fault
install_all(struct license_result **out, size_t *count, struct ledger *ledger,
    const char *const *keys, size_t key_count)
{
	struct license_result *results = arena_array(
	    ledger->arena, key_count, sizeof(*results));
	enum fault fault = results ? FAULT_NONE : FAULT_MEMORY;
	size_t i;

	for (i = 0; !fault && i < key_count; i++)
		fault = install(&results[i], ledger, keys[i]);
	if (fault || (fault = ledger_license_sweep(ledger)) ||
	    (fault = describe(results, key_count, ledger)) ||
	    (fault = settle_pools(ledger, results, key_count)))
		return fault;
	*out = results;
	*count = key_count;
	return FAULT_NONE;
}

/* Adds the mistake when there are none or too many. */
static enum fault
find_keys(
    const char ***out, size_t *count, struct ledger *ledger, const char *text)
{
	enum fault fault;

	if ((fault = license_text_find(
		 out, count, ledger->arena, text, LEDGER_KEYS_MAX + 1)))
		return fault;
	if (*count == 0)
		mistake_add(
		    &ledger->mistakes, "keys", MISTAKE_KEY_NONE, NULL, NULL);
	if (*count > LEDGER_KEYS_MAX)
		mistake_add(&ledger->mistakes, "keys", MISTAKE_KEY_TOO_MANY,
		    ledger_act_units(ledger, LEDGER_KEYS_MAX), NULL);
	return FAULT_NONE;
}

enum fault
ledger_license_add(struct license_result **out, size_t *count,
    struct ledger *ledger, const char *text)
{
	const char **keys;
	enum fault fault;
	size_t key_count;
	bool is_needed;

	assert(out && count && ledger && text);
	*out = NULL;
	*count = 0;
	if ((fault = ledger_agreement_needed(&is_needed, ledger)))
		return fault;
	if (is_needed)
		mistake_add(&ledger->mistakes, "agreement",
		    MISTAKE_AGREEMENT_NEEDED, NULL, NULL);
	if ((fault = find_keys(&keys, &key_count, ledger, text)) ||
	    ledger->mistakes.count)
		return fault;
	return install_all(out, count, ledger, keys, key_count);
}

/* ---- removing ---- */

static bool
waits_for(const struct license *renewal, const struct license *parent)
{
	return renewal->is_renewal && !renewal->activated_at &&
	    renewal->units == parent->units &&
	    strcmp(renewal->prefix, parent->prefix) == 0 &&
	    renewal->waits_until == end_of(parent) &&
	    begin_of(renewal) == parent->renewed_at;
}

/* Serial of the renewal that needs this license to end first; NULL when none does. */
static const char *
waiting_renewal(const struct license_row *rows, size_t count,
    const struct license_row *parent, instant now)
{
	size_t i;

	if (parent->license.renewed_at == INSTANT_NEVER ||
	    parent->license.renewed_at <= now)
		return NULL;
	for (i = 0; i < count; i++)
		if (waits_for(&rows[i].license, &parent->license))
			return rows[i].serial;
	return NULL;
}

/* Without its row nobody could recall what counts on the server. */
static enum fault
refuse_surrendered(struct ledger *ledger, const struct license_row *row)
{
	struct link_row link = { .server = "" };
	enum fault fault = store_link_load(&link, ledger->arena, ledger->store);

	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	mistake_add(&ledger->mistakes, "serial", MISTAKE_KEY_SURRENDERED,
	    row->left_at ? row->left_server
		: fault  ? ""
			 : link.server,
	    NULL);
	return FAULT_NONE;
}

static enum fault
remove_row(struct ledger *ledger, const struct license_row *rows, size_t count,
    const struct license_row *row)
{
	const char *waiting = waiting_renewal(rows, count, row, ledger->now);
	enum fault fault;

	if (waiting) {
		mistake_add(&ledger->mistakes, "serial",
		    MISTAKE_KEY_RENEWAL_WAITS, waiting, NULL);
		return FAULT_NONE;
	}
	if (row->license.surrender != SURRENDER_NONE)
		return refuse_surrendered(ledger, row);
	if ((fault = store_license_delete(ledger->store, row->license.id)) ||
	    (fault = tell_server(ledger, row->feature)) ||
	    (fault = ledger_watch_pools_changed(ledger, row->feature)))
		return fault;
	return ledger_act_event(ledger, EVENT_LICENSE_REMOVED, row->serial,
	    row->sku, row->serial, NULL, NULL);
}

enum fault
ledger_license_remove(struct ledger *ledger, const char *serial)
{
	struct license_row *rows;
	enum fault fault;
	size_t count, i;

	assert(ledger && serial);
	/* First what is due, so that a renewal which has taken over stays so without its parent. */
	if ((fault = ledger_license_sweep(ledger)) ||
	    (fault = store_license_list(
		 &rows, &count, ledger->arena, ledger->store, ledger->now)))
		return fault;
	for (i = 0; i < count; i++)
		if (strcmp(rows[i].serial, serial) == 0)
			return remove_row(ledger, rows, count, &rows[i]);
	mistake_add(
	    &ledger->mistakes, "serial", MISTAKE_KEY_UNKNOWN, serial, NULL);
	return FAULT_NONE;
}
