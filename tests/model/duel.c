/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * duel.c: steps, done on the rules and on the model.
 */
#include "tests/model/duel.h"

#include "engine/rules/invariant.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

void
duel_init(struct duel *duel)
{
	model_init(&duel->model, DUEL_START);
	book_init(&duel->book, DUEL_START);
	memset(duel->stored, 0, sizeof(duel->stored));
	memset(duel->confirmed, 0, sizeof(duel->confirmed));
	duel->loss_over = DUEL_START;
	duel->is_unsettled = false;
	duel->why[0] = '\0';
}

__attribute__((format(printf, 2, 3))) static bool
differ(struct duel *duel, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(duel->why, sizeof(duel->why), format, arguments);
	va_end(arguments);
	return false;
}

static bool
same(struct duel *duel, const char *what, size_t who, int64_t rules,
    int64_t model)
{
	if (rules == model)
		return true;
	return differ(duel,
	    "%s of client %zu: rules %" PRId64 ", model %" PRId64, what,
	    who + 1, rules, model);
}

/* ---- one answer ---- */

static bool
is_before(const struct model_piece *a, const struct model_piece *b)
{
	if (a->is_reserved != b->is_reserved)
		return a->is_reserved;
	if (a->granted != b->granted)
		return a->granted < b->granted;
	if (a->is_lapsing != b->is_lapsing)
		return b->is_lapsing;
	if (a->units != b->units)
		return a->units < b->units;
	return a->expires < b->expires;
}

static void
sort(struct model_piece *pieces, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t n = i;
		     n > 0 && is_before(&pieces[n], &pieces[n - 1]); n--) {
			struct model_piece piece = pieces[n];

			pieces[n] = pieces[n - 1];
			pieces[n - 1] = piece;
		}
}

/* Every quantum of a plan by itself, the first of a group with what all of them draw on subscriptions; 0 when there are too many. */
static size_t
spread(struct model_piece *pieces, const struct lease_plan *plan)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->part_count; i++) {
		const struct lease_part *part = &plan->parts[i];

		for (int64_t n = 0; n < part->count; n++) {
			if (count == MODEL_PIECES)
				return 0;
			pieces[count++] = (struct model_piece){
				.is_reserved = part->kind ==
				    LEASE_PART_RESERVED,
				.units = part->size,
				.granted = part->granted,
				.expires = part->expires,
				.is_lapsing = part->is_lapsing,
				.subscription = n == 0 ? part->subscription : 0,
			};
		}
	}
	return count;
}

static int64_t
permanent_units(const struct model_lease *lease)
{
	int64_t units = 0;

	for (size_t i = 0; i < lease->count; i++)
		units += lease->pieces[i].units - lease->pieces[i].subscription;
	return units;
}

static bool
same_piece(struct duel *duel, size_t who, const struct model_piece *rules,
    const struct model_piece *model)
{
	return same(duel, "kind of a part", who, rules->is_reserved,
		   model->is_reserved) &&
	    same(duel, "units of a part", who, rules->units, model->units) &&
	    same(duel, "grant of a part", who, rules->granted - DUEL_START,
		model->granted - DUEL_START) &&
	    same(duel, "expiry of a part", who, rules->expires - DUEL_START,
		model->expires - DUEL_START) &&
	    same(duel, "lapsing of a part", who, rules->is_lapsing,
		model->is_lapsing);
}

/* Parts of one age and kind draw the same, whichever of them is named first. */
static bool
same_sources(struct duel *duel, size_t who, const struct model_piece *rules,
    const struct model_piece *model, size_t count)
{
	int64_t by_rules = 0, by_model = 0;

	for (size_t i = 0; i < count; i++) {
		by_rules += rules[i].subscription;
		by_model += model[i].subscription;
		if (i + 1 < count && !is_before(&rules[i], &rules[i + 1]))
			continue;
		if (!same(duel, "subscription units", who, by_rules, by_model))
			return false;
	}
	return true;
}

