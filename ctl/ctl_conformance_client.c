/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_conformance_client.c: sets up the bench with its keys, tells what to
 * enter in the client, and reports rule by rule. Needs no appliance.
 */
#include "ctl/ctl_conformance_client.h"

#include "ctl/conformance_client.h"
#include "ctl/conformance_report.h"
#include "engine/base/certificate.h"
#include "engine/base/file.h"
#include "engine/base/hardware_id.h"
#include "engine/base/random.h"
#include "engine/base/text.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define CLIENT       "conformance"
#define FEATURE      "CONSEC"
#define OTHER_NAME   "other.invalid"
#define BEGIN        "-----BEGIN CERTIFICATE-----"
#define PEM_MAX      ((size_t)64 * 1024)
#define ELEVEN_YEARS (INT64_C(11) * 366 * 86400)
/* What S-07 asks of a server. */
#define RENEW_AFTER 60
#define RETRY_AFTER 90
#define WAIT        900
#define SECONDS_MAX 86400

static const struct check {
	const char *(*function)(struct conformance_bench *bench);
	struct conformance_report_rule rule;
} checks[] = {
#define CHECK(function, id, section, rule) { function, { id, section, rule } },
#include "ctl/conformance_client_checks.tbl"
#undef CHECK
};

#define CHECK_COUNT (sizeof(checks) / sizeof(*checks))

/* What is kept under --keys. */
struct files {
	const char *certificates[CONFORMANCE_HOST__CERTIFICATES];
	const char *authorities, *signer, *password;
};

bool
ctl_conformance_client_is_said(const struct ctl_conformance_client_form *form)
{
	return form->listen || form->keys || form->hostname || form->feature ||
	    form->pace || form->renew_after || form->retry_after ||
	    form->wait || form->only.count;
}

/* ---- the options ---- */

static bool
read_seconds(struct command *command, int64_t *out, const char *option,
    const char *text, int64_t otherwise)
{
	*out = otherwise;
	if (!text || text_parse_int64(out, text, 1, SECONDS_MAX))
		return true;
	command->status = command_usage(command,
	    "--%s must be a number of seconds from 1 to %d", option,
	    SECONDS_MAX);
	return false;
}

static bool
is_rule(const char *id)
{
	size_t i;

	for (i = 0; i < CHECK_COUNT; i++)
		if (strcmp(checks[i].rule.id, id) == 0)
			return true;
	return false;
}

static bool
read_form(struct command *command, struct conformance_bench *bench,
    struct endpoint *endpoint, const struct ctl_conformance_client_form *form)
{
	size_t i;

	command->status = COMMAND_USAGE;
	if (!form->listen || !endpoint_parse(endpoint, form->listen))
		command_usage(
		    command, "say --listen ADDR:PORT with a numeric address");
	else if (!form->keys)
		command_usage(command, "say --keys DIR, where keys are kept");
	else if (endpoint->is_any && !form->hostname)
		command_usage(command,
		    "say --hostname NAME, as the client will call this server");
	else
		command->status = COMMAND_DONE;
	for (i = 0; !command->status && i < form->only.count; i++)
		if (!is_rule(form->only.items[i]))
			command->status = command_usage(command,
			    "there is no rule %s; they are %s to %s",
			    form->only.items[i], checks[0].rule.id,
			    checks[CHECK_COUNT - 1].rule.id);
	bench->client = form->client ? form->client : CLIENT;
	bench->feature = form->feature ? form->feature : FEATURE;
	return !command->status &&
	    read_seconds(command, &bench->renew_after, "renew-after",
		form->renew_after, RENEW_AFTER) &&
	    read_seconds(
		command, &bench->pace, "pace", form->pace, RENEW_AFTER) &&
	    read_seconds(command, &bench->retry_after, "retry-after",
		form->retry_after, RETRY_AFTER) &&
	    read_seconds(
		command, &bench->wait_seconds, "wait", form->wait, WAIT);
}

