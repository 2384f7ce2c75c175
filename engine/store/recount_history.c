/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * recount_history.c: do the pools that grants go by, their history, the
 * switches of auto-leasing and the samples say what was counted?
 */
#include "engine/store/recount_work.h"

#include "engine/store/statement.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_pool_change.h"
#include <assert.h>

enum {
	SQL_REPORTS,
	SQL_SAMPLES,
	SQL__COUNT
};

static const char *const sql[SQL__COUNT] = {
	[SQL_REPORTS] = "SELECT c.name, r.feature"
			"  FROM auto_lease_report r"
			"  JOIN client c ON c.id = r.client"
			"  WHERE r.to_at > r.reported_at"
			"  ORDER BY c.name, r.feature",
	[SQL_SAMPLES] =
	    "SELECT n.feature FROM sample_newest n LEFT JOIN sample s"
	    "  ON s.span = n.span AND s.feature = n.feature"
	    "   AND s.client = n.client AND s.at ="
	    "    (SELECT max(o.at) FROM sample o WHERE o.span = n.span"
	    "     AND o.feature = n.feature AND o.client = n.client)"
	    "  WHERE s.at IS NULL OR s.at <> n.at OR s.total <> n.total"
	    "   OR s.available <> n.available OR s.leased <> n.leased"
	    "   OR s.users <> n.users OR s.denials <> n.denials"
	    "  ORDER BY n.feature",
};

/* ---- pools ---- */

static enum fault
compare(struct recount_work *work, enum difference difference,
    const char *feature, int64_t counted, int64_t kept)
{
	if (counted == kept)
		return FAULT_NONE;
	return recount_tell(work, difference, feature,
	    recount_units(work, counted), recount_units(work, kept), NULL);
}

static enum fault
compare_pool(struct recount_work *work, const char *feature,
    const struct recount_sums *sums)
{
	struct pool_row row;
	enum fault fault;

	if ((fault = store_pool_feature(
		 &row, work->store, feature, work->at)) ||
	    (fault = compare(work, DIFFERENCE_TOTAL, feature, sums->total,
		 row.installed)) ||
	    (fault = compare(work, DIFFERENCE_SUBSCRIPTION, feature,
		 sums->subscription, row.subscription)) ||
	    (fault = compare(
		 work, DIFFERENCE_LEASED, feature, sums->leased, row.leased)) ||
	    (fault = compare(
		 work, DIFFERENCE_HELD, feature, sums->held, row.held)))
		return fault;
	return compare(work, DIFFERENCE_DRAWN, feature, sums->drawn,
	    row.subscription_drawn);
}

static const char *
held_text(struct recount_work *work, int64_t held, int64_t total)
{
	return arena_format(work->arena, "%s of %s", recount_units(work, held),
	    recount_units(work, total));
}

static enum fault
compare_history(struct recount_work *work, const char *feature,
    const struct recount_sums *sums)
{
	struct auto_lease_change newest;
	enum fault fault;
	bool found;

	if ((fault = store_pool_change_newest(
		 &newest, &found, work->store, feature)) ||
	    !found ||
	    (newest.total == sums->total && newest.held == sums->held))
		return fault;
	return recount_tell(work, DIFFERENCE_HISTORY, feature,
	    held_text(work, newest.held, newest.total),
	    held_text(work, sums->held, sums->total), NULL);
}

static enum fault
look_at_pool(struct recount_work *work, const char *feature)
{
	const struct recount_sums *sums = recount_sums_of(work, feature);
	enum fault fault;

	if (!sums)
		return FAULT_NONE;
	if ((fault = compare_pool(work, feature, sums)) ||
	    (fault = compare_history(work, feature, sums)) ||
	    sums->held <= sums->total)
		return fault;
	work->out->is_over = true;
	return recount_tell(work, DIFFERENCE_OVER, feature,
	    recount_units(work, sums->held), recount_units(work, sums->total),
	    NULL);
}

/* ---- switches, reports, samples ---- */

/* On is only what is above the bound; both were rounded down. */
static enum fault
look_at_switches(struct recount_work *work)
{
	struct auto_lease_row *rows;
	size_t count;
	enum fault fault;

	if ((fault = store_auto_lease_list(
		 &rows, &count, work->arena, work->store)))
		return fault;
	for (size_t i = 0; i < count && !fault; i++) {
		const struct auto_lease_row *row = &rows[i];
		bool may_be_on = row->verdict == VERDICT_AUTO_LEASE_ON &&
		    row->numbers.average >= row->numbers.bound;

		if (row->is_on && !may_be_on)
			fault = recount_tell(work, DIFFERENCE_AUTO_LEASE,
			    row->feature,
			    recount_units(work, row->numbers.average),
			    recount_units(work, row->numbers.bound), NULL);
	}
	return fault;
}

/* Each row is one difference of its own. */
static enum fault
tell_rows(struct recount_work *work, enum difference difference,
    const char *text, int columns)
{
	sqlite3_stmt *rows;
	enum fault fault;
	bool has_row;

	if ((fault = statement_start(&rows, work->store, text, "")))
		return fault;
	while (!(fault = statement_step(&has_row, rows)) && has_row) {
		fault = recount_tell(work, difference,
		    statement_text(work->arena, rows, 0),
		    columns > 1 ? statement_text(work->arena, rows, 1) : NULL,
		    NULL, NULL);
		if (fault) {
			statement_done(rows);
			return fault;
		}
	}
	return fault;
}

enum fault
recount_history(struct recount_work *work)
{
	const struct catalogue *catalogue = &work->appliance->catalogue;
	enum fault fault;

	assert(work);
	for (size_t i = 0; i < catalogue->feature_count; i++)
		if ((fault = look_at_pool(work, catalogue->features[i].name)))
			return fault;
	if ((fault = look_at_switches(work)) ||
	    (fault = tell_rows(work, DIFFERENCE_REPORT, sql[SQL_REPORTS], 2)))
		return fault;
	return tell_rows(work, DIFFERENCE_SAMPLE, sql[SQL_SAMPLES], 1);
}