static bool
same_parts(struct duel *duel, size_t who, const struct lease_plan *plan,
    const struct model_lease *lease)
{
	struct model_piece rules[MODEL_PIECES], model[MODEL_PIECES];
	size_t count = spread(rules, plan);

	if (!same(duel, "number of parts", who, (int64_t)count,
		(int64_t)lease->count))
		return false;
	memcpy(model, lease->pieces, count * sizeof(model[0]));
	sort(rules, count);
	sort(model, count);
	for (size_t i = 0; i < count; i++)
		if (!same_piece(duel, who, &rules[i], &model[i]))
			return false;
	return same(duel, "permanent units", who, plan->permanent,
		   permanent_units(lease)) &&
	    same_sources(duel, who, rules, model, count);
}

static bool
same_denial(struct duel *duel, size_t who, const struct lease_plan *plan,
    const struct model_answer *answer)
{
	if (plan->denial != answer->denial)
		return differ(duel, "denial of client %zu: rules %s, model %s",
		    who + 1, verdict_code(plan->denial),
		    verdict_code(answer->denial));
	if (plan->denial == VERDICT_OK)
		return true;
	return same(duel, "wanted by a denial", who, plan->numbers.wanted,
		   answer->wanted) &&
	    same(duel, "available of a denial", who, plan->numbers.available,
		answer->available) &&
	    same(duel, "total of a denial", who, plan->numbers.total,
		answer->total);
}

/* ---- all sums ---- */

static bool
same_client(struct duel *duel, size_t who)
{
	const struct book *book = &duel->book;
	const struct model *model = &duel->model;
	bool is_there = model->clients[who].is_there;

	if (!same(duel, "presence", who, book->clients[who].is_there, is_there))
		return false;
	if (!is_there)
		return true;
	return same(duel, "L", who, book_leased(book, who),
		   model_leased(model, who)) &&
	    same(duel, "most on paper", who,
		book_documented(book, who, book->now),
		model_paper(model, who, model->now)) &&
	    same(duel, "newest document", who, book->clients[who].number,
		model->clients[who].number);
}

static bool
same_pool(struct duel *duel)
{
	struct pool_fall falls[BOOK_LICENSES * 4];
	struct pool pool;

	book_pool(&pool, falls, &duel->book, 0);
	return same(duel, "T seen", 0, pool.total,
		   model_total(&duel->model, duel->model.now)) &&
	    same(duel, "sum of held seen", 0, pool.held,
		model_held_sum(&duel->model)) &&
	    same(duel, "available to reserve", 0, pool_reservable(&pool),
		model_reservable(&duel->model, 0));
}

/* What everybody together could use then by what was signed. */
static int64_t
signed_sum(const struct model *model, int64_t at)
{
	int64_t units = 0;

	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		if (model->clients[i].is_there)
			units += model_signed(model, i, at);
	return units;
}

/* Is no more signed for any day to come than there will be then? */
static bool
is_settled(const struct model *model)
{
	int64_t day = model->now - model->now % MODEL_DAY;

	if (signed_sum(model, model->now) > model_total(model, model->now))
		return false;
	for (int i = 1; i <= 11; i++)
		if (signed_sum(model, day + i * MODEL_DAY) >
		    model_total(model, day + i * MODEL_DAY))
			return false;
	return true;
}

/*
 * After a loss more may be signed than there is until all ran out that was
 * signed before. When T rises meanwhile and falls again, parts that were not
 * to be extended are, and others are not; then it ends when it ends. Once all
 * fits again, it fits for good.
 */
static bool
fits(struct duel *duel, int64_t total_before)
{
	const struct model *model = &duel->model;
	int64_t total = model_total(model, model->now);
	int64_t units = signed_sum(model, model->now);

	if (!duel->is_unsettled && model->now >= duel->loss_over)
		return units <= total ||
		    differ(duel,
			"%" PRId64 " units are signed beyond T = %" PRId64,
			units, total);
	if (is_settled(model)) {
		duel->loss_over = model->now;
		duel->is_unsettled = false;
	} else if (total > total_before) {
		duel->is_unsettled = true;
	}
	return true;
}

