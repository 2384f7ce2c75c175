/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * model.c: the rules once more, one sentence of their text at a time. Slow on
 * purpose: nothing is remembered that can be found again.
 */
#include "tests/model/model.h"

#include <assert.h>
#include <string.h>

#define RESERVED_TIME (240 * MODEL_HOUR)
#define HOLD_TIME     (24 * MODEL_HOUR)
#define COUNT_MOST    10000000

static int64_t
more(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
less(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void
model_init(struct model *model, int64_t now)
{
	model->now = now;
	model->duration = 24 * MODEL_HOUR;
	model->grace = 31 * MODEL_DAY;
	model->surrendered = model->recalling = 0;
	model->is_recovering = model->is_strict = false;
	model->sheets = 0;
	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		model->clients[i].is_there = false;
	for (size_t i = 0; i < MODEL_LICENSES; i++)
		model->licenses[i].is_there = false;
}

/* ---- T ---- */

static int64_t
worth(
    const struct model *model, const struct model_license *license, int64_t at)
{
	if (!license->is_there || at < license->start)
		return 0;
	if (license->end != MODEL_NEVER && at >= license->end + model->grace)
		return 0;
	return license->units;
}

int64_t
model_total(const struct model *model, int64_t at)
{
	int64_t units = model->surrendered;

	for (size_t i = 0; i < MODEL_LICENSES; i++)
		units += worth(model, &model->licenses[i], at);
	return units;
}

int64_t
model_subscription(const struct model *model, int64_t at)
{
	int64_t units = 0;

	for (size_t i = 0; i < MODEL_LICENSES; i++)
		if (model->licenses[i].is_subscription)
			units += worth(model, &model->licenses[i], at);
	return units;
}

/* ---- what clients have ---- */

static int64_t
units_of(const struct model_lease *lease, int64_t at)
{
	int64_t units = 0;

	for (size_t i = 0; i < lease->count; i++)
		if (lease->pieces[i].expires > at)
			units += lease->pieces[i].units;
	return units;
}

static int64_t
believed_units_of(const struct model_lease *lease, int64_t at)
{
	int64_t units = 0;

	for (size_t i = 0; i < lease->count; i++)
		if (lease->pieces[i].believed > at)
			units += lease->pieces[i].units;
	return units;
}

int64_t
model_leased(const struct model *model, size_t client)
{
	return units_of(&model->clients[client].lease, model->now);
}

int64_t
model_paper(const struct model *model, size_t client, int64_t at)
{
	const struct model_client *c = &model->clients[client];
	int64_t most = 0;

	for (size_t i = 0; i < c->document_count; i++)
		most = more(
		    most, believed_units_of(&c->documents[i].lease, at));
	return most;
}

int64_t
model_signed(const struct model *model, size_t client, int64_t at)
{
	const struct model_client *c = &model->clients[client];
	int64_t most = 0;

	for (size_t i = 0; i < c->document_count; i++)
		most = more(most, units_of(&c->documents[i].lease, at));
	return most;
}

static bool
is_live(const struct model *model, const struct model_client *c)
{
	return !c->is_deleted && model->now < c->expires;
}

/* "max(R, the most units that any document may still give now) while its configuration has not expired; after that, only what those give" */
int64_t
model_held(const struct model *model, size_t client)
{
	const struct model_client *c = &model->clients[client];
	int64_t paper;

	if (!c->is_there)
		return 0;
	paper = model_paper(model, client, model->now);
	return is_live(model, c) ? more(c->reserved, paper) : paper;
}

int64_t
model_held_sum(const struct model *model)
{
	int64_t units = 0;

	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		units += model_held(model, i);
	return units;
}

int64_t
model_reservable(const struct model *model, size_t client)
{
	int64_t units = model_total(model, model->now);

	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		if (i != client)
			units -= model_held(model, i);
	return units;
}

/* ---- time ---- */

static void
forget_expired(struct model_lease *lease, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < lease->count; i++)
		if (lease->pieces[i].expires > now)
			lease->pieces[kept++] = lease->pieces[i];
	lease->count = kept;
}

/* Documents that give nothing any more, the newest apart. */
static void
forget_documents(struct model_client *c, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->document_count; i++) {
		if (i + 1 < c->document_count &&
		    believed_units_of(&c->documents[i].lease, now) == 0)
			continue;
		if (kept != i)
			c->documents[kept] = c->documents[i];
		kept++;
	}
	c->document_count = kept;
}

