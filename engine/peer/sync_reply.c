/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sync_reply.c: one answer, checked from the outside in: shape, key,
 * signature, whom it is for, how new it is, and that the part in the open says
 * what the signed part says. Does not know how it came, or where it goes.
 */
#include "engine/peer/sync_reply.h"

#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/rules/lease.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define DOCUMENT_TYPE "lease+jwt"
#define RENEW_LEAST   1
#define RENEW_MOST    (240 * SECONDS_PER_HOUR)
/* Far beyond any catalogue and any number of quanta in 64 KiB. */
#define FEATURES_MAX 1000
#define PARTS_MAX    20000
/* More than fit into a request. */
#define SURRENDERS_MAX  1000
#define SHOWN_MAX_BYTES ((size_t)64 * 1024)

/* One answer on the way through the checks. */
struct reading {
	struct sync_reply *out;
	struct arena *arena;
	const struct sync_expectation *expectation;
	const json_t *answer;   /* in the open */
	const json_t *document; /* signed */
	struct link_feature_row *features;
	struct link_part_row *parts;
	struct link_surrender *surrenders;
	bool is_full; /* the arena was */
};

static bool
refuse(struct reading *reading, enum link_failure failure, const char *detail)
{
	reading->out->failure = failure;
	reading->out->detail = detail;
	return false;
}

static const char *
keep(struct reading *reading, const char *text)
{
	const char *kept = arena_text(reading->arena, text ? text : "");

	if (!kept)
		reading->is_full = true;
	return kept ? kept : "";
}

static bool
text_is(const json_t *object, const char *name, const char *expected)
{
	const char *text = json_text(object, name);

	return text && strcmp(text, expected) == 0;
}

/* ---- what stands in the open ---- */

static bool
read_open(struct reading *reading)
{
	struct link_answer *answer = &reading->out->answer;
	const json_t *from = reading->answer;
	int64_t version;

	if (!json_int64(&version, from, "protocol", 1, 1))
		return refuse(reading, LINK_FAILURE_VERSION, "protocol");
	if (!text_is(from, "request_id", reading->expectation->request_id))
		return refuse(reading, LINK_FAILURE_PROTOCOL, "request_id");
	if (!json_int64(
		&answer->server_time, from, "server_time", 1, INT64_MAX / 2) ||
	    !json_int64(&reading->out->renew_after, from, "renew_after",
		RENEW_LEAST, RENEW_MOST) ||
	    !json_int64(&answer->number, from, "number", 1, INT64_MAX) ||
	    !json_int64(&answer->epoch, from, "epoch", 1, INT64_MAX))
		return refuse(reading, LINK_FAILURE_PROTOCOL, "numbers");
	if (!json_text(from, "server_id") ||
	    !json_is_object(json_object_get(from, "features")))
		return refuse(reading, LINK_FAILURE_PROTOCOL, "members");
	answer->server_id = keep(reading, json_text(from, "server_id"));
	answer->token = keep(reading, json_text(from, "token"));
	answer->document = keep(reading, json_text(from, "lease"));
	return true;
}

/* The pinned key; at first contact the one that the answer brings. */
static bool
read_key(struct reading *reading)
{
	const struct sync_expectation *expectation = reading->expectation;
	uint8_t *key = reading->out->answer.server_key;

	if (expectation->has_server_key) {
		memcpy(key, expectation->server_key, KEYPAIR_PUBLIC_BYTES);
		return true;
	}
	if (!keypair_public_from_jwk(
		key, json_object_get(reading->answer, "server_key")))
		return refuse(reading, LINK_FAILURE_PROTOCOL, "server_key");
	return true;
}

/* ---- the signed document ---- */

/* Whether it is for this request of this appliance, and says the same as the answer. */
static bool
check_document(struct reading *reading)
{
	const struct sync_expectation *expectation = reading->expectation;
	const struct link_answer *answer = &reading->out->answer;
	const json_t *document = reading->document;
	int64_t number, epoch;

	if (!text_is(document, "request_id", expectation->request_id) ||
	    !text_is(document, "client", expectation->client_name) ||
	    !text_is(document, "hardware_id", expectation->hardware_id) ||
	    !text_is(document, "iss", answer->server_id))
		return refuse(reading, LINK_FAILURE_PROTOCOL,
		    "a lease for somebody else");
	if (!json_int64(
		&number, document, "number", answer->number, answer->number) ||
	    !json_int64(
		&epoch, document, "epoch", answer->epoch, answer->epoch) ||
	    !json_is_object(json_object_get(document, "features")))
		return refuse(
		    reading, LINK_FAILURE_PROTOCOL, "lease and answer differ");
	return true;
}

/* An older document than the one held is a recorded one, or a server set back without saying so. */
static bool
check_age(struct reading *reading)
{
	const struct sync_expectation *held = reading->expectation;
	const struct link_answer *answer = &reading->out->answer;
	char *detail;

	if (answer->epoch > held->epoch ||
	    (answer->epoch == held->epoch && answer->number >= held->number))
		return true;
	detail = arena_format(reading->arena,
	    "epoch %" PRId64 " number %" PRId64 ", held %" PRId64 " %" PRId64,
	    answer->epoch, answer->number, held->epoch, held->number);
	return refuse(reading, LINK_FAILURE_REPLAYED, detail ? detail : "");
}

