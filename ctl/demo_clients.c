/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * demo_clients.c: license clients of a company with many branches. They are
 * entered and lease through the same ledger as any other; what they are denied
 * it decides, too.
 */
#include "ctl/demo.h"

#include "engine/base/calendar.h"
#include "engine/base/digest.h"
#include "engine/base/hardware_id.h"
#include "engine/rules/instant.h"
#include "engine/store/store_client.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a password that was thrown away: none of them lets anybody in. */
#define NOBODYS_PASSWORD                                                       \
	"$scrypt$ln=13,r=8,p=1$hYxhV1-NsPYQmeEuBfR5jA$fNbCqIPkQT65shoTO_"      \
	"iAyEcFo4j-391jTZj4I1WYfY0"
#define VERSION   "9.1r1"
#define NAME_SIZE 24
#define FEATURES  2   /* that a client has at most */
#define BATCH     200 /* clients entered in one act */

/* Sizes of sites, by their share of the units; the last one is the most frequent. */
static const struct site {
	const char *prefix, *platform;
	int64_t weight;
	int one_in; /* 0 = all others */
} sites[] = {
	{ "hub", "PSA-7000f", 40, 50 },
	{ "gw", "PSA-5000", 8, 5 },
	{ "lab", "VA-SPE", 2, 12 },
	{ "branch", "PSA-300", 1, 0 },
};
#define SITES (sizeof(sites) / sizeof(sites[0]))

static const char *const cities[] = { "ams", "ath", "ber", "bru", "bud", "cph",
	"dub", "fra", "hel", "lis", "lon", "mad", "mil", "muc", "osl", "par",
	"prg", "rom", "sto", "vie", "war", "zrh" };
#define CITIES ((int64_t)(sizeof(cities) / sizeof(cities[0])))

static const char *const clusters[] = { "emea", "apac", "amer" };

/* What becomes of a client, out of a thousand. */
enum fate {
	FATE_WELL,
	FATE_NEVER,
	FATE_OVERDUE,
	FATE_ENDED,
	FATE_EXPIRED
};

struct client {
	char name[NAME_SIZE];
	const struct site *site;
	int product;
	enum fate fate;
	int64_t id;
	int64_t last; /* of its contacts; 0 = none */
	struct client_count counts[FEATURES];
	size_t count_count;
};

struct company {
	struct demo *demo;
	struct client *clients;
	int64_t weight; /* of all of them */
};

/* ---- who there is ---- */

static const struct site *
choose_site(struct demo *demo)
{
	for (size_t i = 0; i < SITES - 1; i++)
		if (!demo_below(demo, sites[i].one_in))
			return &sites[i];
	return &sites[SITES - 1];
}

static enum fate
choose_fate(struct demo *demo)
{
	int64_t chance = demo_below(demo, 1000);

	if (chance < 20)
		return FATE_NEVER;
	if (chance < 50)
		return FATE_OVERDUE;
	if (chance < 58)
		return FATE_ENDED;
	return chance < 68 ? FATE_EXPIRED : FATE_WELL;
}

/* Instants in steps, so that many are one act. */
static void
choose_times(struct demo *demo, struct client *client)
{
	int64_t at = demo->at, hour = SECONDS_PER_HOUR;

	if (client->fate == FATE_NEVER)
		return;
	client->last = at - demo_below(demo, 48) * 300;
	if (client->fate == FATE_OVERDUE)
		client->last = at - (9 + demo_below(demo, 12)) * hour;
	/* Its configuration expired two days ago. */
	if (client->fate == FATE_EXPIRED)
		client->last = at - (75 + demo_below(demo, 100)) * hour;
	/* A reserved part runs for ten days. */
	if (client->fate == FATE_ENDED)
		client->last = at - (241 + demo_below(demo, 168)) * hour;
}

static bool
is_usable(
    const struct pool_row *pool, const struct catalogue *catalogue, int product)
{
	const struct feature *feature = catalogue_feature(
	    catalogue, pool->feature);

	return feature && pool->installed > 0 && feature->products & product &&
	    strcmp(feature->family, "any") == 0;
}

/* A part of what is installed, by the weight of the site: about two fifths of it are reserved, in all. */
static struct allocation
choose_counts(struct company *company, const struct client *client,
    const struct pool_row *pool)
{
	int64_t share = pool->installed / 5 * 2 / company->weight;
	int64_t reserved = share * client->site->weight;
	int64_t increment = reserved / 2 > 0 ? reserved / 2 : 1;

	if (!demo_below(company->demo, 4))
		reserved -= reserved / 4;
	return (struct allocation){ reserved, increment,
		reserved + increment * (2 + demo_below(company->demo, 6)) };
}

static void
choose_features(struct company *company, struct client *client)
{
	const struct demo *demo = company->demo;

	for (size_t i = 0;
	     i < demo->pool_count && client->count_count < FEATURES; i++)
		if (is_usable(&demo->pools[i],
			&demo->command->appliance.catalogue, client->product))
			client->counts[client->count_count++] =
			    (struct client_count){ demo->pools[i].feature,
				    choose_counts(
					company, client, &demo->pools[i]) };
}

static void
invent(struct company *company)
{
	struct demo *demo = company->demo;
	int64_t i;

	for (i = 0; i < demo->client_count; i++) {
		struct client *client = &company->clients[i];

		client->site = choose_site(demo);
		client->product = demo_below(demo, 8) ? PRODUCT_PCS
						      : PRODUCT_PPS;
		client->fate = choose_fate(demo);
		choose_times(demo, client);
		(void)snprintf(client->name, sizeof(client->name),
		    "%s%s%04" PRId64, client->site->prefix,
		    cities[demo_below(demo, CITIES)], i + 1);
		company->weight += client->site->weight;
	}
	for (i = 0; i < demo->client_count; i++)
		choose_features(company, &company->clients[i]);
}

