/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_instance.h: at the center: the virtual license servers that were heard
 * of, each start of one as a row.
 */
#ifndef LEASEHOLD_STORE_STORE_INSTANCE_H
#define LEASEHOLD_STORE_STORE_INSTANCE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stddef.h>
#include <stdint.h>

struct instance_row {
	int64_t id;			/* 0 = not stored yet */
	const char *hardware_id, *instance, *boot, *address;
	int64_t sequence, sent_at;	/* of its last heartbeat, by its own clock */
	int64_t superseded_at;		/* 0 = the last one heard of in this name */
	int64_t first_at, last_at;
	/* Read only, of lists: */
	int64_t duplicate_since;	/* 0 = it is one */
	const char *customer_name;	/* "" = of nobody that is known */
};

/* FAULT_NOT_FOUND when the boot was never heard of. */
enum fault store_instance_load(struct instance_row *out, struct arena *arena, struct store *store, const char *hardware_id, const char *boot) MUST_CHECK;
/*
 * The boot is the last one heard of from now on, all others of its name are
 * superseded (those that were not yet, at "row->sent_at"). Of one name the 200
 * newest stay.
 */
enum fault store_instance_save(struct store *store, const struct instance_row *row) MUST_CHECK;
/* The last boot of each name, and with "hardware_id" all of that one, newest first; duplicates before all. */
enum fault store_instance_list(struct instance_row **out, size_t *count, struct arena *arena, struct store *store, const char *hardware_id, int64_t limit) MUST_CHECK;

/* 0 when one alone uses the name. */
enum fault store_instance_duplicate(int64_t *since, struct store *store, const char *hardware_id) MUST_CHECK;
/* "since" 0: one alone does, and what was heard of it is forgotten. */
enum fault store_instance_mark(struct store *store, const char *hardware_id, int64_t since) MUST_CHECK;
/* Serials of the license keys of that name that were revoked. */
enum fault store_instance_revoked(const char ***out, size_t *count, struct arena *arena, struct store *store, const char *hardware_id) MUST_CHECK;

#endif
