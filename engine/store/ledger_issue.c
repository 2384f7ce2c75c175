/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_issue.c: the center makes a license key for one appliance. Says of a
 * wrong wish what is wrong; keeps a record of every key made.
 */
#include "engine/store/ledger_issue.h"

#include "engine/base/calendar.h"
#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/base/random.h"
#include "engine/store/ledger_act.h"
#include "engine/store/license_claim.h"
#include "engine/store/store_center.h"
#include "engine/store/store_issued.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

#define SERIAL_BYTES  10
#define ORG_BYTES_MAX 256
#define YEAR_DIGITS   4

/* One key in the making. */
struct issue {
	const char *issuer, *kid, *serial;
	const char *hardware_id, *sku_text, *org;
	struct sku sku;
	char start_date[11], end_date[11]; /* "" = none */
	int64_t entitlement;
};

static void
mistake(struct ledger *ledger, const char *field, enum mistake_kind kind,
    const char *a)
{
	mistake_add(&ledger->mistakes, field, kind, a, NULL);
}

static enum mistake_kind
mistake_of(enum sku_mistake what)
{
	switch (what) {
	case SKU_BAD_UNITS:
		return MISTAKE_ISSUE_UNITS;
	case SKU_BAD_TERM:
		return MISTAKE_ISSUE_TERM;
	case SKU_OK:
	case SKU_UNKNOWN_PREFIX:
	case SKU_TRAILING:
		break;
	}
	return MISTAKE_ISSUE_SKU;
}

/* SKUs are read in any case and written in one. */
const char *
ledger_issue_sku(struct arena *arena, const char *text)
{
	char *copy = arena_text(arena, text), *at;

	for (at = copy; at && *at; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	return copy;
}

static void
check_sku(struct issue *issue, struct ledger *ledger, const char *text)
{
	enum sku_mistake what;

	what = sku_parse(
	    &issue->sku, &ledger->appliance->catalogue, text, false);
	if (what != SKU_OK)
		mistake(ledger, "sku", mistake_of(what), text);
	issue->sku_text = ledger_issue_sku(ledger->arena, text);
}

static bool
check_date(struct ledger *ledger, const char *field, const char *date)
{
	char today[11];

	if (!*date || calendar_date_is_valid(date))
		return true;
	calendar_date_of(today, ledger->now);
	mistake(ledger, field, MISTAKE_ISSUE_DATE, today);
	return false;
}

/*
 * The last day of "years" years from "start": the day before the same day of
 * a later year, which for 29 February may have to be 1 March.
 */
static bool
last_day(char out[11], const char *start, int64_t years)
{
	char next[32];
	int64_t midnight;
	int year = (int)years, i, power;

	for (i = 0, power = 1000; i < YEAR_DIGITS; i++, power /= 10)
		year += power * (start[i] - '0');
	(void)snprintf(
	    next, sizeof(next), "%04d%.6s", year, start + YEAR_DIGITS);
	if (!calendar_date_is_valid(next))
		(void)snprintf(next, sizeof(next), "%04d-03-01", year);
	if (!calendar_date_start(&midnight, next))
		return false;
	calendar_date_closed_by(out, midnight);
	return true;
}

static void
choose_end(struct issue *issue, struct ledger *ledger, const char *wanted)
{
	if (!license_claim_has_term(&issue->sku)) {
		if (*wanted)
			mistake(ledger, "end", MISTAKE_ISSUE_END_PERMANENT,
			    issue->sku_text);
		return;
	}
	if (*wanted)
		(void)snprintf(
		    issue->end_date, sizeof(issue->end_date), "%s", wanted);
	else if (issue->sku.years == 0)
		mistake(
		    ledger, "end", MISTAKE_ISSUE_END_MISSING, issue->sku_text);
	else if (!last_day(
		     issue->end_date, issue->start_date, issue->sku.years))
		mistake(ledger, "start", MISTAKE_ISSUE_DATE, "2026-12-31");
	if (issue->end_date[0] &&
	    strcmp(issue->end_date, issue->start_date) < 0)
		mistake(
		    ledger, "end", MISTAKE_ISSUE_END_EARLY, issue->start_date);
}

static void
check_dates(
    struct issue *issue, struct ledger *ledger, const struct issue_input *input)
{
	bool is_start_good = check_date(ledger, "start", input->start_date);
	bool is_end_good = check_date(ledger, "end", input->end_date);

	if (!is_start_good || !is_end_good)
		return;
	calendar_date_of(issue->start_date, ledger->now);
	if (*input->start_date)
		(void)snprintf(issue->start_date, sizeof(issue->start_date),
		    "%s", input->start_date);
	/* What the SKU says of the end is known only when there is one. */
	if (issue->sku.prefix)
		choose_end(issue, ledger, input->end_date);
}

static void
check(
    struct issue *issue, struct ledger *ledger, const struct issue_input *input)
{
	issue->hardware_id = input->hardware_id;
	issue->org = input->org;
	issue->entitlement = input->entitlement;
	(void)ledger_act_issues(ledger);
	if (input->hardware_id && !hardware_id_is_valid(input->hardware_id))
		mistake(ledger, "hwid", MISTAKE_ISSUE_HARDWARE, NULL);
	check_sku(issue, ledger, input->sku);
	check_dates(issue, ledger, input);
	if (strlen(input->org) > ORG_BYTES_MAX ||
	    (*input->org &&
		!ledger_act_is_printable(input->org, ORG_BYTES_MAX)))
		mistake(ledger, "org", MISTAKE_ISSUE_ORG, NULL);
}

enum fault
ledger_issue_name(const char **issuer, const char **kid, struct ledger *ledger,
    const struct keypair *keypair)
{
	const struct jwks *trust = &ledger->appliance->trust;
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	char thumbprint[44];
	enum fault fault;

	assert(issuer && kid && ledger && keypair);
	keypair_public(public_key, keypair);
	if ((fault = keypair_thumbprint(thumbprint, public_key)))
		return fault;
	*kid = arena_text(ledger->arena, thumbprint);
	*issuer = ledger->appliance->hostname;
	for (size_t i = 0; i < trust->count; i++) {
		if (memcmp(trust->keys[i].public_key, public_key,
			sizeof(public_key)))
			continue;
		*kid = trust->keys[i].kid;
		if (*trust->keys[i].issuer)
			*issuer = trust->keys[i].issuer;
	}
	return *kid ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
make_serial(struct issue *issue, struct ledger *ledger)
{
	char digits[2 * SERIAL_BYTES + 1];
	enum fault fault;

	if ((fault = random_hex(digits, SERIAL_BYTES)))
		return fault;
	issue->serial = arena_format(ledger->arena, "LH-%s", digits);
	return issue->serial ? FAULT_NONE : FAULT_MEMORY;
}

static json_t *
claims(const struct issue *issue, int64_t now)
{
	return json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:s*, s:s*}", "iss",
	    issue->issuer, "jti", issue->serial, "iat", (json_int_t)now, "sub",
	    issue->hardware_id, "sku", issue->sku_text, "start",
	    issue->start_date, "end",
	    issue->end_date[0] ? issue->end_date : NULL, "org",
	    *issue->org ? issue->org : NULL);
}

