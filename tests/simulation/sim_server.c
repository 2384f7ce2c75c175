/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_server.c: the license server: the shipped acts of the ledger in
 * transactions of their own, on a disk that may die under any of them, and a
 * process that starts again afterwards. What it answers is read as a device
 * would read it.
 */
#include "engine/base/calendar.h"
#include "engine/base/file.h"
#include "engine/base/jws.h"
#include "engine/base/log.h"
#include "engine/base/json.h"
#include "engine/store/agreement_file.h"
#include "engine/store/ledger_recovery.h"
#include "engine/store/store_pool.h"
#include "engine/store/store_client.h"
#include "engine/store/store_contact.h"
#include "tests/simulation/sim_random.h"
#include "tests/simulation/sim_trace.h"
#include "tests/simulation/sim_world.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Operations of one sync, roughly: where a crash is worth trying. */
#define CRASH_MOST 16

static const struct actor admin = { "admin", "192.0.2.1" };

/* ---- in place of engine/base/log.c: kept for a failure's report ---- */

static char last_log[512];

void
log_line(enum log_severity severity, const char *format, ...)
{
	va_list arguments;

	(void)severity;
	va_start(arguments, format);
	(void)vsnprintf(last_log, sizeof(last_log), format, arguments);
	va_end(arguments);
}

/* ---- opening and closing ---- */

int64_t
sim_server_clock(const struct sim_world *world)
{
	return world->now + world->server.clock_off;
}

static void
must(enum fault fault, const char *what)
{
	if (!fault)
		return;
	(void)fprintf(stderr, "simulation: %s: %s (%s)\n", what,
	    fault_text(fault), last_log);
	abort();
}

static void
write_trust(struct sim_server *server)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	char path[128], *text;
	json_t *jwk, *set;

	keypair_public(public_key, server->issuer);
	must(keypair_thumbprint(server->kid, public_key), "thumbprint");
	jwk = keypair_public_to_jwk(public_key);
	json_object_set_new(jwk, "kid", json_string(server->kid));
	json_object_set_new(jwk, "iss", json_string(SIM_ISSUER));
	set = json_pack("{s:[o]}", "keys", jwk);
	text = json_dumps(set, 0);
	(void)snprintf(
	    path, sizeof(path), "%s/trusted.jwks", server->directory);
	must(file_replace(path, text, strlen(text), 0644), path);
	free(text);
	json_decref(set);
}

static void
make_store(struct sim_server *server)
{
	static const uint8_t device_key[KEYPAIR_PUBLIC_BYTES] = { 7 };
	char hardware_id[HARDWARE_ID_SIZE];
	const struct appliance_input input = {
		.role = ROLE_SERVER,
		.hostname = "server.sim",
		.listen = "127.0.0.1:8443",
		.redirect = "",
		.hardware_id = hardware_id,
		.platform = "PSA-5000",
		.version = "9.1r1",
		.zone = "UTC",
		.center_url = "",
		.product = PRODUCT_PCS,
	};
	struct store *store = NULL;

	must(hardware_id_of(hardware_id, device_key), "hardware_id_of");
	must(store_create(&store, server->directory), "store_create");
	must(appliance_insert(store, &input, SIM_START), "appliance_insert");
	store_close(&store);
}

static void
open_appliance(struct sim_server *server)
{
	char reason[256] = "";

	must(appliance_open(&server->appliance, server->directory, true, reason,
		 sizeof(reason)),
	    *reason ? reason : "appliance_open");
}

static enum fault
accept_agreement(struct ledger *ledger, void *with)
{
	struct agreement_text text;
	enum fault fault;

	(void)with;
	if ((fault = agreement_file_load(
		 &text, ledger->arena, ledger->appliance->data_directory)))
		return fault;
	return ledger_agreement_accept(ledger, text.digest);
}

static enum fault
enable(struct ledger *ledger, void *with)
{
	const struct server_input input = { true, 24 * 3600, 4 * 3600 };

	(void)with;
	return ledger_server_save(ledger, &input);
}

