/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * player.c: reads plays (docs/scenarios.md) and acts them out, one test each.
 * A line that does not come out as it says ends its play with its number.
 */
#include "tests/scenario/stage.h"

#include "engine/base/calendar.h"
#include "engine/store/store_auto_lease.h"
#include "engine/store/store_surrendered.h"
#include "engine/store/store_watch.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 16
#define LINE_MAX_ 1024

struct line {
	const char *file;
	int number;
	char text[LINE_MAX_];
	char *words[WORDS_MAX];
	size_t count;
};

static struct stage stage;
static struct line line;

__attribute__((format(printf, 1, 2), noreturn)) static void
wrong(const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	print_error("%s:%d: %s\n", line.file, line.number, text);
	fail();
	abort();
}

/* ---- words ---- */

/* A word, or what stands between quotation marks; NULL at the end of the line. */
static char *
next_word(char **text)
{
	char *start = *text, stop = ' ';

	while (isspace((unsigned char)*start))
		start++;
	if (*start == '\0' || *start == '#')
		return NULL;
	if (*start == '"') {
		stop = '"';
		start++;
	}
	*text = start;
	while (**text && **text != stop && **text != '\n')
		++*text;
	if (**text)
		*(*text)++ = '\0';
	return start;
}

static void
split(void)
{
	char *text = line.text, *word;

	line.count = 0;
	while ((word = next_word(&text)) != NULL) {
		if (line.count == WORDS_MAX)
			wrong("too many words");
		line.words[line.count++] = word;
	}
}

static const char *
word(size_t index)
{
	if (index >= line.count)
		wrong("a word is missing");
	return line.words[index];
}

static bool
is_word(size_t index, const char *text)
{
	return index < line.count && strcmp(line.words[index], text) == 0;
}

static int64_t
number(size_t index)
{
	char *end;
	int64_t value = strtoll(word(index), &end, 10);

	if (*end != '\0')
		wrong("%s is no number", word(index));
	return value;
}

/* 90s 10m 24h 31d */
static int64_t
span(size_t index)
{
	char *end;
	int64_t value = strtoll(word(index), &end, 10);

	switch (*end) {
	case 's':
		return value;
	case 'm':
		return value * SECONDS_PER_MINUTE;
	case 'h':
		return value * HOUR;
	case 'd':
		return value * DAY;
	default:
		wrong("%s is no span of time", word(index));
	}
}

/* A date, and perhaps a time of that day in the word behind it. */
static int64_t
instant_at(size_t index)
{
	int64_t at;
	int hours = 0, minutes = 0;

	if (!calendar_date_start(&at, word(index)))
		wrong("%s is no date", word(index));
	if (index + 1 < line.count &&
	    sscanf(line.words[index + 1], "%d:%d", &hours, &minutes) != 2)
		wrong("%s is no time of day", word(index + 1));
	return at + hours * HOUR + minutes * SECONDS_PER_MINUTE;
}

static void
same_number(const char *what, int64_t is, int64_t should)
{
	if (is != should)
		wrong("%s is %" PRId64 ", not %" PRId64, what, is, should);
}

static void
holds_text(const char *what, const char *is, const char *should)
{
	if (!strstr(is, should))
		wrong("%s is \"%s\"", what, is);
}

static const char *
kept(const char *text)
{
	return arena_text(&stage.kept, text);
}

/* ---- whom a line is about ---- */

/* gw1, or gw1..gw10: calls "act" for each. */
static void
for_each(const char *names, void (*act)(struct stage_gateway *gateway))
{
	const char *dots = strstr(names, "..");
	char name[STAGE_NAME_MAX];
	int stem = 0, first, last;

	if (!dots) {
		act(stage_gateway(&stage, names));
		return;
	}
	while (names[stem] && !isdigit((unsigned char)names[stem]))
		stem++;
	first = (int)strtol(names + stem, NULL, 10);
	last = (int)strtol(dots + 2 + stem, NULL, 10);
	for (int i = first; i <= last; i++) {
		(void)snprintf(name, sizeof(name), "%.*s%d", stem, names, i);
		act(stage_gateway(&stage, name));
	}
}

static struct client_feature_row
feature_row(const struct stage_gateway *gateway, const char *feature)
{
	return estate_feature(
	    &stage.estate, gateway->id, feature, stage_now(&stage));
}

/* ---- licenses and settings ---- */