/* ---- acts ---- */

static enum fault
begin(struct company *company, int64_t at)
{
	struct command *command = company->demo->command;

	ledger_init(&command->ledger, command->appliance.store,
	    &command->appliance, &command->arena, &command->actor, at);
	return ledger_begin(&command->ledger);
}

static enum fault
end(struct company *company, enum fault fault)
{
	struct ledger *ledger = &company->demo->command->ledger;
	size_t mistakes = ledger->mistakes.count;

	if (mistakes > 0)
		(void)command_fail(company->demo->command, "%s",
		    ledger->mistakes.items[0].text);
	fault = ledger_end(ledger, fault);
	return fault ? fault : mistakes ? FAULT_BUSY : FAULT_NONE;
}

static enum fault
enter(struct company *company, struct client *client, const char *expires)
{
	struct client_input input = { .name = client->name,
		.password_hash = NOBODYS_PASSWORD,
		.expires_date = client->fate == FATE_EXPIRED ? expires : "",
		.platform = client->site->platform,
		.product = client->product,
		.counts = client->counts,
		.count_count = client->count_count };

	return ledger_client_add(
	    &client->id, &company->demo->command->ledger, &input);
}

static enum fault
enter_all(struct company *company, int64_t at)
{
	struct demo *demo = company->demo;
	char expires[11];
	enum fault fault = FAULT_NONE;

	calendar_date_of(expires, demo->at - 2 * SECONDS_PER_DAY);
	for (int64_t i = 0; !fault && i < demo->client_count; i += BATCH) {
		if ((fault = begin(company, at)))
			return fault;
		for (int64_t k = i;
		     !fault && k < i + BATCH && k < demo->client_count; k++)
			fault = enter(company, &company->clients[k], expires);
		fault = end(company, fault);
	}
	return fault;
}

/* ---- syncs ---- */

static int
compare_contacts(const void *a, const void *b)
{
	const struct client *one = *(struct client *const *)a;
	const struct client *two = *(struct client *const *)b;

	if (one->last != two->last)
		return one->last < two->last ? -1 : 1;
	return strcmp(one->name, two->name);
}

/* Whoever was ever in contact, in the order of time. */
static size_t
plan(struct client **contacts, const struct company *company)
{
	size_t count = 0;

	for (int64_t i = 0; i < company->demo->client_count; i++)
		if (company->clients[i].fate != FATE_NEVER)
			contacts[count++] = &company->clients[i];
	qsort(contacts, count, sizeof(*contacts), compare_contacts);
	return count;
}

/* Mostly within its reservation, now and then beyond its maximum. */
static int64_t
choose_users(struct demo *demo, const struct allocation *allocation)
{
	int64_t most = allocation->maximum > 0 ? allocation->maximum : 1;

	if (!demo_below(demo, 60))
		return most + 1 + demo_below(demo, most);
	if (demo_below(demo, 3))
		return demo_below(demo, allocation->reserved + 1);
	return demo_below(demo, most + 1);
}

static enum fault
name_device(struct sync_request *request, struct arena *arena,
    const struct client *client)
{
	char *hardware_id = arena_alloc(arena, HARDWARE_ID_SIZE);
	enum fault fault = digest_sha256(
	    request->device_key, client->name, strlen(client->name));

	request->has_device_key = true;
	request->hardware_id = hardware_id;
	if (fault || !hardware_id)
		return fault ? fault : FAULT_MEMORY;
	return hardware_id_of(hardware_id, request->device_key);
}

static enum fault
ask(struct company *company, const struct client *client)
{
	struct command *command = company->demo->command;
	struct sync_want wants[FEATURES];
	struct sync_answer answer;
	struct sync_request request = { .client = client->id,
		.password_version = 1,
		.request_id = arena_format(
		    &command->arena, "demo-%s", client->name),
		.sent_at = client->last,
		.platform = client->site->platform,
		.version = VERSION,
		.address = "192.0.2.1",
		.product = client->product,
		.wants = wants };
	enum fault fault = name_device(&request, &command->arena, client);

	/* Sites of one city that are large enough stand in for each other. */
	request.cluster = client->site == &sites[0]
	    ? clusters[client->name[strlen(client->site->prefix)] % 3]
	    : "";
	for (size_t i = 0; i < client->count_count; i++)
		wants[request.want_count++] = (struct sync_want){
			client->counts[i].feature,
			choose_users(
			    company->demo, &client->counts[i].allocation)
		};
	if (fault || !request.request_id)
		return fault ? fault : FAULT_MEMORY;
	return ledger_sync(&answer, &command->ledger, &request);
}

/* Those of one instant are one act. */
static enum fault
ask_all(struct company *company, struct client *const *contacts, size_t count)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0, k; !fault && i < count; i = k) {
		int64_t at = contacts[i]->last;

		if ((fault = begin(company, at)))
			return fault;
		for (k = i; k < count && contacts[k]->last == at; k++)
			if (!fault)
				fault = ask(company, contacts[k]);
		fault = end(company, fault);
	}
	return fault;
}

enum fault
demo_clients_make(struct demo *demo)
{
	struct company company = { .demo = demo };
	size_t most = (size_t)demo->client_count;
	struct client **contacts = calloc(most, sizeof(struct client *));
	enum fault fault = FAULT_MEMORY;

	company.clients = calloc(most, sizeof(*company.clients));
	if (company.clients && contacts) {
		invent(&company);
		if (!(fault = enter_all(
			  &company, demo->at - 40 * SECONDS_PER_DAY)))
			fault = ask_all(
			    &company, contacts, plan(contacts, &company));
	}
	free(company.clients);
	free(contacts);
	return fault;
}
