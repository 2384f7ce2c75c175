/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_bench.c: what is answered, true or not. How requests are judged
 * stands in conformance_judge.c.
 */
#include "ctl/conformance_bench.h"

#include "ctl/conformance_judge.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/base/random.h"
#include <inttypes.h>
#include <string.h>

#define MS            1000
#define RESERVED      10
#define QUANTUM       25
#define MAXIMUM       60
#define DAY           INT64_C(86400)
#define DAYS_RESERVED 10
#define OTHER_CLIENT  "somebodyelse"
#define OTHER_DEVICE  "0123456789ABCDEF"
#define OTHER_REQUEST "00000000000000000000000000000000"
/* In the place of the first bytes of a signature. */
#define NO_SIGNATURE "AAAAAAAA"

void
conformance_bench_clear(struct conformance_bench *bench)
{
	json_decref(bench->body);
	bench->body = NULL;
	conformance_host_close(&bench->host);
	keypair_free(&bench->signer);
	keypair_free(&bench->stranger);
}

/* ---- what comes ---- */

void
conformance_bench_leave_alone(struct conformance_bench *bench, int64_t seconds)
{
	bench->is_left_alone = true;
	(void)fprintf(bench->prompts,
	    "%s leave the client alone now, for up to %" PRId64 " seconds\n",
	    bench->rule, seconds);
	(void)fflush(bench->prompts);
}

/* Asks the operator, and answers until when to wait. */
static int64_t
prompt(struct conformance_bench *bench, int64_t deadline_ms)
{
	if (!bench->is_left_alone) {
		(void)fprintf(bench->prompts,
		    "%s let the client ask, or wait until it does\n",
		    bench->rule);
		(void)fflush(bench->prompts);
	}
	return deadline_ms ? deadline_ms
			   : clock_elapsed_ms() + bench->wait_seconds * MS;
}

bool
conformance_bench_meet(struct conformance_call *out,
    struct conformance_bench *bench, enum conformance_host_face face)
{
	memset(out, 0, sizeof(*out));
	if (bench->is_gone)
		return false;
	out->heard = conformance_host_hear(
	    &out->request, bench->host, bench->arena, face, prompt(bench, 0));
	if (out->heard == CONFORMANCE_HEARD_PLAIN)
		conformance_judge_note(bench, CONFORMANCE_NOTE_PLAIN,
		    "a connection that does not begin with TLS");
	bench->is_gone = out->heard == CONFORMANCE_HEARD_NOBODY;
	return !bench->is_gone;
}

/* What is no request at all is noted, and waited on. */
static bool
hear_request(struct conformance_call *out, struct conformance_bench *bench,
    int64_t deadline_ms)
{
	do {
		out->heard = conformance_host_hear(&out->request, bench->host,
		    bench->arena, CONFORMANCE_HOST_RIGHT, deadline_ms);
		if (out->heard == CONFORMANCE_HEARD_PLAIN)
			conformance_judge_note(bench, CONFORMANCE_NOTE_PLAIN,
			    "a connection that does not begin with TLS");
		if (out->heard == CONFORMANCE_HEARD_SCRAP)
			conformance_judge_note(
			    bench, CONFORMANCE_NOTE_FORM, out->request.reason);
	} while (out->heard != CONFORMANCE_HEARD_REQUEST &&
	    out->heard != CONFORMANCE_HEARD_NOBODY);
	return out->heard == CONFORMANCE_HEARD_REQUEST;
}

static bool
repeat_answer(struct conformance_bench *bench, const char *id)
{
	const struct conformance_known *known = conformance_judge_known(
	    bench, id);

	if (!known || !known->answer)
		return false;
	if (known->epoch > bench->held_epoch ||
	    (known->epoch == bench->held_epoch &&
		known->number > bench->number)) {
		bench->number = known->number;
		bench->held_epoch = known->epoch;
		bench->lease = known->lease;
	}
	conformance_host_answer(bench->host, bench->arena, 200,
	    "Content-Type: application/json\r\n", known->answer);
	return true;
}

bool
conformance_bench_next(struct conformance_call *out,
    struct conformance_bench *bench, int64_t deadline_ms)
{
	int64_t until;

	memset(out, 0, sizeof(*out));
	if (bench->is_gone)
		return false;
	until = prompt(bench, deadline_ms);
	do {
		json_decref(bench->body);
		bench->body = NULL;
		if (!hear_request(out, bench, until)) {
			bench->is_gone = !bench->is_left_alone;
			bench->is_left_alone = false;
			return false;
		}
		conformance_judge_call(out, bench);
	} while (out->is_repeat && repeat_answer(bench, out->id));
	bench->is_left_alone = false;
	return true;
}