void
sim_server_open(struct sim_world *world)
{
	struct sim_server *server = &world->server;

	(void)snprintf(server->directory, sizeof(server->directory),
	    "/tmp/leasehold-sim-XXXXXX");
	if (!mkdtemp(server->directory))
		must(FAULT_IO, server->directory);
	arena_init(&server->arena, 0);
	must(keypair_generate(&server->issuer), "issuer");
	write_trust(server);
	make_store(server);
	server->disk = sim_disk_of(server->directory);
	sim_disk_lie(server->disk, world->options.lie == SIM_LIE_SYNC);
	open_appliance(server);
	(void)sim_server_act(world, accept_agreement, NULL);
	(void)sim_server_act(world, enable, NULL);
}

static void
remove_directory(const char *path)
{
	char name[512];
	struct dirent *entry;
	DIR *directory = opendir(path);

	while (directory && (entry = readdir(directory))) {
		(void)snprintf(
		    name, sizeof(name), "%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.')
			(void)unlink(name);
	}
	if (directory)
		(void)closedir(directory);
	(void)rmdir(path);
}

void
sim_server_close(struct sim_world *world)
{
	struct sim_server *server = &world->server;

	for (int i = 0; i < SIM_BACKUPS; i++)
		sim_disk_image_free(&server->backups[i].image);
	appliance_close(&server->appliance);
	keypair_free(&server->issuer);
	arena_clear(&server->arena);
	remove_directory(server->directory);
}

/* ---- crashes ---- */

void
sim_server_arm(struct sim_world *world, uint64_t operations)
{
	sim_disk_crash_after(world->server.disk, operations);
}

void
sim_server_disarm(struct sim_world *world)
{
	sim_disk_crash_after(world->server.disk, 0);
}

/* What was promised before is known after. */
static void
check_promises(struct sim_world *world)
{
	struct store *store = world->server.appliance.store;
	struct contact_row contact;

	for (int i = 0; i < world->options.devices; i++) {
		const struct sim_device *device = &world->devices[i];

		if (device->promised_row == 0)
			continue;
		must(store_contact_load(&contact, &world->server.arena, store,
			 device->promised_row),
		    "contact");
		sim_world_count(world, FACTS, 1);
		if (contact.number < device->promised &&
		    contact.last_contact != 0)
			sim_world_fail(world,
			    "%s was answered with document %lld, and after a"
			    " crash the store knows %lld",
			    device->name,
			    (long long)(device->promised - SIM_START),
			    (long long)(contact.number - SIM_START));
	}
}

static void
restart(struct sim_world *world)
{
	static const char *const words[SIM_DISK_LOSS__COUNT] = { "killed",
		"power cut, nothing unsynced left",
		"power cut, torn after some write",
		"power cut, sectors left at random" };
	struct sim_server *server = &world->server;
	enum sim_disk_loss loss = (enum sim_disk_loss)sim_random_between(
	    0, SIM_DISK_LOSS__COUNT - 1);

	if (loss == SIM_DISK_KEEPS)
		sim_world_count(world, KILLS, 1);
	else
		sim_world_count(world, POWER_CUTS, 1);
	appliance_close(&server->appliance);
	sim_disk_revive(server->disk, loss);
	open_appliance(server);
	must(store_verify(server->appliance.store), "store after a crash");
	server->down_until = world->now + sim_random_between(0, 90);
	sim_world_line(world, "server %s", words[loss]);
	check_promises(world);
}

/* ---- acts ---- */

static void
begin(struct sim_world *world, const struct actor *actor)
{
	struct sim_server *server = &world->server;

	arena_clear(&server->arena);
	ledger_init(&server->ledger, server->appliance.store,
	    &server->appliance, &server->arena, actor, sim_server_clock(world));
}

/* One transaction. False when it was not committed, or the server died. */
static bool
run(struct sim_world *world, const struct actor *actor,
    enum fault (*act)(struct ledger *ledger, void *with), void *with)
{
	struct sim_server *server = &world->server;
	int64_t before = server->ledger.now;
	enum fault fault;

	begin(world, actor);
	if (!(fault = ledger_begin(&server->ledger)))
		fault = ledger_end(&server->ledger, act(&server->ledger, with));
	if (sim_disk_is_dead(server->disk)) {
		sim_world_count(world, CRASHES_IN_ACT, 1);
		restart(world);
		server->ledger.now = before;
		return false;
	}
	if (fault && fault != FAULT_NOT_FOUND)
		sim_world_fail(world, "an act ended with: %s (%s)",
		    fault_text(fault), last_log);
	if (!fault && server->ledger.mistakes.count == 0)
		return true;
	/* Time is what was committed last. */
	server->ledger.now = before;
	return false;
}

bool
sim_server_act(struct sim_world *world,
    enum fault (*act)(struct ledger *ledger, void *with), void *with)
{
	return run(world, &admin, act, with);
}

static enum fault
minute(struct ledger *ledger, void *with)
{
	enum fault fault;

	(void)with;
	if ((fault = ledger_license_sweep(ledger)) ||
	    (fault = ledger_watch(ledger)))
		return fault;
	return ledger_reclaim(ledger);
}

void
sim_server_minute(struct sim_world *world)
{
	static const struct actor agent = { "System", "" };

	if (world->server.down_until > world->now)
		return;
	sim_world_count(world, MINUTES, 1);
	(void)run(world, &agent, minute, NULL);
}

/* ---- licenses ---- */

struct new_license {
	struct sim_server *server;
	const char *feature;
	char start[16], end[16];
	int64_t units;
	bool is_installed;
};

static enum fault
add_license(struct ledger *ledger, void *with)
{
	struct new_license *new = with;
	struct sim_server *server = new->server;
	struct license_result *results;
	json_t *claims;
	enum fault fault;
	char *key = NULL;
	size_t count;

	claims = json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:s*}", "iss",
	    SIM_ISSUER, "jti",
	    arena_format(
		ledger->arena, "L-%06lld", (long long)++server->serials),
	    "iat", (json_int_t)SIM_START, "sub", server->appliance.hardware_id,
	    "sku",
	    arena_format(ledger->arena, "%s-ADD-%lldU%s", new->feature,
		(long long)new->units, *new->end ? "-1YR" : ""),
	    "start", new->start, "end", *new->end ? new->end : NULL);
	fault = jws_sign(&key, ledger->arena, server->issuer, "license+jwt",
	    server->kid, claims);
	json_decref(claims);
	if (fault ||
	    (fault = ledger_license_add(&results, &count, ledger, key)))
		return fault;
	new->is_installed = count == 1 && results[0].is_installed;
	if (count == 1 && !results[0].is_installed)
		log_line(LOG_SEVERITY_NOTICE, "%s", results[0].text);
	return FAULT_NONE;
}

