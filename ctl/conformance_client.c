/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_client.c: each rule as a situation that the client is led into,
 * and what it has to do there. Each begins with a request that is waited for,
 * and ends with an answer that a client can be content with.
 */
#include "ctl/conformance_client.h"

#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/peer/sync_ask.h"
#include <inttypes.h>
#include <string.h>

#define MS 1000
/* How late a client may be that was told when to come, or to come at once. */
#define LATE_SECONDS 30
/* Clients that count in whole seconds. */
#define EARLY_MS 1000
/* Longer than a client may be late. */
#define LONG_PACE            3600
#define NUMBER_AFTER_RESTORE 7
#define GONE                 "nothing came in time"
#define NO_LEASE             "not tried: no answer was taken"

/* Ends the call well. */
static void
grant(struct conformance_bench *bench, const struct conformance_call *call)
{
	conformance_bench_grant(bench, call, CONFORMANCE_LIE_NONE, bench->pace);
}

/* Where nothing was answered yet: a good one, so that there is a token, a key and a document to keep to. */
static bool
begins(struct conformance_bench *bench)
{
	struct conformance_call call;

	if (bench->number)
		return true;
	if (!conformance_bench_next(&call, bench, 0))
		return false;
	grant(bench, &call);
	return true;
}

/* ---- whom it talks to ---- */

static const char *
meets(struct conformance_bench *bench, enum conformance_host_face face)
{
	struct conformance_call call;

	if (!conformance_bench_meet(&call, bench, face))
		return GONE;
	switch (call.heard) {
	case CONFORMANCE_HEARD_NO_HANDSHAKE:
		return NULL;
	case CONFORMANCE_HEARD_NOTHING:
		return face == CONFORMANCE_HOST_OLD_TLS
		    ? "a whole handshake of TLS 1.1"
		    : NULL;
	case CONFORMANCE_HEARD_PLAIN:
		return "plain bytes in the place of TLS";
	case CONFORMANCE_HEARD_NOBODY:
	case CONFORMANCE_HEARD_SCRAP:
	case CONFORMANCE_HEARD_REQUEST:
		break;
	}
	return arena_format(bench->arena, "it sent %s %s%s",
	    call.request.method, call.request.path,
	    conformance_host_header(
		bench->arena, &call.request, "Authorization")
		? " with Authorization"
		: "");
}

const char *
conformance_client_stranger(struct conformance_bench *bench)
{
	return meets(bench, CONFORMANCE_HOST_STRANGER);
}

const char *
conformance_client_other_name(struct conformance_bench *bench)
{
	return meets(bench, CONFORMANCE_HOST_OTHER_NAME);
}

const char *
conformance_client_expired(struct conformance_bench *bench)
{
	return meets(bench, CONFORMANCE_HOST_EXPIRED);
}

const char *
conformance_client_old_tls(struct conformance_bench *bench)
{
	return meets(bench, CONFORMANCE_HOST_OLD_TLS);
}

const char *
conformance_client_no_tls(struct conformance_bench *bench)
{
	struct conformance_call call;
	const char *found = meets(bench, CONFORMANCE_HOST_NO_TLS);

	if (found)
		return found;
	/* It may come back in plain HTTP only now. */
	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	grant(bench, &call);
	return bench->notes[CONFORMANCE_NOTE_PLAIN];
}

/* ---- a first lease ---- */

static const char *
lease_shown(const struct conformance_call *call)
{
	return json_text(call->body, "lease");
}

const char *
conformance_client_first(struct conformance_bench *bench)
{
	struct conformance_call call;

	if (!bench->known) {
		if (!conformance_bench_next(&call, bench, 0))
			return GONE;
		grant(bench, &call);
	}
	return bench->first;
}

const char *
conformance_client_confirms(struct conformance_bench *bench)
{
	struct conformance_call call;
	int64_t number;

	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	grant(bench, &call);
	number = bench->number;
	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	grant(bench, &call);
	return call.holds == number
	    ? NULL
	    : arena_format(bench->arena,
		  "holds %" PRId64 " after number %" PRId64, call.holds,
		  number);
}