void
model_pass(struct model *model, int64_t now)
{
	assert(now >= model->now);
	model->now = now;
	for (size_t i = 0; i < MODEL_CLIENTS; i++) {
		struct model_client *c = &model->clients[i];

		if (!c->is_there)
			continue;
		forget_expired(&c->lease, now);
		forget_documents(c, now);
		/* "At that instant requests are refused and its leases end." */
		if (now >= c->expires)
			c->lease.count = 0;
		if (c->is_deleted && model_paper(model, i, now) == 0)
			c->is_there = false;
	}
}

void
model_confirm(struct model *model, size_t client, int64_t number)
{
	struct model_client *c = &model->clients[client];
	size_t gone = 0;

	while (gone < c->document_count && c->documents[gone].number < number)
		gone++;
	c->document_count -= gone;
	memmove(c->documents, c->documents + gone,
	    c->document_count * sizeof(c->documents[0]));
}

void
model_delete(struct model *model, size_t client)
{
	struct model_client *c = &model->clients[client];

	c->is_deleted = true;
	c->lease.count = 0;
	if (model_paper(model, client, model->now) == 0)
		c->is_there = false;
}

/* ---- recall (8.3) ---- */

/* All that is signed for an instant from now on. */
static int64_t
paper_sum(const struct model *model, int64_t at)
{
	int64_t units = 0;

	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		if (model->clients[i].is_there)
			units += model_paper(model, i, at);
	return units;
}

/* What is held, and what is signed for any day to come, must find its units without those that leave. */
bool
model_return(struct model *model)
{
	int64_t units = model->recalling;
	int64_t day = model->now - model->now % MODEL_DAY;

	if (units == 0 ||
	    model_held_sum(model) > model_total(model, model->now) - units)
		return false;
	for (int i = 1; i <= 11; i++)
		if (paper_sum(model, day + i * MODEL_DAY) >
		    model_total(model, day + i * MODEL_DAY) - units)
			return false;
	model->surrendered -= units;
	model->recalling = 0;
	return true;
}

/* ---- saving counts (4) ---- */

bool
model_may_save(const struct model *model, size_t client, int64_t reserved,
    int64_t increment, int64_t maximum, int64_t expires)
{
	const struct model_client *c = &model->clients[client];
	bool is_new = !c->is_there;
	bool was_live = !is_new && model->now < c->expires;
	int64_t before = is_new ? 0 : c->reserved;

	if (reserved < 0 || reserved > COUNT_MOST || increment < 0 ||
	    increment > COUNT_MOST || maximum > COUNT_MOST ||
	    maximum < reserved)
		return false;
	if (maximum > reserved &&
	    (increment < 1 || increment > maximum - reserved))
		return false;
	/* "checked when R rises or an expired configuration is made live again"; nothing can always be reserved */
	if (reserved > before || (!is_new && !was_live && model->now < expires))
		return reserved <= more(0, model_reservable(model, client));
	return true;
}

/* ---- age ---- */

static size_t
like_sheet(const struct model_lease *lease, int64_t sheet)
{
	size_t count = 0;

	for (size_t i = 0; i < lease->count; i++)
		count += lease->pieces[i].sheet == sheet;
	return count;
}

/* Which of two quanta is the newer one. The text leaves open what comes next among those of one age: what the rest compares only makes rules and model choose alike. */
static bool
is_after(const struct model_lease *lease, const struct model_piece *a,
    const struct model_piece *b)
{
	size_t like_a, like_b;

	if (a->is_reserved != b->is_reserved)
		return b->is_reserved;
	if (a->granted != b->granted)
		return a->granted > b->granted;
	if (a->is_lapsing != b->is_lapsing)
		return a->is_lapsing;
	if (a->units != b->units)
		return a->units > b->units;
	if (a->expires != b->expires)
		return a->expires < b->expires;
	like_a = like_sheet(lease, a->sheet);
	like_b = like_sheet(lease, b->sheet);
	return like_a != like_b ? like_a > like_b : a->sheet > b->sheet;
}

static void
sort(struct model_lease *lease)
{
	for (size_t i = 1; i < lease->count; i++)
		for (size_t n = i; n > 0 &&
		     is_after(lease, &lease->pieces[n - 1], &lease->pieces[n]);
		     n--) {
			struct model_piece piece = lease->pieces[n];

			lease->pieces[n] = lease->pieces[n - 1];
			lease->pieces[n - 1] = piece;
		}
}

/* ---- deciding a request (5) ---- */

