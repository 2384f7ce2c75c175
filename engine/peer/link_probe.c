/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_probe.c: name, connection, handshake, sign-in, clock, in this order;
 * the first that fails ends it.
 */
#include "engine/peer/link_probe.h"

#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/base/random.h"
#include "engine/peer/link_failure.h"
#include "engine/peer/link_files.h"
#include "engine/peer/link_network.h"
#include "engine/peer/sync_ask.h"
#include "engine/store/sentence.h"
#include <assert.h>
#include <string.h>

#define INTERNAL       "internal"
#define CODE_CLOCK     "clock"
#define SECONDS_MINUTE INT64_C(60)
#define SECONDS_HOUR   INT64_C(3600)
#define SECONDS_DAY    INT64_C(86400)

#define LINK_PROBE_TEXT(symbol, sentence) TEXT_##symbol,
enum probe_text {
#include "engine/peer/link_probe_texts.tbl"
	TEXT__COUNT
};
#undef LINK_PROBE_TEXT

#define LINK_PROBE_TEXT(symbol, sentence) [TEXT_##symbol] = sentence,
static const char *const texts[TEXT__COUNT] = {
#include "engine/peer/link_probe_texts.tbl"
};
#undef LINK_PROBE_TEXT

static const char *const step_names[LINK_PROBE__COUNT] = { "dns", "tcp", "tls",
	"sign_in", "clock" };
static const char *const state_names[] = { "not_reached", "ok", "failed" };

struct trial {
	struct link_probe *out;
	struct http *http;
	struct arena *arena;
	const struct link_probe_input *input;
	struct http_request request;
	struct http_answer answer;
};

/* ---- what is said of a step ---- */

static enum fault
say(struct trial *trial, enum link_probe_step step, enum link_probe_state state,
    enum probe_text text, const char *detail)
{
	struct link_probe_row *row = &trial->out->rows[step];
	const struct sentence_value values[] = {
		{ "server", trial->input->link->server },
		{ "network", trial->out->network },
		{ "detail", detail },
	};