const char *
conformance_client_token(struct conformance_bench *bench)
{
	const char *seen = NULL;
	struct conformance_call call;

	if (!begins(bench) || !conformance_bench_next(&call, bench, 0))
		return GONE;
	if (call.scheme == CONFORMANCE_SCHEME_TOKEN) {
		conformance_bench_refuse(bench, 401, "unauthorized", "");
		if (!conformance_bench_next(&call, bench, 0))
			return GONE;
		if (call.scheme != CONFORMANCE_SCHEME_PASSWORD)
			seen = "no password after a refused token";
	}
	grant(bench, &call);
	return seen;
}

/* ---- what goes wrong on the way ---- */

const char *
conformance_client_lost(struct conformance_bench *bench)
{
	struct conformance_call call;

	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	conformance_host_hang_up(bench->host);
	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	grant(bench, &call);
	return call.is_repeat ? NULL : "another request";
}

const char *
conformance_client_reused(struct conformance_bench *bench)
{
	struct conformance_call call;
	const char *id;

	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	id = call.id;
	conformance_bench_refuse(bench, 409, "request_reused", "");
	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	grant(bench, &call);
	return strcmp(id, call.id) ? NULL : "the same request ID again";
}

/* ---- what is not to be believed ---- */

/* After the lie: what it holds now. */
static const char *
still_holds(struct conformance_bench *bench)
{
	struct conformance_call call;
	int64_t number;

	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	number = bench->number;
	grant(bench, &call);
	return call.holds == number
	    ? NULL
	    : arena_format(bench->arena,
		  "then it holds %" PRId64 " in the place of %" PRId64,
		  call.holds, number);
}

static const char *
lies(struct conformance_bench *bench, enum conformance_lie lie)
{
	struct conformance_call call;

	if (!begins(bench) || !conformance_bench_next(&call, bench, 0))
		return GONE;
	if (call.holds != bench->number) {
		grant(bench, &call);
		return NO_LEASE;
	}
	conformance_bench_grant(bench, &call, lie, bench->pace);
	return still_holds(bench);
}

const char *
conformance_client_signature(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_SIGNATURE);
}

const char *
conformance_client_key(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_KEY);
}

const char *
conformance_client_type(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_TYPE);
}

const char *
conformance_client_other_client(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_CLIENT);
}

const char *
conformance_client_other_device(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_DEVICE);
}

const char *
conformance_client_other_request(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_REQUEST);
}

const char *
conformance_client_open(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_OPEN);
}

const char *
conformance_client_number(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_NUMBER);
}

const char *
conformance_client_epoch(struct conformance_bench *bench)
{
	return lies(bench, CONFORMANCE_LIE_EPOCH);
}

const char *
conformance_client_no_json(struct conformance_bench *bench)
{
	struct conformance_call call;

	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	conformance_host_answer(bench->host, bench->arena, 200,
	    "Content-Type: application/json\r\n", "hello");
	return still_holds(bench);
}

const char *
conformance_client_redirect(struct conformance_bench *bench)
{
	const char *location = arena_format(
	    bench->arena, "Location: %s/elsewhere\r\n", SYNC_ASK_PATH);
	struct conformance_call call;
	bool is_kept;

	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	conformance_host_answer(
	    bench->host, bench->arena, 307, location ? location : "", "");
	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	is_kept = strcmp(call.request.path, SYNC_ASK_PATH) == 0;
	if (is_kept)
		grant(bench, &call);
	else
		conformance_bench_refuse(bench, 404, "not_found", "");
	return is_kept ? NULL
		       : arena_format(bench->arena, "%s %s",
			     call.request.method, call.request.path);
}

/* ---- what it does by itself ---- */

static int64_t
until(int64_t from_ms, int64_t seconds)
{
	return from_ms + seconds * MS;
}

const char *
conformance_client_renews(struct conformance_bench *bench)
{
	struct conformance_call call;
	int64_t most = bench->renew_after + LATE_SECONDS;

	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	conformance_bench_leave_alone(bench, most);
	conformance_bench_grant(
	    bench, &call, CONFORMANCE_LIE_NONE, bench->renew_after);
	if (!conformance_bench_next(
		&call, bench, until(call.request.at_ms, most)))
		return arena_format(
		    bench->arena, "nothing within %" PRId64 " seconds", most);
	grant(bench, &call);
	return NULL;
}