bool
sim_server_add_license(struct sim_world *world, enum sim_feature feature,
    int64_t units, int64_t days)
{
	struct new_license new = { .server = &world->server,
		.feature = sim_world_features[feature],
		.units = units };
	int64_t today = sim_server_clock(world) / SECONDS_PER_DAY *
	    SECONDS_PER_DAY;

	calendar_date_of(new.start, today);
	if (days > 0)
		calendar_date_of(new.end, today + days * SECONDS_PER_DAY);
	if (!sim_server_act(world, add_license, &new))
		return false;
	if (!new.is_installed)
		sim_world_fail(
		    world, "a good license was refused: %s", last_log);
	return new.is_installed;
}

/* ---- backups ---- */

void
sim_server_backup(struct sim_world *world)
{
	struct sim_server *server = &world->server;
	struct sim_backup
	    *backup = &server->backups[sim_random_between(0, SIM_BACKUPS - 1)];

	sim_disk_image_free(&backup->image);
	backup->image = sim_disk_copy(server->disk);
	backup->at = world->now;
	sim_world_count(world, BACKUPS, 1);
	sim_world_line(world, "a backup is made");
}

static enum fault
begin_epoch(struct ledger *ledger, void *with)
{
	return ledger_recovery_restore(ledger, with);
}

/* Whom does the restored server not know, or know less of than there is? */
static void
note_unheard(struct sim_world *world)
{
	struct sim_server *server = &world->server;

	for (int i = 0; i < world->options.devices; i++) {
		struct sim_device *device = &world->devices[i];
		struct client_row row;
		enum fault fault = store_client_load(&row, &server->arena,
		    server->appliance.store, device->name);

		device->promised = device->promised_row = 0;
		device->is_unheard = device->document.number > 0;
		device->is_configured = fault == FAULT_NONE;
		if (fault == FAULT_NOT_FOUND || row.id != device->document.row)
			device->stranger_until = world->now +
			    SIM_DOCUMENTS_LAST;
	}
}