/* What other clients leave of one source. */
static int64_t
room_of_source(const struct model *model, size_t client, bool is_subscription)
{
	int64_t from = model_subscription(model, model->now);
	int64_t room = is_subscription ? from
				       : model_total(model, model->now) - from;

	for (size_t i = 0; i < MODEL_CLIENTS; i++) {
		const struct model_client *c = &model->clients[i];

		for (size_t n = 0;
		     c->is_there && i != client && n < c->lease.count; n++)
			room -= is_subscription
			    ? c->lease.pieces[n].subscription
			    : c->lease.pieces[n].units -
				c->lease.pieces[n].subscription;
	}
	return more(0, room);
}

/* One decision on the desk. */
struct desk {
	const struct model *model;
	const struct model_client *client;
	size_t index;
	int64_t users;
	int64_t total;
	struct model_lease lease;
	enum verdict denial;
	int64_t wanted, available;
	bool grew; /* the reserved part */
	/* Units that no member license is asked for, where membership is strict. */
	int64_t for_anybody;
};

static int64_t
leased(const struct desk *desk)
{
	return units_of(&desk->lease, desk->model->now);
}

static int64_t
held_by_others(const struct desk *desk)
{
	return desk->total - model_reservable(desk->model, desk->index);
}

static int64_t
paper_of_others(const struct desk *desk, int64_t at)
{
	int64_t units = 0;

	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		if (i != desk->index && desk->model->clients[i].is_there)
			units += model_paper(desk->model, i, at);
	return units;
}

static int64_t
unmarked_of(const struct model_lease *lease)
{
	int64_t units = 0;

	for (size_t i = 0; i < lease->count; i++)
		if (!lease->pieces[i].is_lapsing)
			units += lease->pieces[i].units;
	return units;
}

/* The most of any document without marked parts: what was given back counts until that is confirmed. */
static int64_t
unmarked_paper(const struct model *model, const struct model_client *c)
{
	int64_t most = 0;

	for (size_t i = 0; i < c->document_count; i++) {
		const struct model_lease *lease = &c->documents[i].lease;
		int64_t units = 0;

		for (size_t n = 0; n < lease->count; n++)
			if (!lease->pieces[n].is_lapsing &&
			    lease->pieces[n].believed > model->now)
				units += lease->pieces[n].units;
		most = more(most, units);
	}
	return most;
}

/* "other clients' parts already marked so are left out"; what they reserve is put in where asked for. */
static int64_t
unmarked_of_others(const struct desk *desk, bool with_reserved)
{
	int64_t units = 0;

	for (size_t i = 0; i < MODEL_CLIENTS; i++) {
		const struct model_client *c = &desk->model->clients[i];
		int64_t paper;

		if (!c->is_there || i == desk->index)
			continue;
		paper = unmarked_paper(desk->model, c);
		units += with_reserved && is_live(desk->model, c)
		    ? more(c->reserved, paper)
		    : paper;
	}
	return units;
}

/* Sum of held if the lease stayed as it lies there. */
static int64_t
held_after(const struct desk *desk)
{
	int64_t own = model_held(desk->model, desk->index);

	return held_by_others(desk) + more(own, leased(desk));
}

static void
deny(struct desk *desk, enum verdict denial, int64_t available)
{
	if (desk->denial != VERDICT_OK)
		return;
	desk->denial = denial;
	desk->wanted = more(desk->users, desk->client->reserved);
	desk->available = more(0, available);
}

static void
drop(struct model_lease *lease, size_t index)
{
	lease->count--;
	memmove(&lease->pieces[index], &lease->pieces[index + 1],
	    (lease->count - index) * sizeof(lease->pieces[0]));
}

/* Index of the reserved part; "count" when there is none. */
static size_t
reserved_part(const struct model_lease *lease)
{
	for (size_t i = 0; i < lease->count; i++)
		if (lease->pieces[i].is_reserved)
			return i;
	return lease->count;
}

static size_t
oldest_quantum(const struct model_lease *lease)
{
	size_t index = 0;

	while (index < lease->count && lease->pieces[index].is_reserved)
		index++;
	return index;
}

