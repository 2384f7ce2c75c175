/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_ask.c: the request of a sync, as text. Does not know how it travels.
 */
#include "engine/peer/sync_ask.h"

#include "engine/base/json.h"
#include "engine/peer/device_proof.h"
#include "engine/peer/http.h"
#include <assert.h>
#include <string.h>

/* Servers take header lines of 8 KiB; base64 makes four bytes of three. */
#define BASIC_MAX_BYTES 3000

bool
sync_ask_fits_header(const struct link_row *link)
{
	assert(link);
	return strlen(link->client_name) + strlen(link->password) <=
	    BASIC_MAX_BYTES;
}

static json_t *
features_of(const struct sync_ask_input *input)
{
	json_t *features = json_object();
	size_t i;

	for (i = 0; features && i < input->feature_count; i++)
		if (json_object_set_new(features,
			input->features[i].feature->name,
			json_pack("{s:I}", "users",
			    (json_int_t)input->features[i].users))) {
			json_decref(features);
			features = NULL;
		}
	return features;
}

static json_t *
device_key_of(const struct sync_ask_input *input)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];

	keypair_public(key, input->device);
	return keypair_public_to_jwk(key);
}

/* ---- what is only said where there is something to say ---- */

static json_t *
members_of(const struct sync_news *news)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; list && i < news->member_count; i++)
		if (json_array_append_new(list, json_string(news->members[i])))
			goto full;
	return list;
full:
	json_decref(list);
	return NULL;
}

/* A surrender shows the key, a recall only names it. */
static json_t *
licenses_of(const struct sync_news *news, bool recalls)
{
	const struct sync_news_license *license;
	json_t *list = json_array();
	size_t i;

	for (i = 0; list && i < news->license_count; i++) {
		license = &news->licenses[i];
		if (license->is_recall == recalls &&
		    json_array_append_new(list,
			json_pack("{s:s, s:I}", recalls ? "serial" : "key",
			    recalls ? license->serial : license->key, "since",
			    (json_int_t)license->since)))
			goto full;
	}
	return list;
full:
	json_decref(list);
	return NULL;
}

static json_t *
auto_leases_of(const struct sync_news *news)
{
	const struct link_auto_lease_row *row;
	json_t *list = json_array();
	size_t i;

	for (i = 0; list && i < news->auto_lease_count; i++) {
		row = &news->auto_leases[i];
		if (json_array_append_new(list,
			json_pack("{s:s, s:I, s:I, s:I}", "feature",
			    row->feature, "units", (json_int_t)row->units,
			    "from", (json_int_t)row->from, "to",
			    (json_int_t)row->to)))
			goto full;
	}
	return list;
full:
	json_decref(list);
	return NULL;
}

/* False without memory. An empty list is not sent. */
static bool
add_list(json_t *body, const char *name, json_t *list)
{
	if (list && json_array_size(list) == 0) {
		json_decref(list);
		return true;
	}
	return !json_object_set_new(body, name, list);
}

static bool
add_cluster(json_t *body, const struct link_row *link)
{
	return !*link->cluster ||
	    !json_object_set_new(body, "cluster",
		json_pack("{s:s, s:b}", "name", link->cluster, "leader",
		    (int)link->offers_to_lead));
}

static bool
add_lease(json_t *body, const struct sync_news *news)
{
	return !news->lease ||
	    !json_object_set_new(body, "lease", json_string(news->lease));
}

static bool
add_news(json_t *body, const struct sync_ask_input *input)
{
	const struct sync_news *news = input->news;

	return add_cluster(body, input->link) &&
	    (!news ||
		(add_list(body, "members", members_of(news)) &&
		    add_list(body, "surrenders", licenses_of(news, false)) &&
		    add_list(body, "recalls", licenses_of(news, true)) &&
		    add_list(body, "auto_leases", auto_leases_of(news)) &&
		    add_lease(body, news)));
}

static json_t *
body_of(const struct sync_ask_input *input)
{
	const struct appliance *appliance = input->appliance;
	const struct link_row *link = input->link;
	bool in_body = !input->with_token && !sync_ask_fits_header(link);

	/* Members that are NULL after "?" are left out. */
	return json_pack("{s:i, s:s, s:I, s:s, s:s, s:s, s:s, s:I, s:o, s:o,"
			 " s:s*, s:s*}",
	    "protocol", 1, "request_id", input->request_id, "sent_at",
	    (json_int_t)input->sent_at, "hardware_id", appliance->hardware_id,
	    "platform", appliance->platform, "product",
	    catalogue_product_name(appliance->product), "version",
	    appliance->version, "holds", (json_int_t)link->number, "features",
	    features_of(input), "device_key", device_key_of(input), "client",
	    in_body ? link->client_name : NULL, "password",
	    in_body ? link->password : NULL);
}

static enum fault
add_authorization(struct sync_ask *out, struct arena *arena,
    const struct sync_ask_input *input)
{
	const struct link_row *link = input->link;
	const char **header = &out->headers[1];

	if (input->with_token) {
		*header = arena_format(
		    arena, "Authorization: Bearer %s", link->token);
	} else if (sync_ask_fits_header(link)) {
		*header = http_basic(arena, link->client_name, link->password);
	} else {
		return FAULT_NONE;
	}
	return *header ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
add_proof(struct sync_ask *out, struct arena *arena,
    const struct sync_ask_input *input)
{
	const struct device_proof_subject subject = { "POST", SYNC_ASK_PATH,
		out->body, out->bytes };
	enum fault fault;
	char *proof;

	if ((fault = device_proof_make(
		 &proof, arena, input->device, &subject, input->sent_at)))
		return fault;
	out->headers[0] = arena_format(
	    arena, DEVICE_PROOF_HEADER ": %s", proof);
	return out->headers[0] ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
sync_ask_build(struct sync_ask *out, struct arena *arena,
    const struct sync_ask_input *input)
{
	enum fault fault;
	json_t *body;

	assert(out && input->device &&
	    strlen(input->request_id) == SYNC_ASK_ID_SIZE - 1);
	memset(out, 0, sizeof(*out));
	body = body_of(input);
	if (body && add_news(body, input) &&
	    (!input->is_probe ||
		!json_object_set_new(body, "probe", json_true())) &&
	    (!input->nodes || sync_nodes_add(body, input->nodes)))
		out->body = json_dump(arena, body);
	json_decref(body);
	if (!out->body)
		return FAULT_MEMORY;
	out->bytes = strlen(out->body);
	if ((fault = add_proof(out, arena, input)))
		return fault;
	return add_authorization(out, arena, input);
}