static void
do_pool(void)
{
	char sku[STAGE_NAME_MAX];
	const char *end = is_word(3, "until") ? word(4) : NULL;

	(void)snprintf(sku, sizeof(sku), "%s-ADD-%" PRId64 "U%s", word(1),
	    number(2), end ? "-1YR" : "");
	if (!stage_license(&stage, word(1), sku, "2024-06-01", end))
		wrong("the license was not installed");
}

static void
do_license(void)
{
	if (!is_word(3, "from"))
		wrong("license NAME SKU from DATE [until DATE]");
	if (!stage_license(&stage, word(1), word(2), word(4),
		is_word(5, "until") ? word(6) : NULL))
		wrong("the license was not installed");
}

static void
do_remove(void)
{
	stage_license_remove(&stage, word(1));
}

static void
set(enum setting setting, int64_t value)
{
	stage_begin(&stage);
	(void)stage_end(&stage,
	    store_setting_save(stage.estate.appliance.store, setting, value));
}

static void
do_lease(void)
{
	struct server_input input = { .is_enabled = true,
		.duration = span(1),
		.interval = is_word(2, "renewed") ? span(4) : 4 * HOUR };

	stage_begin(&stage);
	if (!stage_end(
		&stage, ledger_server_save(&stage.estate.ledger, &input)))
		wrong(
		    "refused: %s", stage.estate.ledger.mistakes.items[0].text);
}

static void
do_grace(void)
{
	set(SETTING_GRACE, span(1));
}

static void
do_strict(void)
{
	if (!is_word(1, "membership"))
		wrong("strict membership on|off");
	set(SETTING_STRICT_MEMBERSHIP, is_word(2, "on"));
}

/* ---- clients ---- */

static void
save_client(struct stage_gateway *gateway)
{
	const struct allocation allocation = { number(3), number(4),
		number(5) };
	size_t next = is_word(6, "until") ? 8 : 6;
	const struct mistakes *mistakes = &stage.estate.ledger.mistakes;

	if (stage_save(&stage, gateway, word(2), &allocation,
		next == 8 ? word(7) : "")) {
		if (is_word(next, "refused"))
			wrong("%s was saved", gateway->name);
		return;
	}
	if (!is_word(next, "refused"))
		wrong("refused: %s", mistakes->items[0].text);
	holds_text("the reason", mistakes->items[0].text, word(next + 1));
}

static void
do_client(void)
{
	for_each(word(1), save_client);
}

static void
do_delete(void)
{
	stage_delete(&stage, stage_gateway(&stage, word(1)));
}

static const char *
denial_of(const struct stage_gateway *gateway, const char *feature,
    const char *member)
{
	const json_t *denied = json_object_get(
	    json_object_get(
		json_object_get(gateway->answer, "features"), feature),
	    "denied");
	const char *text = json_string_value(json_object_get(denied, member));

	return text ? text : "";
}

/* From the arrow on: what an answer must say. */
static void
compare_answer(
    const struct stage_gateway *gateway, const char *feature, size_t arrow)
{
	const char *code = denial_of(gateway, feature, "code");

	if (is_word(arrow + 1, "refused")) {
		if (strcmp(gateway->refusal, word(arrow + 2)) != 0)
			wrong("%s was refused: \"%s\"", gateway->name,
			    gateway->refusal);
		return;
	}
	if (*gateway->refusal)
		wrong("%s was refused: %s", gateway->name, gateway->refusal);
	same_number(gateway->name, feature_row(gateway, feature).leased,
	    number(arrow + 1));
	if (strcmp(code, is_word(arrow + 2, "denied") ? word(arrow + 3) : ""))
		wrong("the denial is \"%s\"", code);
}

static void
ask_gateway(struct stage_gateway *gateway)
{
	const char *feature = kept(word(2));
	bool is_lost = is_word(5, "lost");

	if (!is_word(4, "->"))
		wrong("ask NAME FEATURE USERS -> UNITS");
	stage_want(gateway, feature, number(3));
	stage_sync(&stage, gateway, is_lost, NULL);
	if (!is_lost)
		compare_answer(gateway, feature, 4);
}

static void
do_ask(void)
{
	for_each(word(1), ask_gateway);
}

static void
do_repeat(void)
{
	struct stage_gateway *gateway = stage_gateway(&stage, word(1));

	stage_repeat(&stage, gateway);
	compare_answer(gateway, gateway->wants[0].feature, 2);
}

static void
silence(struct stage_gateway *gateway)
{
	gateway->is_silent = true;
}

static void
do_silent(void)
{
	for_each(word(1), silence);
}