/* ---- what is said beside the lease ---- */

static bool
is_state(const char *state)
{
	static const char *const states[] = { "accepted", "refused", "returned",
		"pending" };
	size_t i;

	for (i = 0; state && i < sizeof(states) / sizeof(*states); i++)
		if (strcmp(state, states[i]) == 0)
			return true;
	return false;
}

/* "missing" may be left out. */
static bool
read_surrender(struct reading *reading, const json_t *from)
{
	struct link_answer *answer = &reading->out->answer;
	struct link_surrender *row = &reading
					  ->surrenders[answer->surrender_count];
	const char *serial = json_text(from, "serial");

	if (!serial || !is_state(json_text(from, "state")))
		return refuse(reading, LINK_FAILURE_PROTOCOL, "surrenders");
	row->serial = keep(reading, serial);
	row->state = keep(reading, json_text(from, "state"));
	row->text = keep(reading, json_text(from, "text"));
	(void)json_int64(&row->missing, from, "missing", 0, INT64_MAX);
	answer->surrender_count++;
	return true;
}

/* Absent and null are an empty list. */
static bool
read_list(json_t **out, struct reading *reading, const char *name)
{
	*out = json_object_get(reading->answer, name);
	if (!*out || json_is_null(*out)) {
		*out = NULL;
		return true;
	}
	return json_is_array(*out) ||
	    refuse(reading, LINK_FAILURE_PROTOCOL, name);
}

static bool
read_surrenders(struct reading *reading)
{
	json_t *lists[2];
	size_t i, k;

	if (!read_list(&lists[0], reading, "surrenders") ||
	    !read_list(&lists[1], reading, "recalls"))
		return false;
	i = json_array_size(lists[0]) + json_array_size(lists[1]);
	if (i > SURRENDERS_MAX)
		return refuse(reading, LINK_FAILURE_PROTOCOL, "surrenders");
	reading->out->answer.surrenders = reading->surrenders = arena_array(
	    reading->arena, i, sizeof(*reading->surrenders));
	if (!reading->surrenders) {
		reading->is_full = true;
		return false;
	}
	for (k = 0; k < 2; k++)
		for (i = 0; i < json_array_size(lists[k]); i++)
			if (!read_surrender(
				reading, json_array_get(lists[k], i)))
				return false;
	return true;
}

/* Shown to people, so kept as it came; longer than anybody reads it is cut off as a whole. */
static bool
read_shown(const char **out, struct reading *reading, const char *name)
{
	json_t *list;

	*out = "[]";
	if (!read_list(&list, reading, name))
		return false;
	if (!list)
		return true;
	*out = json_dump(reading->arena, list);
	if (!*out) {
		reading->is_full = true;
		return false;
	}
	if (strlen(*out) > SHOWN_MAX_BYTES)
		*out = "[]";
	return true;
}

/* A member that may be absent or null, but nothing else than an instant. */
static bool
read_instant(
    int64_t *out, struct reading *reading, const json_t *from, const char *name)
{
	const json_t *value = json_object_get(from, name);

	*out = 0;
	return !value || json_is_null(value) ||
	    json_int64(out, from, name, 0, INT64_MAX / 2) ||
	    refuse(reading, LINK_FAILURE_PROTOCOL, name);
}

static bool
read_said(struct reading *reading)
{
	struct link_answer *answer = &reading->out->answer;
	const json_t *cluster = json_object_get(reading->answer, "cluster");

	answer->leader = keep(reading, json_text(cluster, "leader"));
	return read_surrenders(reading) &&
	    read_shown(&answer->notices, reading, "notices") &&
	    read_shown(&answer->compliance, reading, "compliance") &&
	    read_instant(&answer->leader_until, reading, cluster, "until") &&
	    read_instant(&answer->penalty_until, reading, reading->answer,
		"penalty_until");
}

/* ---- features and parts ---- */

static const json_t *
parts_of(const json_t *features, const char *name)
{
	return json_object_get(json_object_get(features, name), "parts");
}

/* Every part in the open stands in the signed document, and the other way round. */
static bool
are_same_parts(json_t *some, const json_t *others)
{
	const char *name;
	json_t *feature;
	const json_t *mine, *theirs;

	json_object_foreach(some, name, feature)
	{
		mine = json_object_get(feature, "parts");
		theirs = parts_of(others, name);
		if (json_array_size(mine) != json_array_size(theirs) ||
		    (json_array_size(mine) && !json_equal(mine, theirs)))
			return false;
	}
	return true;
}

