/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * surrender.c: who may give which license away, when it may come back, and
 * what the server makes of messages that come late, twice or not at all.
 *
 * Why no unit ever counts on both sides. Write s1 < s2 < … for the instants
 * ("since") of a person's clicks on one license; the client makes them grow
 * strictly, and each click has one kind, a surrender or a recall.
 *
 * 1. The client counts the license only in the state "active". It leaves it
 *    at the click of a surrender s, before any message of s exists. It comes
 *    back only by an answer to the click it is at: that the recall is done,
 *    or that the surrender is refused. An answer to an older click (a lost
 *    reply that arrives after all) says nothing to it.
 * 2. The server counts the units while its row is ACCEPTED or RECALLING. The
 *    row keeps the since of the newest message it has seen, and no older
 *    message moves it. So a row can become ACCEPTED only by a surrender newer
 *    than everything the row has answered.
 * 3. The answer that lets the client count again, of click s, was given with
 *    the row RETURNED at s. Of the messages sent before it, none is newer
 *    than s; so none of them, however late or often it comes, can make that
 *    row ACCEPTED again. That takes a newer surrender, and at its click the
 *    client has stopped counting (1).
 * 4. This is why a row that was returned stays as a tombstone, why the recall
 *    of a license that never arrived leaves one, and why a refused surrender
 *    must leave one, too: a second copy of it, read when its reason is gone
 *    (a member license was installed since), would else be accepted although
 *    the client has been told no and counts the license.
 * 5. Of one age, the recall wins: it was clicked later, on a clock that stood
 *    still. Between two copies of one message nothing is to be decided.
 * 6. A server that is left keeps what it may have: no other one is told of it
 *    or heard about it (decision 0029), so there is one row that it can come
 *    back from. The row is the device's, under whatever Client ID, and so is
 *    what a refusal or an early recall leaves (4).
 * 7. Whatever is lost: the client names every surrender and every pending
 *    recall in each sync, so the newest arrives in the end, and the row ends
 *    where the newest message says.
 */
#include "engine/rules/surrender.h"

static bool
counts_users(const struct feature *feature)
{
	return feature != NULL &&
	    (feature->kind == FEATURE_USERS || feature->kind == FEATURE_RDP);
}

/* What no action of a person mends comes first. */
enum verdict
surrender_check(
    const struct surrender_subject *subject, int64_t grace_seconds, instant now)
{
	const struct license *license = subject->license;

	if (!counts_users(subject->feature))
		return VERDICT_SURRENDER_NOT_COUNTED;
	if (license->is_subscription)
		return VERDICT_SURRENDER_NOT_PERMANENT;
	if (license->is_revoked || subject->is_distrusted)
		return VERDICT_SURRENDER_REVOKED;
	if (license->surrender != SURRENDER_NONE)
		return VERDICT_SURRENDER_ALREADY;
	if (license_state_at(license, grace_seconds, now) != LICENSE_ACTIVE)
		return VERDICT_SURRENDER_NOT_ACTIVE;
	if (!subject->is_member)
		return VERDICT_SURRENDER_NO_MEMBER;
	if (!subject->has_server)
		return VERDICT_SURRENDER_NO_SERVER;
	if (subject->is_unmet)
		return VERDICT_SURRENDER_NO_CONTACT;
	return VERDICT_OK;
}

enum verdict
surrender_recall_check(const struct license *license, bool is_same_server)
{
	if (license->surrender == SURRENDER_RECALLING)
		return VERDICT_RECALL_PENDING;
	if (license->surrender != SURRENDER_PENDING &&
	    license->surrender != SURRENDER_ACCEPTED)
		return VERDICT_RECALL_NOT_SURRENDERED;
	if (!is_same_server)
		return VERDICT_RECALL_OTHER_SERVER;
	return VERDICT_OK;
}

/* What is signed to run beyond a foreseen fall of the total must find its units then. */
static int64_t
missing_later(const struct pool *pool, int64_t units)
{
	int64_t most = 0;

	for (size_t i = 0; i < pool->fall_count; i++)
		most = instant_later(most,
		    instant_units_less(
			instant_units(pool->falls[i].outlasting_others),
			instant_units_less(
			    instant_units(pool->falls[i].total), units)));
	return most;
}

enum verdict
surrender_return_check(struct verdict_numbers *numbers, const struct pool *pool,
    int64_t reserved, int64_t units)
{
	int64_t total = instant_units(pool->total);
	int64_t held = instant_units(pool->held);
	int64_t left;

	units = instant_units(units);
	left = instant_units_less(total, units);
	reserved = instant_units(reserved);
	*numbers = (struct verdict_numbers){
		.wanted = units,
		.reserved = reserved,
		.total = total,
	};
	if (reserved > left) {
		numbers->available = instant_units_less(total, reserved);
		numbers->missing = reserved - left;
		return VERDICT_RECALL_WAITS_RESERVED;
	}
	numbers->available = instant_units_less(total, held);
	numbers->missing = instant_later(
	    instant_units_less(held, left), missing_later(pool, units));
	return numbers->missing > 0 ? VERDICT_RECALL_WAITS : VERDICT_OK;
}

static bool
is_held_here(enum surrender_row row)
{
	return row == SURRENDER_ROW_ACCEPTED || row == SURRENDER_ROW_RECALLING;
}

enum surrender_row
surrender_next(
    enum surrender_row row, instant row_since, bool is_recall, instant since)
{
	bool is_known = is_held_here(row) || row == SURRENDER_ROW_RETURNED;

	if (is_known && since < row_since)
		return row;
	if (is_recall)
		return is_held_here(row) ? SURRENDER_ROW_RECALLING
					 : SURRENDER_ROW_RETURNED;
	if (is_known && since == row_since)
		return row;
	return SURRENDER_ROW_ACCEPTED;
}
