/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_ledger_recover.c: a license server restored from an old copy honors
 * what its clients prove, forgets what they do not hold, and lends nothing
 * new before it has heard of all of them.
 */
#include "tests/store/test_ledger_estate.h"

#include "engine/rules/recovery.h"
#include "engine/store/ledger_recovery.h"
#include "engine/store/statement.h"
#include "engine/store/store_backup.h"
#include "engine/store/store_contact.h"
#include "engine/store/store_link.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define T 200

/* A copy made at COPIED, put back at RESTORED. */
#define COPIED   (START + HOUR)
#define RESTORED (START + 5 * HOUR)
#define OVER     (RESTORED + RECOVERY_LIMIT_SECONDS)

/* What a client holds. */
struct paper {
	int64_t number;
	const char *text;
};

struct scene {
	struct estate estate;
	char copy[64];
	int64_t a, b;
	struct paper held; /* by a, when the copy was made */
};

static void
good(enum fault fault)
{
	assert_string_equal(fault_text(fault), fault_text(FAULT_NONE));
}

static void
in(char out[128], const char *directory, const char *name)
{
	(void)snprintf(out, 128, "%s/%s", directory, name);
}

static void
clear(const char *directory)
{
	static const char *const names[] = { "store.db", "store.db-wal",
		"store.db-shm" };
	char path[128];

	for (size_t i = 0; i < 3; i++) {
		in(path, directory, names[i]);
		(void)unlink(path);
	}
}

/* ---- copy and restore ---- */

static void
save(struct scene *scene)
{
	char path[128];

	strcpy(scene->copy, "/tmp/leasehold-copy-XXXXXX");
	assert_non_null(mkdtemp(scene->copy));
	in(path, scene->copy, "store.db");
	good(store_backup_write(scene->estate.appliance.store, path));
}

static void
restore(struct scene *scene, int64_t now)
{
	struct estate *estate = &scene->estate;
	struct recovery_marks marks;
	struct store *copy;
	char path[128];

	good(ledger_recovery_marks(&marks, estate->appliance.store));
	store_close(&estate->appliance.store);
	clear(estate->directory);
	good(store_open(&copy, scene->copy, true));
	in(path, estate->directory, "store.db");
	good(store_backup_write(copy, path));
	store_close(&copy);
	good(store_open(&estate->appliance.store, estate->directory, true));
	estate_begin(estate, now);
	good(estate_end(
	    estate, ledger_recovery_restore(&estate->ledger, &marks)));
}

/* ---- asking ---- */

struct ask {
	int64_t client, users;
	int64_t holds;     /* a document's own number */
	const char *proof; /* its text, or NULL */
};

static void
send(struct sync_outcome *out, struct scene *scene, struct ask ask, int64_t now)
{
	const struct sync_want want = { "CONSEC", ask.users };
	struct sync_request request = estate_request(
	    &scene->estate, ask.client, &want, 0, now);

	request.holds = ask.holds;
	request.proof = ask.proof;
	estate_send(out, &scene->estate, &request, now);
	assert_int_equal(out->answer.status, 200);
}

static struct paper
get(struct scene *scene, struct ask ask, int64_t now)
{
	struct sync_outcome outcome;
	struct paper paper;

	send(&outcome, scene, ask, now);
	paper.number = outcome.answer.number;
	paper.text = arena_text(&scene->estate.arena, outcome.answer.document);
	estate_forget(&outcome);
	return paper;
}

static int64_t
leased(struct scene *scene, int64_t client, int64_t now)
{
	return estate_leased(&scene->estate, client, "CONSEC", now);
}

static int64_t
held(struct scene *scene, int64_t client, int64_t now)
{
	return estate_feature(&scene->estate, client, "CONSEC", now).held;
}

static const char *
denied(struct scene *scene, int64_t client, int64_t now)
{
	return estate_feature(&scene->estate, client, "CONSEC", now)
	    .denied_code;
}

static int64_t
epoch_in(const struct sync_outcome *outcome)
{
	return json_integer_value(json_object_get(outcome->json, "epoch"));
}

static bool
has_notice(const struct sync_outcome *outcome, const char *code)
{
	json_t *notice;
	size_t i;

	json_array_foreach(json_object_get(outcome->json, "notices"), i, notice)
	{
		if (strcmp(json_string_value(json_object_get(notice, "code")),
			code) == 0)
			return true;
	}
	return false;
}

/* ---- the scene: A leases 50 and confirms it, then the copy is made; B is silent ---- */

