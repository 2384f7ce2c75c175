/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link.c: a license client's server, entered by a person, and what the
 * conversations with it came to. Speaks with nobody itself.
 */
#include "engine/store/ledger_act.h"

#include "engine/base/password.h"
#include "engine/base/text.h"
#include "engine/store/store_link_edit.h"
#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#define HOST_MAX  253
#define LABEL_MAX 63
#define PORT_MAX  65535

/* Failures by which the server itself says no; the others are between. */
static const char *const refusals[] = {
	"unauthorized",
	"hardware_mismatch",
	"configuration_expired",
	"agreement_missing",
	"server_disabled",
	"virtual_server_stopped",
	"too_many_requests",
	"unsupported_protocol",
};

static const char *const networks[] = { "internal", "external", "management" };

/* ---- where the server is ---- */

static bool
is_label_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-';
}

/* Letters, digits and dashes between dots, none of them empty or with a dash at an end. An IPv4 address is one, too. */
static bool
is_host_name(const char *host)
{
	size_t label = 0;
	char before = '.';

	for (; *host; host++) {
		if (*host == '.') {
			if (label == 0 || before == '-')
				return false;
			label = 0;
		} else if (!is_label_character(*host) ||
		    (label == 0 && *host == '-') || ++label > LABEL_MAX) {
			return false;
		}
		before = *host;
	}
	return label > 0 && before != '-';
}

/* "1.2.3" is neither a name nor an address. */
static bool
is_digits_and_dots(const char *host)
{
	return strspn(host, "0123456789.") == strlen(host);
}

static bool
is_host(const char *host)
{
	struct in_addr address;

	if (is_digits_and_dots(host))
		return inet_pton(AF_INET, host, &address) == 1;
	return is_host_name(host);
}

static bool
is_port(const char *text)
{
	int64_t port;

	return text_parse_int64(&port, text, 1, PORT_MAX);
}

/* "[2001:db8::1]" or "[2001:db8::1]:8443" */
static bool
is_bracketed(const char *server)
{
	char address[INET6_ADDRSTRLEN];
	struct in6_addr parsed;
	const char *end = strchr(server, ']');
	size_t length;

	if (!end)
		return false;
	length = (size_t)(end - server - 1);
	if (length >= sizeof(address))
		return false;
	memcpy(address, server + 1, length);
	address[length] = '\0';
	if (inet_pton(AF_INET6, address, &parsed) != 1)
		return false;
	return end[1] == '\0' || (end[1] == ':' && is_port(end + 2));
}

static bool
is_server(const char *server)
{
	char host[HOST_MAX + 1];
	const char *colon = strchr(server, ':');
	size_t length = colon ? (size_t)(colon - server) : strlen(server);

	if (*server == '[')
		return is_bracketed(server);
	if (length > HOST_MAX || (colon && !is_port(colon + 1)))
		return false;
	memcpy(host, server, length);
	host[length] = '\0';
	return is_host(host);
}

/* ---- the form ---- */

static void
add(struct ledger *ledger, const char *field, enum mistake_kind kind)
{
	mistake_add(&ledger->mistakes, field, kind, NULL, NULL);
}

static void
check_password(struct ledger *ledger, const struct link_input *input,
    const struct link_row *before)
{
	const char *password = input->password;

	if (password ? !*password : !*before->password)
		add(ledger, "password", MISTAKE_PASSWORD_MISSING);
	else if (password && strlen(password) > PASSWORD_MAX_BYTES)
		add(ledger, "password", MISTAKE_PASSWORD_LONG);
}

static bool
is_network(const char *name)
{
	for (size_t i = 0; i < sizeof(networks) / sizeof(*networks); i++)
		if (name && strcmp(name, networks[i]) == 0)
			return true;
	return false;
}

static void
check_input(struct ledger *ledger, const struct link_input *input,
    const struct link_row *before)
{
	if (!input->server || !*input->server)
		add(ledger, "server", MISTAKE_SERVER_MISSING);
	else if (!is_server(input->server))
		add(ledger, "server", MISTAKE_SERVER_INVALID);
	if (!input->client_name || !*input->client_name)
		add(ledger, "unique_id", MISTAKE_CLIENT_ID_MISSING);
	else if (!text_is_alphanumeric(input->client_name))
		add(ledger, "unique_id", MISTAKE_CLIENT_ID_CHARACTERS);
	check_password(ledger, input, before);
	if (!is_network(input->network))
		add(ledger, "network", MISTAKE_NETWORK_UNKNOWN);
	if (input->row_version != 0 &&
	    input->row_version != before->row_version)
		add(ledger, "", MISTAKE_EDIT_CONFLICT);
}

