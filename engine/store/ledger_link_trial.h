/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_trial.h: changes of a license client's connection that revert by
 * themselves unless a person keeps them (decision 0023).
 */
#ifndef LEASEHOLD_STORE_LEDGER_LINK_TRIAL_H
#define LEASEHOLD_STORE_LEDGER_LINK_TRIAL_H

#include "engine/store/ledger.h"
#include "engine/store/store_link_trial.h"

/*
 * As ledger_link_save, and on trial: the connection of before is put aside, or
 * stays aside when another change is on trial already. Not on trial are the
 * first connection of all, a save that changes nothing, and, with
 * "after_contact", a change of one that never had any.
 */
enum fault ledger_link_trial_save(bool *is_on_trial, struct ledger *ledger, const struct link_input *input, bool after_contact, const struct link_moment *moment) MUST_CHECK;
/* What is on trial stays. A mistake (no field) when nothing is, or the time is over; an edit conflict when the link is not of that version (0 = do not compare). */
enum fault ledger_link_trial_keep(struct ledger *ledger, const struct link_moment *moment, int64_t row_version) MUST_CHECK;
/* The connection of before comes back now, at a person's wish; a mistake when nothing is on trial. */
enum fault ledger_link_trial_leave(struct ledger *ledger) MUST_CHECK;
/* The connection of before comes back if the time is over, with one event. Called by a client's agent. */
enum fault ledger_link_trial_lapse(struct ledger *ledger, const struct link_moment *moment) MUST_CHECK;
/* The whole time again, because only now the change can be tried: its public key was confirmed. Nothing without a trial, or when it is over. */
enum fault ledger_link_trial_again(struct ledger *ledger, const struct link_moment *moment) MUST_CHECK;
/* A mistake on that field while something is on trial: of what cannot be gone back from. */
enum fault ledger_link_trial_refuse(struct ledger *ledger, const char *field) MUST_CHECK;
/* How long changes are on trial from now on; a mistake on field "trial" beyond the bounds. */
enum fault ledger_link_trial_time(struct ledger *ledger, int64_t seconds) MUST_CHECK;

#endif
