/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_download.h: where license keys come from, when the next are fetched,
 * and what came of the runs so far.
 */
#ifndef LEASEHOLD_STORE_STORE_DOWNLOAD_H
#define LEASEHOLD_STORE_STORE_DOWNLOAD_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/download_schedule.h"
#include "engine/store/store.h"

/* After a run that failed the next automatic one comes so soon, in seconds, unless it is due before. */
#define STORE_DOWNLOAD_RETRY (6 * SECONDS_PER_HOUR)

struct download_settings {
	const char *proxy;		/* "HOST:PORT" on the way to the center; "" = none */
	const char *proxy_user, *proxy_password;	/* "" = it asks for none */
	const char *center;	/* "https://…"; "" = none is known */
	const char *network;	/* "internal" "external" "management" */
	bool is_enabled;	/* license keys are fetched by themselves */
};
enum fault store_download_settings(struct download_settings *out, struct arena *arena, struct store *store) MUST_CHECK;

/* Of a run for which codes were entered and none was one. */
#define DOWNLOAD_CODES_NONE "-"
/* A key file was carried here; followed by ": " and the codes that it answers. Moves no schedule. */
#define DOWNLOAD_CODES_FILE "by file"
#define DOWNLOAD_CODES_REVOCATIONS "revocations"	/* only that list was asked for: the schedule of license keys goes on as it was */

struct download_row {
	int64_t id, began_at, ended_at;
	const char *started_by;
	bool is_automatic;
	const char *codes;	/* "HB2NC, 9XW4R"; "" = all keys were asked for; or DOWNLOAD_CODES_NONE */
	int64_t received, installed;	/* license keys that came; of those, new ones */
	bool is_good;
	const char *text;	/* for a person */
};
/* Newest first. */
enum fault store_download_list(struct download_row **out, size_t *count, struct arena *arena, struct store *store, int64_t limit) MUST_CHECK;

struct download_plan {
	enum download_schedule_row row;	/* of the schedule, that matches now (rules.md 10) */
	int64_t last;	/* end of the last run that went well or came by itself; 0 = none yet. What a person tried in vain moves nothing */
	bool has_failed;	/* that run did */
	int64_t next;	/* when the next automatic run is due; "now" without any run yet */
	int64_t revocations;	/* when the list of revoked license keys is due, whatever is enabled; INSTANT_NEVER where nothing was surrendered to */
};
/* Whether it is enabled is not looked at. */
enum fault store_download_plan(struct download_plan *out, struct arena *arena, struct store *store, int64_t now) MUST_CHECK;

/* For ledger_download.c; is_enabled is a setting of its own. */
enum fault store_download_settings_save(struct store *store, const struct download_settings *settings) MUST_CHECK;
enum fault store_download_insert(struct store *store, const struct download_row *row) MUST_CHECK;

#endif
