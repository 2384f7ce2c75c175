/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vendor_pack.c: see vendor_pack.h. Knows no appliance.
 */
#include "engine/store/vendor_pack.h"

#include "engine/base/file.h"
#include "engine/base/json.h"
#include "engine/base/jwks.h"
#include "engine/store/agreement_file.h"
#include "engine/store/appliance.h"
#include "engine/store/catalogue_file.h"
#include "engine/store/ledger_act.h"
#include "engine/store/server_address.h"
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VENDOR	 "vendor"
#define FACTS	 "vendor.json"
#define TRUST	 "trusted.jwks"
#define SCHEME	 "https://"
#define FILE_MAX ((size_t)1024 * 1024)

static const char *const files[] = { FACTS, "conf/catalogue.json",
	"conf/agreement.txt", TRUST, "logo.svg", "logo.png" };
static const struct {
	const char *name, *type;
} logos[] = { { "logo.svg", "image/svg+xml" }, { "logo.png", "image/png" } };

struct reading {
	struct vendor_pack *out;
	struct arena *arena;
	char *reason;
	size_t reason_size;
};

static enum fault
wrong(const struct reading *reading, const char *name, const char *what)
{
	(void)snprintf(reading->reason, reading->reason_size, "%s/%s: %s",
	    reading->out->directory, name, what);
	return FAULT_DAMAGED;
}

static const char *
path_of(const struct reading *reading, const char *name)
{
	return arena_format(
	    reading->arena, "%s/%s", reading->out->directory, name);
}

static bool
is_center(const char *url)
{
	return !*url ||
	    (strncmp(url, SCHEME, strlen(SCHEME)) == 0 &&
		server_address_is_valid(url + strlen(SCHEME)));
}

static enum fault
read_facts(const struct reading *reading)
{
	const char *path = path_of(reading, FACTS), *name, *center;
	char *text, what[128] = "";
	size_t bytes;
	json_t *facts;
	enum fault fault = path
	    ? file_read(&text, &bytes, reading->arena, path, FILE_MAX)
	    : FAULT_MEMORY;

	if (fault == FAULT_NOT_FOUND) {
		(void)wrong(reading, FACTS, "there is no such file");
		return fault;
	}
	if (fault)
		return fault;
	if (!(facts = json_load_object(text, bytes, what, sizeof(what))))
		return wrong(reading, FACTS, what);
	name = json_text(facts, "name");
	center = json_text(facts, "center");
	reading->out->name = arena_text(reading->arena, name ? name : "");
	reading->out->center = arena_text(
	    reading->arena, center ? center : "");
	json_decref(facts);
	if (reading->arena->failed)
		return FAULT_MEMORY;
	if (!ledger_act_is_printable(
		reading->out->name, VENDOR_PACK_NAME_MAX))
		return wrong(reading, FACTS,
		    "\"name\" must have 1 to 64 characters");
	if (!is_center(reading->out->center))
		return wrong(reading, FACTS,
		    "\"center\" must be an address as in "
		    "https://center.example.net");
	return FAULT_NONE;
}

static enum fault
read_conf(const struct reading *reading)
{
	struct agreement_text agreement;
	char what[200] = "";
	const char *path = path_of(reading, "conf/catalogue.json");
	enum fault fault = path
	    ? catalogue_file_load(&reading->out->catalogue, reading->arena,
		  path, what, sizeof(what))
	    : FAULT_MEMORY;

	if (fault)
		return wrong(reading, "conf/catalogue.json",
		    *what ? what : fault_text(fault));
	fault = agreement_file_load(
	    &agreement, reading->arena, reading->out->directory);
	return fault ? wrong(reading, "conf/agreement.txt", fault_text(fault))
		     : FAULT_NONE;
}

static enum fault
read_trust(const struct reading *reading)
{
	const char *path = path_of(reading, TRUST);
	struct jwks jwks;
	enum fault fault = path ? jwks_load(&jwks, reading->arena, path)
				: FAULT_MEMORY;

	if (fault == FAULT_NOT_FOUND)
		return FAULT_NONE;
	if (fault || jwks.count == 0)
		return wrong(reading, TRUST,
		    "this is no list of Ed25519 keys (JWKS)");
	reading->out->trust = path;
	return FAULT_NONE;
}