	row->state = state;
	row->code = state == LINK_PROBE_FAILED ? CODE_CLOCK : "";
	row->text = sentence_fill(trial->arena, texts[text], values,
	    sizeof(values) / sizeof(*values));
	return row->text ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
fail(struct trial *trial, enum link_probe_step step, enum link_failure failure,
    const char *detail)
{
	struct link_probe_row *row = &trial->out->rows[step];

	row->state = LINK_PROBE_FAILED;
	row->code = link_failure_code(failure);
	row->text = link_failure_text(
	    trial->arena, failure, trial->input->link->server, detail);
	return row->text ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
fail_outcome(struct trial *trial, enum link_probe_step step)
{
	return fail(trial, step, link_failure_of_outcome(trial->answer.outcome),
	    trial->answer.detail);
}

/* ---- name and connection ---- */

static enum fault
choose_network(struct trial *trial, const char *preferred)
{
	struct link_network network;
	enum fault fault = link_network_choose(&network, trial->arena,
	    trial->input->appliance->state_directory, preferred);

	if (fault)
		return fault;
	trial->out->network = network.name;
	trial->request.network = network.local;
	return FAULT_NONE;
}

static enum fault
reach(struct trial *trial)
{
	enum fault fault = choose_network(trial, trial->input->link->network);

	if (fault)
		return fault;
	fault = http_reach(
	    &trial->answer, trial->http, trial->arena, &trial->request);
	if (fault || trial->answer.outcome != HTTP_NETWORK_DOWN ||
	    strcmp(trial->out->network, INTERNAL) == 0)
		return fault;
	if ((fault = choose_network(trial, INTERNAL)))
		return fault;
	return http_reach(
	    &trial->answer, trial->http, trial->arena, &trial->request);
}

/* "192.0.2.1:443", "[2001:db8::1]" */
static bool
is_address(const char *server)
{
	size_t host = strcspn(server, ":");

	return *server == '[' || strspn(server, "0123456789.") == host;
}

static enum fault
try_connection(struct trial *trial)
{
	const char *server = trial->input->link->server;
	enum fault fault = reach(trial);

	if (fault)
		return fault;
	if (trial->answer.outcome == HTTP_NAME_UNKNOWN)
		return fail_outcome(trial, LINK_PROBE_DNS);
	if (is_address(server))
		fault = say(
		    trial, LINK_PROBE_DNS, LINK_PROBE_OK, TEXT_NO_NAME, NULL);
	else if (*trial->answer.address)
		fault = say(trial, LINK_PROBE_DNS, LINK_PROBE_OK, TEXT_NAME,
		    trial->answer.address);
	if (fault)
		return fault;
	if (trial->answer.outcome != HTTP_ANSWERED)
		return fail_outcome(trial, LINK_PROBE_TCP);
	return say(trial, LINK_PROBE_TCP, LINK_PROBE_OK, TEXT_REACHED,
	    trial->answer.address);
}

/* ---- the handshake ---- */

static enum fault
judge_pin(struct trial *trial)
{
	const char *pin = trial->input->link->pin;
	const char *seen = trial->out->seen_pin;

	if (!*pin)
		return fail(
		    trial, LINK_PROBE_TLS, LINK_FAILURE_PIN_UNCONFIRMED, seen);
	if (strcmp(pin, seen) != 0)
		return fail(
		    trial, LINK_PROBE_TLS, LINK_FAILURE_PIN_CHANGED, seen);
	return say(trial, LINK_PROBE_TLS, LINK_PROBE_OK, TEXT_PINNED, seen);
}

static enum fault
try_handshake(struct trial *trial)
{
	enum fault fault = http_meet(
	    &trial->answer, trial->http, trial->arena, &trial->request);

	if (fault)
		return fault;
	if (trial->answer.outcome != HTTP_ANSWERED)
		return fail_outcome(trial, LINK_PROBE_TLS);
	memcpy(trial->out->seen_pin, trial->answer.seen_pin,
	    sizeof(trial->out->seen_pin));
	trial->out->certificate = trial->answer.certificate;
	if (!trial->input->link->verify)
		return judge_pin(trial);
	fault = http_check(
	    &trial->answer, trial->http, trial->arena, &trial->request);
	if (fault)
		return fault;
	if (trial->answer.outcome != HTTP_ANSWERED)
		return fail_outcome(trial, LINK_PROBE_TLS);
	return say(trial, LINK_PROBE_TLS, LINK_PROBE_OK, TEXT_VERIFIED, NULL);
}

/* ---- sign-in and clock ---- */

/* "3 h 5 min": as exact as it matters. */
static const char *
span_text(struct arena *arena, int64_t seconds)
{
	if (seconds < 2 * SECONDS_MINUTE)
		return arena_format(arena, "%lld s", (long long)seconds);
	if (seconds < SECONDS_HOUR)
		return arena_format(
		    arena, "%lld min", (long long)(seconds / SECONDS_MINUTE));
	if (seconds < 2 * SECONDS_DAY)
		return arena_format(arena, "%lld h %lld min",
		    (long long)(seconds / SECONDS_HOUR),
		    (long long)(seconds % SECONDS_HOUR / SECONDS_MINUTE));
	return arena_format(arena, "%lld days %lld h",
	    (long long)(seconds / SECONDS_DAY),
	    (long long)(seconds % SECONDS_DAY / SECONDS_HOUR));
}

static enum fault
judge_clock(struct trial *trial, int64_t server_time)
{
	int64_t now = clock_now(), ahead;
	const char *span;

	if (__builtin_sub_overflow(server_time, now, &ahead))
		ahead = server_time < now ? -INT64_MAX : INT64_MAX;
	span = span_text(trial->arena, ahead < 0 ? -ahead : ahead);
	if (!span)
		return FAULT_MEMORY;
	if (ahead > LINK_PROBE_CLOCK_SECONDS)
		return say(trial, LINK_PROBE_CLOCK, LINK_PROBE_FAILED,
		    TEXT_CLOCK_AHEAD, span);
	if (ahead < -LINK_PROBE_CLOCK_SECONDS)
		return say(trial, LINK_PROBE_CLOCK, LINK_PROBE_FAILED,
		    TEXT_CLOCK_BEHIND, span);
	return say(trial, LINK_PROBE_CLOCK, LINK_PROBE_OK, TEXT_CLOCK, span);
}

static enum fault
judge_answer(struct trial *trial, const char *request_id)
{
	json_t *answer = json_load_object(
	    trial->answer.body, trial->answer.body_bytes, NULL, 0);
	const char *echo = answer ? json_text(answer, "request_id") : NULL;
	const char *server_id = answer ? json_text(answer, "server_id") : NULL;
	int64_t server_time;
	enum fault fault;

	if (!echo || strcmp(echo, request_id) != 0 || !server_id ||
	    !json_int64(&server_time, answer, "server_time", 0, INT64_MAX)) {
		fault = fail(trial, LINK_PROBE_SIGN_IN, LINK_FAILURE_PROTOCOL,
		    "its answer is none to this question");
	} else {
		fault = say(trial, LINK_PROBE_SIGN_IN, LINK_PROBE_OK,
		    TEXT_SIGNED_IN, server_id);
		if (!fault)
			fault = judge_clock(trial, server_time);
	}
	json_decref(answer);
	return fault;
}

static enum fault
judge_refusal(struct trial *trial)
{
	const char *detail;
	enum link_failure failure = link_failure_of_answer(
	    &detail, trial->arena, &trial->answer);

	return detail ? fail(trial, LINK_PROBE_SIGN_IN, failure, detail)
		      : FAULT_MEMORY;
}

static enum fault
try_sign_in(struct trial *trial)
{
	char request_id[SYNC_ASK_ID_SIZE];
	const struct sync_ask_input input = {
		.appliance = trial->input->appliance,
		.device = trial->input->device,
		.link = trial->input->link,
		.request_id = request_id,
		.sent_at = clock_now(),
		.is_probe = true,
	};
	struct sync_ask ask;
	enum fault fault = random_hex(request_id, (SYNC_ASK_ID_SIZE - 1) / 2);

	if (fault || (fault = sync_ask_build(&ask, trial->arena, &input)))
		return fault;
	trial->request.body = ask.body;
	trial->request.body_bytes = ask.bytes;
	trial->request.headers = ask.headers;
	fault = http_post(
	    &trial->answer, trial->http, trial->arena, &trial->request);
	if (fault)
		return fault;
	if (trial->answer.outcome == HTTP_OTHER_KEY)
		return fail(trial, LINK_PROBE_SIGN_IN, LINK_FAILURE_PIN_CHANGED,
		    trial->answer.seen_pin);
	if (trial->answer.outcome != HTTP_ANSWERED)
		return fail_outcome(trial, LINK_PROBE_SIGN_IN);
	if (trial->answer.status != 200)
		return judge_refusal(trial);
	return judge_answer(trial, request_id);
}

/* Each is tried when the row before it is OK. */
static const struct {
	enum link_probe_step last;
	enum fault (*run)(struct trial *trial);
} steps[] = {
	{ LINK_PROBE_TCP, try_connection },
	{ LINK_PROBE_TLS, try_handshake },
	{ LINK_PROBE_CLOCK, try_sign_in },
};

static const char *
wished(const char *text, const char *saved)
{
	return text ? text : saved;
}

void
link_probe_target(struct link_row *out, const struct link_row *saved,
    const struct link_probe_wish *wish)
{
	static const struct link_row none = { .server = "",
		.client_name = "",
		.network = INTERNAL,
		.verify = true };
	const struct link_row *from = saved ? saved : &none;
	bool is_same;

	assert(out && wish);
	*out = (struct link_row){
		.server = wished(wish->server, from->server),
		.client_name = wished(wish->client_name, from->client_name),
		.network = wished(wish->network, from->network),
		.verify = wish->has_verify ? wish->verify : from->verify,
		.token = "",
		.cluster = "",
		.document = "",
	};
	is_same = saved &&
	    store_link_is_with(saved, out->server, out->client_name);
	out->password = wished(wish->password, is_same ? saved->password : "");
	out->pin = is_same ? saved->pin : "";
}

enum fault
link_probe_run(struct link_probe *out, struct http *http, struct arena *arena,
    const struct link_probe_input *input)
{
	struct trial trial = {
		.out = out, .http = http, .arena = arena, .input = input
	};
	enum fault fault;

	assert(out && http && arena && input && input->link);
	*out = (struct link_probe){ .network = INTERNAL };
	for (int i = 0; i < LINK_PROBE__COUNT; i++)
		out->rows[i].code = out->rows[i].text = "";
	trial.request = (struct http_request){
		.url = arena_format(
		    arena, "https://%s" SYNC_ASK_PATH, input->link->server),
		.verify = input->link->verify,
		.ca_file = input->ca_file,
		.pin = input->link->verify ? NULL : input->link->pin,
		.seconds = LINK_PROBE_STEP_SECONDS,
	};
	if (!trial.request.url)
		return FAULT_MEMORY;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if ((fault = steps[i].run(&trial)))
			return fault;
		if (out->rows[steps[i].last].state != LINK_PROBE_OK)
			break;
	}
	return FAULT_NONE;
}

static json_t *
certificate_to_json(const struct http_certificate *certificate)
{
	return certificate
	    ? json_pack("{s:s, s:s, s:I, s:I, s:s}", "subject",
		  certificate->subject, "issuer", certificate->issuer, "begins",
		  (json_int_t)certificate->begins, "ends",
		  (json_int_t)certificate->ends, "fingerprint",
		  certificate->fingerprint)
	    : json_null();
}

json_t *
link_probe_to_json(const struct link_probe *probe)
{
	json_t *steps_json = json_array();

	for (int i = 0; i < LINK_PROBE__COUNT; i++) {
		const struct link_probe_row *row = &probe->rows[i];

		if (json_array_append_new(steps_json,
			json_pack("{s:s, s:s, s:s, s:s}", "step", step_names[i],
			    "state", state_names[row->state], "code", row->code,
			    "text", row->text))) {
			json_decref(steps_json);
			return NULL;
		}
	}
	return json_pack("{s:s, s:o, s:o, s:s}", "network", probe->network,
	    "steps", steps_json, "certificate",
	    certificate_to_json(probe->certificate), "pin", probe->seen_pin);
}

enum fault
link_probe_report(json_t **out, const struct appliance *appliance,
    const struct link_row *link, const atomic_bool *stop)
{
	struct link_probe_input input = { .appliance = appliance,
		.link = link };
	struct keypair *device = NULL;
	struct http *http = NULL;
	struct link_probe probe;
	struct arena arena;
	const char *state;
	enum fault fault;

	assert(out && appliance && link);
	*out = NULL;
	state = appliance->state_directory;
	arena_init(&arena, 0);
	if ((fault = link_files_device(&device, state)) ||
	    (fault = link_files_roots(&input.ca_file, &arena, state)) ||
	    (fault = http_open(&http, stop)))
		goto out;
	input.device = device;
	if ((fault = link_probe_run(&probe, http, &arena, &input)))
		goto out;
	if (!(*out = link_probe_to_json(&probe)))
		fault = FAULT_MEMORY;
out:
	http_close(&http);
	keypair_free(&device);
	arena_clear(&arena);
	return fault;
}