static bool
read_part(struct reading *reading, const char *feature, const json_t *from)
{
	struct link_part_row
	    *part = &reading->parts[reading->out->answer.part_count];
	bool is_reserved = text_is(from, "kind", "reserved");

	part->feature = feature;
	part->kind = is_reserved ? LEASE_PART_RESERVED : LEASE_PART_QUANTUM;
	if ((!is_reserved && !text_is(from, "kind", "quantum")) ||
	    !json_int64(&part->units, from, "units", 0, INT64_MAX / 2) ||
	    !json_int64(&part->granted, from, "granted", 0, INT64_MAX) ||
	    !json_int64(&part->expires, from, "expires", 0, INT64_MAX))
		return refuse(reading, LINK_FAILURE_PROTOCOL, "parts");
	reading->out->answer.part_count++;
	return true;
}

static bool
read_parts(struct reading *reading, const char *name, const json_t *parts)
{
	const char *feature = keep(reading, name);
	size_t i;

	for (i = 0; i < json_array_size(parts); i++)
		if (!read_part(reading, feature, json_array_get(parts, i)))
			return false;
	return true;
}

static bool
read_feature(struct reading *reading, const char *name, const json_t *from)
{
	struct link_feature_row
	    *row = &reading->features[reading->out->answer.feature_count++];
	const json_t *denied = json_object_get(from, "denied");

	row->feature = keep(reading, name);
	row->auto_lease = json_bool(from, "auto_lease", false);
	row->denied_code = keep(reading, json_text(denied, "code"));
	row->denied_text = keep(reading, json_text(denied, "text"));
	if (!json_int64(
		&row->reserved, from, "reserved", 0, ALLOCATION_COUNT_MAX) ||
	    !json_int64(
		&row->increment, from, "increment", 0, ALLOCATION_COUNT_MAX) ||
	    !json_int64(
		&row->maximum, from, "maximum", 0, ALLOCATION_COUNT_MAX))
		return refuse(reading, LINK_FAILURE_PROTOCOL, "counts");
	return true;
}

static size_t
count_parts(json_t *features)
{
	const char *name;
	json_t *feature;
	size_t count = 0;

	json_object_foreach(features, name, feature)
	    count += json_array_size(json_object_get(feature, "parts"));
	return count;
}

static bool
make_rows(struct reading *reading, size_t features, size_t parts)
{
	struct link_answer *answer = &reading->out->answer;

	if (features > FEATURES_MAX || parts > PARTS_MAX)
		return refuse(reading, LINK_FAILURE_PROTOCOL, "too many parts");
	answer->features = reading->features = arena_array(
	    reading->arena, features, sizeof(*reading->features));
	answer->parts = reading->parts = arena_array(
	    reading->arena, parts, sizeof(*reading->parts));
	if (answer->features && answer->parts)
		return true;
	reading->is_full = true;
	return false;
}

static bool
read_features(struct reading *reading)
{
	json_t *open = json_object_get(reading->answer, "features");
	json_t *signed_ones = json_object_get(reading->document, "features");
	const char *name;
	json_t *feature;

	if (!are_same_parts(open, signed_ones) ||
	    !are_same_parts(signed_ones, open))
		return refuse(
		    reading, LINK_FAILURE_PROTOCOL, "lease and answer differ");
	if (!make_rows(
		reading, json_object_size(open), count_parts(signed_ones)))
		return false;
	json_object_foreach(open, name,
	    feature) if (!read_feature(reading, name, feature)) return false;
	json_object_foreach(signed_ones, name,
	    feature) if (!read_parts(reading, name,
			     json_object_get(feature, "parts"))) return false;
	return true;
}

static bool
read_document(struct reading *reading)
{
	const char *text = reading->out->answer.document;
	const uint8_t *key = reading->out->answer.server_key;
	struct jws jws;
	bool is_good;

	if (jws_parse(&jws, reading->arena, text, strlen(text),
		DOCUMENT_TYPE) != JWS_OK)
		return refuse(
		    reading, LINK_FAILURE_PROTOCOL, "no signed lease");
	reading->document = jws.payload;
	if (!jws_verify(&jws, key))
		is_good = refuse(
		    reading, LINK_FAILURE_SERVER_KEY_CHANGED, "signature");
	else
		is_good = check_document(reading) && check_age(reading) &&
		    read_features(reading);
	reading->document = NULL;
	jws_clear(&jws);
	return is_good;
}

enum fault
sync_reply_read(struct sync_reply *out, struct arena *arena, const char *text,
    size_t bytes, const struct sync_expectation *expectation)
{
	struct reading reading = {
		.out = out, .arena = arena, .expectation = expectation
	};
	char reason[128];
	json_t *answer;

	assert(out && arena && text && expectation);
	memset(out, 0, sizeof(*out));
	out->detail = "";
	answer = json_load_object(text, bytes, reason, sizeof(reason));
	if (!answer) {
		refuse(&reading, LINK_FAILURE_PROTOCOL, "not a JSON object");
		return FAULT_NONE;
	}
	reading.answer = answer;
	if (read_open(&reading) && read_key(&reading) && read_said(&reading))
		read_document(&reading);
	json_decref(answer);
	return reading.is_full ? FAULT_MEMORY : FAULT_NONE;
}