/* ---- the keys ---- */

static bool
name_files(struct files *out, struct arena *arena, const char *directory)
{
	static const char *const names[CONFORMANCE_HOST__CERTIFICATES] = {
		[CONFORMANCE_HOST_RIGHT] = "tls.pem",
		[CONFORMANCE_HOST_STRANGER] = "stranger.pem",
		[CONFORMANCE_HOST_OTHER_NAME] = "other-name.pem",
		[CONFORMANCE_HOST_EXPIRED] = "expired.pem"
	};
	int i;

	for (i = 0; i < CONFORMANCE_HOST__CERTIFICATES; i++)
		if (!(out->certificates[i] = arena_format(
			  arena, "%s/%s", directory, names[i])))
			return false;
	out->authorities = arena_format(arena, "%s/ca.pem", directory);
	out->signer = arena_format(arena, "%s/server.key", directory);
	out->password = arena_format(arena, "%s/password", directory);
	return out->authorities && out->signer && out->password;
}

static enum fault
make_certificates(const struct files *files, const char *name,
    const char *address, int64_t now)
{
	const char *const *paths = files->certificates;
	enum fault fault = FAULT_NONE;

	if (!file_exists(paths[CONFORMANCE_HOST_RIGHT]))
		fault = certificate_make(
		    paths[CONFORMANCE_HOST_RIGHT], name, address, now);
	if (!fault)
		fault = certificate_make(
		    paths[CONFORMANCE_HOST_STRANGER], name, address, now);
	if (!fault && !file_exists(paths[CONFORMANCE_HOST_OTHER_NAME]))
		fault = certificate_make(
		    paths[CONFORMANCE_HOST_OTHER_NAME], OTHER_NAME, "", now);
	if (!fault && !file_exists(paths[CONFORMANCE_HOST_EXPIRED]))
		fault = certificate_make(paths[CONFORMANCE_HOST_EXPIRED], name,
		    address, now - ELEVEN_YEARS);
	return fault;
}

/* The certificate alone: the key before it is nobody's business. */
static enum fault
read_certificate(const char **out, struct arena *arena, const char *path)
{
	enum fault fault;
	char *pem;

	if ((fault = file_read(&pem, NULL, arena, path, PEM_MAX)))
		return fault;
	*out = strstr(pem, BEGIN);
	return *out ? FAULT_NONE : FAULT_DAMAGED;
}

/* All that a client is to trust: what is wrong with two of them is not who made them. */
static enum fault
write_authorities(const struct files *files, struct arena *arena)
{
	const char *right, *other, *expired, *all;
	enum fault fault;

	if ((fault = read_certificate(
		 &right, arena, files->certificates[CONFORMANCE_HOST_RIGHT])) ||
	    (fault = read_certificate(&other, arena,
		 files->certificates[CONFORMANCE_HOST_OTHER_NAME])) ||
	    (fault = read_certificate(&expired, arena,
		 files->certificates[CONFORMANCE_HOST_EXPIRED])))
		return fault;
	all = arena_format(arena, "%s%s%s", right, other, expired);
	return all ? file_replace(files->authorities, all, strlen(all), 0644)
		   : FAULT_MEMORY;
}

static enum fault
load_signer(struct conformance_bench *bench, const char *path)
{
	static char server_id[HARDWARE_ID_SIZE];
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	enum fault fault = keypair_load(&bench->signer, path);

	if (fault == FAULT_NOT_FOUND &&
	    !(fault = keypair_generate(&bench->signer)))
		fault = keypair_save(bench->signer, path);
	if (!fault)
		fault = keypair_generate(&bench->stranger);
	if (fault)
		return fault;
	keypair_public(key, bench->signer);
	bench->server_id = server_id;
	return hardware_id_of(server_id, key);
}