static void
set_reserved(struct desk *desk, int64_t units)
{
	struct model_lease *lease = &desk->lease;
	size_t index = reserved_part(lease);

	if (index < lease->count && units == 0) {
		drop(lease, index);
		return;
	}
	if (index == lease->count) {
		assert(lease->count < MODEL_PIECES);
		memmove(&lease->pieces[1], &lease->pieces[0],
		    lease->count * sizeof(lease->pieces[0]));
		lease->count++;
		lease->pieces[0] = (struct model_piece){
			.is_reserved = true,
			.expires = MODEL_NEVER,
		};
		index = 0;
	}
	if (units > lease->pieces[index].units) {
		lease->pieces[index].granted = desk->model->now;
		desk->grew = true;
	}
	lease->pieces[index].units = units;
}

/* "It fits when L after it <= M and the sum of held after it <= T … When T has fallen it is granted only if the sum of L after it <= T" */
static bool
reserved_fits(const struct desk *desk, bool has_fallen)
{
	if (leased(desk) > desk->client->maximum)
		return false;
	/* What is held beyond T may stay, but not grow. */
	if (has_fallen)
		return held_after(desk) <= model_held_sum(desk->model) &&
		    paper_of_others(desk, desk->model->now) + leased(desk) <=
		    desk->total;
	return held_after(desk) <= desk->total;
}

/* What the reserved part may be at most; own quanta give way to it. */
static int64_t
room_for_reserved(const struct desk *desk, bool has_fallen)
{
	if (!has_fallen)
		return desk->total - held_by_others(desk);
	return less(model_held(desk->model, desk->index),
	    desk->total - paper_of_others(desk, desk->model->now));
}

/* 2: whole or not at all; own quanta give way, oldest first. */
static void
grow_reserved(struct desk *desk)
{
	struct model_lease before = desk->lease;
	bool has_fallen = model_held_sum(desk->model) > desk->total;
	int64_t reserved = desk->client->reserved;
	int64_t leased_before = leased(desk);

	if (desk->model->is_recovering) {
		deny(desk, VERDICT_RECOVERING,
		    room_for_reserved(desk, has_fallen));
		return;
	}
	set_reserved(desk, reserved);
	while (!reserved_fits(desk, has_fallen) ||
	    leased(desk) > more(desk->for_anybody, leased_before)) {
		enum verdict denial = reserved_fits(desk, has_fallen)
		    ? VERDICT_MEMBERSHIP_REQUIRED
		    : VERDICT_RESERVED_EXHAUSTED;

		if (oldest_quantum(&desk->lease) == desk->lease.count) {
			desk->lease = before;
			desk->grew = false;
			deny(desk, denial, room_for_reserved(desk, has_fallen));
			return;
		}
		drop(&desk->lease, oldest_quantum(&desk->lease));
	}
}

static void
bring_reserved(struct desk *desk)
{
	size_t index = reserved_part(&desk->lease);
	int64_t has = 0;

	if (index < desk->lease.count)
		has = desk->lease.pieces[index].units;
	if (has < desk->client->reserved)
		grow_reserved(desk);
	else if (has > desk->client->reserved)
		set_reserved(desk, desk->client->reserved);
}

/* Why no quantum more can be had; VERDICT_OK when one can. */
static enum verdict
stops_growth(const struct desk *desk, int64_t free)
{
	const struct model_client *c = desk->client;

	if (c->maximum == 0)
		return VERDICT_NOT_ALLOCATED;
	if (desk->model->is_recovering)
		return VERDICT_RECOVERING;
	if (c->increment == 0 || leased(desk) + c->increment > c->maximum)
		return VERDICT_MAXIMUM_REACHED;
	if (free < c->increment)
		return VERDICT_POOL_EXHAUSTED;
	if (leased(desk) + c->increment > desk->for_anybody)
		return VERDICT_MEMBERSHIP_REQUIRED;
	/* "T for new and extended quanta is T - units" */
	if (free - desk->model->recalling < c->increment)
		return VERDICT_RECALL_IN_PROGRESS;
	return VERDICT_OK;
}

/* 3 */
static void
grow(struct desk *desk)
{
	while (leased(desk) < desk->users) {
		int64_t free = desk->total - held_by_others(desk) -
		    leased(desk);
		enum verdict stop = stops_growth(desk, free);

		if (stop != VERDICT_OK) {
			deny(desk, stop,
			    stop == VERDICT_NOT_ALLOCATED ? 0 : free);
			return;
		}
		assert(desk->lease.count < MODEL_PIECES);
		desk->lease.pieces[desk->lease.count++] = (struct model_piece){
			.units = desk->client->increment,
			.granted = desk->model->now,
			.expires = MODEL_NEVER,
		};
	}
}

