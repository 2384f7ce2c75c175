/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_admin.c: what the administrator of the license server does: through the
 * same acts as console and command line, right and wrong ones.
 */
#include "engine/base/calendar.h"
#include "engine/store/store_client.h"
#include "engine/store/store_license.h"
#include "engine/store/store_setting.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/sim_world.h"

#include <stdio.h>
#include <string.h>

/* ---- clients ---- */

struct edit {
	const struct sim_device *device;
	const struct allocation *counts;
	int64_t days; /* its configuration lasts so many; 0 = for ever */
	bool deletes;
};

static enum fault
edit(struct ledger *ledger, void *with)
{
	const struct edit *edit = with;
	struct client_count counts[SIM_FEATURES];
	struct client_input input = { .name = edit->device->name,
		.password_hash = "hash",
		.expires_date = "",
		.platform = "PSA-5000",
		.product = PRODUCT_PCS,
		.counts = counts,
		.count_count = SIM_FEATURES };
	struct client_row row;
	char date[11];
	enum fault fault;
	int64_t id;

	calendar_date_of(date, ledger->now + edit->days * SECONDS_PER_DAY);
	if (edit->days > 0)
		input.expires_date = date;
	fault = store_client_load(
	    &row, ledger->arena, ledger->store, edit->device->name);
	if (edit->deletes)
		return fault ? fault
			     : ledger_client_delete(ledger, row.id, 0, false);
	for (int i = 0; i < SIM_FEATURES; i++)
		counts[i] = (struct client_count){ sim_world_features[i],
			edit->counts[i] };
	if (fault == FAULT_NOT_FOUND)
		return ledger_client_add(&id, ledger, &input);
	input.password_hash = NULL;
	return fault ? fault : ledger_client_change(ledger, row.id, &input);
}

bool
sim_admin_save(struct sim_world *world, struct sim_device *device,
    const struct allocation *counts)
{
	struct edit what = { .device = device,
		.counts = counts,
		.days = sim_random_chance(1, 6) ? sim_random_between(1, 30)
						: 0 };

	sim_world_count(world, ADMIN_ACTS, 1);
	if (!sim_server_act(world, edit, &what)) {
		sim_world_count(world, ADMIN_REFUSED, 1);
		return false;
	}
	memcpy(device->allocation, counts, sizeof(device->allocation));
	device->is_configured = true;
	return true;
}

static void
random_counts(struct allocation *out)
{

	for (int i = 0; i < SIM_FEATURES; i++) {
		int64_t reserved = sim_random_chance(1, 3)
		    ? 0
		    : sim_random_between(1, 120);
		int64_t increment = sim_random_between(1, 40);

		out[i] = (struct allocation){ reserved, increment,
			reserved + increment * sim_random_between(1, 6) };
	}
}

static void
change_client(struct sim_world *world, struct sim_device *device)
{
	struct allocation counts[SIM_FEATURES];
	bool is_done;

	random_counts(counts);
	is_done = sim_admin_save(world, device, counts);
	sim_world_line(world, "admin %s %s: %lld %lld %lld, %lld %lld %lld%s",
	    device->is_configured ? "changes" : "adds", device->name,
	    (long long)counts[0].reserved, (long long)counts[0].increment,
	    (long long)counts[0].maximum, (long long)counts[1].reserved,
	    (long long)counts[1].increment, (long long)counts[1].maximum,
	    is_done ? "" : " (refused)");
}

static void
delete_client(struct sim_world *world, struct sim_device *device)
{
	struct edit what = { .device = device, .deletes = true };
	bool is_done = sim_server_act(world, edit, &what);

	sim_world_count(world, ADMIN_ACTS, 1);
	sim_world_line(world, "admin deletes %s%s", device->name,
	    is_done ? "" : " (refused)");
	if (is_done)
		device->is_configured = false;
}

/* ---- licenses ---- */

static void
add_license(struct sim_world *world)
{
	enum sim_feature feature = (enum sim_feature)sim_random_between(
	    0, SIM_FEATURES - 1);
	int64_t units = sim_random_between(10, 900);
	int64_t days = sim_random_chance(1, 2) ? 0 : sim_random_between(1, 60);
	bool is_done = sim_server_add_license(world, feature, units, days);

	sim_world_count(world, LICENSES_ADDED, is_done ? 1 : 0);
	sim_world_line(world, "admin adds a license: %s %lld for %lld days%s",
	    sim_world_features[feature], (long long)units, (long long)days,
	    is_done ? "" : " (not done)");
}

struct loss {
	bool is_found;
	enum sim_feature feature;
	int64_t units;
};

