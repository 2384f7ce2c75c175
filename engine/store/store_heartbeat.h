/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_heartbeat.h: on a virtual license server: its contact with the center,
 * as one row.
 */
#ifndef LEASEHOLD_STORE_STORE_HEARTBEAT_H
#define LEASEHOLD_STORE_STORE_HEARTBEAT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stdint.h>

struct heartbeat_row {
	const char *instance;		/* 32 hexadecimal digits, from the first start on */
	int64_t sequence;		/* of the last heartbeat */
	int64_t accepted_at;		/* of the last accepted one, or when all began */
	int64_t run_seconds;		/* that it has run since then */
	int64_t tried_at;		/* 0 = never */
	const char *failure;		/* of the last try, for a person; "" = none */
	int64_t duplicate_since;	/* another one uses its hardware ID; 0 = none does */
	bool missed_told, stopped_told;	/* events that were written since the last accepted one */
};

/* FAULT_NOT_FOUND before the first start. */
enum fault store_heartbeat_load(struct heartbeat_row *out, struct arena *arena, struct store *store) MUST_CHECK;
enum fault store_heartbeat_save(struct store *store, const struct heartbeat_row *row) MUST_CHECK;
/* For the rules of heartbeat.h: since when nothing was accepted. */
int64_t store_heartbeat_silent_since(const struct heartbeat_row *row, int64_t now);

#endif