static void
come_back(struct stage_gateway *gateway)
{
	gateway->is_silent = false;
	stage_sync(&stage, gateway, false, NULL);
}

static void
do_back(void)
{
	for_each(word(1), come_back);
}

static void
do_take(void)
{
	struct stage_gateway *gateway = stage_gateway(&stage, word(1));

	if (!gateway->is_silent)
		wrong("%s can reach the server", gateway->name);
	assert_true(gateway->taken_count < STAGE_FEATURES);
	gateway->taken[gateway->taken_count++] = (struct stage_taken){
		kept(word(2)), number(3), stage.time
	};
}

static const char *
key_of(const struct stage_gateway *gateway, const char *serial, const char *sku)
{
	return kept(estate_key(&stage.estate, gateway->hardware_id, serial, sku,
	    "2024-06-01", NULL));
}

static void
make_member(struct stage_gateway *gateway)
{
	char serial[2 * STAGE_NAME_MAX];

	(void)snprintf(serial, sizeof(serial), "MBR-%s", gateway->name);
	gateway->member = key_of(gateway, serial, "PSA-LICENSE-MBR");
}

static void
do_member(void)
{
	for_each(word(1), make_member);
}

static struct stage_surrender *
surrender_of(struct stage_gateway *gateway, const char *serial)
{
	for (size_t i = 0; i < gateway->surrender_count; i++)
		if (strcmp(gateway->surrenders[i].serial, serial) == 0)
			return &gateway->surrenders[i];
	return NULL;
}

static void
do_surrender(void)
{
	struct stage_gateway *gateway = stage_gateway(&stage, word(1));
	struct stage_surrender *one = surrender_of(gateway, word(2));

	if (!one) {
		assert_true(gateway->surrender_count < STAGE_FEATURES);
		one = &gateway->surrenders[gateway->surrender_count++];
		(void)snprintf(one->serial, sizeof(one->serial), "%s", word(2));
		one->key = key_of(gateway, word(2), word(3));
	}
	one->since = stage.time > one->since ? stage.time : one->since + 1;
	one->is_recall = false;
	stage_sync(&stage, gateway, false, NULL);
}

static void
do_recall(void)
{
	struct stage_gateway *gateway = stage_gateway(&stage, word(1));
	struct stage_surrender *one = surrender_of(gateway, word(2));

	if (!one)
		wrong("%s surrendered no %s", gateway->name, word(2));
	one->since = stage.time > one->since ? stage.time : one->since + 1;
	one->is_recall = true;
	stage_sync(&stage, gateway, false, NULL);
}

static void
do_cluster(void)
{
	struct stage_gateway *gateway = stage_gateway(&stage, word(1));

	(void)snprintf(
	    gateway->cluster, sizeof(gateway->cluster), "%s", word(2));
	gateway->offers_to_lead = is_word(3, "leader");
}

/* relay LEADER for NAME FEATURE USERS -> UNITS */
static void
do_relay(void)
{
	struct stage_gateway *leader = stage_gateway(&stage, word(1));
	struct stage_gateway *gateway = stage_gateway(&stage, word(3));
	const char *feature = kept(word(4));

	stage_want(gateway, feature, number(5));
	stage_sync(&stage, gateway, false, leader);
	compare_answer(gateway, feature, 6);
}

/* ---- time, copies ---- */

static void
do_pass(void)
{
	stage_pass(&stage, span(1));
}

static void
do_until(void)
{
	stage_pass(&stage, instant_at(1) - stage.time);
}

static void
do_clock(void)
{
	stage.skew = is_word(1, "back") ? -span(2) : 0;
}

static void
do_copy(void)
{
	stage_copy(&stage);
}

static void
do_restore(void)
{
	stage_restore(&stage);
}

static void
do_recovered(void)
{
	stage_begin(&stage);
	if (!stage_end(&stage, ledger_watch_recovered(&stage.estate.ledger)))
		wrong("refused");
}

/* ---- what is expected ---- */

static bool
expect_pool(void)
{
	static const char *const names[] = { "total", "available", "leased",
		"held", "reserved", "unallocated" };
	struct pool_row pool = { 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!is_word(1, names[i]))
			continue;
		pool = stage_pool(&stage, word(2));
		same_number(names[i],
		    (const int64_t[]){ pool.installed, pool.available,
			pool.leased, pool.held, pool.reserved,
			pool.unallocated }[i],
		    number(3));
		return true;
	}
	return false;
}

