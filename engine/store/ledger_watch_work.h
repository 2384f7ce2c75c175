/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_watch_work.h: inside this room only: what the files ledger_watch*.c
 * and the acts that change a pool share.
 */
#ifndef LEASEHOLD_STORE_LEDGER_WATCH_WORK_H
#define LEASEHOLD_STORE_LEDGER_WATCH_WORK_H

#include "engine/store/ledger.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_watch.h"

/* ---- ledger_watch_pool.c ---- */

/* T and Σ held of a feature from "at" on, noted when either differs from the last note. */
enum fault ledger_watch_pool_note(struct ledger *ledger, const char *feature, int64_t at, int64_t total, int64_t held) MUST_CHECK;
/* Notes, at its very instant, whatever ended by itself after "since" and up to ledger->now: parts, configurations, licenses. Nothing else has changed since then. */
enum fault ledger_watch_pool_elapsed(struct ledger *ledger, int64_t since) MUST_CHECK;

/* ---- ledger_watch_auto.c ---- */

/* Judges anew whether the feature may be auto-leased; an event when that changed. "row" is the pool as it is now. */
enum fault ledger_watch_auto_judge(struct ledger *ledger, const struct watch_row *watch, const struct pool_row *row) MUST_CHECK;
/* A penalty that ran out ends, with one event. */
enum fault ledger_watch_auto_end(struct ledger *ledger, const struct watch_row *watch) MUST_CHECK;
/* A penalty, of one client, from now on. */
enum fault ledger_watch_auto_punish(struct ledger *ledger, const char *client, const char *text) MUST_CHECK;
/* A license ends a penalty, if there is one. */
enum fault ledger_watch_auto_forgive(struct ledger *ledger, const char *sku, const char *serial) MUST_CHECK;

/* ---- ledger_watch_sample.c ---- */

/* Folds the present figures of one pool into the history of use; "sampled_at" was the last look. */
enum fault ledger_watch_sample(struct ledger *ledger, int64_t sampled_at, const struct pool_row *row) MUST_CHECK;

/* ---- ledger_watch_pools.c: after an administrator's change ---- */

/* One pool was changed: checked, noted, and its switch judged. */
enum fault ledger_watch_pools_changed(struct ledger *ledger, const char *feature) MUST_CHECK;
/* The same for every pool, unchecked. */
enum fault ledger_watch_pools_all(struct ledger *ledger) MUST_CHECK;

#endif