/* ---- what is answered ---- */

static json_t *
part_new(const char *kind, int64_t units, int64_t days)
{
	int64_t now = clock_now();

	return json_pack("{s:s, s:I, s:I, s:I}", "kind", kind, "units",
	    (json_int_t)units, "granted", (json_int_t)now, "expires",
	    (json_int_t)(now + days * DAY));
}

static json_t *
parts_new(bool is_smaller)
{
	json_t *parts = json_array();

	json_array_append_new(
	    parts, part_new("reserved", RESERVED, DAYS_RESERVED));
	if (!is_smaller)
		json_array_append_new(parts, part_new("quantum", QUANTUM, 1));
	return parts;
}

static json_t *
document_new(const struct conformance_bench *bench,
    const struct conformance_call *call, json_t *parts, int64_t number,
    int64_t epoch)
{
	const char *device = json_text(call->body, "hardware_id");

	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:{s:{s:O}}}",
	    "iss", bench->server_id, "client", bench->client, "hardware_id",
	    device ? device : OTHER_DEVICE, "request_id",
	    *call->id ? call->id : OTHER_REQUEST, "number", (json_int_t)number,
	    "epoch", (json_int_t)epoch, "issued", (json_int_t)clock_now(),
	    "features", bench->feature, "parts", parts);
}

static json_t *
features_new(
    const struct conformance_bench *bench, json_t *parts, bool is_smaller)
{
	return json_pack("{s:{s:i, s:i, s:i, s:i, s:b, s:n, s:O}}",
	    bench->feature, "reserved", RESERVED, "increment", QUANTUM,
	    "maximum", MAXIMUM, "leased",
	    is_smaller ? RESERVED : RESERVED + QUANTUM, "auto_lease", 0,
	    "denied", "parts", parts);
}

/* A new one each time; all that were given are good. */
static const char *
token_new(struct conformance_bench *bench)
{
	char token[33];

	if (random_hex(token, 16))
		return "";
	bench->tokens = arena_format(
	    bench->arena, "%s %s ", bench->tokens ? bench->tokens : "", token);
	return arena_format(bench->arena, "%s", token);
}

static json_t *
answer_new(struct conformance_bench *bench, const struct conformance_call *call,
    json_t *document, json_t *features, int64_t renew_after)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	const char *token = token_new(bench);

	keypair_public(key, bench->signer);
	return json_pack("{s:i, s:s, s:I, s:s, s:I, s:s, s:O, s:O, s:o, s:o,"
			 " s:[], s:[], s:[], s:n, s:[], s:[], s:{s:i}}",
	    "protocol", 1, "request_id", call->id, "server_time",
	    (json_int_t)clock_now(), "server_id", bench->server_id,
	    "renew_after", (json_int_t)renew_after, "token", token ? token : "",
	    "number", json_object_get(document, "number"), "epoch",
	    json_object_get(document, "epoch"), "features", features,
	    "server_key", keypair_public_to_jwk(key), "surrenders", "recalls",
	    "on_behalf", "penalty_until", "compliance", "notices", "later",
	    "member", 1);
}

/* Before the document is signed. */
static void
spoil(struct conformance_bench *bench, json_t *answer, json_t *document,
    enum conformance_lie lie)
{
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	json_t *feature = json_object_get(
	    json_object_get(answer, "features"), bench->feature);

	if (lie == CONFORMANCE_LIE_CLIENT)
		json_object_set_new(
		    document, "client", json_string(OTHER_CLIENT));
	if (lie == CONFORMANCE_LIE_DEVICE)
		json_object_set_new(
		    document, "hardware_id", json_string(OTHER_DEVICE));
	if (lie == CONFORMANCE_LIE_REQUEST) {
		json_object_set_new(
		    document, "request_id", json_string(OTHER_REQUEST));
		json_object_set_new(
		    answer, "request_id", json_string(OTHER_REQUEST));
	}
	if (lie == CONFORMANCE_LIE_KEY) {
		keypair_public(key, bench->stranger);
		json_object_set_new(
		    answer, "server_key", keypair_public_to_jwk(key));
	}
	if (lie == CONFORMANCE_LIE_OPEN) {
		json_object_set_new(feature, "leased", json_integer(MAXIMUM));
		json_object_set_new(feature, "parts",
		    json_pack(
			"[o]", part_new("reserved", MAXIMUM, DAYS_RESERVED)));
	}
}