static void
note_totals(int64_t *out, struct sim_world *world)
{
	struct pool_row row;

	for (int i = 0; i < SIM_FEATURES; i++) {
		must(store_pool_feature(&row, world->server.appliance.store,
			 sim_world_features[i], world->server.ledger.now),
		    "pool");
		out[i] = row.installed;
	}
}

void
sim_server_restore(struct sim_world *world)
{
	struct sim_server *server = &world->server;
	struct sim_backup
	    *backup = &server->backups[sim_random_between(0, SIM_BACKUPS - 1)];
	int64_t before[SIM_FEATURES], after[SIM_FEATURES];
	struct recovery_marks marks;

	if (!backup->image)
		return;
	sim_server_disarm(world);
	note_totals(before, world);
	must(ledger_recovery_marks(&marks, server->appliance.store), "marks");
	appliance_close(&server->appliance);
	sim_disk_restore(server->disk, backup->image);
	open_appliance(server);
	(void)sim_server_act(world, begin_epoch, &marks);
	appliance_close(&server->appliance);
	open_appliance(server);
	note_totals(after, world);
	sim_world_count(world, RESTORES, 1);
	sim_world_line(world,
	    "the backup of %lld h ago is restored: epoch %lld",
	    (long long)(world->now - backup->at) / 3600,
	    (long long)server->appliance.epoch);
	for (int i = 0; i < SIM_FEATURES; i++) {
		if (after[i] < before[i])
			world->fell_until[i] = world->now + SIM_DOCUMENTS_LAST;
		world->held_before[i] = -1;
	}
	note_unheard(world);
	world->tainted_until = world->now + SIM_DOCUMENTS_LAST;
}

static enum fault
accept_clock(struct ledger *ledger, void *with)
{
	return ledger_watch_accept_clock(ledger, *(int64_t *)with);
}

void
sim_server_accept_clock(struct sim_world *world)
{
	int64_t system = sim_server_clock(world);

	(void)sim_server_act(world, accept_clock, &system);
}

/* ---- syncs ---- */

static void
read_parts(struct sim_document *out, enum sim_feature feature, json_t *parts)
{
	size_t i, count = json_array_size(parts);

	out->parts = realloc(
	    out->parts, (out->count + count + 1) * sizeof(*out->parts));
	if (!out->parts)
		must(FAULT_MEMORY, "parts");
	for (i = 0; i < count; i++) {
		json_t *from = json_array_get(parts, i);
		struct sim_part *part = &out->parts[out->count++];

		*part = (struct sim_part){ .feature = feature };
		part->is_reserved = strcmp(json_text(from, "kind"),
					"reserved") == 0;
		(void)json_int64(&part->units, from, "units", 0, INT64_MAX);
		(void)json_int64(&part->granted, from, "granted", 0, INT64_MAX);
		(void)json_int64(&part->expires, from, "expires", 0, INT64_MAX);
	}
}

static void
read_document(struct sim_document *out, const char *text)
{
	json_t *document = json_loads(text, 0, NULL), *features;

	features = json_object_get(document, "features");
	for (int i = 0; i < SIM_FEATURES; i++)
		read_parts(out, (enum sim_feature)i,
		    json_object_get(
			json_object_get(features, sim_world_features[i]),
			"parts"));
	(void)json_int64(&out->number, document, "number", 1, INT64_MAX);
	(void)json_int64(&out->epoch, document, "epoch", 1, INT64_MAX);
	out->payload = strdup(text);
	json_decref(document);
}

static void
read_feature(struct sim_answer *out, int i, const json_t *from)
{
	const json_t *denied = json_object_get(from, "denied");

	if (!from)
		return;
	out->features[i].is_told = true;
	out->features[i].auto_lease = json_bool(from, "auto_lease", false);
	(void)json_int64(
	    &out->features[i].reserved, from, "reserved", 0, INT64_MAX);
	(void)json_int64(
	    &out->features[i].increment, from, "increment", 0, INT64_MAX);
	(void)json_int64(
	    &out->features[i].maximum, from, "maximum", 0, INT64_MAX);
	(void)json_int64(
	    &out->features[i].leased, from, "leased", 0, INT64_MAX);
	if (!json_is_object(denied))
		return;
	out->features[i].is_denied = true;
	(void)snprintf(out->features[i].denied, sizeof(out->features[i].denied),
	    "%s", json_text(denied, "code"));
	(void)json_int64(&out->features[i].available, denied, "available",
	    INT64_MIN, INT64_MAX);
}

