/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_link_trial.c: the connection of before is put aside, and comes back
 * whole unless the change is kept. Which lease counts then the rules say
 * (engine/rules/trial.h).
 */
#include "engine/store/ledger_link_trial.h"

#include "engine/store/ledger_act.h"
#include "engine/store/ledger_link_leave.h"
#include "engine/store/store_link_edit.h"
#include "engine/store/store_setting.h"
#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* The present link, and the trial it is in, if any. */
struct trial_work {
	struct ledger *ledger;
	struct link_copy live;
	bool has_link;
	struct link_trial_row trial;
	bool has_trial;
};

static enum fault
load(struct trial_work *out, struct ledger *ledger)
{
	enum fault fault;

	*out = (struct trial_work){ .ledger = ledger };
	fault = link_copy_load(&out->live, ledger->arena, ledger->store);
	if (fault)
		return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
	out->has_link = true;
	fault = store_link_trial_load(
	    &out->trial, ledger->arena, ledger->store);
	out->has_trial = !fault;
	return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static void
add(struct ledger *ledger, enum mistake_kind kind)
{
	mistake_add(&ledger->mistakes, "", kind, NULL, NULL);
}

/* ---- what is told ---- */

/* Text grown by ", label before → after"; without values where those are secret. NULL when the arena is full. */
static const char *
add_change(struct ledger *ledger, const char *text, const char *label,
    const char *before, const char *after)
{
	const char *comma = text && *text ? ", " : "";

	if (!text || strcmp(before, after) == 0)
		return text;
	return arena_format(ledger->arena, "%s%s%s %s \u2192 %s", text, comma,
	    label, *before ? before : "none", *after ? after : "none");
}

static const char *
add_secret(struct ledger *ledger, const char *text, const char *before,
    const char *after)
{
	if (!text || strcmp(before, after) == 0)
		return text;
	return arena_format(
	    ledger->arena, "%s%spassword changed", text, *text ? ", " : "");
}

static const char *
switch_word(bool is_on)
{
	return is_on ? "on" : "off";
}

/* "License server a → b, Preferred Network internal → external"; NULL when the arena is full. */
static const char *
describe(struct ledger *ledger, const struct link_row *before,
    const struct link_row *after)
{
	const char *text = add_change(
	    ledger, "", "License server", before->server, after->server);

	text = add_change(
	    ledger, text, "Unique ID", before->client_name, after->client_name);
	text = add_secret(ledger, text, before->password, after->password);
	text = add_change(
	    ledger, text, "Preferred Network", before->network, after->network);
	text = add_change(ledger, text, "Verify SSL Certificate",
	    switch_word(before->verify), switch_word(after->verify));
	text = add_change(
	    ledger, text, "confirmed public key", before->pin, after->pin);
	text = add_change(
	    ledger, text, "cluster", before->cluster, after->cluster);
	text = add_change(ledger, text, "offer to lead",
	    switch_word(before->offers_to_lead),
	    switch_word(after->offers_to_lead));
	return text && !*text ? "nothing changed" : text;
}

static const char *
seconds_text(struct ledger *ledger, int64_t seconds)
{
	return arena_format(ledger->arena, "%" PRId64, seconds);
}

static enum fault
tell(struct ledger *ledger, enum event_kind kind, const struct link_row *before,
    const struct link_row *after, const char *rest)
{
	const char *changes = describe(ledger, before, after);

	return changes ? ledger_act_event(ledger, kind, after->server, changes,
			     rest, NULL, NULL)
		       : FAULT_MEMORY;
}

/* ---- two links of one server become one ---- */

/* What a person entered, on a link that keeps what its server said. */
static void
take_settings(struct link_row *row, const struct link_row *from)
{
	if (strcmp(row->password, from->password) != 0)
		row->token = "";
	row->server = from->server;
	row->client_name = from->client_name;
	row->password = from->password;
	row->network = from->network;
	row->verify = from->verify;
	row->pin = from->pin;
	row->seen_pin = from->seen_pin;
	row->cluster = from->cluster;
	row->offers_to_lead = from->offers_to_lead;
}

static enum fault
join_taken(
    struct link_copy *copy, const struct link_copy *more, struct arena *arena)
{
	size_t count = copy->taken_count + more->taken_count;
	struct link_auto_lease_row *rows = arena_array(
	    arena, count + 1, sizeof(*rows));

	if (!rows)
		return FAULT_MEMORY;
	for (size_t i = 0; i < copy->taken_count; i++)
		rows[i] = copy->taken[i];
	for (size_t i = 0; i < more->taken_count; i++)
		rows[copy->taken_count + i] = more->taken[i];
	copy->taken = rows;
	copy->taken_count = count;
	return FAULT_NONE;
}

/* ---- back to the one of before ---- */

/* From now on an attempt is one by the changed connection. */
static enum fault
forget_attempt(struct ledger *ledger, struct link_row *row)
{
	row->last_attempt = 0;
	row->failure_code = row->failure_text = "";
	return store_link_edit_save(ledger->store, row);
}

/* One and the same server: only what was entered goes back. */
static enum fault
put_settings_back(struct trial_work *work, struct link_row *row)
{
	struct ledger *ledger = work->ledger;
	enum fault fault;

	*row = work->live.row;
	take_settings(row, &work->trial.before.row);
	row->row_version++;
	row->next_sync = 0;
	if ((fault = forget_attempt(ledger, row)))
		return fault;
	return link_copy_write_taken(ledger->store, &work->trial.before);
}

static enum fault
put_all_back(struct trial_work *work, struct link_row *row)
{
	struct link_copy *before = &work->trial.before;
	enum fault fault;

	before->row.row_version = work->live.row.row_version + 1;
	before->row.next_sync = 0;
	*row = before->row;
	/* What the trial found with its server stays there. */
	if ((fault = ledger_link_leave(
		 work->ledger, &work->live.row, true)) ||
	    (fault = link_copy_write(work->ledger->store, before)))
		return fault;
	return ledger_link_leave_rejoin(work->ledger, row);
}

static enum fault
go_back(struct trial_work *work)
{
	struct ledger *ledger = work->ledger;
	struct link_row row;
	enum fault fault;

	fault = store_link_trial_keeps_word(&work->trial, &work->live.row)
	    ? put_settings_back(work, &row)
	    : put_all_back(work, &row);
	if (fault || (fault = store_link_trial_delete(ledger->store)))
		return fault;
	return tell(ledger, EVENT_LINK_TRIAL_LEFT, &work->live.row, &row, NULL);
}

/* ---- a change is put on trial ---- */

/* Nothing taken without the server is in use while another is tried; where its clock is not known nothing was. */
static void
end_taken(struct link_copy *copy, const struct link_moment *moment, int64_t now)
{
	size_t kept = 0;
	int64_t server_now;

	if (!store_link_server_now(&server_now, &copy->row, moment->boot_id,
		moment->elapsed_ms, now))
		return;
	for (size_t i = 0; i < copy->taken_count; i++) {
		struct link_auto_lease_row row = copy->taken[i];

		if (row.to == 0)
			row.to = server_now;
		if (row.to > row.from)
			copy->taken[kept++] = row;
	}
	copy->taken_count = kept;
}

/* The server of before may be the one that is left now, by another address: its newest word is the one that counts (rules.md 3). */
static enum fault
fold(struct trial_work *work)
{
	struct link_copy *before = &work->trial.before, *live = &work->live;
	struct link_row settings = before->row;
	enum fault fault;

	if (!store_link_trial_keeps_word(&work->trial, &live->row))
		return FAULT_NONE;
	if ((fault = join_taken(before, live, work->ledger->arena)))
		return fault;
	before->row = live->row;
	take_settings(&before->row, &settings);
	before->features = live->features;
	before->feature_count = live->feature_count;
	before->parts = live->parts;
	before->part_count = live->part_count;
	return FAULT_NONE;
}

/* What comes back one day. Where the server stays its word does, too: then it is not put aside. */
static enum fault
put_aside(struct trial_work *work, const struct link_input *input,
    const struct link_moment *moment)
{
	bool stays = input->server && input->client_name &&
	    store_link_is_with(
		&work->live.row, input->server, input->client_name);

	if (stays)
		work->live.taken_count = 0;
	else
		end_taken(&work->live, moment, work->ledger->now);
	if (work->has_trial)
		return stays ? FAULT_NONE : fold(work);
	work->trial.before = work->live;
	return FAULT_NONE;
}

static enum fault
start_clock(struct trial_work *work, const struct link_moment *moment)
{
	struct ledger *ledger = work->ledger;
	struct link_trial_row *trial = &work->trial;
	enum fault fault = store_setting_load(
	    &trial->seconds, ledger->store, SETTING_LINK_TRIAL);

	trial->began_at = ledger->now;
	trial->boot = moment->boot_id;
	trial->elapsed_ms = moment->elapsed_ms;
	trial->actor = ledger->actor.name;
	return fault
	    ? fault
	    : store_link_trial_save(ledger->store, ledger->arena, trial);
}

static enum fault
put_on_trial(struct trial_work *work, const struct link_moment *moment)
{
	struct ledger *ledger = work->ledger;
	struct link_row row;
	enum fault fault;

	if ((fault = store_link_load(&row, ledger->arena, ledger->store)) ||
	    (fault = forget_attempt(ledger, &row)) ||
	    (fault = start_clock(work, moment)))
		return fault;
	return tell(ledger, EVENT_LINK_TRIAL_BEGAN, &work->trial.before.row,
	    &row, seconds_text(ledger, work->trial.seconds));
}

/* Saved as any other change; a version that stays says that it was none. */
static enum fault
save_tried(bool *is_on_trial, struct trial_work *work,
    const struct link_input *input, const struct link_moment *moment)
{
	struct ledger *ledger = work->ledger;
	struct link_row row;
	enum fault fault;

	if ((fault = put_aside(work, input, moment)) ||
	    (fault = store_link_trial_delete(ledger->store)) ||
	    (fault = ledger_link_save(ledger, input)) ||
	    ledger->mistakes.count > 0 ||
	    (fault = store_link_load(&row, ledger->arena, ledger->store)))
		return fault;
	*is_on_trial = true;
	if (row.row_version != work->live.row.row_version)
		return put_on_trial(work, moment);
	*is_on_trial = work->has_trial;
	return work->has_trial
	    ? store_link_trial_save(ledger->store, ledger->arena, &work->trial)
	    : FAULT_NONE;
}

/*
 * Who enters the server of before again gets back what it said, its password
 * and its trust; what else differs is a change of that.
 */
static enum fault
go_back_first(struct trial_work *work, struct link_input *input)
{
	const struct link_row *live = &work->live.row;
	bool fits = input->row_version == live->row_version;
	enum fault fault;

	if (!work->has_trial || !input->server || !input->client_name ||
	    store_link_is_with(live, input->server, input->client_name) ||
	    !store_link_is_with(
		&work->trial.before.row, input->server, input->client_name))
		return FAULT_NONE;
	if ((fault = go_back(work)) || (fault = load(work, work->ledger)))
		return fault;
	if (fits)
		input->row_version = work->live.row.row_version;
	return FAULT_NONE;
}

enum fault
ledger_link_trial_save(bool *is_on_trial, struct ledger *ledger,
    const struct link_input *input, bool after_contact,
    const struct link_moment *moment)
{
	struct link_input asked = *input;
	struct trial_work work;
	enum fault fault;

	assert(is_on_trial && ledger && moment);
	*is_on_trial = false;
	if ((fault = ledger_link_trial_lapse(ledger, moment)) ||
	    (fault = load(&work, ledger)) ||
	    (fault = go_back_first(&work, &asked)))
		return fault;
	if (!work.has_link ||
	    (after_contact && !work.has_trial && !work.live.row.last_success))
		return ledger_link_save(ledger, &asked);
	return save_tried(is_on_trial, &work, &asked, moment);
}

enum fault
ledger_link_trial_again(struct ledger *ledger, const struct link_moment *moment)
{
	struct trial_work work;
	enum fault fault;

	assert(ledger && moment);
	if ((fault = load(&work, ledger)) || !work.has_trial ||
	    store_link_trial_left(&work.trial, moment, ledger->now) == 0)
		return fault;
	return start_clock(&work, moment);
}

/* ---- and kept ---- */

enum fault
ledger_link_trial_keep(struct ledger *ledger, const struct link_moment *moment,
    int64_t row_version)
{
	struct trial_work work;
	const struct link_row *row = &work.live.row;
	enum fault fault;

	assert(ledger && moment);
	if ((fault = load(&work, ledger)))
		return fault;
	if (!work.has_trial)
		add(ledger, MISTAKE_TRIAL_NONE);
	else if (store_link_trial_left(&work.trial, moment, ledger->now) == 0)
		add(ledger, MISTAKE_TRIAL_OVER);
	else if (row_version && row_version != row->row_version)
		add(ledger, MISTAKE_EDIT_CONFLICT);
	if (ledger->mistakes.count > 0)
		return FAULT_NONE;
	/* What the same server was not told of yet it is to hear of still. */
	if (store_link_trial_keeps_word(&work.trial, row) &&
	    (fault = link_copy_write_taken(ledger->store, &work.trial.before)))
		return fault;
	if ((fault = store_link_trial_delete(ledger->store)))
		return fault;
	return tell(ledger, EVENT_LINK_TRIAL_KEPT, &work.trial.before.row, row,
	    store_link_trial_outcome(row) == LINK_TRIAL_CONNECTED
		? "with contact"
		: "without contact so far");
}

/* ---- or not ---- */

enum fault
ledger_link_trial_leave(struct ledger *ledger)
{
	struct trial_work work;
	enum fault fault;

	assert(ledger);
	if ((fault = load(&work, ledger)))
		return fault;
	if (work.has_trial)
		return go_back(&work);
	add(ledger, MISTAKE_TRIAL_NONE);
	return FAULT_NONE;
}

enum fault
ledger_link_trial_lapse(struct ledger *ledger, const struct link_moment *moment)
{
	struct trial_work work;
	const struct link_trial_row *trial = &work.trial;
	enum fault fault;

	assert(ledger && moment);
	if ((fault = load(&work, ledger)) || !work.has_trial ||
	    store_link_trial_left(trial, moment, ledger->now) > 0)
		return fault;
	if ((fault = ledger_act_event(ledger, EVENT_LINK_TRIAL_OVER,
		 trial->before.row.server, work.live.row.server,
		 seconds_text(ledger, trial->seconds), NULL, NULL)))
		return fault;
	return go_back(&work);
}

/* ---- beside it ---- */

enum fault
ledger_link_trial_refuse(struct ledger *ledger, const char *field)
{
	enum fault fault;
	bool is_there;

	assert(ledger && field);
	fault = store_link_trial_is_there(&is_there, ledger->store);
	if (!fault && is_there)
		mistake_add(
		    &ledger->mistakes, field, MISTAKE_TRIAL_RUNS, NULL, NULL);
	return fault;
}

enum fault
ledger_link_trial_time(struct ledger *ledger, int64_t seconds)
{
	const struct setting_row *row = &setting_rows[SETTING_LINK_TRIAL];
	int64_t before;
	enum fault fault;

	assert(ledger);
	if (!ledger_act_borrows(ledger))
		return FAULT_NONE;
	if (seconds < row->low || seconds > row->high) {
		mistake_add(&ledger->mistakes, "trial", MISTAKE_FIELD_NUMBER,
		    row->label,
		    arena_format(ledger->arena, "%" PRId64 " to %" PRId64,
			row->low, row->high));
		return FAULT_NONE;
	}
	if ((fault = store_setting_load(
		 &before, ledger->store, SETTING_LINK_TRIAL)) ||
	    before == seconds ||
	    (fault = store_setting_save(
		 ledger->store, SETTING_LINK_TRIAL, seconds)))
		return fault;
	return ledger_act_event(ledger, EVENT_ADMISSION_CHANGED, row->name,
	    seconds_text(ledger, before), seconds_text(ledger, seconds), NULL,
	    NULL);
}
