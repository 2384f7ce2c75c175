/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * client_report.h: the license clients of a server as a table.
 */
#ifndef LEASEHOLD_STORE_CLIENT_REPORT_H
#define LEASEHOLD_STORE_CLIENT_REPORT_H

#include "engine/base/csv.h"
#include "engine/store/store_client_list.h"

/* All clients that the filter admits, a line for each of their features, or one for who has none; instants are ISO 8601, UTC. "offset" and "limit" of the filter are passed over. */
enum fault client_report_csv(struct csv *csv, struct store *store, const struct client_filter *filter) MUST_CHECK;

#endif
