/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_status.c: what this appliance is and how it does, at a glance.
 */
#include "ctl/client_status.h"
#include "ctl/commands.h"

#include "engine/base/fault.h"
#include "engine/rules/heartbeat.h"
#include "engine/store/store_heartbeat.h"
#include "engine/store/store_agreement.h"
#include "engine/store/platform_groups.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_setting.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct status {
	bool is_running, is_agreed, is_enabled;
	int64_t clients;
	struct client_status client; /* of a license client */
	bool has_beat; /* a virtual license server that was started once */
	struct heartbeat_row beat;
	struct pool_row *pools;
	size_t pool_count;
	struct platform_group *groups; /* of a license server */
	size_t group_count;
};

/* The master holds the lock as long as it lives. */
static bool
is_running(const struct command *command)
{
	char path[PATH_MAX];
	bool is_held;
	int lock;

	if (!appliance_path(path, sizeof(path), command->state_directory,
		"run/master.lock"))
		return false;
	lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (lock < 0)
		return false;
	is_held = flock(lock, LOCK_SH | LOCK_NB) != 0;
	(void)close(lock);
	return is_held;
}

static enum fault
load_server_side(struct command *command, struct status *status)
{
	struct store *store = command->appliance.store;
	int64_t enabled = 0;
	enum fault fault = store_setting_load(
	    &enabled, store, SETTING_SERVER_ENABLED);

	status->is_enabled = enabled != 0;
	if (fault || (fault = store_client_count(&status->clients, store)) ||
	    command->appliance.role != ROLE_VIRTUAL_SERVER)
		return fault;
	fault = store_heartbeat_load(&status->beat, &command->arena, store);
	status->has_beat = !fault;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static enum fault
load(struct command *command, struct status *status)
{
	struct appliance *appliance = &command->appliance;
	struct agreement_row agreement;
	enum fault fault = store_agreement_load(
	    &agreement, &command->arena, appliance->store, NULL);

	status->is_running = is_running(command);
	status->is_agreed = !fault;
	if (fault && fault != FAULT_NOT_FOUND)
		return fault;
	fault = FAULT_NONE;
	if (appliance_lends(appliance))
		fault = load_server_side(command, status);
	if (!fault && appliance->role == ROLE_CLIENT)
		fault = client_status_load(&status->client, command);
	if (fault)
		return fault;
	fault = store_pool_list(&status->pools, &status->pool_count,
	    &command->arena, appliance->store, &appliance->catalogue,
	    command->now);
	if (fault || !appliance_lends(appliance))
		return fault;
	return platform_groups_list(&status->groups, &status->group_count,
	    &command->arena, appliance, status->pools, status->pool_count);
}

/* ---- as JSON -------------------------------------------------------------------- */

static json_t *
pools_to_json(const struct status *status)
{
	json_t *pools = json_array();
	const struct pool_row *row;
	size_t i;

	for (i = 0; i < status->pool_count; i++) {
		row = &status->pools[i];
		(void)json_array_append_new(pools,
		    json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I,"
			      " s:I, s:I, s:I, s:I}",
			"feature", row->feature, "installed",
			(json_int_t)row->installed, "reserved",
			(json_int_t)row->reserved, "leased",
			(json_int_t)row->leased, "held", (json_int_t)row->held,
			"available", (json_int_t)row->available, "unallocated",
			(json_int_t)row->unallocated, "clients",
			(json_int_t)row->clients, "surrendered",
			(json_int_t)row->surrendered, "recalling",
			(json_int_t)row->recalling, "subscription",
			(json_int_t)row->subscription, "subscription_drawn",
			(json_int_t)row->subscription_drawn, "permanent_drawn",
			(json_int_t)row->permanent_drawn));
	}
	return pools;
}

static json_t *
beat_to_json(const struct command *command, const struct heartbeat_row *row)
{
	int64_t since = store_heartbeat_silent_since(row, command->now);

	return json_pack("{s:o, s:b, s:b, s:I, s:b, s:s}", "accepted_at",
	    command_json_instant(row->accepted_at), "missed",
	    heartbeat_is_missed(since, command->now), "stopped",
	    heartbeat_is_stopped(since, command->now), "days_left",
	    (json_int_t)heartbeat_days_left(since, command->now), "duplicate",
	    row->duplicate_since != 0, "failure", row->failure);
}

static json_t *
platforms_to_json(const struct catalogue *catalogue, const char *family)
{
	json_t *names = json_array();

	for (size_t i = 0; i < catalogue->platform_count; i++)
		if (!strcmp(catalogue->platforms[i].family, family))
			(void)json_array_append_new(
			    names, json_string(catalogue->platforms[i].name));
	return names;
}

static json_t *
groups_to_json(const struct command *command, const struct status *status)
{
	json_t *groups = json_array();

	for (size_t i = 0; i < status->group_count; i++) {
		const struct platform_group *group = &status->groups[i];
		json_t *licenses = json_array();

		for (size_t j = 0; j < group->count; j++)
			(void)json_array_append_new(licenses,
			    json_pack("{s:s, s:I, s:b, s:b}", "feature",
				group->units[j].feature, "installed",
				(json_int_t)group->units[j].installed,
				"this_group_only", group->units[j].is_own,
				"subscriptions_only",
				group->units[j].is_subscription_only));
		(void)json_array_append_new(groups,
		    json_pack("{s:s, s:o, s:o}", "group", group->family,
			"platforms",
			platforms_to_json(
			    &command->appliance.catalogue, group->family),
			"licenses", licenses));
	}
	return groups;
}

