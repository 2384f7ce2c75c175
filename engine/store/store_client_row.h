/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_client_row.h: inside this room only: a license client as a row.
 */
#ifndef LEASEHOLD_STORE_STORE_CLIENT_ROW_H
#define LEASEHOLD_STORE_STORE_CLIENT_ROW_H

#include "engine/store/store_client.h"
#include <sqlite3.h>

#define STORE_CLIENT_COLUMN_COUNT 24
#define STORE_CLIENT_COLUMNS                                                   \
	"c.id, c.name, c.password_hash, c.password_version, c.expires_date,"   \
	" c.expires, c.platform, c.product, c.row_version, c.made_at,"         \
	" c.changed_at, c.deleted_at, c.hardware_id, c.device_key,"            \
	" c.registered_at, c.cluster, k.last_contact, k.address, k.version,"   \
	" k.number, k.confirmed, k.member, k.noncompliant_at, c.successor"
#define STORE_CLIENT_ROW                                                       \
	"SELECT " STORE_CLIENT_COLUMNS                                         \
	"  FROM client c LEFT JOIN client_contact k ON k.client = c.id "

/* Of the columns above. */
enum fault store_client_read(void *item, struct arena *arena, sqlite3_stmt *statement) MUST_CHECK;

#endif
