/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_report.c: the outcome of each rule, for people and for programs.
 */
#include "ctl/conformance_report.h"

#include <stdio.h>

void
conformance_report_begin(struct conformance_report *report)
{
	report->rows = json_array();
	report->is_well = true;
}

static void
print(const struct conformance_report_rule *rule, const char *found)
{
	(void)printf(
	    "%s %s  %s", rule->id, found ? "broken" : "kept  ", rule->rule);
	if (rule->section)
		(void)printf(" (%s)", rule->section);
	if (found)
		(void)printf("\n             seen: %s", found);
	(void)printf("\n");
	(void)fflush(stdout);
}

void
conformance_report_add(struct conformance_report *report,
    struct command *command, const struct conformance_report_rule *rule,
    const char *found)
{
	report->is_well = report->is_well && !found;
	if (found)
		found = command_shown(command, found);
	if (!command->json)
		print(rule, found);
	json_array_append_new(report->rows,
	    json_pack("{s:s, s:s*, s:s, s:b, s:s*}", "id", rule->id, "section",
		rule->section, "rule", rule->rule, "kept", !found, "seen",
		found));
}

int
conformance_report_end(
    struct conformance_report *report, struct command *command)
{
	json_t *rows = report->rows;

	report->rows = NULL;
	if (command_end_list(command, rows))
		return COMMAND_FAILED;
	return report->is_well ? COMMAND_DONE : COMMAND_FAILED;
}
