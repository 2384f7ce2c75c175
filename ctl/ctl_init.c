/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_init.c: makes an appliance. Everything that can be wrong is looked at
 * before the first file is made; if something fails after that, what was made
 * is taken away again.
 */
#include "ctl/commands.h"

#include "ctl/endpoint.h"
#include "ctl/identity.h"
#include "ctl/lighttpd_conf.h"
#include "engine/base/calendar.h"
#include "engine/base/file.h"
#include "engine/base/random.h"
#include "engine/store/catalogue_file.h"
#include "engine/store/vendor_pack.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_LISTEN "127.0.0.1:8443"
#define ZONE_DIRECTORY "/zoneinfo/"
#define HOSTNAME_MAX   253

struct plan {
	const char *role, *listen, *redirect, *hostname, *platform, *product;
	const char *trust, *center, *issuer, *zone, *version, *vendor;
	const char *admin, *password_file;

	struct endpoint endpoint, redirect_endpoint;
	struct appliance_input input;
	struct identity identity;
	struct vendor_pack pack; /* of "vendor" */
	const char *password_hash;
	char password[27]; /* the one that is printed, "" otherwise */
	bool made_directory;
	int lock; /* the directory, kept open until the program ends */
};

/* ---- what can be said without looking at files ----------------------------------- */

static bool
is_hostname(const char *text)
{
	size_t length = strlen(text);

	return length && length <= HOSTNAME_MAX && text[0] != '.' &&
	    text[0] != '-' &&
	    strspn(text,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		".-") == length;
}

static bool
choose_hostname(struct command *command, struct plan *plan)
{
	char name[HOST_NAME_MAX + 1] = "";

	if (!plan->hostname && !gethostname(name, sizeof(name) - 1) &&
	    is_hostname(name))
		plan->hostname = arena_text(&command->arena, name);
	if (!plan->hostname)
		plan->hostname = "localhost";
	if (is_hostname(plan->hostname))
		return true;
	command->status = command_usage(
	    command, "--hostname %s is no host name", plan->hostname);
	return false;
}

