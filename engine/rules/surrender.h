/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * surrender.h: which licenses of a client may count on its server instead,
 * and when they may come back (rules.md 8).
 */
#ifndef LEASEHOLD_RULES_SURRENDER_H
#define LEASEHOLD_RULES_SURRENDER_H

#include "engine/rules/catalogue.h"
#include "engine/rules/license.h"
#include "engine/rules/pool.h"
#include "engine/rules/verdict.h"

struct surrender_subject {
	const struct license *license;
	const struct feature *feature;	/* NULL = a switch, or not in the catalogue */
	bool is_distrusted;
	bool is_member;			/* a member license of this platform is active */
	bool has_server;
	bool is_unmet;			/* that server has never answered: nobody knows which one it is */
};

/* May the client surrender it now? The license is paired. VERDICT_OK or the rule that says no; first the ones that nobody can mend. */
enum verdict surrender_check(const struct surrender_subject *subject, int64_t grace_seconds, instant now);
/* May it be recalled from the server configured now? "is_same_server": it is the one that has it, or none has it yet. */
enum verdict surrender_recall_check(const struct license *license, bool is_same_server);
/*
 * On the server: may "units" leave the pool now? pool->total still has them,
 * pool->recalling too, which is not looked at: of several recalls each is asked
 * for alone, against what the one before left; nobody asks (held_own 0), so that
 * every client is among the others. VERDICT_OK, RECALL_WAITS
 * (numbers.missing come free when quanta lapse) or RECALL_WAITS_RESERVED
 * ("reserved", the sum of R of live configurations, does not fit what is left:
 * somebody must lower a reservation by numbers.missing).
 */
enum verdict surrender_return_check(struct verdict_numbers *numbers, const struct pool *pool, int64_t reserved, int64_t units);

/* The server's row of one license, moved by what its client says. */
enum surrender_row { SURRENDER_ROW_NONE, SURRENDER_ROW_ACCEPTED, SURRENDER_ROW_RECALLING, SURRENDER_ROW_RETURNED };
/*
 * A client names it as surrendered (or as recalled) since "since"; the newest
 * message that the row has seen was of "row_since" (not looked at when NONE). A
 * message older than that changes nothing; of one age the recall wins. Answers
 * the row's next state; the caller then
 * - keeps the later of both instants with the row, even when its state stays;
 * - asks surrender_return_check when this answers RECALLING, and makes it
 *   RETURNED only by that;
 * - looks at the license when a row that was NONE or RETURNED becomes ACCEPTED:
 *   if it refuses it, the row becomes RETURNED at that instant, not NONE, so
 *   that a late copy of the refused message is not accepted after all.
 * A recall of a license not held here is RETURNED at once. Why no unit counts
 * twice stands in surrender.c: the client goes by an answer only if it answers
 * its latest click.
 */
enum surrender_row surrender_next(enum surrender_row row, instant row_since, bool is_recall, instant since);

#endif
