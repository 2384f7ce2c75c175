/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_conformance.c: tries the rules of the lease protocol on a license server
 * and says of each whether it is kept. Needs no appliance.
 */
#include "ctl/commands.h"

#include "ctl/conformance.h"
#include "ctl/conformance_report.h"
#include "ctl/ctl_conformance_client.h"
#include "engine/base/hardware_id.h"
#include "engine/peer/sync_ask.h"
#include <stdio.h>
#include <string.h>

struct form {
	const char *client, *password_file, *device_key, *ca_file, *pin, *grow;
	bool tries_client;
	struct ctl_conformance_client_form other; /* where a client is tried */
};

static const struct check {
	const char *(*function)(struct conformance *conformance);
	struct conformance_report_rule rule;
	bool grows;
} checks[] = {
#define CHECK(function, id, rule)  { function, { id, NULL, rule }, false },
#define GROWTH(function, id, rule) { function, { id, NULL, rule }, true },
#include "ctl/conformance_checks.tbl"
#undef GROWTH
#undef CHECK
};

/* A new one is kept: the account is bound to it from its first use on. */
static bool
load_device(
    struct command *command, struct conformance *conformance, const char *path)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	enum fault fault = keypair_load(&conformance->device, path);

	if (fault == FAULT_NOT_FOUND &&
	    !(fault = keypair_generate(&conformance->device)))
		fault = keypair_save(conformance->device, path);
	if (!fault) {
		keypair_public(key, conformance->device);
		fault = hardware_id_of(conformance->hardware_id, key);
	}
	if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}

static int
judge(struct command *command, struct conformance *conformance)
{
	struct conformance_report report;
	size_t i;

	conformance_report_begin(&report);
	for (i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (!checks[i].grows || conformance->grow)
			conformance_report_add(&report, command,
			    &checks[i].rule, checks[i].function(conformance));
	return conformance_report_end(&report, command);
}

/* Host and port of "https://HOST[:PORT][/]", or of the same without its scheme; NULL when it is something else. */
static const char *
target_of(struct command *command)
{
	const char *host = command->operands[0];
	size_t length;

	if (!strncmp(host, "https://", 8))
		host += 8;
	length = strcspn(host, "/?#");
	return !length || (host[length] && strcmp(host + length, "/") != 0)
	    ? NULL
	    : arena_text_n(&command->arena, host, length);
}

static int
run(struct command *command, const struct form *form)
{
	struct conformance conformance = { .arena = &command->arena,
		.client = form->client,
		.grow = form->grow };
	const char *host = target_of(command);
	int status;

	if (!host)
		return command_usage(command,
		    "name the license server as https://HOST[:PORT], without a "
		    "path");

	conformance.target = (struct http_request){ .verify = !form->pin,
		.ca_file = form->ca_file,
		.pin = form->pin,
		.url = arena_format(
		    &command->arena, "https://%s" SYNC_ASK_PATH, host) };
	conformance.password = command_secret(
	    command, form->password_file, "Client password");
	if (!conformance.password)
		return command->status;
	if (!load_device(command, &conformance, form->device_key))
		status = command->status;
	else if (http_open(&conformance.http, NULL))
		status = command_fault(command, FAULT_MEMORY);
	else
		status = judge(command, &conformance);
	http_close(&conformance.http);
	keypair_free(&conformance.device);
	return status;
}

static int
run_client(struct command *command, struct form *form)
{
	if (command->operand_count || form->password_file || form->device_key ||
	    form->ca_file || form->pin || form->grow)
		return command_usage(command,
		    "with --client no server is named, and no --password-file, "
		    "--device-key, --ca, --pin or --grow");
	form->other.client = form->client;
	return ctl_conformance_client_run(command, &form->other);
}

static int
run_server(struct command *command, const struct form *form)
{
	if (command->operand_count != 1 || !form->client || !form->device_key)
		return command_usage(command,
		    "name the license server, and say --client-id ID and "
		    "--device-key FILE; or say --client to check a client");
	if (ctl_conformance_client_is_said(&form->other))
		return command_usage(command,
		    "--listen, --keys, --hostname, --feature, --pace, "
		    "--renew-after, --retry-after, --wait and --only go with "
		    "--client");
	if (form->ca_file && form->pin)
		return command_usage(command, "say --ca or --pin, not both");
	return run(command, form);
}

int
ctl_conformance_run(struct command *command)
{
	struct form form = { .client = NULL };
	struct ctl_conformance_client_form *other = &form.other;
	const struct options_row rows[] = {
		{ .name = "client", .flag = &form.tries_client },
		{ .name = "client-id", .text = &form.client },
		{ .name = "password-file", .text = &form.password_file },
		{ .name = "device-key", .text = &form.device_key },
		{ .name = "ca", .text = &form.ca_file },
		{ .name = "pin", .text = &form.pin },
		{ .name = "grow", .text = &form.grow },
		{ .name = "listen", .text = &other->listen },
		{ .name = "keys", .text = &other->keys },
		{ .name = "hostname", .text = &other->hostname },
		{ .name = "feature", .text = &other->feature },
		{ .name = "pace", .text = &other->pace },
		{ .name = "renew-after", .text = &other->renew_after },
		{ .name = "retry-after", .text = &other->retry_after },
		{ .name = "wait", .text = &other->wait },
		{ .name = "only", .texts = &other->only },
	};

	if (!command_read(command, rows, sizeof(rows) / sizeof(rows[0]), 0, 1))
		return command->status;
	return form.tries_client ? run_client(command, &form)
				 : run_server(command, &form);
}