/* The zone this machine itself lives in. */
static const char *
machine_zone(struct command *command)
{
	const char *zone = getenv("TZ"), *name;
	char target[PATH_MAX];
	ssize_t length;

	if (zone && *zone && calendar_zone_is_known(zone))
		return zone;
	length = readlink("/etc/localtime", target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	name = strstr(target, ZONE_DIRECTORY);
	name = name ? arena_text(&command->arena, name + strlen(ZONE_DIRECTORY))
		    : NULL;
	return name && calendar_zone_is_known(name) ? name : "UTC";
}

static bool
choose_zone(struct command *command, struct plan *plan)
{
	if (!plan->zone)
		plan->zone = machine_zone(command);
	if (calendar_zone_is_known(plan->zone))
		return true;
	command->status = command_usage(command,
	    "--zone %s is not known here; write it as in Europe/Vienna or UTC",
	    plan->zone);
	return false;
}

static bool
choose_endpoints(struct command *command, struct plan *plan)
{
	if (!plan->listen)
		plan->listen = DEFAULT_LISTEN;
	if (!endpoint_parse(&plan->endpoint, plan->listen)) {
		command->status = command_usage(command,
		    "--listen %s must be ADDRESS:PORT, such as 192.0.2.1:443 "
		    "or [2001:db8::1]:443",
		    plan->listen);
		return false;
	}
	if (!plan->redirect)
		return true;
	if (!endpoint_parse(&plan->redirect_endpoint, plan->redirect)) {
		command->status = command_usage(command,
		    "--redirect %s must be ADDRESS:PORT, such as 192.0.2.1:80",
		    plan->redirect);
		return false;
	}
	if (strcmp(plan->redirect_endpoint.text, plan->endpoint.text) != 0)
		return true;
	command->status = command_usage(
	    command, "--redirect needs another address than --listen");
	return false;
}

static bool
choose_role(struct command *command, struct plan *plan)
{
	if (plan->role && appliance_role_parse(&plan->input.role, plan->role))
		return true;
	command->status = command_usage(
	    command, "--role must be server, virtual-server, client or center");
	return false;
}

static bool
choose_center(struct command *command, const struct plan *plan)
{
	if (plan->trust && plan->input.role == ROLE_CENTER) {
		command->status = command_usage(
		    command, "a center trusts its own key; leave out --trust");
		return false;
	}
	if (!plan->center ||
	    !strncmp(plan->center, "https://", strlen("https://")))
		return true;
	command->status = command_usage(command,
	    "--center %s must be an address that begins with https://",
	    plan->center);
	return false;
}

/* ---- what the catalogue says --------------------------------------------------------- */

static const char *
default_platform(const struct catalogue *catalogue, enum appliance_role role)
{
	size_t i;

	for (i = 0; i < catalogue->platform_count; i++)
		if (catalogue->platforms[i].is_virtual ==
		    (role == ROLE_VIRTUAL_SERVER))
			return catalogue->platforms[i].name;
	return "";
}

static bool
load_catalogue(struct command *command, const struct plan *plan,
    struct catalogue *catalogue)
{
	const char *path;
	char reason[256] = "";
	enum fault fault;

	if (plan->vendor) {
		*catalogue = plan->pack.catalogue;
		return true;
	}
	path = arena_format(&command->arena, "%s/conf/catalogue.json",
	    appliance_data_directory());
	fault = path ? catalogue_file_load(catalogue, &command->arena, path,
			   reason, sizeof(reason))
		     : FAULT_MEMORY;
	if (!fault)
		return true;
	command->status = command_fail(command,
	    "the catalogue %s cannot be used: %s", path ? path : "",
	    *reason ? reason : fault_text(fault));
	return false;
}

static bool
may_have_role(struct command *command, const struct plan *plan,
    const struct platform *platform)
{
	if (plan->input.role == ROLE_SERVER &&
	    plan->input.product == PRODUCT_PPS)
		command->status = command_fail(command,
		    "a license server cannot be of product PPS; leave out "
		    "--product, or use --role virtual-server");
	else if (plan->input.role == ROLE_SERVER && platform->is_virtual)
		command->status = command_fail(command,
		    "%s is a virtual platform; use --role virtual-server",
		    platform->name);
	else if (plan->input.role == ROLE_VIRTUAL_SERVER &&
	    !platform->is_virtual)
		command->status = command_fail(command,
		    "%s is not a virtual platform; use --role server",
		    platform->name);
	else
		return true;
	return false;
}

static bool
choose_platform(struct command *command, struct plan *plan)
{
	struct catalogue catalogue;
	const struct platform *platform;

	if (!load_catalogue(command, plan, &catalogue))
		return false;
	plan->input.product = plan->product ? catalogue_product(plan->product)
					    : PRODUCT_PCS;
	if (!plan->input.product) {
		command->status = command_usage(
		    command, "--product %s must be PCS or PPS", plan->product);
		return false;
	}
	if (!plan->platform)
		plan->platform = default_platform(&catalogue, plan->input.role);
	platform = catalogue_platform(&catalogue, plan->platform);
	if (!platform) {
		command->status = command_fail(command,
		    "there is no platform %s in the catalogue", plan->platform);
		return false;
	}
	return may_have_role(command, plan, platform);
}

/* ---- the first administrator ------------------------------------------------------------ */

static bool
choose_password(struct command *command, struct plan *plan)
{
	char *hash;
	enum fault fault;

	if (plan->password_file) {
		plan->password_hash = command_password(command, PASSWORD_ADMIN,
		    plan->password_file, "Administrator password");
		return plan->password_hash;
	}
	hash = arena_alloc(&command->arena, PASSWORD_HASH_MAX);
	fault = hash ? random_password(plan->password) : FAULT_MEMORY;
	if (!fault)
		fault = password_hash(hash, PASSWORD_ADMIN, plan->password);
	plan->password_hash = hash;
	if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}

/* ---- the directory ------------------------------------------------------------------------ */

static bool
is_empty(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	bool empty = directory != NULL;

	while (directory && empty && (entry = readdir(directory)))
		empty = !strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, "..");
	if (directory)
		(void)closedir(directory);
	return empty;
}

