/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_ask.c: the request of a sync, as text. Does not know how it travels.
 */
#include "engine/peer/sync_ask.h"

#include "engine/base/base64.h"
#include "engine/base/json.h"
#include "engine/peer/device_proof.h"
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
	const char *pair, *coded, **header = &out->headers[1];

	if (input->with_token) {
		*header = arena_format(
		    arena, "Authorization: Bearer %s", link->token);
	} else if (sync_ask_fits_header(link)) {
		pair = arena_format(
		    arena, "%s:%s", link->client_name, link->password);
		coded = pair ? base64_encode(arena, pair, strlen(pair)) : NULL;
		*header = coded
		    ? arena_format(arena, "Authorization: Basic %s", coded)
		    : NULL;
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
	if (!(body = body_of(input)))
		return FAULT_MEMORY;
	out->body = json_dump(arena, body);
	json_decref(body);
	if (!out->body)
		return FAULT_MEMORY;
	out->bytes = strlen(out->body);
	if ((fault = add_proof(out, arena, input)))
		return fault;
	return add_authorization(out, arena, input);
}