static int
open_scene(void **state)
{
	static struct scene scene;
	struct estate *estate = &scene.estate;
	const struct allocation counts = { 0, 25, T };

	memset(&scene, 0, sizeof(scene));
	estate_open(estate, ROLE_SERVER);
	estate_trust(estate, true);
	estate_license(estate, "CONSEC", T, "");
	scene.a = estate_client(estate, "a", "CONSEC", counts, "", START);
	scene.b = estate_client(estate, "b", "CONSEC", counts, "", START);
	scene.held = get(&scene, (struct ask){ scene.a, 50, 0, NULL }, START);
	scene.held = get(&scene,
	    (struct ask){ scene.a, 50, scene.held.number, NULL }, START + 1);
	*state = &scene;
	return 0;
}

static int
close_scene(void **state)
{
	struct scene *scene = *state;

	estate_close(&scene->estate);
	if (*scene->copy) {
		clear(scene->copy);
		assert_int_equal(rmdir(scene->copy), 0);
	}
	return 0;
}

/* After the copy A grows to 100, of which the copy knows nothing. */
static struct paper
grow_and_restore(struct scene *scene)
{
	struct paper paper;

	save(scene);
	paper = get(scene,
	    (struct ask){ scene->a, 100, scene->held.number, NULL },
	    COPIED + 1);
	paper = get(scene, (struct ask){ scene->a, 100, paper.number, NULL },
	    COPIED + 2);
	restore(scene, RESTORED);
	assert_int_equal(leased(scene, scene->a, RESTORED), 50);
	return paper;
}

static void
newer_document_is_honored(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	struct paper paper = grow_and_restore(scene);
	struct sync_outcome outcome;

	assert_int_equal(estate_events(estate, "LHD10020", NULL), 1);
	/* It does not know of the restore yet: it shows nothing. */
	send(&outcome, scene, (struct ask){ scene->a, 100, paper.number, NULL },
	    RESTORED + 1);
	assert_int_equal(epoch_in(&outcome), 2);
	assert_true(outcome.answer.number > paper.number);
	assert_true(has_notice(&outcome, "recovering"));
	estate_forget(&outcome);
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 50);
	assert_string_equal(
	    denied(scene, scene->a, RESTORED + 1), "recovering");
	/* Now it does. */
	send(&outcome, scene,
	    (struct ask){ scene->a, 100, paper.number, paper.text },
	    RESTORED + 2);
	assert_true(outcome.answer.number > paper.number);
	estate_forget(&outcome);
	assert_int_equal(leased(scene, scene->a, RESTORED + 2), 100);
	assert_int_equal(held(scene, scene->a, RESTORED + 2), 100);
	assert_int_equal(estate_events(estate, "LHD10027", "a"), 1);
}

/* Its last reply was lost before the copy was made: what it has is less than what the server signed. */
static void
older_document_is_honored(void **state)
{
	struct scene *scene = *state;

	get(scene, (struct ask){ scene->a, 150, scene->held.number, NULL },
	    COPIED);
	assert_int_equal(held(scene, scene->a, COPIED), 150);
	save(scene);
	restore(scene, RESTORED);
	assert_int_equal(held(scene, scene->a, RESTORED), 150);
	get(scene,
	    (struct ask){ scene->a, 150, scene->held.number, scene->held.text },
	    RESTORED + 1);
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 50);
	assert_int_equal(held(scene, scene->a, RESTORED + 1), 50);
	assert_int_equal(estate_events(&scene->estate, "LHD10027", "a"), 1);
}

/* A gave 50 of 100 back, said so, and B has them: the larger document still runs, but it is A's no more. */
static void
document_given_up_proves_nothing(void **state)
{
	struct scene *scene = *state;
	int64_t late = START + DAY;
	struct paper large, small;

	large = get(scene,
	    (struct ask){ scene->a, 100, scene->held.number, NULL }, START + 2);
	large = get(
	    scene, (struct ask){ scene->a, 100, large.number, NULL }, late);
	small = get(
	    scene, (struct ask){ scene->a, 50, large.number, NULL }, late + 2);
	assert_int_equal(leased(scene, scene->a, late + 2), 50);
	assert_int_equal(held(scene, scene->a, late + 2), 100);
	get(scene, (struct ask){ scene->a, 50, small.number, NULL }, late + 3);
	assert_int_equal(held(scene, scene->a, late + 3), 50);
	save(scene);
	restore(scene, late + 10);
	get(scene, (struct ask){ scene->a, 100, large.number, large.text },
	    late + 11);
	assert_int_equal(leased(scene, scene->a, late + 11), 50);
	assert_int_equal(held(scene, scene->a, late + 11), 50);
	assert_int_equal(estate_events(&scene->estate, "LHD10027", NULL), 0);
	/* The one that it confirmed is as good as ever. */
	get(scene, (struct ask){ scene->a, 50, small.number, small.text },
	    late + 12);
	assert_int_equal(leased(scene, scene->a, late + 12), 50);
}

