/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_clients.h: one change to many license clients: to all of them or to
 * none. Each is judged as if it were changed alone; a mistake names its client
 * and stands on field "clients.ID". One that is gone, or was changed since it was
 * chosen, stands in the way of all, on field "clients".
 */
#ifndef LEASEHOLD_STORE_LEDGER_CLIENTS_H
#define LEASEHOLD_STORE_LEDGER_CLIENTS_H

#include "engine/store/ledger.h"

#define CLIENTS_UNITS_MAX INT64_C(10000000)

enum clients_count { CLIENTS_RESERVED, CLIENTS_INCREMENT, CLIENTS_MAXIMUM };

/* As a person saw it when it was chosen. */
struct clients_one { int64_t id, row_version; };

struct clients_change {
	const char *expires_date;	/* "" = none; NULL = as it is */
	const char *feature;		/* whose count changes, of clients that have a Maximum Count of it; NULL = of none */
	enum clients_count which;
	bool is_added;			/* "units" are added to what it is, or, below 0, taken away */
	int64_t units;			/* -CLIENTS_UNITS_MAX to CLIENTS_UNITS_MAX */
};
/* *changed of them were not like that before. */
enum fault ledger_clients_change(size_t *changed, struct ledger *ledger, const struct clients_one *ones, size_t count, const struct clients_change *change) MUST_CHECK;
/* As ledger_client_delete(); one that surrendered licenses stands in the way of all. */
enum fault ledger_clients_delete(struct ledger *ledger, const struct clients_one *ones, size_t count) MUST_CHECK;

#endif