static const char *
sign(
    struct conformance_bench *bench, json_t *document, enum conformance_lie lie)
{
	const struct keypair *signer = lie == CONFORMANCE_LIE_KEY
	    ? bench->stranger
	    : bench->signer;
	char *lease = NULL;

	if (jws_sign(&lease, bench->arena, signer,
		lie == CONFORMANCE_LIE_TYPE ? "license+jwt" : "lease+jwt", "",
		document))
		return "";
	if (lie == CONFORMANCE_LIE_SIGNATURE)
		memcpy(strrchr(lease, '.') + 1, NO_SIGNATURE,
		    sizeof(NO_SIGNATURE) - 1);
	return lease;
}

struct issue {
	enum conformance_lie lie;
	int64_t number, epoch, renew_after;
	const char *lease;
};

static const char *
build(struct issue *issue, struct conformance_bench *bench,
    const struct conformance_call *call)
{
	bool is_smaller = issue->lie == CONFORMANCE_LIE_SMALLER;
	json_t *parts = parts_new(is_smaller);
	json_t *features = features_new(bench, parts, is_smaller);
	json_t *document = document_new(
	    bench, call, parts, issue->number, issue->epoch);
	json_t *answer = answer_new(
	    bench, call, document, features, issue->renew_after);
	const char *text = NULL;

	if (answer && document) {
		spoil(bench, answer, document, issue->lie);
		issue->lease = sign(bench, document, issue->lie);
		json_object_set_new(answer, "lease", json_string(issue->lease));
		text = json_dump(bench->arena, answer);
	}
	json_decref(parts);
	json_decref(features);
	json_decref(document);
	json_decref(answer);
	return text ? text : "";
}

/* Numbers grow with every document that is signed; only what is meant to be older is. */
static struct issue
issue_new(struct conformance_bench *bench, enum conformance_lie lie,
    int64_t renew_after)
{
	struct issue issue = { .lie = lie,
		.number = ++bench->last_number,
		.epoch = bench->epoch,
		.renew_after = renew_after };

	if (lie == CONFORMANCE_LIE_NUMBER)
		issue.number = bench->number - 1;
	if (lie == CONFORMANCE_LIE_EPOCH)
		issue.epoch--;
	return issue;
}

static void
remember(struct conformance_bench *bench, const struct conformance_call *call,
    const struct issue *issue, const char *answer)
{
	struct conformance_known *known = conformance_judge_known(
	    bench, call->id);

	if (!known)
		return;
	known->answer = answer;
	known->lease = issue->lease;
	known->number = issue->number;
	known->epoch = issue->epoch;
}

void
conformance_bench_grant(struct conformance_bench *bench,
    const struct conformance_call *call, enum conformance_lie lie,
    int64_t renew_after)
{
	bool is_true = lie == CONFORMANCE_LIE_NONE ||
	    lie == CONFORMANCE_LIE_SMALLER;
	struct issue issue = issue_new(bench, lie, renew_after), twin;
	const char *answer = build(&issue, bench, call), *true_one = answer;

	twin = issue;
	if (!is_true) {
		/* Should the client ask for the same again, it gets what is true. */
		twin = issue_new(bench, CONFORMANCE_LIE_NONE, renew_after);
		true_one = build(&twin, bench, call);
	}
	remember(bench, call, &twin, true_one);
	bench->expects_number = is_true;
	if (is_true) {
		bench->number = issue.number;
		bench->held_epoch = issue.epoch;
		bench->lease = issue.lease;
	}
	conformance_host_answer(bench->host, bench->arena, 200,
	    "Content-Type: application/json\r\n", answer);
}

void
conformance_bench_refuse(struct conformance_bench *bench, int status,
    const char *code, const char *headers)
{
	const char *lines = arena_format(bench->arena,
	    "Content-Type: application/problem+json\r\n%s", headers);
	const char *body = arena_format(bench->arena,
	    "{\"code\":\"%s\",\"status\":%d,\"title\":\"Refused\",\"type\":"
	    "\"urn:leasehold:problem:%s\"}",
	    code, status, code);

	if (lines && body)
		conformance_host_answer(
		    bench->host, bench->arena, status, lines, body);
	else
		conformance_host_hang_up(bench->host);
}

void
conformance_bench_restore(struct conformance_bench *bench, int64_t number)
{
	bench->is_restored = true;
	bench->epoch++;
	bench->last_number = number;
}