static bool
keeps_invariants(struct duel *duel, int64_t held_before, int64_t total_before)
{
	const struct model *model = &duel->model;
	int64_t total = model_total(model, model->now);
	int64_t held = model_held_sum(model);

	if (held > total && held > held_before)
		return differ(duel,
		    "held rose from %" PRId64 " to %" PRId64
		    " beyond T = %" PRId64,
		    held_before, held, total);
	if (signed_sum(model, model->now) > held)
		return differ(duel,
		    "%" PRId64 " units are signed, only %" PRId64 " held",
		    signed_sum(model, model->now), held);
	return fits(duel, total_before);
}

/* ---- steps ---- */

static bool
may_ask(const struct duel *duel, size_t who)
{
	const struct model_client *c = &duel->model.clients[who];

	return c->is_there && !c->is_deleted && duel->model.now < c->expires;
}

/* The sums that the ledger guards after each decision, from the rows. */
static struct invariant_figures
figures_of(const struct book *book)
{
	struct pool_fall falls[BOOK_LICENSES * 4];
	struct invariant_figures figures;
	struct pool pool;

	/* Nobody asks: all clients are others. */
	book_pool(&pool, falls, book, BOOK_CLIENTS);
	figures = (struct invariant_figures){
		.total = pool.total,
		.leased = pool.subscription_others + pool.permanent_others,
		.held = pool.held,
		.subscription = pool.subscription,
		.subscription_drawn = pool.subscription_others,
		.permanent_drawn = pool.permanent_others,
	};
	return figures;
}

/* The ledger stops granting for good when this fails: it never may. */
static bool
passes_the_guard(struct duel *duel, const struct invariant_figures *before)
{
	const struct invariant_figures after = figures_of(&duel->book);
	enum invariant broken = invariant_check(before, &after);

	return broken == INVARIANT_NONE ||
	    differ(duel, "the guard would stop granting: %s",
		invariant_sentence(broken));
}

static bool
ask(struct duel *duel, const struct duel_step *step)
{
	struct invariant_figures before;
	struct model_answer answer;
	struct book_answer rules;
	size_t who = step->who;

	if (!may_ask(duel, who) ||
	    duel->model.clients[who].document_count + 1 >= MODEL_DOCUMENTS)
		return true;
	duel->confirmed[who] = duel->stored[who];
	model_confirm(&duel->model, who, duel->stored[who]);
	book_confirm(&duel->book, who, duel->stored[who]);
	before = figures_of(&duel->book);
	model_ask(&answer, &duel->model, who, step->a);
	book_ask(&rules, &duel->book, who, step->a);
	if (step->b == 0)
		duel->stored[who] = duel->model.clients[who].number;
	duel->denial = answer.denial;
	return passes_the_guard(duel, &before) &&
	    same(duel, "L by the answer", who, rules.plan.leased,
		answer.leased) &&
	    same_denial(duel, who, &rules.plan, &answer) &&
	    same_parts(duel, who, &rules.plan, &answer.lease);
}

static void
add_client(struct duel *duel, size_t who)
{
	struct model_client *c = &duel->model.clients[who];
	struct book_client *b = &duel->book.clients[who];

	c->is_there = b->is_there = true;
	c->is_deleted = b->is_deleted = false;
	c->is_member = b->is_member = false;
	c->lease.count = c->document_count = b->row_count = 0;
	c->number = b->number = 0;
	duel->stored[who] = duel->confirmed[who] = 0;
}

static bool
save(struct duel *duel, const struct duel_step *step)
{
	struct model_client *c = &duel->model.clients[step->who];
	struct book_client *b = &duel->book.clients[step->who];
	struct allocation allocation = { step->a, step->b, step->c };
	int64_t today = duel->model.now - duel->model.now % MODEL_DAY;
	int64_t expires = step->d == 0 ? MODEL_NEVER
				       : today + step->d * MODEL_DAY;
	bool rules, model;

	if (c->is_there && c->is_deleted)
		return true;
	rules = book_may_save(&duel->book, step->who, &allocation, expires);
	model = model_may_save(
	    &duel->model, step->who, step->a, step->b, step->c, expires);
	if (!same(duel, "saving the counts", step->who, rules, model))
		return false;
	if (!rules)
		return true;
	if (!c->is_there)
		add_client(duel, step->who);
	b->allocation = allocation;
	c->reserved = step->a;
	c->increment = step->b;
	c->maximum = step->c;
	b->expires = c->expires = expires;
	return true;
}