const char *
conformance_client_retry_after(struct conformance_bench *bench)
{
	int64_t least = bench->retry_after, began, waited;
	const char *header = arena_format(
	    bench->arena, "Retry-After: %" PRId64 "\r\n", least);
	struct conformance_call call;

	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	conformance_bench_leave_alone(bench, least + bench->wait_seconds);
	began = clock_elapsed_ms();
	conformance_bench_refuse(
	    bench, 429, "too_many_requests", header ? header : "");
	if (!conformance_bench_next(
		&call, bench, until(began, least + bench->wait_seconds)))
		return arena_format(bench->arena,
		    "nothing within %" PRId64 " seconds",
		    least + bench->wait_seconds);
	waited = call.request.at_ms - began;
	grant(bench, &call);
	return waited + EARLY_MS >= least * MS
	    ? NULL
	    : arena_format(bench->arena,
		  "back after %" PRId64 " ms in the place of %" PRId64
		  " seconds",
		  waited, least);
}

const char *
conformance_client_shrinks(struct conformance_bench *bench)
{
	struct conformance_call call;
	int64_t number;

	if (!begins(bench) || !conformance_bench_next(&call, bench, 0))
		return GONE;
	conformance_bench_leave_alone(bench, LATE_SECONDS);
	conformance_bench_grant(
	    bench, &call, CONFORMANCE_LIE_SMALLER, LONG_PACE);
	number = bench->number;
	if (!conformance_bench_next(
		&call, bench, until(call.request.at_ms, LATE_SECONDS)))
		return arena_format(
		    bench->arena, "nothing within %d seconds", LATE_SECONDS);
	grant(bench, &call);
	return call.holds == number ? NULL : "a request that confirms another";
}

/* ---- a restored server ---- */

const char *
conformance_client_proof(struct conformance_bench *bench)
{
	struct conformance_call call;
	const char *held, *shown;
	bool is_shown;

	if (!begins(bench) || !conformance_bench_next(&call, bench, 0))
		return GONE;
	held = bench->lease;
	shown = lease_shown(&call);
	conformance_bench_restore(bench, NUMBER_AFTER_RESTORE);
	if (!shown) {
		conformance_bench_leave_alone(bench, LATE_SECONDS);
		/* What is granted without proof is not what it should hold. */
		conformance_bench_grant(
		    bench, &call, CONFORMANCE_LIE_UNPROVEN, LONG_PACE);
		if (!conformance_bench_next(
			&call, bench, until(call.request.at_ms, LATE_SECONDS)))
			return arena_format(bench->arena,
			    "nothing within %d seconds", LATE_SECONDS);
		shown = lease_shown(&call);
	}
	is_shown = shown && strcmp(shown, held) == 0;
	grant(bench, &call);
	return is_shown ? NULL : "a request without the lease that it held";
}

const char *
conformance_client_restored(struct conformance_bench *bench)
{
	struct conformance_call call;
	int64_t number;

	if (!bench->is_restored)
		(void)conformance_client_proof(bench);
	if (bench->held_epoch != bench->epoch)
		return "not tried: it showed no lease";
	number = bench->number;
	if (!conformance_bench_next(&call, bench, 0))
		return GONE;
	grant(bench, &call);
	return call.holds == number
	    ? NULL
	    : arena_format(bench->arena,
		  "holds %" PRId64 " after number %" PRId64, call.holds,
		  number);
}

/* ---- what was seen all along ---- */

static const char *
noted(const struct conformance_bench *bench, enum conformance_note note)
{
	return bench->known ? bench->notes[note] : GONE;
}

const char *
conformance_client_form(struct conformance_bench *bench)
{
	return noted(bench, CONFORMANCE_NOTE_FORM);
}

const char *
conformance_client_members(struct conformance_bench *bench)
{
	return noted(bench, CONFORMANCE_NOTE_MEMBERS);
}

const char *
conformance_client_ids(struct conformance_bench *bench)
{
	return noted(bench, CONFORMANCE_NOTE_IDS);
}

const char *
conformance_client_credentials(struct conformance_bench *bench)
{
	return noted(bench, CONFORMANCE_NOTE_CREDENTIALS);
}

const char *
conformance_client_device(struct conformance_bench *bench)
{
	return noted(bench, CONFORMANCE_NOTE_DEVICE);
}

const char *
conformance_client_holds(struct conformance_bench *bench)
{
	return noted(bench, CONFORMANCE_NOTE_CONFIRMS);
}

const char *
conformance_client_plain(struct conformance_bench *bench)
{
	return noted(bench, CONFORMANCE_NOTE_PLAIN);
}
