/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_sync_cluster.c: clusters are what their nodes say. Here it is noted,
 * with an event for each change, and it is decided who asks for all. Knows
 * nothing of units.
 */
#include "engine/store/ledger_sync_cluster.h"

#include "engine/rules/cluster.h"
#include "engine/store/ledger_act.h"
#include "engine/store/sentence.h"
#include "engine/store/store_client_edit.h"
#include "engine/store/store_cluster.h"
#include <assert.h>
#include <string.h>

#define MISMATCH_STATUS 403
#define NOBODY_LEADS                                                           \
	"Nobody asks for this cluster now. Offer to lead it, and ask again "   \
	"for its nodes once the answer names you."

static const char *
text_or_none(const char *text)
{
	return text ? text : "";
}

/* All zeros when nobody was named. */
static enum fault
load_leader(struct cluster_row *out, struct ledger *ledger, const char *name)
{
	enum fault fault = store_cluster_load(
	    out, ledger->arena, ledger->store, name);

	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* ---- one node asks for another ---- */

static const char *
sentence_of(struct ledger *ledger, enum verdict verdict,
    const struct cluster_row *leader)
{
	const struct sentence_value who = { "client", leader->leader_name };

	if (verdict == VERDICT_CLUSTER_NOT_LEADER &&
	    (leader->leader == 0 || leader->until <= ledger->now))
		return NOBODY_LEADS;
	return sentence_fill(ledger->arena, verdict_sentence(verdict), &who, 1);
}

static enum fault
refuse(struct sync_work *work, const struct client_row *asker,
    enum verdict verdict, const struct cluster_row *leader)
{
	struct sync_answer *out = work->out;

	out->status = MISMATCH_STATUS;
	out->code = verdict_code(VERDICT_CLUSTER_MISMATCH);
	out->text = sentence_of(work->ledger, verdict, leader);
	if (!out->text)
		return FAULT_MEMORY;
	return ledger_act_event_seldom(work->ledger, EVENT_RELAY_CLUSTER,
	    work->client.name, "", asker->name, out->text);
}

enum fault
ledger_sync_cluster_check(struct sync_work *work)
{
	const struct sync_request *request = work->request;
	struct ledger *ledger = work->ledger;
	struct cluster_row leader;
	struct client_row asker;
	enum verdict verdict;
	enum fault fault;
	bool is_leader;

	assert(work->out->status == 0);
	if (request->relayed_by == 0)
		return FAULT_NONE;
	if ((fault = store_client_load_id(
		 &asker, ledger->arena, ledger->store, request->relayed_by)) ||
	    (fault = load_leader(&leader, ledger, asker.cluster)))
		return fault;
	is_leader = leader.leader == asker.id && ledger->now < leader.until;
	verdict = cluster_check(
	    asker.cluster, text_or_none(request->cluster), is_leader);
	return verdict == VERDICT_OK ? FAULT_NONE
				     : refuse(work, &asker, verdict, &leader);
}

enum fault
ledger_sync_cluster_refused(
    struct ledger *ledger, const char *asker, const char *node)
{
	assert(ledger && asker);
	return node ? ledger_act_event_seldom(
			  ledger, EVENT_RELAY_PASSWORD, node, "", asker, NULL)
		    : ledger_act_event_seldom(
			  ledger, EVENT_RELAY_UNKNOWN, asker, "", NULL, NULL);
}

/* ---- who is in it ---- */

enum fault
ledger_sync_cluster_leave(
    struct ledger *ledger, const struct client_row *client)
{
	const char *name = client->cluster;
	struct cluster_row leader;
	enum fault fault;
	bool has_others;

	assert(ledger && client && name);
	if (!*name)
		return FAULT_NONE;
	if ((fault = ledger_act_event(ledger, EVENT_CLUSTER_LEFT, client->name,
		 name, NULL, NULL, NULL)) ||
	    (fault = load_leader(&leader, ledger, name)) ||
	    (fault = store_cluster_has_others(
		 &has_others, ledger->store, name, client->id)))
		return fault;
	if ((!has_others || leader.leader == client->id) &&
	    (fault = store_cluster_delete(ledger->store, name)))
		return fault;
	if (has_others)
		return FAULT_NONE;
	return ledger_act_event(
	    ledger, EVENT_CLUSTER_EMPTY, name, NULL, NULL, NULL, NULL);
}

static enum fault
join(struct sync_work *work, const char *name)
{
	struct ledger *ledger = work->ledger;
	enum fault fault;
	bool has_others;

	if (!*name)
		return ledger_act_event(ledger, EVENT_CLUSTER_STANDALONE,
		    work->client.name, NULL, NULL, NULL, NULL);
	if ((fault = store_cluster_has_others(
		 &has_others, ledger->store, name, work->client.id)))
		return fault;
	if (!has_others &&
	    (fault = ledger_act_event(
		 ledger, EVENT_CLUSTER_ADDED, name, NULL, NULL, NULL, NULL)))
		return fault;
	return ledger_act_event(ledger, EVENT_CLUSTER_JOINED, work->client.name,
	    name, NULL, NULL, NULL);
}

static enum fault
move(struct sync_work *work, const char *name)
{
	struct ledger *ledger = work->ledger;
	struct client_row *client = &work->client;
	enum fault fault;

	if (strcmp(name, client->cluster) == 0)
		return FAULT_NONE;
	if ((fault = ledger_sync_cluster_leave(ledger, client)) ||
	    (fault = join(work, name)))
		return fault;
	client->cluster = name;
	work->out->changed = true;
	return store_client_edit_cluster(ledger->store, client->id, name);
}

/* ---- who asks for all ---- */

/* One that asks by itself, and may lead from now on. */
static enum fault
lead(struct cluster_row *row, struct sync_work *work)
{
	const struct client_row *client = &work->client;
	struct cluster_leader leader = { row->leader, row->until };
	enum fault fault;

	cluster_lead(&leader, client->id, work->request->offers_to_lead,
	    work->interval, work->ledger->now);
	if (leader.client == row->leader && leader.until == row->until)
		return FAULT_NONE;
	if ((fault = store_cluster_save(work->ledger->store, client->cluster,
		 leader.client, leader.until)))
		return fault;
	row->leader = leader.client;
	row->until = leader.until;
	if (leader.client == client->id)
		row->leader_name = client->name;
	return FAULT_NONE;
}

enum fault
ledger_sync_cluster_note(struct sync_work *work)
{
	struct cluster_row row;
	enum fault fault;

	assert(work && work->client.cluster);
	if ((fault = move(work, text_or_none(work->request->cluster))))
		return fault;
	if (!*work->client.cluster)
		return FAULT_NONE;
	if ((fault = load_leader(&row, work->ledger, work->client.cluster)))
		return fault;
	if (work->request->relayed_by == 0 && (fault = lead(&row, work)))
		return fault;
	if (row.leader != 0 && work->ledger->now < row.until) {
		work->leader = row.leader_name;
		work->leader_until = row.until;
	}
	return FAULT_NONE;
}