/* What this store knows already is no news. */
static void
same_document_changes_nothing(void **state)
{
	struct scene *scene = *state;

	save(scene);
	restore(scene, RESTORED);
	get(scene,
	    (struct ask){ scene->a, 50, scene->held.number, scene->held.text },
	    RESTORED + 1);
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 50);
	assert_int_equal(held(scene, scene->a, RESTORED + 1), 50);
	assert_int_equal(estate_events(&scene->estate, "LHD10027", NULL), 0);
}

static void
client_without_document_holds_nothing(void **state)
{
	struct scene *scene = *state;

	save(scene);
	restore(scene, RESTORED);
	get(scene, (struct ask){ scene->a, 50, 0, NULL }, RESTORED + 1);
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 0);
	assert_int_equal(held(scene, scene->a, RESTORED + 1), 0);
	assert_int_equal(estate_events(&scene->estate, "LHD10032", "a"), 1);
	/* There is nothing more to tell: neither of it, nor of B, which had nothing. */
	get(scene, (struct ask){ scene->a, 50, 0, NULL }, RESTORED + 2);
	get(scene, (struct ask){ scene->b, 0, 0, NULL }, RESTORED + 2);
	assert_int_equal(estate_events(&scene->estate, "LHD10032", NULL), 1);
}

static void
client_without_document_grows_no_sooner(void **state)
{
	struct scene *scene = *state;

	save(scene);
	restore(scene, RESTORED);
	get(scene, (struct ask){ scene->a, 50, 0, NULL }, RESTORED + 1);
	/* B may hold anything: nobody gets units before it has said. */
	assert_string_equal(
	    denied(scene, scene->a, RESTORED + 1), "recovering");
}

/* "what" in a document is not what it must be. */
static void
is_ignored(
    struct scene *scene, struct paper paper, const char *what, json_t *value)
{
	json_t *document = json_loads(paper.text, 0, NULL);
	char *text;

	assert_int_equal(json_object_set_new(document, what, value), 0);
	text = json_dumps(document, 0);
	get(scene, (struct ask){ scene->a, 100, paper.number, text },
	    RESTORED + 1);
	free(text);
	json_decref(document);
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 50);
	assert_int_equal(estate_events(&scene->estate, "LHD10027", NULL), 0);
}

static void
document_of_others_proves_nothing(void **state)
{
	struct scene *scene = *state;
	struct paper paper = grow_and_restore(scene);

	is_ignored(scene, paper, "iss", json_string("0331J8K29P4T77QY"));
	is_ignored(scene, paper, "client", json_string("b"));
	is_ignored(scene, paper, "hardware_id",
	    json_string(estate_hardware(&scene->estate, scene->b)));
	is_ignored(
	    scene, paper, "number", json_integer((json_int_t)paper.number + 1));
	is_ignored(scene, paper, "features",
	    json_pack("{s:{s:[{s:s,s:i,s:i,s:i,s:i,s:i}]}}", "CONSEC", "parts",
		"kind", "quantum", "units", 25, "size", 0, "count", 1,
		"granted", 1, "expires", 2));
	get(scene, (struct ask){ scene->a, 100, paper.number, "no document" },
	    RESTORED + 1);
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 50);
}

/* The spare has a hardware ID of its own, and no license yet; its clients have documents of the former. */
static void
spare_honors_what_its_predecessor_signed(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	struct paper paper = grow_and_restore(scene);
	struct appliance own = estate->appliance;

	(void)snprintf(
	    own.hardware_id, sizeof(own.hardware_id), "%s", "0331J8K29P4T77QY");
	own.hostname = "spare.example";
	own.listen = "127.0.0.1:443";
	own.redirect = "";
	own.platform = "PSA-7000c";
	own.version = "8.2r1";
	estate_begin(estate, RESTORED);
	assert_int_equal(
	    estate_end(estate, ledger_replace(&estate->ledger, &own)),
	    FAULT_NONE);
	assert_int_equal(estate_events(estate, "LHD10040", NULL), 1);
	assert_int_equal(estate_pool(estate, "CONSEC", RESTORED).installed, 0);
	(void)snprintf(estate->appliance.hardware_id,
	    sizeof(estate->appliance.hardware_id), "%s", own.hardware_id);
	/* One that the spare never stood for, and then the one that it does. */
	is_ignored(scene, paper, "iss", json_string("AAAAAAAAAAAAAAAA"));
	get(scene, (struct ask){ scene->a, 100, paper.number, paper.text },
	    RESTORED + 1);
	assert_int_equal(estate_events(estate, "LHD10027", NULL), 1);
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 100);
}