/* Two runs at once must not take each other's files away. Whoever finds the directory empty under the lock made all of ours that is in it. */
static bool
lock_directory(struct command *command, struct plan *plan)
{
	const char *path = command->state_directory;
	struct stat about;

	plan->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (plan->lock < 0 || flock(plan->lock, LOCK_EX | LOCK_NB) ||
	    fstat(plan->lock, &about)) {
		command->status = command_fail(command, "%s: %s", path,
		    errno == EWOULDBLOCK
			? "another init is already at work here"
			: strerror(errno));
		return false;
	}
	if (about.st_nlink)
		return true;
	command->status = command_fail(
	    command, "%s was taken away just now; try again", path);
	return false;
}

static bool
make_directory(struct command *command, struct plan *plan)
{
	const char *path = command->state_directory;
	char store[PATH_MAX];

	plan->made_directory = !mkdir(path, 0700);
	if (!plan->made_directory && errno != EEXIST) {
		command->status = command_fail(
		    command, "%s cannot be made: %s", path, strerror(errno));
		return false;
	}
	if (!lock_directory(command, plan))
		return false;
	if (!plan->made_directory &&
	    appliance_path(store, sizeof(store), path, "store.db") &&
	    file_exists(store)) {
		command->status = command_fail(command,
		    "%s already holds an appliance; choose another directory",
		    path);
		return false;
	}
	if (!is_empty(path)) {
		command->status = command_fail(command,
		    "%s is not an empty directory; choose another", path);
		return false;
	}
	if (!chmod(path, 0700))
		return true;
	command->status = command_fail(command,
	    "%s cannot be closed to others: %s", path, strerror(errno));
	return false;
}

static void
take_away(struct command *command, const struct plan *plan)
{
	static const char *const made[] = { "store.db-journal", "store.db-wal",
		"store.db-shm", "store.db" };
	char path[PATH_MAX];
	size_t i;

	store_close(&command->appliance.store);
	identity_remove(command->state_directory);
	vendor_pack_remove(command->state_directory);
	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (appliance_path(
			path, sizeof(path), command->state_directory, made[i]))
			(void)unlink(path);
	if (plan->made_directory)
		(void)rmdir(command->state_directory);
}

/* ---- the store ------------------------------------------------------------------------------ */

static enum fault
insert_appliance(struct command *command, const struct plan *plan)
{
	struct store *store = NULL;
	enum fault fault = store_create(&store, command->state_directory);

	if (!fault)
		fault = store_begin(store);
	if (!fault)
		fault = appliance_insert(store, &plan->input, command->now);
	if (!fault)
		fault = store_commit(store);
	else if (store)
		store_rollback(store);
	store_close(&store);
	return fault;
}

static int
make_store(struct command *command, const struct plan *plan)
{
	enum fault fault = insert_appliance(command, plan);

	if (fault)
		return command_fault(command, fault);
	if (!command_open(command, false) || !command_begin(command))
		return command->status;
	fault = ledger_admin_add(&command->ledger, plan->admin,
	    plan->password_hash, ADMIN_ADMINISTRATOR);
	return command_end(command, fault);
}

static void
fill_input(struct plan *plan)
{
	plan->input.hostname = plan->hostname;
	plan->input.listen = plan->endpoint.text;
	plan->input.redirect = plan->redirect_endpoint.text;
	plan->input.hardware_id = plan->identity.hardware_id;
	plan->input.platform = plan->platform;
	plan->input.version = plan->version ? plan->version : LEASEHOLD_VERSION;
	plan->input.zone = plan->zone;
	plan->input.center_url = plan->center ? plan->center : "";
}

static int
make_all(struct command *command, struct plan *plan)
{
	enum fault fault;

	plan->identity.role = plan->input.role;
	plan->identity.hostname = plan->hostname;
	plan->identity.endpoint = &plan->endpoint;
	plan->identity.trust = plan->trust;
	plan->identity.issuer = plan->issuer ? plan->issuer : plan->hostname;
	plan->identity.state_directory = command->state_directory;
	if (!identity_make(&plan->identity, command))
		return COMMAND_FAILED;
	if (plan->vendor &&
	    (fault = vendor_pack_copy(
		 &plan->pack, &command->arena, command->state_directory)))
		return command_fault(command, fault);
	fill_input(plan);
	return make_store(command, plan);
}

/* ---- the report --------------------------------------------------------------------------------- */