static bool
add_license(struct duel *duel, const struct duel_step *step)
{
	struct model_license *m = &duel->model.licenses[step->who];
	struct book *book = &duel->book;
	int64_t today = duel->model.now - duel->model.now % MODEL_DAY;

	if (m->is_there)
		return true;
	*m = (struct model_license){
		.is_there = true,
		.is_subscription = step->d != 0,
		.units = step->a,
		.start = today + step->b * MODEL_DAY,
		.end = step->d ? today + (step->b + step->c) * MODEL_DAY
			       : MODEL_NEVER,
	};
	book->licenses[book->license_count++] = (struct license){
		.id = (int64_t)step->who + 1,
		.prefix = "CONSEC",
		.units = m->units,
		.is_subscription = m->is_subscription,
		.start = m->start,
		.end = m->end,
	};
	license_pair(book->licenses, book->license_count);
	return true;
}

/* When everything signed so far has run out. */
static int64_t
last_signed(const struct model *model)
{
	int64_t last = model->now;

	for (size_t i = 0; i < MODEL_CLIENTS; i++) {
		const struct model_client *c = &model->clients[i];

		for (size_t n = 0; c->is_there && n < c->document_count; n++)
			for (size_t k = 0; k < c->documents[n].lease.count; k++)
				last = instant_later(last,
				    c->documents[n].lease.pieces[k].expires);
	}
	return last;
}

void
duel_lose(struct duel *duel, size_t place)
{
	struct book *book = &duel->book;
	size_t kept = 0;

	duel->model.licenses[place].is_there = false;
	for (size_t i = 0; i < book->license_count; i++)
		if (book->licenses[i].id != (int64_t)place + 1)
			book->licenses[kept++] = book->licenses[i];
	book->license_count = kept;
	license_pair(book->licenses, book->license_count);
}

static bool
lose_license(struct duel *duel, const struct duel_step *step)
{
	if (!duel->model.licenses[step->who].is_there)
		return true;
	duel->loss_over = last_signed(&duel->model);
	duel->is_unsettled = false;
	duel_lose(duel, step->who);
	return true;
}

/* ---- settings ---- */

static bool
set_duration(struct duel *duel, const struct duel_step *step)
{
	duel->model.duration = duel->book.duration = step->a;
	return true;
}

static bool
surrender(struct duel *duel, const struct duel_step *step)
{
	duel->model.surrendered += step->a;
	duel->book.surrendered += step->a;
	return true;
}

static bool
give_back(struct duel *duel, const struct duel_step *step)
{
	bool rules = book_return(&duel->book);

	(void)step;
	return same(duel, "the return of recalled units", 0, rules,
	    model_return(&duel->model));
}

static bool
set_recall(struct duel *duel, const struct duel_step *step)
{
	duel->model.recalling = duel->book.recalling = instant_earlier(
	    step->a, duel->book.surrendered);
	return true;
}

static bool
set_recovery(struct duel *duel, const struct duel_step *step)
{
	duel->model.is_recovering = duel->book.is_recovering = step->a != 0;
	return true;
}

static bool
set_member(struct duel *duel, const struct duel_step *step)
{
	duel->model.clients[step->who]
	    .is_member = duel->book.clients[step->who].is_member = step->a != 0;
	return true;
}

static bool
set_strict(struct duel *duel, const struct duel_step *step)
{
	duel->model.is_strict = duel->book.is_strict = step->a != 0;
	return true;
}

static bool
delete_client(struct duel *duel, const struct duel_step *step)
{
	const struct model_client *c = &duel->model.clients[step->who];

	if (!c->is_there || c->is_deleted)
		return true;
	model_delete(&duel->model, step->who);
	book_delete(&duel->book, step->who);
	return true;
}

