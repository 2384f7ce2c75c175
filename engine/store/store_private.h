/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_private.h: what an open store is made of. For store.c, statement.c
 * and migrate.c; the nouns use statement.h.
 */
#ifndef LEASEHOLD_STORE_STORE_PRIVATE_H
#define LEASEHOLD_STORE_STORE_PRIVATE_H

#include <limits.h>
#include <stddef.h>
#include <sqlite3.h>

/* "LhSt" in the file's header: this is a store of ours. */
#define STORE_APPLICATION_ID 0x4c685374

/* A power of two, well above the number of different statements of this room. */
#define STORE_KEPT_MAX 512

struct store_kept {
	const char *sql;	/* compared as an address */
	sqlite3_stmt *statement;
};

struct store {
	sqlite3 *db;
	size_t kept_count;
	struct store_kept kept[STORE_KEPT_MAX];
	char path[PATH_MAX];
};

#endif