/* One that can be opened: nobody browses to "every address". */
static const char *
console_address(struct command *command, const struct plan *plan)
{
	const struct lighttpd_conf conf = { .hostname = plan->hostname,
		.listen = &plan->endpoint };
	const char *address = plan->endpoint.is_any
	    ? lighttpd_conf_address(&command->arena, &conf)
	    : arena_format(&command->arena, "https://%s", plan->endpoint.text);

	return address ? address : "";
}

static int
report(struct command *command, const struct plan *plan)
{
	json_t *out;

	if (!command->json) {
		(void)printf("Appliance %s (%s) made in %s\n",
		    plan->identity.hardware_id, plan->role,
		    command->state_directory);
		(void)printf("Console: %s/\nAdministrator: %s\n",
		    console_address(command, plan), plan->admin);
		if (*plan->password)
			(void)printf(
			    "Password: %s (shown only now)\n", plan->password);
		if (plan->input.role == ROLE_VIRTUAL_SERVER)
			(void)printf("Next: leasehold boot --state %s\n",
			    command->state_directory);
		return command_flush(command);
	}
	out = json_pack("{s:s, s:s, s:s, s:s, s:s}", "hardware_id",
	    plan->identity.hardware_id, "role", plan->role, "state",
	    command->state_directory, "listen", plan->endpoint.text, "admin",
	    plan->admin);
	if (out && *plan->password &&
	    json_object_set_new(out, "password", json_string(plan->password)))
		out = NULL;
	return command_print(command, out);
}

/* From here to the report, Ctrl-C or a closed pipe would leave half an appliance, or one whose password nobody saw. */
static void
hold_signals(sigset_t *before)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t held;

	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigemptyset(&held);
	(void)sigaddset(&held, SIGINT);
	(void)sigaddset(&held, SIGTERM);
	(void)sigaddset(&held, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &held, before);
}

/* What the pack says counts where the command line says nothing. */
static bool
choose_vendor(struct command *command, struct plan *plan)
{
	char reason[512];
	enum fault fault;

	if (!plan->vendor)
		return true;
	fault = vendor_pack_load(&plan->pack, &command->arena, plan->vendor,
	    reason, sizeof(reason));
	if (fault) {
		command->status = command_fail(command, "--vendor: %s",
		    *reason ? reason : fault_text(fault));
		return false;
	}
	if (!plan->trust)
		plan->trust = plan->pack.trust;
	if (!plan->center && *plan->pack.center)
		plan->center = plan->pack.center;
	return true;
}

static bool
is_sound(struct command *command, struct plan *plan)
{
	return choose_vendor(command, plan) && choose_role(command, plan) && choose_endpoints(command, plan) &&
	    choose_hostname(command, plan) && choose_zone(command, plan) &&
	    choose_center(command, plan) && choose_platform(command, plan) &&
	    identity_trust_is_sound(command, plan->trust) &&
	    choose_password(command, plan);
}

int
ctl_init_run(struct command *command)
{
	struct plan plan = { .admin = NULL };
	const struct options_row rows[] = {
		{ .name = "role", .text = &plan.role },
		{ .name = "listen", .text = &plan.listen },
		{ .name = "redirect", .text = &plan.redirect },
		{ .name = "hostname", .text = &plan.hostname },
		{ .name = "platform", .text = &plan.platform },
		{ .name = "product", .text = &plan.product },
		{ .name = "software-version", .text = &plan.version },
		{ .name = "vendor", .text = &plan.vendor },
		{ .name = "trust", .text = &plan.trust },
		{ .name = "center", .text = &plan.center },
		{ .name = "issuer", .text = &plan.issuer },
		{ .name = "zone", .text = &plan.zone },
		{ .name = "admin", .text = &plan.admin },
		{ .name = "admin-password-file", .text = &plan.password_file },
	};
	sigset_t before;
	int status;

	if (!command_read(
		command, rows, sizeof(rows) / sizeof(rows[0]), 0, 0) ||
	    !command_needs_state(command) || !is_sound(command, &plan))
		return command->status;
	if (!plan.admin)
		plan.admin = "admin";
	(void)umask(077);
	hold_signals(&before);
	if (make_directory(command, &plan)) {
		status = make_all(command, &plan);
		if (status == COMMAND_DONE)
			status = report(command, &plan);
		if (status != COMMAND_DONE)
			take_away(command, &plan);
	} else
		status = command->status;
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}