static int
print_json(const struct command *command, const struct status *status)
{
	const struct appliance *appliance = &command->appliance;
	json_t *out = json_pack(
	    "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:o}", "role",
	    appliance_role_word(appliance->role), "hardware_id",
	    appliance->hardware_id, "hostname", appliance->hostname, "listen",
	    appliance->listen, "platform", appliance->platform, "product",
	    catalogue_product_name(appliance->product), "version",
	    appliance->version, "running", status->is_running,
	    "agreement_accepted", status->is_agreed, "features",
	    pools_to_json(status));

	if (appliance_lends(appliance)) {
		(void)json_object_set_new(
		    out, "server_enabled", json_boolean(status->is_enabled));
		(void)json_object_set_new(
		    out, "clients", json_integer(status->clients));
		(void)json_object_set_new(
		    out, "platform_groups", groups_to_json(command, status));
	}
	if (status->has_beat)
		(void)json_object_set_new(
		    out, "heartbeat", beat_to_json(command, &status->beat));
	if (appliance->role == ROLE_CLIENT)
		client_status_to_json(out, &status->client);
	return command_print(command, out);
}

/* ---- as text ----------------------------------------------------------------------- */

static void
print_pools(const struct status *status)
{
	const struct pool_row *row;
	size_t i;

	if (status->pool_count)
		(void)printf("\n%-16s%12s%12s%12s%12s\n", "Feature",
		    "Installed", "Reserved", "Leased", "Available");
	for (i = 0; i < status->pool_count; i++) {
		row = &status->pools[i];
		(void)printf("%-16s%12lld%12lld%12lld%12lld\n", row->feature,
		    (long long)row->installed, (long long)row->reserved,
		    (long long)row->leased, (long long)row->available);
	}
}

static void
print_groups(const struct status *status)
{
	(void)printf("\nLicenses applicable for specific platform groups\n");
	for (size_t i = 0; i < status->group_count; i++) {
		const struct platform_group *group = &status->groups[i];

		(void)printf("%s (%s)%s\n", group->family, group->platforms,
		    group->count ? "" : ": none");
		for (size_t j = 0; j < group->count; j++)
			(void)printf("  %-14s%12lld%s\n",
			    group->units[j].feature,
			    (long long)group->units[j].installed,
			    group->units[j].is_subscription_only
				? "  subscriptions only"
				: "");
	}
}

static void
print_beat(struct command *command, const struct heartbeat_row *row)
{
	int64_t since = store_heartbeat_silent_since(row, command->now);

	if (heartbeat_is_stopped(since, command->now))
		(void)printf("Vendor's center:   STOPPED, no heartbeat was "
			     "accepted for 24 days; enter an authentication "
			     "code\n");
	else if (heartbeat_is_missed(since, command->now))
		(void)printf("Vendor's center:   out of contact, stops in %lld "
			     "days. %s\n",
		    (long long)heartbeat_days_left(since, command->now),
		    row->failure);
	else
		(void)printf("Vendor's center:   in contact, last %s\n",
		    command_instant(command, row->accepted_at));
	if (row->duplicate_since)
		(void)printf(
		    "DUPLICATE:         another virtual license server "
		    "uses this hardware ID\n");
}

static int
print_text(struct command *command, const struct status *status)
{
	const struct appliance *appliance = &command->appliance;

	(void)printf("Hardware ID:       %s\n", appliance->hardware_id);
	(void)printf(
	    "Role:              %s\n", appliance_role_word(appliance->role));
	(void)printf("Platform:          %s, %s %s\n", appliance->platform,
	    catalogue_product_name(appliance->product), appliance->version);
	(void)printf("Console:           https://%s/ (%s)\n", appliance->listen,
	    status->is_running ? "running" : "not running");
	(void)printf("License agreement: %s\n",
	    status->is_agreed ? "accepted" : "not accepted yet");
	if (appliance_lends(appliance))
		(void)printf("Licensing server:  %s, %lld clients\n",
		    status->is_enabled ? "enabled" : "not enabled",
		    (long long)status->clients);
	if (status->has_beat)
		print_beat(command, &status->beat);
	if (appliance->role == ROLE_CLIENT)
		client_status_print(command, &status->client);
	print_pools(status);
	if (appliance_lends(appliance))
		print_groups(status);
	return command_flush(command);
}

int
ctl_status_run(struct command *command)
{
	struct status status = { .clients = 0 };
	enum fault fault;

	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	fault = load(command, &status);
	if (fault)
		return command_fault(command, fault);
	return command->json ? print_json(command, &status)
			     : print_text(command, &status);
}

int
ctl_status_hwid(struct command *command)
{
	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	if (command->json)
		return command_print(command,
		    json_pack("{s:s}", "hardware_id",
			command->appliance.hardware_id));
	(void)puts(command->appliance.hardware_id);
	return command_flush(command);
}
