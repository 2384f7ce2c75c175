/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_denial.h: inside this room only: what the last sync denied a client,
 * kept for the pages and to tell a new denial from an old one.
 */
#ifndef LEASEHOLD_STORE_STORE_DENIAL_H
#define LEASEHOLD_STORE_STORE_DENIAL_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stddef.h>
#include <stdint.h>

struct denial_row {
	const char *feature, *code, *text;
	int64_t wanted, available;
	int64_t at;		/* when it was written last */
	const char *holders;	/* who has the units, as the JSON that the client was told; "[]" = nobody named */
};

/* By feature. */
enum fault store_denial_list(struct denial_row **out, size_t *count, struct arena *arena, struct store *store, int64_t client) MUST_CHECK;
/* The one of a feature in such a list, or NULL. */
const struct denial_row *store_denial_of(const struct denial_row *rows, size_t count, const char *feature);
enum fault store_denial_save(struct store *store, int64_t client, const struct denial_row *row) MUST_CHECK;
enum fault store_denial_delete(struct store *store, int64_t client, const char *feature) MUST_CHECK;

#endif
