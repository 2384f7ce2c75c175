/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * begin.h: a user wants in: admitted, refused, or to wait for one sync.
 */
#ifndef LEASEHOLD_AGENT_BEGIN_H
#define LEASEHOLD_AGENT_BEGIN_H

#include "agent/operation.h"

json_t *begin_run(struct operation *out, struct agent *agent, json_t *request);
/* The answer to one that waits, or NULL with "wait" set. "is_last": the sync is done or the wait is over; "is_late": it is the wait. */
json_t *begin_settle(struct operation *operation, struct agent *agent, bool is_last, bool is_late);
/* The yes. */
json_t *begin_answer(const char *id);
/* Reads licenses, lease and settings again when that is older than a second, or at once. */
enum fault begin_measure(struct agent *agent, bool is_fresh) MUST_CHECK;

#endif