/* The row, or an empty one before the first. */
static enum fault
load_or_empty(struct link_row *out, struct ledger *ledger)
{
	enum fault fault = store_link_load(out, ledger->arena, ledger->store);

	if (fault != FAULT_NOT_FOUND)
		return fault;
	*out = (struct link_row){
		.server = "",
		.client_name = "",
		.password = "",
		.network = "",
		.pin = "",
		.seen_pin = "",
		.server_id = "",
		.token = "",
		.document = "",
		.failure_code = "",
		.failure_text = "",
		.network_used = "",
		.anchor_boot = "",
	};
	return FAULT_NONE;
}

/* Nothing that the server said counts with another. */
static enum fault
forget_server(struct ledger *ledger, struct link_row *row)
{
	row->pin = row->seen_pin = row->server_id = row->token = "";
	row->document = row->failure_code = row->failure_text = "";
	row->network_used = row->anchor_boot = "";
	row->has_server_key = false;
	row->epoch = row->number = 0;
	row->last_success = row->last_attempt = row->server_time = 0;
	row->anchor_elapsed_ms = row->anchor_wall = 0;
	return store_link_edit_delete(ledger->store);
}

static bool
is_same_server(const struct link_row *row, const struct link_input *input)
{
	return text_equals_ignoring_case(row->server, input->server) &&
	    strcmp(row->client_name, input->client_name) == 0;
}

static bool
is_unchanged(const struct link_row *row, const struct link_input *input)
{
	return strcmp(row->server, input->server) == 0 &&
	    is_same_server(row, input) && row->verify == input->verify &&
	    strcmp(row->network, input->network) == 0 &&
	    (!input->password || strcmp(row->password, input->password) == 0);
}

static void
take_input(struct link_row *row, const struct link_input *input)
{
	row->server = input->server;
	row->client_name = input->client_name;
	row->network = input->network;
	row->verify = input->verify;
	if (input->password && strcmp(row->password, input->password) != 0) {
		row->password = input->password;
		row->token = "";
	}
	row->next_sync = 0;
	row->row_version++;
}

enum fault
ledger_link_save(struct ledger *ledger, const struct link_input *input)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && input);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	if ((fault = load_or_empty(&row, ledger)))
		return fault;
	check_input(ledger, input, &row);
	if (ledger->mistakes.count > 0 || is_unchanged(&row, input))
		return FAULT_NONE;
	if (!is_same_server(&row, input) &&
	    (fault = forget_server(ledger, &row)))
		return fault;
	take_input(&row, input);
	if ((fault = store_link_edit_save(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_LINK_CHANGED, row.server,
	    row.server, row.client_name, row.network,
	    row.verify ? "on" : "off");
}

enum fault
ledger_link_remove(struct ledger *ledger)
{
	struct link_row row;
	enum fault fault;

	assert(ledger);
	if ((fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	if ((fault = store_link_edit_delete(ledger->store)))
		return fault;
	return ledger_act_event(
	    ledger, EVENT_LINK_REMOVED, row.server, NULL, NULL, NULL, NULL);
}

enum fault
ledger_link_confirm_pin(struct ledger *ledger, const char *pin)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && pin);
	if ((fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	/* Confirmed twice is confirmed. */
	if (*pin && strcmp(row.pin, pin) == 0 && !*row.seen_pin)
		return FAULT_NONE;
	if (!*pin || strcmp(row.seen_pin, pin) != 0) {
		add(ledger, "pin", MISTAKE_PIN_CHANGED);
		return FAULT_NONE;
	}
	row.pin = row.seen_pin;
	row.seen_pin = "";
	row.next_sync = 0;
	row.row_version++;
	if ((fault = store_link_edit_save(ledger->store, &row)))
		return fault;
	return ledger_act_event(ledger, EVENT_LINK_PIN_CONFIRMED, row.server,
	    row.pin, NULL, NULL, NULL);
}

/* ---- an answer ---- */

/* A document that is older than the one held, or signed by somebody else, was replayed. */
static bool
is_acceptable(const struct link_row *row, const struct link_answer *answer)
{
	if (row->has_server_key &&
	    memcmp(row->server_key, answer->server_key, KEYPAIR_PUBLIC_BYTES) !=
		0)
		return false;
	return answer->epoch > row->epoch ||
	    (answer->epoch == row->epoch && answer->number >= row->number);
}

static void
take_answer(struct link_row *row, const struct link_answer *answer, int64_t now)
{
	row->server_id = answer->server_id;
	row->has_server_key = true;
	memcpy(row->server_key, answer->server_key, KEYPAIR_PUBLIC_BYTES);
	row->token = answer->token ? answer->token : "";
	row->epoch = answer->epoch;
	row->number = answer->number;
	row->document = answer->document;
	row->last_success = row->last_attempt = now;
	row->failure_code = row->failure_text = "";
	row->seen_pin = "";
	row->next_sync = answer->next_sync;
	row->network_used = answer->network_used ? answer->network_used : "";
	row->server_time = answer->server_time;
	row->anchor_boot = answer->anchor_boot ? answer->anchor_boot : "";
	row->anchor_elapsed_ms = answer->anchor_elapsed_ms;
	row->anchor_wall = answer->anchor_wall;
}

static int64_t
units_of(const struct link_answer *answer, const char *feature)
{
	int64_t units = 0;

	for (size_t i = 0; i < answer->part_count; i++)
		if (strcmp(answer->parts[i].feature, feature) == 0 &&
		    answer->parts[i].expires > answer->server_time)
			units = instant_units_add(
			    units, instant_units(answer->parts[i].units));
	return units;
}

static const struct link_feature_row *
find_feature(
    const struct link_feature_row *rows, size_t count, const char *feature)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].feature, feature) == 0)
			return &rows[i];
	return NULL;
}

