/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_report.h: one rule a line as it is tried, or all as JSON at the
 * end.
 */
#ifndef LEASEHOLD_CTL_CONFORMANCE_REPORT_H
#define LEASEHOLD_CTL_CONFORMANCE_REPORT_H

#include "ctl/command.h"

struct conformance_report {
	json_t *rows;
	bool is_well;	/* none is broken */
};

struct conformance_report_rule {
	const char *id, *section, *rule;	/* "section" of docs/lease-protocol.md, NULL = not said */
};

void conformance_report_begin(struct conformance_report *report);
/* "found" is what was seen; NULL: the rule is kept. */
void conformance_report_add(struct conformance_report *report, struct command *command, const struct conformance_report_rule *rule, const char *found);
/* Prints what is left and releases; the exit code. */
int conformance_report_end(struct conformance_report *report, struct command *command);

#endif