static enum fault
load_password(struct conformance_bench *bench, const char *path)
{
	char password[27];
	enum fault fault;
	char *text;

	if (!file_exists(path) &&
	    ((fault = random_password(password)) ||
		(fault = file_replace(path, password, strlen(password), 0600))))
		return fault;
	if ((fault = file_read(&text, NULL, bench->arena, path, PEM_MAX)))
		return fault;
	text[strcspn(text, "\r\n")] = '\0';
	bench->password = text;
	return FAULT_NONE;
}

static enum fault
make_bench(struct conformance_bench *bench, const struct files *files,
    const struct endpoint *endpoint, const char *hostname, int64_t now)
{
	const char *address = endpoint->is_any ? "" : endpoint->address;
	enum fault fault;

	/* A later run is a later epoch, to a client that saw an earlier one. */
	bench->epoch = bench->last_number = now;
	if ((fault = make_certificates(
		 files, hostname ? hostname : address, address, now)) ||
	    (fault = write_authorities(files, bench->arena)) ||
	    (fault = load_signer(bench, files->signer)) ||
	    (fault = load_password(bench, files->password)))
		return fault;
	return conformance_host_open(
	    &bench->host, endpoint, files->certificates);
}

/* ---- the run ---- */

static enum fault
print_settings(const struct conformance_bench *bench, const struct files *files,
    const struct endpoint *endpoint, const char *hostname)
{
	char pin[64];
	enum fault fault = certificate_pin(
	    pin, files->certificates[CONFORMANCE_HOST_RIGHT]);

	if (fault)
		return fault;
	(void)fprintf(bench->prompts,
	    "Set the client up anew with\n"
	    "  license server  %s",
	    hostname ? hostname : endpoint->text);
	if (hostname)
		(void)fprintf(bench->prompts, ":%d", endpoint->port);
	(void)fprintf(bench->prompts,
	    "\n"
	    "  Client ID       %s\n"
	    "  password        %s\n"
	    "  authorities     %s\n"
	    "  or public key   %s\n"
	    "  feature         %s\n",
	    bench->client, bench->password, files->authorities, pin,
	    bench->feature);
	(void)fflush(bench->prompts);
	return FAULT_NONE;
}

static bool
is_wanted(const struct options_texts *only, const char *id)
{
	size_t i;

	for (i = 0; i < only->count; i++)
		if (strcmp(only->items[i], id) == 0)
			return true;
	return !only->count;
}

static int
judge(struct command *command, struct conformance_bench *bench,
    const struct options_texts *only)
{
	struct conformance_report report;
	size_t i;

	conformance_report_begin(&report);
	for (i = 0; i < CHECK_COUNT; i++) {
		if (!is_wanted(only, checks[i].rule.id))
			continue;
		bench->rule = checks[i].rule.id;
		conformance_report_add(&report, command, &checks[i].rule,
		    checks[i].function(bench));
	}
	return conformance_report_end(&report, command);
}

int
ctl_conformance_client_run(
    struct command *command, const struct ctl_conformance_client_form *form)
{
	struct conformance_bench bench = { .arena = &command->arena,
		.prompts = command->json ? stderr : stdout };
	struct endpoint endpoint;
	struct files files;
	enum fault fault;
	int status;

	if (!read_form(command, &bench, &endpoint, form))
		return command->status;
	if (mkdir(form->keys, 0700) && errno != EEXIST)
		return command_fail(command,
		    "%s cannot be made: %s; name another --keys", form->keys,
		    strerror(errno));
	if (!name_files(&files, &command->arena, form->keys))
		return command_fault(command, FAULT_MEMORY);
	fault = make_bench(
	    &bench, &files, &endpoint, form->hostname, command->now);
	if (!fault)
		fault = print_settings(
		    &bench, &files, &endpoint, form->hostname);
	status = fault ? command_fault(command, fault)
		       : judge(command, &bench, &form->only);
	conformance_bench_clear(&bench);
	return status;
}