/* What ran out meanwhile is not given back. */
static void
expired_parts_of_a_document_give_nothing(void **state)
{
	struct scene *scene = *state;
	struct paper paper = grow_and_restore(scene);
	int64_t end = COPIED + 2 + DAY;

	get(scene, (struct ask){ scene->a, 0, paper.number, paper.text }, end);
	assert_int_equal(leased(scene, scene->a, end), 0);
	assert_int_equal(held(scene, scene->a, end), 0);
}

/* ---- growth waits for all ---- */

static void
growth_waits_until_all_have_reported(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	struct sync_outcome outcome;
	struct paper paper = grow_and_restore(scene);

	paper = get(scene,
	    (struct ask){ scene->a, 150, paper.number, paper.text },
	    RESTORED + 1);
	/* What it has is renewed, more is not given. */
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 100);
	assert_int_equal(
	    estate_feature(estate, scene->a, "CONSEC", RESTORED + 1).expires,
	    RESTORED + 1 + DAY);
	assert_string_equal(
	    denied(scene, scene->a, RESTORED + 1), "recovering");
	assert_int_equal(estate_events(estate, "LHD10021", NULL), 0);
	/* B never had anything. It is the last. */
	send(&outcome, scene, (struct ask){ scene->b, 25, 0, NULL },
	    RESTORED + 2);
	assert_false(has_notice(&outcome, "recovering"));
	estate_forget(&outcome);
	assert_int_equal(leased(scene, scene->b, RESTORED + 2), 25);
	assert_int_equal(estate_events(estate, "LHD10021", NULL), 1);
	get(scene, (struct ask){ scene->a, 150, paper.number, NULL },
	    RESTORED + 3);
	assert_int_equal(leased(scene, scene->a, RESTORED + 3), 150);
	assert_int_equal(estate_events(estate, "LHD10021", NULL), 1);
}

static void
watch(struct scene *scene, int64_t now)
{
	estate_begin(&scene->estate, now);
	good(estate_end(&scene->estate, ledger_watch(&scene->estate.ledger)));
}

static void
growth_waits_for_240_hours_and_no_longer(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	struct paper paper = grow_and_restore(scene);

	paper = get(scene,
	    (struct ask){ scene->a, 100, paper.number, paper.text },
	    RESTORED + 1);
	watch(scene, OVER - 1);
	assert_int_equal(estate_events(estate, "LHD10021", NULL), 0);
	paper = get(
	    scene, (struct ask){ scene->a, 25, paper.number, NULL }, OVER - 1);
	assert_int_equal(leased(scene, scene->a, OVER - 1), 0);
	assert_string_equal(denied(scene, scene->a, OVER - 1), "recovering");
	get(scene, (struct ask){ scene->a, 25, paper.number, NULL }, OVER);
	assert_int_equal(leased(scene, scene->a, OVER), 25);
	watch(scene, OVER);
	watch(scene, OVER + 60);
	assert_int_equal(estate_events(estate, "LHD10021", NULL), 1);
	assert_string_equal(estate_last_event(estate, "LHD10021"),
	    "Recovery is over: 240 hours have passed.");
}

/* A number of before the restore is no confirmation, however high it is. */
static void
old_number_confirms_nothing(void **state)
{
	struct scene *scene = *state;
	struct paper paper = grow_and_restore(scene), again;
	int64_t day = START + DAY;

	again = get(scene, (struct ask){ scene->a, 50, paper.number, NULL },
	    RESTORED + 1);
	assert_true(again.number > paper.number);
	assert_int_equal(held(scene, scene->a, RESTORED + 1), 50);
	/* It gives all back in a document that it does not store. */
	get(scene, (struct ask){ scene->a, 0, paper.number, NULL }, day);
	get(scene, (struct ask){ scene->a, 0, paper.number, NULL }, day + 1);
	assert_int_equal(leased(scene, scene->a, day + 1), 0);
	assert_int_equal(held(scene, scene->a, day + 1), 50);
}

/* One that stored a document of the new epoch has dropped the one of before. */
static void
client_that_moved_on_is_known(void **state)
{
	struct scene *scene = *state;
	struct paper paper = grow_and_restore(scene);
	struct sync_outcome outcome;

	paper = get(scene, (struct ask){ scene->a, 100, paper.number, NULL },
	    RESTORED + 1);
	get(scene, (struct ask){ scene->b, 0, 0, NULL }, RESTORED + 1);
	assert_string_equal(
	    denied(scene, scene->a, RESTORED + 1), "recovering");
	send(&outcome, scene, (struct ask){ scene->a, 100, paper.number, NULL },
	    RESTORED + 2);
	assert_false(has_notice(&outcome, "recovering"));
	estate_forget(&outcome);
	assert_int_equal(leased(scene, scene->a, RESTORED + 2), 100);
}

