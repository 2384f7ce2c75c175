/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recount_license.c: what there is to lend, counted from the license keys: the
 * signature and the claims of each, own or surrendered. Of the rows only what
 * was seen to have ended is believed.
 */
#include "engine/store/recount_work.h"

#include "engine/store/license_claim.h"
#include "engine/store/statement.h"
#include "engine/store/store_license.h"
#include "engine/store/store_surrendered.h"
#include <assert.h>
#include <string.h>

static const char *
sku_text(struct recount_work *work, const char *sku, int64_t units,
    const char *start, const char *end)
{
	return arena_format(work->arena, "%s, %s units%s%s%s%s", sku,
	    recount_units(work, units), *start ? ", from " : "", start,
	    *end ? ", to " : "", end);
}

static bool
is_same(const struct license_row *row, const struct license_claim *claim)
{
	const struct license *license = &row->license;

	return strcmp(row->issuer, claim->issuer) == 0 &&
	    strcmp(row->serial, claim->serial) == 0 &&
	    strcmp(row->sku, claim->sku_text) == 0 &&
	    strcmp(row->start_date, claim->start_date) == 0 &&
	    strcmp(row->end_date, claim->end_date) == 0 &&
	    strcmp(row->feature, claim->sku.prefix->feature) == 0 &&
	    strcmp(license->prefix, claim->sku.prefix->prefix) == 0 &&
	    license->units == claim->sku.units &&
	    license->is_subscription == license_claim_has_term(&claim->sku) &&
	    license->is_renewal == claim->sku.is_renewal;
}

/* ---- own licenses ---- */

/* Of one feature, by their keys. */
struct own {
	struct license *licenses;
	const char **features;
	size_t count;
};

static enum fault
take_own(
    struct own *own, struct recount_work *work, const struct license_row *row)
{
	struct license_claim claim;
	struct license *license = &own->licenses[own->count];
	enum fault fault;

	work->out->licenses++;
	if (row->distrusted_at != 0)
		return FAULT_NONE;
	if ((fault = license_claim_read(
		 &claim, work->arena, work->appliance, row->statement)))
		return fault;
	if (claim.refusal != MISTAKE__COUNT)
		return recount_tell(work, DIFFERENCE_LICENSE_KEY, row->serial,
		    recount_units(work, row->license.units), row->feature,
		    mistake_text(work->arena, claim.refusal, claim.a, claim.b));
	if (!is_same(row, &claim) &&
	    (fault = recount_tell(work, DIFFERENCE_LICENSE_ROW, row->serial,
		 sku_text(work, row->sku, row->license.units, row->start_date,
		     row->end_date),
		 sku_text(work, claim.sku_text, claim.sku.units,
		     claim.start_date, claim.end_date),
		 NULL)))
		return fault;
	license_claim_license(license, &claim);
	license->id = row->license.id;
	license->renews = *claim.renews ? claim.renews : NULL;
	license->ended_at = row->license.ended_at;
	license->expired_at = row->license.expired_at;
	license->activated_at = row->license.activated_at;
	license->is_revoked = row->license.is_revoked;
	license->surrender = row->license.surrender;
	own->features[own->count++] = claim.sku.prefix->feature;
	return FAULT_NONE;
}

/* All are paired together: a prefix belongs to one feature. */
static void
count_own(struct recount_work *work, const struct own *own)
{
	license_pair(own->licenses, own->count);
	for (size_t i = 0; i < own->count; i++) {
		struct recount_sums *sums = recount_sums_of(
		    work, own->features[i]);
		int64_t units = license_units_at(
		    &own->licenses[i], work->grace, work->at);

		if (!sums)
			continue;
		sums->total += units;
		if (own->licenses[i].is_subscription)
			sums->subscription += units;
	}
}

static enum fault
recount_own(struct recount_work *work)
{
	struct own own = { 0 };
	struct license_row *rows;
	size_t count;
	enum fault fault;

	if ((fault = store_license_list(
		 &rows, &count, work->arena, work->store, work->at)))
		return fault;
	own.licenses = arena_array(work->arena, count, sizeof(*own.licenses));
	own.features = arena_array(work->arena, count, sizeof(*own.features));
	if (!own.licenses || !own.features)
		return FAULT_MEMORY;
	for (size_t i = 0; i < count; i++)
		if ((fault = take_own(&own, work, &rows[i])))
			return fault;
	count_own(work, &own);
	return FAULT_NONE;
}

/* ---- surrendered ones ---- */

static bool
is_row_of(const struct surrendered_row *row, const struct license_claim *claim)
{
	return strcmp(row->issuer, claim->issuer) == 0 &&
	    strcmp(row->serial, claim->serial) == 0 &&
	    strcmp(row->feature, claim->sku.prefix->feature) == 0 &&
	    row->units == claim->sku.units &&
	    !license_claim_has_term(&claim->sku);
}

static enum fault
look_for_twin(struct recount_work *work, const struct surrendered_row *row)
{
	struct license_row own;
	enum fault fault = store_license_load(
	    &own, work->arena, work->store, row->serial, work->at);

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if (strcmp(own.issuer, row->issuer) != 0 || own.distrusted_at != 0 ||
	    license_units_at(&own.license, work->grace, work->at) == 0)
		return FAULT_NONE;
	return recount_tell(work, DIFFERENCE_LICENSE_TWICE, row->serial,
	    row->client_name, NULL, NULL);
}

static enum fault
take_surrendered(struct recount_work *work, const struct surrendered_row *row)
{
	const struct license_device device = { .hardware_id = row->hardware_id,
		.platform = "",
		.role = ROLE_CLIENT };
	struct license_claim claim;
	struct recount_sums *sums;
	enum fault fault;

	work->out->licenses++;
	if (row->distrusted_at != 0 || row->is_unheard)
		return FAULT_NONE;
	if ((fault = license_claim_read_for(&claim, work->arena,
		 work->appliance, &device, row->statement)))
		return fault;
	if (claim.refusal != MISTAKE__COUNT)
		return recount_tell(work, DIFFERENCE_LICENSE_KEY, row->serial,
		    recount_units(work, row->units), row->feature,
		    mistake_text(work->arena, claim.refusal, claim.a, claim.b));
	if (!is_row_of(row, &claim) &&
	    (fault = recount_tell(work, DIFFERENCE_LICENSE_ROW, row->serial,
		 sku_text(work, row->sku, row->units, "", ""),
		 sku_text(work, claim.sku_text, claim.sku.units,
		     claim.start_date, claim.end_date),
		 NULL)))
		return fault;
	if ((sums = recount_sums_of(work, claim.sku.prefix->feature)))
		sums->total += claim.sku.units;
	return look_for_twin(work, row);
}

enum fault
recount_license(struct recount_work *work)
{
	struct surrendered_row *rows;
	size_t count;
	enum fault fault;

	assert(work);
	if ((fault = recount_own(work)) || !appliance_lends(work->appliance))
		return fault;
	if ((fault = store_surrendered_list(
		 &rows, &count, work->arena, work->store, 0)))
		return fault;
	for (size_t i = 0; i < count; i++)
		if ((fault = take_surrendered(work, &rows[i])))
			return fault;
	return FAULT_NONE;
}