/* "After an admin lowers M below L, quanta above M go, newest first, whatever their age." */
static void
shrink_to_maximum(struct desk *desk)
{
	while (leased(desk) > desk->client->maximum &&
	    oldest_quantum(&desk->lease) < desk->lease.count)
		drop(&desk->lease, desk->lease.count - 1);
}

/* "drop each for which L - quantum >= max(u, R)" */
static void
shrink_idle(struct desk *desk)
{
	int64_t least = more(desk->users, desk->client->reserved);
	size_t i = oldest_quantum(&desk->lease);

	while (i < desk->lease.count) {
		const struct model_piece *piece = &desk->lease.pieces[i];

		if (desk->model->now - piece->granted >= HOLD_TIME &&
		    leased(desk) - piece->units >= least)
			drop(&desk->lease, i);
		else
			i++;
	}
}

/* 5: "parts that no longer fit are just not extended (quanta before the reserved part, newest first)". A recall takes its units from quanta, but not those that somebody reserved (8.3). */
static void
mark_lapsing(struct desk *desk)
{
	struct model_lease *lease = &desk->lease;
	int64_t others = unmarked_of_others(desk, false);
	int64_t for_quanta = desk->total - others;
	size_t quanta = oldest_quantum(lease);

	if (desk->model->recalling > 0)
		for_quanta = desk->total - desk->model->recalling -
		    unmarked_of_others(desk, true);
	for (size_t i = 0; i < lease->count; i++)
		lease->pieces[i].is_lapsing = false;
	for (size_t i = lease->count;
	     i > quanta && unmarked_of(lease) > for_quanta; i--)
		lease->pieces[i - 1].is_lapsing = true;
	if (quanta == 1 && others + unmarked_of(lease) > desk->total)
		lease->pieces[0].is_lapsing = true;
}

/* Units of the client's parts that outlast "at" by the expiries set so far, the reserved part put in. */
static int64_t
outlasting(const struct desk *desk, int64_t at)
{
	int64_t units = 0;

	for (size_t i = 0; i < desk->lease.count; i++)
		if (desk->lease.pieces[i].is_reserved ||
		    desk->lease.pieces[i].expires > at)
			units += desk->lease.pieces[i].units;
	return units;
}

/* 6: T is looked at day by day; an end is a midnight. */
static int64_t
cap(const struct desk *desk, bool is_reserved, int64_t until)
{
	const struct model *model = desk->model;
	int64_t day = (model->now / MODEL_DAY + 1) * MODEL_DAY;

	for (; day < until; day += MODEL_DAY) {
		int64_t total = model_total(model, day);

		if (total >= model_total(model, day - 1))
			continue;
		/* "while a recall is pending T for new and extended quanta is T - units" */
		if (held_after(desk) <=
		    total - (is_reserved ? 0 : model->recalling))
			continue;
		if (is_reserved &&
		    paper_of_others(desk, day) + outlasting(desk, day) <= total)
			continue;
		return day;
	}
	return until;
}

/* 5 and 6 for one part that is not marked, or new. */
static void
extend(struct desk *desk, struct model_piece *piece)
{
	const struct model *model = desk->model;
	bool is_new = piece->sheet == 0 || (piece->is_reserved && desk->grew);
	int64_t until = model->now +
	    (piece->is_reserved ? RESERVED_TIME : model->duration);

	until = less(until, desk->client->expires);
	until = cap(desk, piece->is_reserved, until);
	/* "A kept part's expiry never moves earlier, except to the allocation expiry." */
	if (!is_new)
		until = more(until, piece->expires);
	piece->expires = until;
}

static void
renew(struct desk *desk)
{
	size_t quanta = oldest_quantum(&desk->lease);

	for (size_t i = quanta; i < desk->lease.count; i++)
		if (!desk->lease.pieces[i].is_lapsing)
			extend(desk, &desk->lease.pieces[i]);
	if (quanta == 1 && !desk->lease.pieces[0].is_lapsing)
		extend(desk, &desk->lease.pieces[0]);
	for (size_t i = 0; i < desk->lease.count; i++)
		desk->lease.pieces[i].expires = less(
		    desk->lease.pieces[i].expires, desk->client->expires);
}

/* "Drawn are subscription units first, non-subscription units first for a member", by the oldest parts first; what one source lacks comes from the other. */
static void
draw(struct desk *desk)
{
	bool is_member = desk->client->is_member;
	int64_t room = room_of_source(desk->model, desk->index, !is_member);

	for (size_t i = 0; i < desk->lease.count; i++) {
		struct model_piece *piece = &desk->lease.pieces[i];
		int64_t preferred = less(room, piece->units);

		room -= preferred;
		piece->subscription = is_member ? piece->units - preferred
						: preferred;
	}
}