static void
number_out_of_this_world_is_not_followed(void **state)
{
	struct scene *scene = *state;
	struct paper paper;

	grow_and_restore(scene);
	paper = get(scene, (struct ask){ scene->a, 100, INT64_MAX, NULL },
	    RESTORED + 1);
	assert_true(paper.number < START + DAY);
	assert_int_equal(leased(scene, scene->a, RESTORED + 1), 50);
}

/* ---- epochs ---- */

static void
each_restore_is_an_epoch_of_its_own(void **state)
{
	struct scene *scene = *state;
	struct sync_outcome outcome;
	struct paper paper = grow_and_restore(scene);

	/* A grows to 150 in epoch 2; then the same copy is put back once more. */
	paper = get(scene,
	    (struct ask){ scene->a, 150, paper.number, paper.text },
	    RESTORED + 1);
	get(scene, (struct ask){ scene->b, 0, 0, NULL }, RESTORED + 1);
	paper = get(scene, (struct ask){ scene->a, 150, paper.number, NULL },
	    RESTORED + 2);
	restore(scene, RESTORED + HOUR);
	send(&outcome, scene,
	    (struct ask){ scene->a, 150, paper.number, paper.text },
	    RESTORED + HOUR + 1);
	assert_int_equal(epoch_in(&outcome), 3);
	estate_forget(&outcome);
	assert_int_equal(leased(scene, scene->a, RESTORED + HOUR + 1), 150);
	/* B, heard of in epoch 2, is silent in this one. */
	get(scene, (struct ask){ scene->a, 200, paper.number, NULL },
	    RESTORED + HOUR + 2);
	assert_string_equal(
	    denied(scene, scene->a, RESTORED + HOUR + 2), "recovering");
}

/* An answer of before the restore is not given again: it says what is no more. */
static void
kept_answers_are_forgotten(void **state)
{
	struct scene *scene = *state;
	const struct sync_want want = { "CONSEC", 50 };
	struct sync_request request = estate_request(
	    &scene->estate, scene->a, &want, 2, COPIED);
	struct sync_outcome outcome;

	estate_send(&outcome, &scene->estate, &request, COPIED);
	estate_forget(&outcome);
	save(scene);
	restore(scene, RESTORED);
	estate_send(&outcome, &scene->estate, &request, RESTORED + 1);
	assert_false(outcome.answer.is_repeat);
	assert_int_equal(epoch_in(&outcome), 2);
	estate_forget(&outcome);
}

/* Time does not go back behind what the replaced store had decided. */
static void
time_of_the_replaced_store_stays(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;
	struct recovery_marks marks;

	save(scene);
	ledger_init(&estate->ledger, estate->appliance.store,
	    &estate->appliance, &estate->arena, &estate->ledger.actor,
	    RESTORED);
	good(ledger_begin(&estate->ledger));
	good(estate_end(estate, FAULT_NONE));
	restore(scene, RESTORED - HOUR);
	good(ledger_recovery_marks(&marks, estate->appliance.store));
	assert_true(marks.clock_mark >= RESTORED);
	assert_int_equal(marks.epoch, 2);
}

/* ---- what people may do meanwhile ---- */

static bool
reserve(struct scene *scene, int64_t client, int64_t units, int64_t now)
{
	return estate_change(&scene->estate, client, "CONSEC",
	    (struct allocation){ units, 25, T }, "", now);
}

static void
reservations_are_not_raised_meanwhile(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;

	assert_true(reserve(scene, scene->a, 10, COPIED));
	save(scene);
	restore(scene, RESTORED);
	assert_false(reserve(scene, scene->a, 11, RESTORED + 1));
	assert_true(estate_has_mistake(
	    estate, "reserved.CONSEC", MISTAKE_RESERVED_RECOVERING));
	assert_true(reserve(scene, scene->a, 9, RESTORED + 1));
	assert_false(reserve(scene, scene->a, 10, OVER - 1));
	assert_true(reserve(scene, scene->a, 10, OVER));
}

static bool
delete_a(struct scene *scene, int64_t now)
{
	struct ledger *ledger = &scene->estate.ledger;

	estate_begin(&scene->estate, now);
	good(estate_end(
	    &scene->estate, ledger_client_delete(ledger, scene->a, 0, false)));
	return ledger->mistakes.count == 0;
}

