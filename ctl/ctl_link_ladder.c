/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_link_ladder.c: what ends, and when, while a license client hears nothing
 * of its server.
 */
#include "ctl/ctl_link_ladder.h"

#include "engine/peer/link_clock.h"
#include <inttypes.h>
#include <stdio.h>

enum fault
ctl_link_ladder_load(struct link_ladder *out, struct command *command,
    const struct link_row *link)
{
	return store_link_ladder_load(out, &command->arena,
	    command->appliance.store, &command->appliance, link, command->now,
	    link_clock_now(link));
}

static json_t *
rung_to_json(const struct link_ladder *ladder, const struct ladder_rung *rung)
{
	return json_pack("{s:s, s:s, s:I, s:o, s:b, s:I}", "step",
	    store_link_ladder_name(rung->step), "feature",
	    store_link_ladder_feature(ladder, rung), "units",
	    (json_int_t)rung->units, "at", command_json_instant(rung->at),
	    "past", rung->is_past, "capacity", (json_int_t)rung->capacity);
}

json_t *
ctl_link_ladder_add(json_t *link, const struct link_ladder *ladder)
{
	json_t *rows = json_array();
	int failed = 0;

	for (size_t i = 0; i < ladder->count; i++)
		failed |= json_array_append_new(
		    rows, rung_to_json(ladder, &ladder->rungs[i]));
	failed |= json_object_set_new(link, "ladder", rows);
	failed |= json_object_set_new(
	    link, "seconds_alone", json_integer(ladder->seconds_alone));
	if (!failed)
		return link;
	json_decref(link);
	return NULL;
}

void
ctl_link_ladder_print(struct command *command, const struct link_ladder *ladder)
{
	static const char *const words[] = {
		[LADDER_CONTACT] = "last contact",
		[LADDER_QUANTA] = "leased in increments lapse",
		[LADDER_AUTO_LEASE] = "auto-leasing ends",
		[LADDER_RESERVED] = "reserved lapse",
		[LADDER_OWN] = "own licenses only",
	};

	if (ladder->count)
		(void)printf("\nWithout the license server:\n");
	for (size_t i = 0; i < ladder->count; i++) {
		const struct ladder_rung *rung = &ladder->rungs[i];
		const char *feature = store_link_ladder_feature(ladder, rung);

		(void)printf("  %-20s  %s%s",
		    command_instant(command, rung->at), feature,
		    *feature ? " " : "");
		if (rung->units > 0)
			(void)printf("%" PRId64 " ", rung->units);
		(void)printf("%s%s; capacity %" PRId64 "\n", words[rung->step],
		    rung->is_past && rung->step != LADDER_CONTACT ? " (over)"
								  : "",
		    rung->capacity);
	}
}
