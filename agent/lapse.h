/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lapse.h: notices that leased units ran out while nobody asked, and writes
 * the events for it.
 */
#ifndef LEASEHOLD_AGENT_LAPSE_H
#define LEASEHOLD_AGENT_LAPSE_H

#include "engine/store/appliance.h"
#include "engine/store/store_link.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LAPSE_FEATURES_MAX 64

struct lapse_row {
	char feature[33];
	int64_t leased, quanta;
};

/* What was leased when last looked at. */
struct lapse {
	bool is_known;
	int64_t epoch, number;	/* of the document it comes from */
	struct lapse_row rows[LAPSE_FEATURES_MAX];
	size_t count;
};

/* *cut when units ran out since the last look. "link" NULL when no server is set. */
enum fault lapse_watch(bool *cut, struct lapse *lapse, const struct appliance *appliance, struct arena *arena, const struct link_row *link) MUST_CHECK;

#endif