static void
silent_client_is_not_deleted(void **state)
{
	struct scene *scene = *state;
	struct paper paper = grow_and_restore(scene);

	assert_false(delete_a(scene, RESTORED + 1));
	assert_true(
	    estate_has_mistake(&scene->estate, "", MISTAKE_CLIENT_UNREPORTED));
	get(scene, (struct ask){ scene->a, 100, paper.number, paper.text },
	    RESTORED + 2);
	assert_true(delete_a(scene, RESTORED + 3));
	/* Its paper runs on. */
	assert_int_equal(held(scene, scene->a, RESTORED + 3), 100);
}

static void
client_added_since_is_not_waited_for(void **state)
{
	struct scene *scene = *state;
	struct paper paper = grow_and_restore(scene);
	int64_t first = scene->a;

	get(scene, (struct ask){ scene->b, 0, 0, NULL }, RESTORED + 1);
	scene->a = estate_client(&scene->estate, "c", "CONSEC",
	    (struct allocation){ 0, 25, 25 }, "", RESTORED + 1);
	assert_int_not_equal(scene->a, 0);
	get(scene, (struct ask){ first, 125, paper.number, paper.text },
	    RESTORED + 2);
	assert_int_equal(leased(scene, first, RESTORED + 2), 125);
	restore(scene, RESTORED + HOUR);
	scene->a = estate_client(&scene->estate, "c", "CONSEC",
	    (struct allocation){ 0, 25, 25 }, "", RESTORED + HOUR + 1);
	assert_true(delete_a(scene, RESTORED + HOUR + 2));
}

/* Counts taken away from a silent client do not make it one that holds nothing. */
static void
silent_client_without_counts_is_waited_for(void **state)
{
	struct scene *scene = *state;
	struct paper paper = grow_and_restore(scene);

	assert_true(estate_change(&scene->estate, scene->a, "CONSEC",
	    (struct allocation){ 0, 0, 0 }, "", RESTORED + 1));
	get(scene, (struct ask){ scene->b, 25, 0, NULL }, RESTORED + 2);
	assert_string_equal(
	    denied(scene, scene->b, RESTORED + 2), "recovering");
	/* Nor does a date that ends its configuration before its paper. */
	assert_true(estate_change(&scene->estate, scene->a, "CONSEC",
	    (struct allocation){ 0, 25, T }, "2025-03-01", RESTORED + 3));
	get(scene, (struct ask){ scene->b, 25, 0, NULL }, START + DAY);
	assert_string_equal(denied(scene, scene->b, START + DAY), "recovering");
	(void)paper;
}

static void
administrator_may_end_it(void **state)
{
	struct scene *scene = *state;
	struct estate *estate = &scene->estate;

	save(scene);
	restore(scene, RESTORED);
	for (int i = 0; i < 2; i++) {
		estate_begin(estate, RESTORED + 1 + i);
		good(estate_end(
		    estate, ledger_watch_recovered(&estate->ledger)));
		assert_int_equal(estate->ledger.mistakes.count, i);
	}
	assert_true(estate_has_mistake(estate, "", MISTAKE_NOT_RECOVERING));
	assert_int_equal(estate_events(estate, "LHD10021", NULL), 1);
	get(scene, (struct ask){ scene->b, 25, 0, NULL }, RESTORED + 3);
	assert_int_equal(leased(scene, scene->b, RESTORED + 3), 25);
	/* What A proves is honored all the same. */
	get(scene,
	    (struct ask){ scene->a, 50, scene->held.number, scene->held.text },
	    RESTORED + 4);
	assert_int_equal(leased(scene, scene->a, RESTORED + 4), 50);
}

/* ---- surrendered licenses ---- */

struct naming {
	int64_t surrendered, recalled;
};

static int64_t
total(struct scene *scene, int64_t now)
{
	return estate_pool(&scene->estate, "CONSEC", now).installed;
}

static void
name(struct scene *scene, struct naming naming, int64_t holds, int64_t now)
{
	struct estate *estate = &scene->estate;
	const char *hardware_id = estate_hardware(estate, scene->a);
	const char *const members[] = { estate_key(estate, hardware_id, "M-1",
	    "PSA-LICENSE-MBR", "2025-01-01", NULL) };
	const struct sync_surrender surrender = {
		estate_key(estate, hardware_id, "L-1", "CONSEC-ADD-50U",
		    "2025-01-01", NULL),
		naming.surrendered
	};
	const struct sync_recall recall = { "L-1", naming.recalled };
	struct sync_request request = estate_request(
	    estate, scene->a, NULL, holds, now);
	struct sync_outcome outcome;

	request.members = members;
	request.member_count = 1;
	request.surrenders = &surrender;
	request.surrender_count = naming.surrendered != 0;
	request.recalls = &recall;
	request.recall_count = naming.recalled != 0;
	estate_send(&outcome, estate, &request, now);
	assert_int_equal(outcome.answer.status, 200);
	estate_forget(&outcome);
}

