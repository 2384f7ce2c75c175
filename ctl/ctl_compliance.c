/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_compliance.c: what is not as it should be, and why, as the page
 * Compliance says it; and why auto-leasing is on or off.
 */
#include "ctl/commands.h"

#include "engine/store/store_auto_lease.h"
#include "engine/store/store_finding.h"
#include <stdio.h>

/* Everything that is to be told. */
struct report {
	struct finding *findings;
	size_t finding_count;
	struct auto_lease_row *switches;
	size_t switch_count;
};

static enum fault
load(struct report *report, struct command *command)
{
	struct appliance *appliance = &command->appliance;
	enum fault fault;

	*report = (struct report){ 0 };
	fault = store_finding_list(&report->findings, &report->finding_count,
	    &command->arena, appliance->store, appliance, command->now);
	if (fault || !appliance_lends(appliance))
		return fault;
	return store_auto_lease_list(&report->switches, &report->switch_count,
	    &command->arena, appliance->store);
}

static const char *
why(struct command *command, const struct auto_lease_row *row)
{
	return mistake_verdict_text(
	    &command->arena, row->verdict, row->feature, &row->numbers);
}

static json_t *
finding_to_json(const struct finding *finding)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "code",
	    finding->code, "severity", finding->severity, "object",
	    finding->object, "rule", finding->rule, "text", finding->text,
	    "fix", finding->fix, "since", command_json_instant(finding->since),
	    "until", command_json_instant(finding->until));
}

static json_t *
switch_to_json(struct command *command, const struct auto_lease_row *row)
{
	return json_pack("{s:s, s:b, s:s, s:I, s:I, s:I, s:I, s:s, s:o}",
	    "feature", row->feature, "on", row->is_on, "code",
	    verdict_code(row->verdict), "average",
	    (json_int_t)row->numbers.average, "unallocated",
	    (json_int_t)row->numbers.unallocated, "bound",
	    (json_int_t)row->numbers.bound, "seconds",
	    (json_int_t)row->numbers.seconds, "text", why(command, row),
	    "since", command_json_instant(row->changed_at));
}

static int
print_json(struct command *command, const struct report *report)
{
	json_t *findings = json_array(), *switches = json_array();

	for (size_t i = 0; i < report->finding_count; i++)
		(void)json_array_append_new(
		    findings, finding_to_json(&report->findings[i]));
	for (size_t i = 0; i < report->switch_count; i++)
		(void)json_array_append_new(
		    switches, switch_to_json(command, &report->switches[i]));
	return command_print(command,
	    json_pack(
		"{s:o, s:o}", "findings", findings, "auto_leasing", switches));
}

static void
print_finding(struct command *command, const struct finding *finding)
{
	(void)printf("%s: %s: %s\n  rule: %s\n  do: %s\n", finding->severity,
	    command_shown(command,
		*finding->object ? finding->object
				 : command->appliance.hostname),
	    command_shown(command, finding->text), finding->rule, finding->fix);
	if (finding->since)
		(void)printf(
		    "  since: %s\n", command_instant(command, finding->since));
	if (finding->until)
		(void)printf(
		    "  until: %s\n", command_instant(command, finding->until));
}

int
ctl_compliance_run(struct command *command)
{
	struct report report;
	enum fault fault;

	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	if ((fault = load(&report, command)))
		return command_fault(command, fault);
	if (command->json)
		return print_json(command, &report);
	for (size_t i = 0; i < report.finding_count; i++)
		print_finding(command, &report.findings[i]);
	if (!report.finding_count)
		(void)puts("Everything is as it should be.");
	for (size_t i = 0; i < report.switch_count; i++)
		(void)puts(
		    command_shown(command, why(command, &report.switches[i])));
	return command_flush(command);
}