/* "before" NULL: the feature is new. */
static enum fault
tell_feature(struct ledger *ledger, const struct link_row *row,
    const struct link_answer *answer, const struct link_feature_row *after,
    const struct link_feature_row *before)
{
	const char *code = after->denied_code ? after->denied_code : "";
	int64_t units = units_of(answer, after->feature);
	enum fault fault;

	if (units != (before ? before->leased : 0) &&
	    (fault = ledger_act_event(ledger, EVENT_LINK_LEASE, row->server,
		 after->feature, ledger_act_units(ledger, units), NULL, NULL)))
		return fault;
	if (!*code || (before && strcmp(before->denied_code, code) == 0))
		return FAULT_NONE;
	return ledger_act_event(ledger, EVENT_LINK_DENIED, row->server,
	    after->feature, after->denied_text, NULL, NULL);
}

static enum fault
tell_answer(struct ledger *ledger, const struct link_row *row,
    const struct link_answer *answer)
{
	struct link_feature_row *before;
	enum fault fault;
	size_t count;

	if (row->last_success == 0 &&
	    (fault = ledger_act_event(ledger, EVENT_LINK_REGISTERED,
		 row->server, NULL, NULL, NULL, NULL)))
		return fault;
	if ((fault = store_link_features(&before, &count, ledger->arena,
		 ledger->store, answer->server_time)))
		return fault;
	for (size_t i = 0; i < answer->feature_count; i++)
		if ((fault = tell_feature(ledger, row, answer,
			 &answer->features[i],
			 find_feature(
			     before, count, answer->features[i].feature))))
			return fault;
	return FAULT_NONE;
}

enum fault
ledger_link_answer(struct ledger *ledger, const struct link_answer *answer)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && answer && answer->server_id && answer->document);
	if ((fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	if (!is_acceptable(&row, answer))
		return FAULT_DAMAGED;
	if ((fault = tell_answer(ledger, &row, answer)))
		return fault;
	take_answer(&row, answer, ledger->now);
	if ((fault = store_link_edit_save(ledger->store, &row)))
		return fault;
	if ((fault = store_link_edit_features(
		 ledger->store, answer->features, answer->feature_count)))
		return fault;
	return store_link_edit_parts(
	    ledger->store, answer->parts, answer->part_count);
}

/* ---- no answer ---- */

static bool
is_refusal(const char *code)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (strcmp(code, refusals[i]) == 0)
			return true;
	return false;
}