static bool
repeat(struct duel *duel, const struct duel_step *step)
{
	if (may_ask(duel, step->who))
		duel->stored[step->who] = duel->model.clients[step->who].number;
	return true;
}

/* "Time alone never raises what is held." */
static bool
pass(struct duel *duel, const struct duel_step *step)
{
	int64_t held[MODEL_CLIENTS];

	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		held[i] = model_held(&duel->model, i);
	model_pass(&duel->model, duel->model.now + step->a);
	book_pass(&duel->book, duel->book.now + step->a);
	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		if (model_held(&duel->model, i) > held[i])
			return differ(duel,
			    "time alone raised what client %zu holds", i + 1);
	return true;
}

static bool (*const performers[DUEL__COUNT])(
    struct duel *duel, const struct duel_step *step) = {
	[DUEL_PASS] = pass,
	[DUEL_ASK] = ask,
	[DUEL_REPEAT] = repeat,
	[DUEL_SAVE] = save,
	[DUEL_DELETE] = delete_client,
	[DUEL_LICENSE] = add_license,
	[DUEL_LOSE] = lose_license,
	[DUEL_DURATION] = set_duration,
	[DUEL_SURRENDER] = surrender,
	[DUEL_RECALL] = set_recall,
	[DUEL_RETURN] = give_back,
	[DUEL_RECOVER] = set_recovery,
	[DUEL_MEMBER] = set_member,
	[DUEL_STRICT] = set_strict,
};

bool
duel_step(struct duel *duel, const struct duel_step *step)
{
	int64_t held = model_held_sum(&duel->model);
	int64_t total = model_total(&duel->model, duel->model.now);

	if (!performers[step->kind](duel, step) || !same_pool(duel))
		return false;
	for (size_t i = 0; i < MODEL_CLIENTS; i++)
		if (!same_client(duel, i))
			return false;
	return keeps_invariants(duel, held, total);
}

void
duel_print(FILE *out, const struct duel_step *step)
{
	const size_t who = step->who + 1;

	switch (step->kind) {
	case DUEL_PASS:
		(void)fprintf(out, "%" PRId64 " seconds pass", step->a);
		break;
	case DUEL_ASK:
		(void)fprintf(out, "client %zu asks for %" PRId64 "%s", who,
		    step->a, step->b ? ", and its answer is lost" : "");
		break;
	case DUEL_REPEAT:
		(void)fprintf(out, "client %zu gets its lost answer", who);
		break;
	case DUEL_SAVE:
		(void)fprintf(out,
		    "client %zu is saved with %" PRId64 " %" PRId64 " %" PRId64
		    " for %" PRId64 " days (0 = ever)",
		    who, step->a, step->b, step->c, step->d);
		break;
	case DUEL_DELETE:
		(void)fprintf(out, "client %zu is deleted", who);
		break;
	case DUEL_LICENSE:
		(void)fprintf(out,
		    "license %zu: %" PRId64 " units from day %" PRId64
		    " for %" PRId64 " days (0 = ever)",
		    who, step->a, step->b, step->d ? step->c : 0);
		break;
	case DUEL_LOSE:
		(void)fprintf(out, "license %zu is deleted", who);
		break;
	case DUEL_DURATION:
		(void)fprintf(out, "quanta last %" PRId64 " seconds", step->a);
		break;
	case DUEL_SURRENDER:
		(void)fprintf(
		    out, "%" PRId64 " units are surrendered", step->a);
		break;
	case DUEL_RETURN:
		(void)fprintf(out, "the recalled units may leave");
		break;
	case DUEL_RECALL:
		(void)fprintf(
		    out, "%" PRId64 " units are being recalled", step->a);
		break;
	case DUEL_RECOVER:
		(void)fprintf(out, "the server is%s recovering",
		    step->a ? "" : " no longer");
		break;
	case DUEL_MEMBER:
		(void)fprintf(
		    out, "client %zu is %s member", who, step->a ? "a" : "no");
		break;
	case DUEL_STRICT:
		(void)fprintf(
		    out, "membership is%s strict", step->a ? "" : " not");
		break;
	case DUEL__COUNT:
		break;
	}
	(void)fputc('\n', out);
}
