/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_conformance.c: tries the rules of the lease protocol on a license server
 * and says of each whether it is kept. Needs no appliance.
 */
#include "ctl/commands.h"

#include "ctl/conformance.h"
#include "engine/base/hardware_id.h"
#include "engine/peer/sync_ask.h"
#include <stdio.h>
#include <string.h>

struct form {
	const char *client, *password_file, *device_key, *ca_file, *pin;
};

static const struct check {
	const char *(*function)(struct conformance *conformance);
	const char *id, *rule;
} checks[] = {
#define CHECK(function, id, rule) { function, id, rule },
#include "ctl/conformance_checks.tbl"
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
	json_t *rows = json_array();
	bool is_well = true;
	const char *found;
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		found = checks[i].function(conformance);
		is_well = is_well && !found;
		if (found)
			found = command_shown(command, found);
		if (!command->json)
			(void)printf("%s %s  %s%s%s\n", checks[i].id,
			    found ? "broken" : "kept  ", checks[i].rule,
			    found ? "\n             seen: " : "",
			    found ? found : "");
		json_array_append_new(rows,
		    json_pack("{s:s, s:s, s:b, s:s*}", "id", checks[i].id,
			"rule", checks[i].rule, "kept", !found, "seen", found));
	}
	if (!command->json)
		json_decref(rows);
	else if (command_print(command, rows))
		return COMMAND_FAILED;
	if (fflush(stdout))
		return command_fail(command, "the output could not be written");
	return is_well ? COMMAND_DONE : COMMAND_FAILED;
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
		.client = form->client };
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

int
ctl_conformance_run(struct command *command)
{
	struct form form = { .client = NULL };
	const struct options_row rows[] = {
		{ .name = "client-id", .text = &form.client },
		{ .name = "password-file", .text = &form.password_file },
		{ .name = "device-key", .text = &form.device_key },
		{ .name = "ca", .text = &form.ca_file },
		{ .name = "pin", .text = &form.pin },
	};

	if (!command_read(command, rows, sizeof(rows) / sizeof(rows[0]), 1, 1))
		return command->status;
	if (!form.client || !form.device_key)
		return command_usage(
		    command, "say --client-id ID and --device-key FILE");
	if (form.ca_file && form.pin)
		return command_usage(command, "say --ca or --pin, not both");
	return run(command, &form);
}