static void
license_recalled_after_the_copy_leaves_the_pool(void **state)
{
	struct scene *scene = *state;

	get(scene, (struct ask){ scene->a, 0, 0, NULL }, START + 2);
	name(scene, (struct naming){ START + 10, 0 }, 0, START + 10);
	save(scene);
	name(scene, (struct naming){ START + 10, COPIED }, 0, COPIED);
	assert_int_equal(total(scene, COPIED), T);
	restore(scene, RESTORED);
	assert_int_equal(total(scene, RESTORED), T + 50);
	/* The client counts it: nobody gets units before it has said so. */
	get(scene, (struct ask){ scene->b, 25, 0, NULL }, RESTORED);
	assert_string_equal(denied(scene, scene->b, RESTORED), "recovering");
	name(scene, (struct naming){ 0, 0 }, 0, RESTORED + 1);
	assert_int_equal(total(scene, RESTORED + 1), T);
	/* A late copy of a message of before. */
	name(scene, (struct naming){ COPIED + 1, 0 }, 0, RESTORED + 2);
	assert_int_equal(total(scene, RESTORED + 2), T);
	name(scene, (struct naming){ RESTORED + 3, 0 }, 0, RESTORED + 3);
	assert_int_equal(total(scene, RESTORED + 3), T + 50);
	/* Only the first sync of an epoch says so. */
	name(scene, (struct naming){ 0, 0 }, 0, RESTORED + 4);
	assert_int_equal(total(scene, RESTORED + 4), T + 50);
}

/* An expired configuration keeps its client from saying so: nobody knows meanwhile. */
static void
expired_client_that_surrendered_is_waited_for(void **state)
{
	struct scene *scene = *state;

	get(scene, (struct ask){ scene->a, 0, 0, NULL }, START + 2);
	name(scene, (struct naming){ START + 10, 0 }, 0, START + 10);
	assert_true(estate_change(&scene->estate, scene->a, "CONSEC",
	    (struct allocation){ 0, 25, 25 }, "2025-03-01", START + 11));
	save(scene);
	name(scene, (struct naming){ START + 10, COPIED }, 0, COPIED);
	restore(scene, RESTORED);
	get(scene, (struct ask){ scene->b, 25, 0, NULL }, START + DAY);
	assert_string_equal(denied(scene, scene->b, START + DAY), "recovering");
	/* The wait is over; what it may count itself does not count here. */
	watch(scene, RESTORED + 10 * DAY - 1);
	assert_int_equal(total(scene, RESTORED + 10 * DAY - 1), T + 50);
	watch(scene, RESTORED + 10 * DAY);
	assert_int_equal(total(scene, RESTORED + 10 * DAY), T);
}

/* Its units come back with the first word of the client that still lends them. */
static void
late_client_brings_its_units_back(void **state)
{
	struct scene *scene = *state;
	int64_t late = RESTORED + 11 * DAY;

	get(scene, (struct ask){ scene->a, 0, 0, NULL }, START + 2);
	name(scene, (struct naming){ START + 10, 0 }, 0, START + 10);
	save(scene);
	restore(scene, RESTORED);
	watch(scene, RESTORED + 10 * DAY);
	assert_int_equal(total(scene, RESTORED + 10 * DAY), T);
	name(scene, (struct naming){ START + 10, 0 }, 0, late);
	assert_int_equal(total(scene, late), T + 50);
	/* And go for good with a recall. */
	name(scene, (struct naming){ START + 10, late + 1 }, INT64_MAX,
	    late + 1);
	assert_int_equal(total(scene, late + 1), T);
}

/* What a client not heard of takes back and lends again counts at once. */
static void
late_client_lends_anew(void **state)
{
	struct scene *scene = *state;
	int64_t late = RESTORED + 11 * DAY;

	get(scene, (struct ask){ scene->a, 0, 0, NULL }, START + 2);
	name(scene, (struct naming){ START + 10, 0 }, 0, START + 10);
	save(scene);
	restore(scene, RESTORED);
	watch(scene, RESTORED + 10 * DAY);
	name(scene, (struct naming){ 0, 0 }, 0, late);
	assert_int_equal(total(scene, late), T);
	name(scene, (struct naming){ late + 1, 0 }, INT64_MAX, late + 1);
	assert_int_equal(total(scene, late + 1), T + 50);
}