static struct sim_answer *
read_answer(struct sim_world *world, const struct sim_request *request,
    const struct sync_answer *from, int64_t row)
{
	struct sim_answer *out = calloc(1, sizeof(*out));
	json_t *answer;

	if (!out)
		must(FAULT_MEMORY, "answer");
	out->references = 1;
	out->device = request->device;
	out->status = from->status;
	(void)snprintf(out->code, sizeof(out->code), "%s", from->code);
	(void)snprintf(
	    out->request_id, sizeof(out->request_id), "%s", request->id);
	if (from->status != 200)
		return out;
	answer = json_loads(from->answer, 0, NULL);
	(void)json_int64(
	    &out->renew_after, answer, "renew_after", 1, INT64_MAX);
	for (int i = 0; i < SIM_FEATURES; i++)
		read_feature(out, i,
		    json_object_get(json_object_get(answer, "features"),
			sim_world_features[i]));
	sim_license_read(out, answer);
	sim_auto_read(world, out, answer);
	read_document(&out->document, from->document);
	(void)json_int64(
	    &out->document.server_time, answer, "server_time", 1, INT64_MAX);
	out->document.row = row;
	json_decref(answer);
	return out;
}

static uint64_t
hash_of(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
	return hash ? hash : 1;
}

struct sync_call {
	struct sim_world *world;
	struct sim_request *request;
	struct sync_answer answer;
	int64_t row;
};