static enum fault
lose_license(struct ledger *ledger, void *with)
{
	struct loss *loss = with;
	struct license_row *rows;
	enum fault fault;
	size_t count, i;

	loss->is_found = false;
	if ((fault = store_license_list(
		 &rows, &count, ledger->arena, ledger->store, ledger->now)))
		return fault;
	if (count < 3)
		return FAULT_NONE;
	i = (size_t)sim_random_between(0, (int64_t)count - 1);
	loss->is_found = true;
	loss->units = rows[i].license.units;
	loss->feature = strcmp(rows[i].feature, "CONSEC") == 0 ? SIM_CONSEC
							       : SIM_ACCESS;
	return ledger_license_remove(ledger, rows[i].serial);
}

static void
remove_license(struct sim_world *world)
{
	struct loss loss = { 0 };
	bool is_done;

	/* What was held just before must not be exceeded from then on. */
	sim_judge_all(world);
	is_done = sim_server_act(world, lose_license, &loss);
	if (!loss.is_found)
		return;
	world->fell_until[loss.feature] = world->now + SIM_DOCUMENTS_LAST;
	sim_world_count(world, LICENSES_LOST, is_done ? 1 : 0);
	sim_world_line(world, "admin removes a license: %s %lld%s",
	    sim_world_features[loss.feature], (long long)loss.units,
	    is_done ? "" : " (not done)");
}

/* ---- settings ---- */

static enum fault
save_settings(struct ledger *ledger, void *with)
{
	return ledger_server_save(ledger, with);
}

static enum fault
be_strict(struct ledger *ledger, void *with)
{
	return ledger_server_strict(ledger, *(const bool *)with);
}

static void
change_membership(struct sim_world *world, bool is_strict)
{
	bool is_done = sim_server_act(world, be_strict, &is_strict);

	sim_world_count(world, ADMIN_ACTS, 1);
	sim_world_line(world, "admin sets membership %s%s",
	    is_strict ? "strict" : "open", is_done ? "" : " (not done)");
}

static void
change_settings(struct sim_world *world)
{
	struct server_input input = { .is_enabled = !sim_random_chance(1, 10),
		.duration = sim_random_between(24, 240) * 3600 };
	bool is_done;

	if (sim_random_chance(1, 2))
		input.duration = 24 * 3600;
	input.interval = sim_random_between(1, input.duration / 7200) * 3600;
	if (input.interval > 8 * 3600)
		input.interval = 4 * 3600;
	is_done = sim_server_act(world, save_settings, &input);
	sim_world_count(world, ADMIN_ACTS, 1);
	sim_world_line(world, "admin sets leasing %s, %lld h, every %lld h%s",
	    input.is_enabled ? "on" : "off", (long long)input.duration / 3600,
	    (long long)input.interval / 3600, is_done ? "" : " (not done)");
}

void
sim_admin_act(struct sim_world *world)
{
	struct sim_device *device =
	    &world->devices[sim_random_between(0, world->options.devices - 1)];
	int64_t what = sim_random_between(1, 100);

	/* Some stories are about restores. */
	if (world->options.seed % 4 == 2 && sim_random_chance(1, 6))
		what = sim_random_between(95, 100) + 2;
	if (what <= 60 || (what <= 82 && !device->is_configured))
		change_client(world, device);
	else if (what <= 70)
		delete_client(world, device);
	else if (what <= 82)
		add_license(world);
	else if (what <= 90)
		remove_license(world);
	else if (what <= 91)
		change_settings(world);
	else if (what <= 93)
		change_membership(world, sim_random_chance(1, 2));
	else if (what <= 98)
		sim_server_backup(world);
	else
		sim_server_restore(world);
}

void
sim_admin_end(struct sim_world *world)
{
	struct server_input input = { true, 24 * 3600, 4 * 3600 };

	(void)sim_server_act(world, save_settings, &input);
	change_membership(world, false);
}

static enum fault
shorten_grace(struct ledger *ledger, void *with)
{
	return store_setting_save(
	    ledger->store, SETTING_GRACE, *(const int64_t *)with);
}

void
sim_admin_setup(struct sim_world *world)
{
	int64_t share, grace = sim_random_between(0, 3) * SECONDS_PER_DAY;

	(void)sim_server_act(world, shorten_grace, &grace);
	for (int i = 0; i < SIM_FEATURES; i++) {
		share = 60 * (int64_t)world->options.devices + 100;
		(void)sim_server_add_license(
		    world, (enum sim_feature)i, share, 0);
		(void)sim_server_add_license(
		    world, (enum sim_feature)i, share / 2, 30);
	}
	for (int i = 0; i < world->options.devices; i++) {
		struct allocation counts[SIM_FEATURES] = {
			{ 20, 10, 100 },
			{ 10, 25, 135 },
		};

		(void)sim_admin_save(world, &world->devices[i], counts);
	}
}