/* Told when it begins, has another reason, or meets another key. */
static enum fault
tell_failure(struct ledger *ledger, const struct link_row *before,
    const char *code, const char *text, const char *seen_pin)
{
	if (seen_pin && *before->pin && strcmp(before->pin, seen_pin) != 0) {
		if (strcmp(before->seen_pin, seen_pin) == 0)
			return FAULT_NONE;
		return ledger_act_event(ledger, EVENT_LINK_PIN_CHANGED,
		    before->server, seen_pin, NULL, NULL, NULL);
	}
	if (strcmp(before->failure_code, code) == 0)
		return FAULT_NONE;
	return ledger_act_event(ledger,
	    is_refusal(code) ? EVENT_LINK_REFUSED : EVENT_LINK_UNREACHABLE,
	    before->server, text, NULL, NULL, NULL);
}

enum fault
ledger_link_failed(struct ledger *ledger, const char *code, const char *text,
    const char *seen_pin, int64_t next_sync)
{
	struct link_row row;
	enum fault fault;

	assert(ledger && code && *code && text);
	if ((fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	if ((fault = tell_failure(ledger, &row, code, text, seen_pin)))
		return fault;
	row.last_attempt = ledger->now;
	row.failure_code = code;
	row.failure_text = text;
	row.next_sync = next_sync;
	if (seen_pin && strcmp(row.pin, seen_pin) != 0)
		row.seen_pin = seen_pin;
	/* What was refused is not sent again: the password is, next time. */
	if (strcmp(code, "unauthorized") == 0)
		row.token = "";
	return store_link_edit_save(ledger->store, &row);
}

/* ---- leases that run out unrenewed ---- */

/* What of one feature lapsed since it was last looked at. */
struct lapse {
	int64_t before, now; /* units */
	int64_t quanta_now;
	bool had_quanta;
};

static void
add_part(
    struct lapse *lapse, const struct link_part_row *part, int64_t server_now)
{
	bool is_running = part->expires > server_now;

	lapse->before = instant_units_add(lapse->before, part->units);
	if (is_running)
		lapse->now = instant_units_add(lapse->now, part->units);
	if (part->kind == LEASE_PART_QUANTUM) {
		lapse->had_quanta = true;
		if (is_running)
			lapse->quanta_now += part->units;
	}
}

/* Per feature what was cut, then what it means for all of them. */
static enum fault
tell_lapses(struct ledger *ledger, const char *server,
    const struct link_part_row *parts, size_t count, int64_t server_now)
{
	struct lapse all = { 0 }, one = { 0 };
	enum fault fault;

	for (size_t i = 0; i < count; i++) {
		add_part(&all, &parts[i], server_now);
		add_part(&one, &parts[i], server_now);
		if (i + 1 < count &&
		    strcmp(parts[i].feature, parts[i + 1].feature) == 0)
			continue;
		if (one.now < one.before &&
		    (fault = ledger_act_event(ledger, EVENT_LINK_CAPACITY_CUT,
			 server, parts[i].feature,
			 ledger_act_units(ledger, one.before),
			 ledger_act_units(ledger, one.now), NULL)))
			return fault;
		one = (struct lapse){ 0 };
	}
	if (all.before > 0 && all.now == 0)
		return ledger_act_event(ledger, EVENT_LINK_ALL_LAPSED, server,
		    NULL, NULL, NULL, NULL);
	if (all.had_quanta && all.quanta_now == 0)
		return ledger_act_event(ledger, EVENT_LINK_QUANTA_LAPSED,
		    server, NULL, NULL, NULL, NULL);
	return FAULT_NONE;
}

enum fault
ledger_link_sweep(struct ledger *ledger, int64_t server_now)
{
	struct link_row row;
	struct link_part_row *parts;
	enum fault fault;
	size_t count;

	assert(ledger);
	/* Where the server's clock is not known nothing counts, but nothing is over either. */
	if (server_now == INSTANT_NEVER)
		return FAULT_NONE;
	fault = store_link_load(&row, ledger->arena, ledger->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	if ((fault = store_link_parts(
		 &parts, &count, ledger->arena, ledger->store)))
		return fault;
	if ((fault = tell_lapses(ledger, row.server, parts, count, server_now)))
		return fault;
	return store_link_edit_delete_lapsed(ledger->store, server_now);
}
