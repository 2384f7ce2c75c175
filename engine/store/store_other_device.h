/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_other_device.h: devices that came with the right ID and password of a
 * client that another device is bound to. A few of each client are kept, so
 * that whoever has a password cannot fill the store.
 */
#ifndef LEASEHOLD_STORE_STORE_OTHER_DEVICE_H
#define LEASEHOLD_STORE_STORE_OTHER_DEVICE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include "engine/store/store.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one client; a further one pushes out the one not seen for longest. */
#define STORE_OTHER_DEVICE_MAX 4
/* One not seen for so long is forgotten. */
#define STORE_OTHER_DEVICE_KEEP_SECONDS (INT64_C(30) * 86400)

struct other_device_row {
	const char *hardware_id, *platform;
	const char *address;		/* of the last try */
	bool has_device_key;		/* its request was signed by that key */
	uint8_t device_key[KEYPAIR_PUBLIC_BYTES];
	int64_t first_at, last_at;	/* tries */
	int64_t tries;
};

/* The one that tried last comes first. */
enum fault store_other_device_list(struct other_device_row **out, size_t *count, struct arena *arena, struct store *store, int64_t client) MUST_CHECK;
/* One more try at row->last_at; first_at and tries are kept by the store. *is_new: it was not among those kept. */
enum fault store_other_device_note(bool *is_new, struct store *store, int64_t client, const struct other_device_row *row) MUST_CHECK;
/* One of a client: it is bound now. */
enum fault store_other_device_drop(struct store *store, int64_t client, const char *hardware_id) MUST_CHECK;
/* All of a client. */
enum fault store_other_device_forget(struct store *store, int64_t client) MUST_CHECK;
/* Those of all clients that were not seen for long. */
enum fault store_other_device_prune(struct store *store, int64_t now) MUST_CHECK;

#endif