/* expect gw1 leases CONSEC 75 */
static bool
expect_units(void)
{
	const struct stage_gateway *gateway;
	struct client_feature_row row;

	if (!is_word(2, "leases") && !is_word(2, "holds") &&
	    !is_word(2, "releases") && !is_word(2, "uses"))
		return false;
	gateway = stage_gateway(&stage, word(1));
	row = feature_row(gateway, word(3));
	if (is_word(2, "leases"))
		same_number("L", row.leased, number(4));
	else if (is_word(2, "holds"))
		same_number("what it holds", row.held, number(4));
	else if (is_word(2, "releases"))
		same_number("what is releasing", row.releasing, number(4));
	else
		same_number("what it may use",
		    stage_usable(&stage, gateway, word(3)), number(4));
	return true;
}

/* expect gw1 CONSEC quanta|reserved until DATE TIME */
static bool
expect_end(void)
{
	struct client_feature_row row;
	int64_t is, should;
	char text[CALENDAR_TEXT_MAX];

	if (!is_word(4, "until"))
		return false;
	row = feature_row(stage_gateway(&stage, word(1)), word(2));
	is = is_word(3, "reserved") ? row.reserved_expires : row.expires;
	should = instant_at(5);
	calendar_format(text, is);
	if (is != should)
		wrong("it ends at %s", text);
	return true;
}

/* expect denied gw1 CONSEC "…", expect not denied gw1 CONSEC */
static bool
expect_denial(void)
{
	const struct stage_gateway *gateway;

	if (is_word(1, "denied")) {
		gateway = stage_gateway(&stage, word(2));
		holds_text(
		    "the denial", denial_of(gateway, word(3), "text"), word(4));
		return true;
	}
	if (!is_word(1, "not"))
		return false;
	gateway = stage_gateway(&stage, word(3));
	if (*denial_of(gateway, word(4), "code"))
		wrong("denied: %s", denial_of(gateway, word(4), "text"));
	return true;
}

/* expect holder gw3 CONSEC gw1 60: as the denial of gw3 names them */
static bool
expect_holder(void)
{
	const json_t *holders;
	char *text;

	if (!is_word(1, "holder"))
		return false;
	holders = json_object_get(
	    json_object_get(
		json_object_get(
		    json_object_get(
			stage_gateway(&stage, word(2))->answer, "features"),
		    word(3)),
		"denied"),
	    "holders");
	for (size_t i = 0; i < json_array_size(holders); i++) {
		const json_t *one = json_array_get(holders, i);

		if (strcmp(json_string_value(json_object_get(one, "client")),
			word(4)) == 0 &&
		    json_integer_value(json_object_get(one, "units")) ==
			number(5))
			return true;
	}
	text = json_dumps(holders, JSON_ENCODE_ANY);
	wrong("the holders are %s", text);
}

/* expect auto-leasing CONSEC on "…" */
static bool
expect_auto_leasing(void)
{
	const struct auto_lease_row *row;
	struct auto_lease_row *rows;
	size_t count;
	const char *text;

	if (!is_word(1, "auto-leasing"))
		return false;
	if (store_auto_lease_list(&rows, &count, &stage.estate.arena,
		stage.estate.appliance.store))
		wrong("the switches could not be read");
	row = store_auto_lease_of(rows, count, word(2));
	if (!row)
		wrong("it was never judged");
	text = mistake_verdict_text(
	    &stage.estate.arena, row->verdict, row->feature, &row->numbers);
	if (row->is_on != is_word(3, "on"))
		wrong("it is %s: %s", row->is_on ? "on" : "off", text);
	if (line.count > 4)
		holds_text("the reason", text, word(4));
	return true;
}

static bool
expect_penalty(void)
{
	struct watch_row watch;
	char text[CALENDAR_TEXT_MAX];
	bool is_on;

	if (!is_word(1, "penalty"))
		return false;
	if (store_watch_load(
		&watch, &stage.estate.arena, stage.estate.appliance.store))
		wrong("the watch could not be read");
	calendar_format(text, watch.penalty_until);
	is_on = watch.penalty_until > stage_now(&stage);
	if (is_word(2, "over") ? is_on
			       : !is_on || watch.penalty_until != instant_at(3))
		wrong("the penalty lasts until %s", text);
	return true;
}