static void
license_surrendered_after_the_copy_joins_the_pool(void **state)
{
	struct scene *scene = *state;

	save(scene);
	name(scene, (struct naming){ COPIED, 0 }, 0, COPIED);
	restore(scene, RESTORED);
	assert_int_equal(total(scene, RESTORED), T);
	name(scene, (struct naming){ COPIED, 0 }, 0, RESTORED + 1);
	assert_int_equal(total(scene, RESTORED + 1), T + 50);
}

/* ---- copies ---- */

static void
copy_never_replaces_a_file(void **state)
{
	struct scene *scene = *state;
	char path[128];

	save(scene);
	in(path, scene->copy, "store.db");
	assert_int_equal(
	    store_backup_write(scene->estate.appliance.store, path),
	    FAULT_BUSY);
}

/* ---- a license client restored ---- */

static const char sql_link[] =
    "INSERT INTO link (id, server, client_name, password, network, verify,"
    " number, document, server_time, anchor_boot, anchor_elapsed_ms,"
    " anchor_wall) VALUES (1, 'ls', 'gw', 'p', 'internal', 1, 41, 'd', ?1,"
    " 'boot', 1000, ?1)";
static const char sql_part[] =
    "INSERT INTO link_part (feature, kind, units, granted, expires)"
    " VALUES ('CONSEC', 1, 50, ?1, ?1 + 86400)";

static void
restored_client_counts_nothing_before_a_sync(void **state)
{
	static struct estate estate;
	struct link_part_row *parts;
	struct link_row link;
	size_t count;
	int64_t now;

	(void)state;
	estate_open(&estate, ROLE_CLIENT);
	estate_begin(&estate, START);
	good(statement_run(estate.appliance.store, sql_link, "i", START));
	good(statement_run(estate.appliance.store, sql_part, "i", START));
	good(estate_end(&estate, FAULT_NONE));
	good(store_link_load(&link, &estate.arena, estate.appliance.store));
	assert_true(store_link_server_now(&now, &link, "boot", 2000, START));
	estate_begin(&estate, START + 1);
	good(estate_end(&estate, ledger_watch_restored(&estate.ledger)));
	good(store_link_load(&link, &estate.arena, estate.appliance.store));
	assert_int_equal(link.number, 0);
	assert_string_equal(link.document, "");
	assert_false(store_link_server_now(&now, &link, "boot", 3000, START));
	assert_false(
	    store_link_anchor(&link, "boot", 3000, START + 1000 * DAY));
	good(store_link_parts(
	    &parts, &count, &estate.arena, estate.appliance.store));
	assert_int_equal(count, 0);
	assert_int_equal(estate_events(&estate, "LHD10030", NULL), 1);
	estate_close(&estate);
}

#define SCENE(test)                                                            \
	cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(newer_document_is_honored),
		SCENE(older_document_is_honored),
		SCENE(document_given_up_proves_nothing),
		SCENE(same_document_changes_nothing),
		SCENE(client_without_document_holds_nothing),
		SCENE(client_without_document_grows_no_sooner),
		SCENE(document_of_others_proves_nothing),
		SCENE(spare_honors_what_its_predecessor_signed),
		SCENE(expired_parts_of_a_document_give_nothing),
		SCENE(growth_waits_until_all_have_reported),
		SCENE(growth_waits_for_240_hours_and_no_longer),
		SCENE(old_number_confirms_nothing),
		SCENE(client_that_moved_on_is_known),
		SCENE(number_out_of_this_world_is_not_followed),
		SCENE(each_restore_is_an_epoch_of_its_own),
		SCENE(kept_answers_are_forgotten),
		SCENE(time_of_the_replaced_store_stays),
		SCENE(reservations_are_not_raised_meanwhile),
		SCENE(silent_client_is_not_deleted),
		SCENE(silent_client_without_counts_is_waited_for),
		SCENE(client_added_since_is_not_waited_for),
		SCENE(administrator_may_end_it),
		SCENE(license_recalled_after_the_copy_leaves_the_pool),
		SCENE(expired_client_that_surrendered_is_waited_for),
		SCENE(late_client_brings_its_units_back),
		SCENE(late_client_lends_anew),
		SCENE(license_surrendered_after_the_copy_joins_the_pool),
		SCENE(copy_never_replaces_a_file),
		cmocka_unit_test(restored_client_counts_nothing_before_a_sync),
	};

	return cmocka_run_group_tests_name("ledger_recover", tests, NULL, NULL);
}
