/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * license_claim.c: judges a license key from the outside in: form, issuer,
 * signature, and only then what it says. Does not know what is installed.
 */
#include "engine/store/license_claim.h"

#include "engine/base/calendar.h"
#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/rules/catalogue.h"
#include "engine/store/platform_groups.h"
#include <assert.h>
#include <string.h>

#define SERIAL_BYTES_MAX 128
#define NAME_BYTES_MAX   256
/* As far as an unknown issuer's name is repeated. */
#define SHOWN_BYTES_MAX 64

static bool
refuse(struct license_claim *claim, enum mistake_kind refusal, const char *a,
    const char *b)
{
	claim->refusal = refusal;
	claim->a = a;
	claim->b = b;
	return false;
}

static enum mistake_kind
mistake_of(enum jws_state state)
{
	switch (state) {
	case JWS_ALGORITHM:
	case JWS_EMBEDDED_KEY:
	case JWS_CRITICAL:
		return MISTAKE_KEY_ALGORITHM;
	case JWS_UNKNOWN_KEY:
		return MISTAKE_KEY_ISSUER;
	case JWS_OK:
	case JWS_MALFORMED:
	case JWS_TYPE:
	case JWS_SIGNATURE:
		break;
	}
	return MISTAKE_KEY_MALFORMED;
}

/* Printable ASCII, or with "is_name" any UTF-8 text without control characters. */
static bool
is_clean(const char *text, size_t most, bool is_name)
{
	const unsigned char *at = (const unsigned char *)text;

	if (strlen(text) > most)
		return false;
	for (; *at; at++)
		if (*at < 0x20 || *at == 0x7f || (!is_name && *at > 0x7e) ||
		    (!is_name && *at == ' '))
			return false;
	return true;
}

/* The claim's text in the arena, "" when absent; NULL when it is no text. */
static const char *
claim_text(struct arena *arena, const json_t *payload, const char *name)
{
	if (!json_object_get(payload, name))
		return "";
	return arena_text(arena, json_text(payload, name));
}

static bool
read_texts(
    struct license_claim *out, struct arena *arena, const json_t *payload)
{
	const char *const *texts[] = { &out->issuer, &out->serial,
		&out->hardware_id, &out->sku_text, &out->start_date,
		&out->end_date, &out->org, &out->renews };
	size_t i;

	out->issuer = claim_text(arena, payload, "iss");
	out->serial = claim_text(arena, payload, "jti");
	out->hardware_id = claim_text(arena, payload, "sub");
	out->sku_text = claim_text(arena, payload, "sku");
	out->start_date = claim_text(arena, payload, "start");
	out->end_date = claim_text(arena, payload, "end");
	out->org = claim_text(arena, payload, "org");
	out->renews = claim_text(arena, payload, "renews");
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!*texts[i])
			return false;
	return true;
}

static void
clear_texts(struct license_claim *out)
{
	out->issuer = out->serial = out->kid = out->hardware_id = "";
	out->sku_text = out->start_date = out->end_date = "";
	out->org = out->renews = "";
}

/* What every license key must state, in a form fit for a page and a log. */
static bool
has_wanted_texts(const struct license_claim *claim)
{
	return *claim->issuer &&
	    is_clean(claim->issuer, NAME_BYTES_MAX, true) && *claim->serial &&
	    is_clean(claim->serial, SERIAL_BYTES_MAX, false) &&
	    *claim->sku_text &&
	    is_clean(claim->sku_text, SKU_TEXT_MAX, false) &&
	    is_clean(claim->org, NAME_BYTES_MAX, true) &&
	    is_clean(claim->renews, SERIAL_BYTES_MAX, false);
}

/* An unknown issuer is named as far as it is fit to be shown. */
static const char *
shown_issuer(struct arena *arena, const struct license_claim *claim)
{
	const char *name = *claim->issuer ? claim->issuer : claim->kid;

	return is_clean(name, NAME_BYTES_MAX, false)
	    ? arena_text_n(arena, name, strnlen(name, SHOWN_BYTES_MAX))
	    : "?";
}

static bool
is_trusted(struct license_claim *out, struct arena *arena,
    const struct jwks *trust, const struct jws *jws)
{
	const struct jwks_key *key = jwks_find(trust, jws->kid);

	if (!key)
		return refuse(
		    out, MISTAKE_KEY_ISSUER, shown_issuer(arena, out), NULL);
	if (!jws_verify(jws, key->public_key))
		return refuse(out, MISTAKE_KEY_SIGNATURE, NULL, NULL);
	/* A key speaks for its own issuer only. */
	if (*key->issuer && strcmp(key->issuer, out->issuer))
		return refuse(
		    out, MISTAKE_KEY_ISSUER, shown_issuer(arena, out), NULL);
	out->is_signed = true;
	return true;
}

bool
license_claim_has_term(const struct sku *sku)
{
	assert(sku);
	return sku->is_subscription || sku->is_renewal;
}

bool
license_claim_dates_fit(
    const struct sku *sku, const char *start_date, const char *end_date)
{
	assert(sku && start_date && end_date);
	if (!calendar_date_is_valid(start_date))
		return false;
	if (!license_claim_has_term(sku))
		return !*end_date;
	/* Written so, dates compare as text. */
	return calendar_date_is_valid(end_date) &&
	    strcmp(start_date, end_date) <= 0;
}

