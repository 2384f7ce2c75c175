/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_sample.h: the history of use: per feature, of all clients together
 * and of each, the worst of every five minutes and of every hour. A row is
 * there where something differs from the row before it.
 */
#ifndef LEASEHOLD_STORE_STORE_SAMPLE_H
#define LEASEHOLD_STORE_STORE_SAMPLE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/forecast.h"
#include "engine/store/store.h"
#include <stddef.h>
#include <stdint.h>

enum sample_span { SAMPLE_FIVE_MINUTES = 300, SAMPLE_HOUR = 3600 };
/* All clients together. */
#define SAMPLE_ALL INT64_C(0)

/* Of one client "total" is its Maximum Count, and "available" what is left of that. */
struct sample {
	int64_t at;			/* first instant of the span */
	int64_t total, available;	/* least; available may be negative */
	int64_t leased, users;		/* most */
	int64_t denials;		/* how many */
};

/* ---- reading ---- */

/* One sample per span from the first known one in ["from", "to") on; where nothing changed the last figures go on. */
enum fault store_sample_list(struct sample **out, size_t *count, struct arena *arena, struct store *store, enum sample_span span, const char *feature, int64_t client, int64_t from, int64_t to) MUST_CHECK;
/* The most that was held on each whole day (UTC) of the last year, oldest first. */
enum fault store_sample_peaks(struct forecast_point **out, size_t *count, struct arena *arena, struct store *store, const char *feature, int64_t now) MUST_CHECK;
/* The line through those, and when it reaches "total". */
enum fault store_sample_forecast(struct forecast *out, struct arena *arena, struct store *store, const char *feature, int64_t total, int64_t now) MUST_CHECK;

/* ---- for the ledger ---- */

/* A client for the users it asked for in its last request. */
enum fault store_sample_users(struct store *store, int64_t client, const char *feature, int64_t users) MUST_CHECK;
/* One denial, of that client, at "now". */
enum fault store_sample_deny(struct store *store, const char *feature, int64_t client, int64_t now) MUST_CHECK;

/* What each client with a count, a lease or users of a feature has now, by client. */
struct sample_present { int64_t client, maximum, leased, users; };
enum fault store_sample_present(struct sample_present **out, size_t *count, struct arena *arena, struct store *store, const char *feature, int64_t now) MUST_CHECK;
/* The newest sample of every series, by client. */
struct sample_newest { int64_t client; struct sample sample; };
enum fault store_sample_newest(struct sample_newest **out, size_t *count, struct arena *arena, struct store *store, enum sample_span span, const char *feature) MUST_CHECK;
/* From now on the newest of its series; what is older than is kept goes. */
enum fault store_sample_save(struct store *store, enum sample_span span, const char *feature, int64_t client, const struct sample *sample) MUST_CHECK;
/* Nothing of that series is younger than what is kept: it goes. */
enum fault store_sample_delete(struct store *store, enum sample_span span, const char *feature, int64_t client) MUST_CHECK;
/* Drops what lies behind "at": the clock went back. */
enum fault store_sample_forget(struct store *store, int64_t at) MUST_CHECK;
/* How long samples of that span are kept: 2 days, 400 days. */
int64_t store_sample_keep_seconds(enum sample_span span);

#endif