/* ---- paper ---- */

static bool
are_alike(const struct model_piece *a, const struct model_piece *b)
{
	return a->is_reserved == b->is_reserved && a->units == b->units &&
	    a->granted == b->granted && a->expires == b->expires &&
	    a->is_lapsing == b->is_lapsing;
}

/* Does a sheet go on, but for a later expiry? */
static bool
goes_on(const struct model_lease *before, const struct model_lease *after,
    int64_t sheet)
{
	const struct model_piece *old = NULL, *new = NULL;
	size_t had = 0, has = 0;

	for (size_t i = 0; i < before->count; i++)
		if (before->pieces[i].sheet == sheet) {
			old = &before->pieces[i];
			had++;
		}
	for (size_t i = 0; i < after->count; i++) {
		if (after->pieces[i].sheet != sheet)
			continue;
		if (new && !are_alike(new, &after->pieces[i]))
			return false;
		new = &after->pieces[i];
		has++;
	}
	return has == had && new && old->units == new->units &&
	    old->granted == new->granted && old->expires <= new->expires;
}

/* Pieces whose sheet did not stay whole get new ones, one for all that are alike. */
static void
hand_out_sheets(struct model *model, const struct model_lease *before,
    struct model_lease *lease)
{
	int64_t was[MODEL_PIECES];
	bool stays[MODEL_PIECES];

	for (size_t i = 0; i < lease->count; i++) {
		was[i] = lease->pieces[i].sheet;
		stays[i] = was[i] != 0 && goes_on(before, lease, was[i]);
	}
	for (size_t i = 0; i < lease->count; i++) {
		size_t like = 0;

		if (stays[i])
			continue;
		while (like < i &&
		    (stays[like] || was[like] != was[i] ||
			!are_alike(&lease->pieces[like], &lease->pieces[i])))
			like++;
		lease->pieces[i].sheet = like < i ? lease->pieces[like].sheet
						  : ++model->sheets;
	}
}

static void
believe(struct model_client *c, const struct model_piece *piece)
{
	for (size_t i = 0; i < c->document_count; i++)
		for (size_t n = 0; n < c->documents[i].lease.count; n++)
			if (c->documents[i].lease.pieces[n].sheet ==
			    piece->sheet) {
				c->documents[i].lease.pieces[n].believed =
				    piece->expires;
				c->documents[i].lease.pieces[n].is_lapsing =
				    piece->is_lapsing;
			}
}

static void
write_document(struct model *model, struct model_client *c,
    const struct model_lease *lease)
{
	struct model_document *document;

	assert(c->document_count < MODEL_DOCUMENTS);
	document = &c->documents[c->document_count++];
	document->number = ++c->number;
	document->lease.count = lease->count;
	memcpy(document->lease.pieces, lease->pieces,
	    lease->count * sizeof(lease->pieces[0]));
	c->lease.count = lease->count;
	for (size_t i = 0; i < lease->count; i++) {
		document->lease.pieces[i].believed = lease->pieces[i].expires;
		c->lease.pieces[i] = document->lease.pieces[i];
		believe(c, &lease->pieces[i]);
	}
	forget_documents(c, model->now);
}

void
model_ask(
    struct model_answer *out, struct model *model, size_t client, int64_t users)
{
	struct model_client *c = &model->clients[client];
	struct desk desk = {
		.model = model,
		.client = c,
		.index = client,
		.users = users,
		.total = model_total(model, model->now),
		.lease = c->lease,
		.denial = VERDICT_OK,
	};

	assert(c->is_there && is_live(model, c));
	/* "refuses grants that would make a non-member draw on permanent units beyond what it already draws" */
	desk.for_anybody = model->is_strict && !c->is_member
	    ? room_of_source(model, client, true)
	    : INT64_MAX;
	sort(&desk.lease);
	bring_reserved(&desk);
	shrink_to_maximum(&desk);
	grow(&desk);
	shrink_idle(&desk);
	mark_lapsing(&desk);
	renew(&desk);
	draw(&desk);
	hand_out_sheets(model, &c->lease, &desk.lease);
	write_document(model, c, &desk.lease);
	out->lease = c->lease;
	out->leased = leased(&desk);
	out->denial = desk.denial;
	out->wanted = desk.wanted;
	out->available = desk.available;
	out->total = desk.total;
}