/* expect event LIC30564 gw1 2 "…": how often, and what the last one says */
static bool
expect_event(void)
{
	const char *about;

	if (!is_word(1, "event"))
		return false;
	about = is_word(3, "any") ? NULL : word(3);
	same_number(word(2),
	    (int64_t)estate_events(&stage.estate, word(2), about), number(4));
	if (line.count > 5)
		holds_text("the event",
		    estate_last_event(&stage.estate, word(2)), word(5));
	return true;
}

/* expect surrendered A-1 accepted: as its gateway heard it */
static bool
expect_surrendered(void)
{
	const struct stage_surrender *one;

	if (!is_word(2, "surrendered"))
		return false;
	one = surrender_of(stage_gateway(&stage, word(1)), word(3));
	if (!one)
		wrong("no such license was surrendered");
	if (strcmp(one->state, word(4)) != 0)
		wrong("its state is \"%s\"", one->state);
	return true;
}

/* expect gw1 in compliance, expect gw1 out of compliance "…" */
static bool
expect_compliance(void)
{
	const struct stage_gateway *gateway;
	const json_t *reasons;
	char *text;
	bool has_reason;

	if (!is_word(3, "compliance") && !is_word(4, "compliance"))
		return false;
	gateway = stage_gateway(&stage, word(1));
	reasons = json_object_get(gateway->answer, "compliance");
	has_reason = json_array_size(reasons) > 0;
	text = json_dumps(reasons, JSON_ENCODE_ANY);
	if (has_reason != is_word(2, "out"))
		wrong("its reasons are %s", text);
	if (has_reason && line.count > 5)
		holds_text("the reason", text, word(5));
	free(text);
	return true;
}

/* expect time DATE HH:MM: of the server */
static bool
expect_time(void)
{
	char text[CALENDAR_TEXT_MAX];

	if (!is_word(1, "time"))
		return false;
	calendar_format(text, stage_now(&stage));
	if (stage_now(&stage) != instant_at(2))
		wrong("it is %s", text);
	return true;
}

static void
do_expect(void)
{
	if (!expect_pool() && !expect_units() && !expect_end() &&
	    !expect_denial() && !expect_holder() && !expect_auto_leasing() &&
	    !expect_penalty() && !expect_event() && !expect_surrendered() &&
	    !expect_compliance() && !expect_time())
		wrong("what is expected?");
}

/* ---- plays ---- */

static const struct {
	const char *word;
	void (*act)(void);
} acts[] = {
	{ "pool", do_pool },
	{ "license", do_license },
	{ "remove", do_remove },
	{ "lease", do_lease },
	{ "grace", do_grace },
	{ "strict", do_strict },
	{ "client", do_client },
	{ "delete", do_delete },
	{ "ask", do_ask },
	{ "repeat", do_repeat },
	{ "silent", do_silent },
	{ "back", do_back },
	{ "take", do_take },
	{ "member", do_member },
	{ "surrender", do_surrender },
	{ "recall", do_recall },
	{ "cluster", do_cluster },
	{ "relay", do_relay },
	{ "pass", do_pass },
	{ "until", do_until },
	{ "clock", do_clock },
	{ "copy", do_copy },
	{ "restore", do_restore },
	{ "recovered", do_recovered },
	{ "expect", do_expect },
};

static void
act_out(void)
{
	size_t i = 0;

	split();
	if (line.count == 0)
		return;
	while (i < sizeof(acts) / sizeof(acts[0]) && !is_word(0, acts[i].word))
		i++;
	if (i == sizeof(acts) / sizeof(acts[0]))
		wrong("nobody knows what \"%s\" means", word(0));
	acts[i].act();
	stage_check(&stage);
}

static void
play(void **state)
{
	FILE *file = fopen(*state, "r");
	int lines = 0;

	assert_non_null(file);
	line.file = *state;
	line.number = 0;
	while (fgets(line.text, sizeof(line.text), file)) {
		line.number++;
		act_out();
		lines++;
	}
	(void)fclose(file);
	assert_true(lines > 0);
}

static int
set_stage(void **state)
{
	(void)state;
	stage_open(&stage);
	return 0;
}

static int
clear_stage(void **state)
{
	(void)state;
	stage_close(&stage);
	return 0;
}

int
main(int argc, char **argv)
{
	struct CMUnitTest tests[128];
	size_t count = 0;

	for (int i = 1; i < argc && count < 128; i++)
		tests[count++] = (struct CMUnitTest){ .name = argv[i],
			.test_func = play,
			.setup_func = set_stage,
			.teardown_func = clear_stage,
			.initial_state = argv[i] };
	return _cmocka_run_group_tests("plays", tests, count, NULL, NULL);
}