static enum fault
sign(char **out, const struct issue *issue, struct ledger *ledger,
    const struct keypair *issuer)
{
	json_t *payload = claims(issue, ledger->now);
	enum fault fault = FAULT_MEMORY;

	*out = NULL;
	if (payload)
		fault = jws_sign(out, ledger->arena, issuer, LICENSE_CLAIM_TYPE,
		    issue->kid, payload);
	json_decref(payload);
	return fault;
}

static enum fault
record(struct ledger *ledger, const struct issue *issue, const char *key)
{
	const struct issued_row row = {
		.serial = issue->serial,
		.hardware_id = issue->hardware_id,
		.sku = issue->sku_text,
		.start_date = issue->start_date,
		.end_date = issue->end_date,
		.statement = key,
		.actor = ledger->actor.name,
		.at = ledger->now,
		.entitlement = issue->entitlement,
	};
	enum fault fault;

	if ((fault = store_issued_insert(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_LICENSE_ISSUED,
	    issue->hardware_id, issue->sku_text, issue->serial, NULL, NULL);
}

void
ledger_issue_check(struct ledger *ledger, const struct issue_input *input)
{
	struct issue issue = { 0 };

	assert(ledger && input && input->sku && input->org);
	check(&issue, ledger, input);
}

/* A spare and a device that was replaced have none. */
static enum fault
check_device(struct ledger *ledger, const char *hardware_id)
{
	const struct verdict_numbers none = { 0 };
	struct center_device_row device;
	enum verdict verdict;
	enum fault fault = store_center_device_load(
	    &device, ledger->arena, ledger->store, hardware_id);

	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	verdict = activation_device_check(!fault, device.state);
	if (verdict != VERDICT_OK)
		mistake_add_verdict(
		    &ledger->mistakes, "hwid", "", verdict, &none);
	return FAULT_NONE;
}

enum fault
ledger_issue(const char **out, struct ledger *ledger,
    const struct keypair *issuer, const struct issue_input *input)
{
	struct issue issue = { 0 };
	enum fault fault;
	char *key;

	assert(out && ledger && issuer && input && input->hardware_id);
	assert(
	    input->sku && input->start_date && input->end_date && input->org);
	*out = NULL;
	check(&issue, ledger, input);
	if ((fault = check_device(ledger, input->hardware_id)) ||
	    ledger->mistakes.count)
		return fault;
	if (!issue.sku_text)
		return FAULT_MEMORY;
	if ((fault = ledger_issue_name(
		 &issue.issuer, &issue.kid, ledger, issuer)) ||
	    (fault = make_serial(&issue, ledger)) ||
	    (fault = sign(&key, &issue, ledger, issuer)) ||
	    (fault = record(ledger, &issue, key)))
		return fault;
	*out = key;
	return FAULT_NONE;
}