/* A switch: a member license for the own family, the server license for a virtual server. */
static bool
is_switch_for(const struct appliance *appliance,
    const struct license_device *device, const struct sku *sku,
    const struct platform *platform)
{
	const char *family;

	if (strcmp(sku->prefix->feature, CATALOGUE_MEMBER))
		return device->role == ROLE_VIRTUAL_SERVER;
	family = catalogue_member_family(
	    &appliance->catalogue, sku->prefix->prefix);
	return !family || !platform || strcmp(family, platform->family) == 0;
}

/*
 * A virtual license server takes what it could lease to somebody (rules.md 11),
 * another virtual appliance no permanent ACCESS units (rules.md 1).
 */
static bool
fits_count(struct license_claim *out, struct arena *arena,
    const struct appliance *appliance, const struct license_device *device,
    const struct platform *platform)
{
	const struct catalogue *catalogue = &appliance->catalogue;
	const struct feature *feature = out->sku.feature;

	if (device->role == ROLE_VIRTUAL_SERVER)
		return catalogue_is_taken_virtually(catalogue, feature) ||
		    refuse(out, MISTAKE_KEY_FAMILY, out->sku_text,
			platform_groups_served(arena, catalogue));
	return license_claim_has_term(&out->sku) ||
	    catalogue_is_usable_for_good(feature, platform) ||
	    refuse(out, MISTAKE_KEY_TERM, out->sku_text, device->platform);
}

static bool
fits_platform(struct license_claim *out, struct arena *arena,
    const struct appliance *appliance, const struct license_device *device)
{
	const struct platform *platform = catalogue_platform(
	    &appliance->catalogue, device->platform);

	if (out->sku.feature)
		return fits_count(out, arena, appliance, device, platform);
	return is_switch_for(appliance, device, &out->sku, platform) ||
	    refuse(out, MISTAKE_KEY_PLATFORM, out->sku_text, device->platform);
}

/* In the order in which a person can do something about it. */
static bool
is_usable(struct license_claim *out, struct arena *arena,
    const struct appliance *appliance, const struct license_device *device)
{
	if (!has_wanted_texts(out))
		return refuse(out, MISTAKE_KEY_MALFORMED, NULL, NULL);
	if (strcmp(out->hardware_id, device->hardware_id))
		return refuse(out, MISTAKE_KEY_HARDWARE,
		    hardware_id_is_valid(out->hardware_id) ? out->hardware_id
							   : "?",
		    device->hardware_id);
	if (sku_parse(&out->sku, &appliance->catalogue, out->sku_text, false) !=
	    SKU_OK)
		return refuse(out, MISTAKE_KEY_SKU, out->sku_text, NULL);
	if (!license_claim_dates_fit(&out->sku, out->start_date, out->end_date))
		return refuse(out, MISTAKE_KEY_DATES, out->sku_text, NULL);
	return fits_platform(out, arena, appliance, device);
}

static void
judge(struct license_claim *out, struct arena *arena,
    const struct appliance *appliance, const struct license_device *device,
    const struct jws *jws)
{
	if (!read_texts(out, arena, jws->payload)) {
		clear_texts(out);
		(void)refuse(out, MISTAKE_KEY_MALFORMED, NULL, NULL);
		return;
	}
	out->kid = jws->kid;
	if (is_trusted(out, arena, &appliance->trust, jws))
		(void)is_usable(out, arena, appliance, device);
}

enum fault
license_claim_read_for(struct license_claim *out, struct arena *arena,
    const struct appliance *appliance, const struct license_device *device,
    const char *key)
{
	enum jws_state state;
	struct jws jws;

	assert(out && arena && appliance && device && key);
	*out = (struct license_claim){ .refusal = MISTAKE__COUNT };
	clear_texts(out);
	state = jws_parse(&jws, arena, key, strlen(key), LICENSE_CLAIM_TYPE);
	if (state == JWS_OK)
		judge(out, arena, appliance, device, &jws);
	else
		(void)refuse(out, mistake_of(state), NULL, NULL);
	jws_clear(&jws);
	return arena->failed ? FAULT_MEMORY : FAULT_NONE;
}

enum fault
license_claim_read(struct license_claim *out, struct arena *arena,
    const struct appliance *appliance, const char *key)
{
	const struct license_device own = {
		.hardware_id = appliance->hardware_id,
		.platform = appliance->platform,
		.role = appliance->role,
	};

	return license_claim_read_for(out, arena, appliance, &own, key);
}

void
license_claim_license(struct license *out, const struct license_claim *claim)
{
	assert(out && claim && claim->refusal == MISTAKE__COUNT);
	*out = (struct license){
		.prefix = claim->sku.prefix->prefix,
		.units = claim->sku.units,
		.is_subscription = license_claim_has_term(&claim->sku),
		.is_renewal = claim->sku.is_renewal,
		.start = INT64_MIN,
		.end = INSTANT_NEVER,
		.serial = claim->serial,
	};
	/* Both were found to be dates before the claim was taken for good. */
	if (*claim->start_date)
		(void)calendar_date_start(&out->start, claim->start_date);
	if (*claim->end_date)
		(void)calendar_date_end(&out->end, claim->end_date);
	license_pair(out, 1);
}