/* A leader that nobody knows could not have relayed anything. */
static enum fault
find_leader(
    int64_t *out, struct ledger *ledger, struct sim_world *world, int index)
{
	struct client_row row;
	enum fault fault = store_client_load(
	    &row, ledger->arena, ledger->store, world->devices[index].name);

	*out = fault ? 0 : row.id;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/*
 * The first device that knows the password is bound. A copy that comes first,
 * to a client that was added anew, has the password of the one before.
 */
static bool
has_old_password(
    const struct sim_request *request, const struct client_row *client)
{
	return request->is_clone && !client->has_device_key;
}

static enum fault
decide(struct ledger *ledger, void *with)
{
	struct sync_call *call = with;
	const struct sim_request *from = call->request;
	const struct sim_device *device = &call->world->devices[from->device];
	struct sync_want wants[SIM_FEATURES];
	struct sync_surrender surrenders[SIM_LICENSES];
	struct sync_recall recalls[SIM_LICENSES];
	struct sync_auto_lease autos[SIM_AUTOS];
	struct sync_request request = { .surrenders = surrenders,
		.recalls = recalls,
		.auto_leases = autos };
	struct client_row client;
	enum fault fault;

	fault = store_client_load(
	    &client, ledger->arena, ledger->store, device->name);
	if (fault == FAULT_NOT_FOUND ||
	    (!fault && has_old_password(from, &client))) {
		call->answer = (struct sync_answer){
			.status = 401, .code = "unauthorized", .text = ""
		};
		return ledger_sync_unauthorized(ledger, device->name);
	}
	if (fault)
		return fault;
	for (int i = 0; i < SIM_FEATURES; i++)
		wants[i] = (struct sync_want){ sim_world_features[i],
			from->users[i] };
	call->row = request.client = client.id;
	request.password_version = client.password_version;
	request.request_id = from->id;
	memcpy(request.body_digest, from->digest, DIGEST_BYTES);
	request.sent_at = from->sent_at;
	request.hardware_id = device->hardware_id;
	request.platform = "PSA-5000";
	request.product = PRODUCT_PCS;
	request.version = "9.1r1";
	request.cluster = device->cluster;
	request.offers_to_lead = device->index % 6 == 4;
	if (from->is_relayed &&
	    (fault = find_leader(
		 &request.relayed_by, ledger, call->world, device->index - 1)))
		return fault;
	request.address = "192.0.2.9";
	request.has_device_key = true;
	memcpy(request.device_key, device->key, KEYPAIR_PUBLIC_BYTES);
	if (from->is_clone)
		request.device_key[0] ^= 1;
	request.holds = from->holds;
	request.wants = wants;
	request.want_count = SIM_FEATURES;
	request.proof = from->proof;
	request.members = &from->member;
	request.member_count = from->member ? 1 : 0;
	for (size_t i = 0; i < from->auto_count; i++)
		autos[request.auto_lease_count++] = (struct sync_auto_lease){
			sim_world_features[from->autos[i].feature],
			from->autos[i].units, from->autos[i].from,
			from->autos[i].to
		};
	for (size_t i = 0; i < from->name_count; i++) {
		const struct sim_name *name = &from->names[i];
		const struct sim_license
		    *license = &device->licenses[name->license];

		if (name->is_recall)
			recalls[request.recall_count++] = (struct sync_recall){
				license->serial, name->since
			};
		else
			surrenders[request.surrender_count++] =
			    (struct sync_surrender){ license->key,
				    name->since };
	}
	return ledger_sync(&call->answer, ledger, &request);
}

/* The same request again: the same document, or nothing was granted by the first. */
static void
check_repeat(struct sim_world *world, struct sync_call *call)
{
	struct sim_request *request = call->request;
	uint64_t hash = hash_of(call->answer.document);
	int64_t clock = world->server.ledger.now;

	if (request->answered != 0 && clock >= request->answered_at &&
	    clock < request->answered_at + 86400 &&
	    request->answered_epoch == world->server.appliance.epoch &&
	    request->answered_row == call->row) {
		sim_world_count(world, FACTS, 1);
		if (!call->answer.is_repeat || hash != request->answered)
			sim_world_fail(world,
			    "request %s was answered with two documents",
			    request->id);
	}
	if (call->answer.is_repeat)
		sim_world_count(world, REPEATS, 1);
	else
		sim_world_count(world, SYNCS, 1);
	request->answered = hash;
	/* It is kept for a day of the server's clock from the first time on. */
	if (!call->answer.is_repeat)
		request->answered_at = clock;
	request->answered_epoch = world->server.appliance.epoch;
	request->answered_row = call->row;
}

static void
note_answer(struct sim_world *world, const struct sync_call *call,
    const struct sim_answer *answer)
{
	struct sim_device *device = &world->devices[answer->device];

	sim_world_line(world,
	    "%s asked %s holds %lld wants %lld %lld: %d %s"
	    " number %lld gets %lld %lld%s%s",
	    device->name, call->request->id,
	    (long long)(call->request->holds % 100000),
	    (long long)call->request->users[0],
	    (long long)call->request->users[1], answer->status, answer->code,
	    (long long)(answer->document.number % 100000),
	    (long long)answer->features[0].leased,
	    (long long)answer->features[1].leased,
	    answer->features[0].is_denied ? answer->features[0].denied : "",
	    call->answer.is_repeat ? " (again)" : "");
	if (answer->status != 200) {
		sim_world_count(world, REFUSALS, 1);
		return;
	}
	if (call->request->is_relayed)
		sim_world_count(world, RELAYED, 1);
	for (int i = 0; i < SIM_FEATURES; i++)
		sim_world_count(
		    world, DENIALS, answer->features[i].is_denied ? 1 : 0);
	if (call->request->is_clone)
		sim_world_fail(world,
		    "a copy of %s with another device key"
		    " was served",
		    device->name);
	if (answer->document.number > device->promised ||
	    call->row != device->promised_row) {
		device->promised = answer->document.number;
		device->promised_row = call->row;
	}
}

void
sim_server_receive(struct sim_world *world, struct sim_request *request)
{
	static const struct actor peer = { "System", "192.0.2.9" };
	struct sync_call call = { .world = world, .request = request };
	struct sim_answer *answer;

	if (world->server.down_until > world->now) {
		sim_world_count(world, REQUESTS_LOST, 1);
		return;
	}
	if (!world->is_quiet && sim_random_chance(1, 60))
		sim_server_arm(
		    world, (uint64_t)sim_random_between(1, CRASH_MOST));
	if (!run(world, &peer, decide, &call))
		return;
	if (call.answer.status == 200)
		check_repeat(world, &call);
	answer = read_answer(world, request, &call.answer, call.row);
	note_answer(world, &call, answer);
	sim_network_answer(world, answer);
	sim_network_drop_answer(answer);
}