/* As a picture only: what could run, or fetch anything, is refused. */
static bool
is_picture(const char *type, const char *text, size_t bytes)
{
	static const char *const never[] = { "<script", "<foreignobject",
		"javascript:", "<!entity", "xlink:href=\"http",
		" onload", " onclick" };

	if (strcmp(type, "image/png") == 0)
		return bytes > 8 && memcmp(text, "\x89PNG\r\n\x1a\n", 8) == 0;
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (strcasestr(text, never[i]))
			return false;
	return strstr(text, "<svg") && strlen(text) == bytes;
}

static enum fault
read_logo(const struct reading *reading)
{
	for (size_t i = 0; i < sizeof(logos) / sizeof(logos[0]); i++) {
		const char *path = path_of(reading, logos[i].name);
		char *text;
		size_t bytes;
		enum fault fault = path
		    ? file_read(&text, &bytes, reading->arena, path,
			  VENDOR_PACK_LOGO_MAX)
		    : FAULT_MEMORY;

		if (fault == FAULT_NOT_FOUND)
			continue;
		if (fault || !is_picture(logos[i].type, text, bytes))
			return wrong(reading, logos[i].name,
			    "this is no picture of 64 KiB or less, without "
			    "scripts and without addresses");
		reading->out->logo = path;
		reading->out->logo_type = logos[i].type;
		return FAULT_NONE;
	}
	return FAULT_NONE;
}

enum fault
vendor_pack_load(struct vendor_pack *out, struct arena *arena,
    const char *directory, char *reason, size_t reason_size)
{
	const struct reading reading = { out, arena, reason, reason_size };
	enum fault fault;

	assert(out && arena && directory && reason && reason_size);
	reason[0] = '\0';
	*out = (struct vendor_pack){ .name = "", .center = "" };
	out->directory = arena_text(arena, directory);
	if (!out->directory)
		return FAULT_MEMORY;
	if ((fault = read_facts(&reading)) || (fault = read_conf(&reading)) ||
	    (fault = read_trust(&reading)))
		return fault;
	return read_logo(&reading);
}

/* ---- in an appliance ---- */

static enum fault
copy_file(const struct vendor_pack *pack, struct arena *arena,
    const char *directory, const char *name)
{
	const char *from = arena_format(arena, "%s/%s", pack->directory, name);
	const char *to = arena_format(arena, "%s/%s", directory, name);
	char *text;
	size_t bytes;
	enum fault fault = from && to
	    ? file_read(&text, &bytes, arena, from, FILE_MAX)
	    : FAULT_MEMORY;

	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	return file_create(to, text, bytes, 0600);
}

enum fault
vendor_pack_copy(const struct vendor_pack *pack, struct arena *arena,
    const char *state_directory)
{
	char directory[PATH_MAX], conf[PATH_MAX];
	enum fault fault = FAULT_NONE;

	assert(pack && arena && state_directory);
	if (!appliance_path(
		directory, sizeof(directory), state_directory, VENDOR) ||
	    !appliance_path(
		conf, sizeof(conf), state_directory, VENDOR "/conf") ||
	    mkdir(directory, 0700) || mkdir(conf, 0700))
		return FAULT_IO;
	for (size_t i = 0; !fault && i < sizeof(files) / sizeof(files[0]); i++)
		fault = copy_file(pack, arena, directory, files[i]);
	return fault;
}

void
vendor_pack_remove(const char *state_directory)
{
	char path[PATH_MAX], name[64];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(name, sizeof(name), VENDOR "/%s", files[i]);
		if (appliance_path(path, sizeof(path), state_directory, name))
			(void)unlink(path);
	}
	if (appliance_path(path, sizeof(path), state_directory, VENDOR "/conf"))
		(void)rmdir(path);
	if (appliance_path(path, sizeof(path), state_directory, VENDOR))
		(void)rmdir(path);
}
