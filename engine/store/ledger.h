/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger.h: where decisions become rows. Console, lease protocol, command
 * line and agent all come through here. Every act works inside a transaction
 * that the caller opened with store_begin(), writes its event in it, and
 * leaves commit or rollback to the caller: on a fault, or when
 * mistakes->count is not 0, the caller rolls back (nothing was meant to be
 * kept). ledger_begin/ledger_end wrap a single act.
 */
#ifndef LEASEHOLD_STORE_LEDGER_H
#define LEASEHOLD_STORE_LEDGER_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/allocation.h"
#include "engine/store/appliance.h"
#include "engine/store/mistake.h"
#include "engine/store/store_admin.h"
#include "engine/store/store_admission.h"
#include "engine/store/store_client.h"
#include "engine/store/store_event.h"
#include "engine/store/store_link.h"

struct ledger {
	struct store *store;			/* the connection the transaction is open on */
	const struct appliance *appliance;	/* role, hardware ID, catalogue, trust */
	struct arena *arena;			/* of this request or command */
	struct actor actor;			/* who acts */
	int64_t now;
	struct mistakes mistakes;		/* what the person must mend */
	const char *broken, *broken_feature;	/* an invariant that this act broke: it is rolled back, and granting stops; NULL = none */
};

void ledger_init(struct ledger *ledger, struct store *store, const struct appliance *appliance, struct arena *arena, const struct actor *actor, int64_t now);
/* store_begin(), and the instant of this act: never before one at which anything was decided. On a fault nothing is open. */
enum fault ledger_begin(struct ledger *ledger) MUST_CHECK;
/* Commits when "fault" is none and no mistake was made, else rolls back, and stops granting when the act broke an invariant; answers the fault, commit's included. */
enum fault ledger_end(struct ledger *ledger, enum fault fault) MUST_CHECK;
/* One act of a batch failed: back to its savepoint, and granting stops when the act broke an invariant. */
enum fault ledger_undo(struct ledger *ledger) MUST_CHECK;

/* ---- people ---- */

/* Is there a text that nobody has accepted yet? */
enum fault ledger_agreement_needed(bool *out, struct ledger *ledger) MUST_CHECK;
/* "digest" is the text that was shown; another one now is a mistake. */
enum fault ledger_agreement_accept(struct ledger *ledger, const char *digest) MUST_CHECK;
enum fault ledger_admin_add(struct ledger *ledger, const char *name, const char *password_hash, enum admin_role role) MUST_CHECK;
/* The same at a center for a support agent, or for a partner's or a customer's person: "customer" by name, "" for people of the house. Field names of mistakes: name role customer. */
enum fault ledger_admin_add_for(struct ledger *ledger, const char *name, const char *password_hash, enum admin_role role, const char *customer) MUST_CHECK;
/* Nobody signs in by that name any more; those who are, are not. The last administrator stays. */
enum fault ledger_admin_remove(struct ledger *ledger, const char *name) MUST_CHECK;
enum fault ledger_admin_password(struct ledger *ledger, const char *name, const char *password_hash) MUST_CHECK;
/* One's own: only while "verified" is still the hash of the present one; a mistake on field "present" else. */
enum fault ledger_admin_password_own(struct ledger *ledger, int64_t admin, const char *verified, const char *password_hash) MUST_CHECK;
enum fault ledger_admin_unlock(struct ledger *ledger, const char *name) MUST_CHECK;
/* After the password was right: a sign-in row; failures are cleared. */
enum fault ledger_sign_in(struct ledger *ledger, int64_t admin, const uint8_t digest[DIGEST_BYTES], const char *csrf) MUST_CHECK;
/* After it was wrong; "name" may be of nobody. */
enum fault ledger_sign_in_failed(struct ledger *ledger, const char *name) MUST_CHECK;
/* Likewise, typed by whoever is signed in as "name" and wants another password. */
enum fault ledger_sign_password_failed(struct ledger *ledger, const char *name) MUST_CHECK;
enum fault ledger_sign_out(struct ledger *ledger, const uint8_t digest[DIGEST_BYTES]) MUST_CHECK;

/* ---- licenses ---- */

#define LEDGER_KEYS_MAX 200

struct license_result {
	const char *shown;	/* shortened form of what was entered */
	const char *entered;	/* the whole of it, to be shown again when it was refused */
	bool is_installed;
	bool is_first;		/* never installed here before, not even one deleted since */
	bool is_duplicate;	/* already there: not an error, not counted twice */
	const char *serial, *sku, *feature;	/* "" when not known */
	int64_t units;
	const char *text;	/* sentence: what happened or what to do */
};

/*
 * Finds what looks like license keys in "text" (one, many, or a whole e-mail;
 * a key broken over lines is joined) and installs each that is good. One
 * result per key found; what is refused changes nothing. No key at all, or
 * more than LEDGER_KEYS_MAX, is a mistake on field "keys".
 */
enum fault ledger_license_add(struct license_result **out, size_t *count, struct ledger *ledger, const char *text) MUST_CHECK;
enum fault ledger_license_remove(struct ledger *ledger, const char *serial) MUST_CHECK;
/* Writes activation and expiry events that are due, each exactly once; marks what has ended. Called by the agent. */
enum fault ledger_license_sweep(struct ledger *ledger) MUST_CHECK;

/* ---- the server's configuration ---- */

struct server_input { bool is_enabled; int64_t duration, interval; /* seconds */ };
enum fault ledger_server_save(struct ledger *ledger, const struct server_input *input) MUST_CHECK;
/* Enable Licensing server, and nothing else; a second time changes nothing. */
enum fault ledger_server_enable(struct ledger *ledger) MUST_CHECK;
/* Strict membership (rules.md 5): units of permanent licenses for clients with a member license only. */
enum fault ledger_server_strict(struct ledger *ledger, bool is_on) MUST_CHECK;

struct client_input {
	const char *name;
	const char *password_hash;	/* NULL on change = keep the present one */
	const char *expires_date;	/* "" = none */
	const char *platform;
	int product;			/* 0 = not chosen */
	struct client_count { const char *feature; struct allocation allocation; } *counts;	/* features left out count as 0 0 0 */
	size_t count_count;
	int64_t row_version;		/* of the form, on change; 0 = do not compare */
};

/* Field names of mistakes: client_id password expires platform product reserved.F increment.F maximum.F */
enum fault ledger_client_add(int64_t *out_id, struct ledger *ledger, const struct client_input *input) MUST_CHECK;
enum fault ledger_client_change(struct ledger *ledger, int64_t id, const struct client_input *input) MUST_CHECK;
/* Checks as add (id 0) or change would and writes nothing: the Recalculate button. */
enum fault ledger_client_check(struct ledger *ledger, int64_t id, const struct client_input *input) MUST_CHECK;
/*
 * Its documents' units stay held until they run out; they are lent to nobody
 * else before. One that surrendered licenses is not deleted, unless their units
 * are kept here by choice: then only the same device can recall them again.
 */
enum fault ledger_client_delete(struct ledger *ledger, int64_t id, int64_t row_version, bool keep_surrendered) MUST_CHECK;

struct device_input {
	const char *hardware_id;	/* of the new device, as typed: groups and small letters may be */
	int64_t row_version;		/* of the form; 0 = do not compare */
	bool keep_surrendered;		/* what the present device surrendered stays here by choice */
};

/*
 * ledger_device.c: the client goes on with another device (decision 0032). What
 * the present one's documents give stays held beside what the new one gets,
 * until it runs out. Field name of a mistake: device.
 */
enum fault ledger_device_replace(struct ledger *ledger, int64_t id, const struct device_input *input) MUST_CHECK;

/* ---- lease protocol, server side ---- */

struct sync_want { const char *feature; int64_t users; };
struct sync_surrender { const char *key; int64_t since; };
struct sync_recall { const char *serial; int64_t since; };
struct sync_auto_lease { const char *feature; int64_t units, from, to; };

struct sync_request {
	int64_t client;			/* row id; password or token was checked against password_version */
	int64_t password_version;
	const char *request_id;
	uint8_t body_digest[DIGEST_BYTES];
	int64_t sent_at;
	const char *hardware_id, *platform, *version, *cluster, *address;
	int product;
	bool has_device_key;		/* presented now: registered with the hardware ID, never replaced */
	uint8_t device_key[KEYPAIR_PUBLIC_BYTES];
	int64_t holds;			/* number of the last document stored by the client */
	const struct sync_want *wants;
	size_t want_count;
	bool offers_to_lead;		/* "cluster": {"leader": true} */
	int64_t relayed_by;		/* client row of the leader that asks on its behalf, in a sync of its own behind the leader's; refused with "cluster_mismatch" when it may not. 0 = it asks itself */
	const char *const *members;	/* license keys, of member licenses */
	size_t member_count;
	const struct sync_surrender *surrenders;	/* every license it has surrendered, in every sync */
	size_t surrender_count;
	const struct sync_recall *recalls;
	size_t recall_count;
	const struct sync_auto_lease *auto_leases;
	size_t auto_lease_count;
	bool is_probe;			/* only whether it would be let in: grants, binds and keeps nothing */
	const char *proof;		/* payload of a lease document of this server that the client shows; its signature was checked. NULL = none */
};

struct sync_answer {
	int status;			/* 200, or of the refusal */
	const char *code;		/* "" at 200; "request_reused", "hardware_mismatch", "configuration_expired", "agreement_missing", "server_disabled", "cluster_mismatch", "unauthorized" */
	const char *text;		/* sentence of a refusal */
	char *answer;			/* at 200: JSON object text of protocol.md 3, without "lease" and "token" */
	char *document;			/* at 200: JSON payload to be signed as the lease document; NULL of a probe */
	int64_t number;
	bool is_repeat;			/* the kept answer of the same request */
	bool changed;			/* something beyond a plain renewal was written */
};

/*
 * One whole sync in order: repeat, hardware ID, configuration, agreement,
 * switch, then confirm "holds", decide each feature with lease_decide(),
 * write parts, document number, denials, events and the kept answer. A
 * refusal leaves nothing behind but its event.
 */
enum fault ledger_sync(struct sync_answer *out, struct ledger *ledger, const struct sync_request *request) MUST_CHECK;
/* A leader asked for a node with credentials that do not fit, or for "node" NULL, whom nobody knows: one event, no more than one a minute for each. */
enum fault ledger_sync_cluster_refused(struct ledger *ledger, const char *asker, const char *node) MUST_CHECK;
/* A wrong password or unknown client at the lease endpoint: one event, no more than one a minute per client. */
enum fault ledger_sync_unauthorized(struct ledger *ledger, const char *client_name) MUST_CHECK;
/* Takes back what expired (once, with one event each), drops documents and answers that ran out, deleted clients that hold nothing. Called by the agent every minute. */
enum fault ledger_reclaim(struct ledger *ledger) MUST_CHECK;

/* ---- what watches over a license server ---- */

/*
 * The instant at which this act happens: never before one at which anything
 * was decided (rules.md 2.2, the clock guard). Sets ledger->now; the first act
 * that finds the system's clock behind writes one event, and so does the
 * first that finds it right again. Called by whoever opened the transaction,
 * before anything else.
 */
enum fault ledger_watch_clock(struct ledger *ledger) MUST_CHECK;
/* The administrator takes the system's clock as right, though it is behind: what has ended stays ended, and everything else is decided by that clock from now on. */
enum fault ledger_watch_accept_clock(struct ledger *ledger, int64_t system_now) MUST_CHECK;
/*
 * Called by the agent every minute: the sums, the history of every pool and of
 * its use, the auto-lease switch of every feature, the end of a penalty and of
 * a recovery. What ran out was noted when the act began, by ledger_watch_clock.
 */
enum fault ledger_watch(struct ledger *ledger) MUST_CHECK;
/* Notes T and what is held of a feature at ledger->now, when either differs from the last note. */
enum fault ledger_watch_pool(struct ledger *ledger, const char *feature) MUST_CHECK;
/* A copy of the store was written. */
enum fault ledger_backup(struct ledger *ledger) MUST_CHECK;
/* A new epoch: this store was restored from a copy (rules.md 15). */
enum fault ledger_watch_restored(struct ledger *ledger) MUST_CHECK;
/* The administrator ends the recovery before every client has synced. */
enum fault ledger_watch_recovered(struct ledger *ledger) MUST_CHECK;
/* Grants again, after a full check found everything sound. */
enum fault ledger_watch_resume(struct ledger *ledger) MUST_CHECK;

/* ---- a license client's own side ---- */

/* Surrenders or recalls one license by its row (rules.md 8); a refusal is a mistake on field "license". The next sync, which comes at once, tells the server. */
enum fault ledger_surrender(struct ledger *ledger, int64_t license) MUST_CHECK;
enum fault ledger_surrender_recall(struct ledger *ledger, int64_t license) MUST_CHECK;
/* From now on a server may know of every surrender and recall: called, and committed, before the request that names them leaves. */
enum fault ledger_surrender_sent(struct ledger *ledger) MUST_CHECK;
/* Takes "units" of a feature by itself from server_now on, while the server cannot be reached; or ends all that runs (feature NULL: every feature). Called by a client's agent. */
enum fault ledger_auto_lease_begin(struct ledger *ledger, const char *feature, int64_t units, int64_t server_now) MUST_CHECK;
enum fault ledger_auto_lease_end(struct ledger *ledger, const char *feature, int64_t server_now) MUST_CHECK;
/* Ends what this disconnection gives no right to any more, at the instant at which that was over; all of it now where there is contact. */
enum fault ledger_auto_lease_lapse(struct ledger *ledger, int64_t server_now) MUST_CHECK;
/* Gives back "units" of what the feature has auto-leased, oldest first, because nobody needs them. */
enum fault ledger_auto_lease_drop(struct ledger *ledger, const char *feature, int64_t units, int64_t server_now) MUST_CHECK;

#define LEDGER_SESSION_TIMEOUT_MAX 2678400	/* 31 days */

struct link_input {
	const char *server, *client_name, *password;	/* password NULL = keep */
	const char *network;				/* "internal" "external" "management" */
	bool verify;
	int64_t row_version;				/* 0 = do not compare */
	const char *cluster;				/* NULL = keep, and offers_to_lead too; "" = in none */
	bool offers_to_lead;
	bool leaves_licenses;				/* with another server or ID: what was surrendered stays with the one that is left (decision 0029) */
};
/* Field names of mistakes: server unique_id password network cluster leave. Another server or ID forgets token, pins and lease document. */
enum fault ledger_link_save(struct ledger *ledger, const struct link_input *input) MUST_CHECK;
/* Leaves only the mistakes that ledger_link_save would find in the input. */
enum fault ledger_link_check(struct ledger *ledger, const struct link_input *input) MUST_CHECK;
/* Field name of mistakes: leave. FAULT_NOT_FOUND when there is no server. */
enum fault ledger_link_remove(struct ledger *ledger, bool leaves_licenses) MUST_CHECK;
/* The admin confirms the public key last met ("sha256//…", as the page showed it). */
enum fault ledger_link_confirm_pin(struct ledger *ledger, const char *pin) MUST_CHECK;

/* A verified answer, about to be stored. */
struct link_answer {
	const char *server_id;
	uint8_t server_key[KEYPAIR_PUBLIC_BYTES];
	const char *token;
	int64_t epoch, number;
	const char *document;
	int64_t server_time, next_sync;
	int64_t anchor_elapsed_ms, anchor_wall;
	const char *anchor_boot, *network_used;
	const struct link_feature_row *features;
	size_t feature_count;
	const struct link_part_row *parts;
	size_t part_count;
	const struct link_surrender {
		const char *serial, *state, *text;
		int64_t missing, since;	/* "since" of the message that this answers; 0 = the license was not named */
	} *surrenders;	/* of "surrenders" and "recalls": accepted refused returned pending */
	size_t surrender_count;
	const char *leader;		/* of its cluster; "" = none */
	int64_t leader_until, penalty_until;
	const char *notices, *compliance;	/* JSON arrays; NULL = empty */
	int64_t reported;		/* auto-leased intervals up to this row were reported with it: they are forgotten */
};
enum fault ledger_link_answer(struct ledger *ledger, const struct link_answer *answer) MUST_CHECK;
/* An attempt that failed; an event when the state changes. "seen_pin" NULL or the key met. */
enum fault ledger_link_failed(struct ledger *ledger, const char *code, const char *text, const char *seen_pin, int64_t next_sync) MUST_CHECK;
/* The anchor of the server's clock is moved to now, if it can be (store_link_anchor). Called by a client's agent as store_link_wants_anchor says, and where a lease lapsed: then no reboot brings it back. */
enum fault ledger_link_anchor(struct ledger *ledger, const char *boot_id, int64_t elapsed_ms) MUST_CHECK;
/*
 * Tells once of the parts that ran out by the server's clock. They stay, and
 * count again if that clock turns out to be behind. Called by a client's agent;
 * INT64_MAX (clock not known) does nothing.
 */
enum fault ledger_link_sweep(struct ledger *ledger, int64_t server_now) MUST_CHECK;

/* "row" but for its instants, which are now and, as the agent computes it, over_at. Field names of mistakes: user feature gateway timeout. */
enum fault ledger_session_begin(struct ledger *ledger, const struct session_row *row) MUST_CHECK;
/* FAULT_NOT_FOUND when there is none. */
enum fault ledger_session_end(struct ledger *ledger, const char *id) MUST_CHECK;
/* The same by an administrator, with an event. */
enum fault ledger_session_dismiss(struct ledger *ledger, const char *id) MUST_CHECK;
/* Every session of that gateway. */
enum fault ledger_session_end_gateway(struct ledger *ledger, const char *gateway) MUST_CHECK;
/* Nobody renewed it for so long: over, with one event. FAULT_NOT_FOUND when there is none. */
enum fault ledger_session_timed_out(struct ledger *ledger, const struct session_row *row, int64_t timeout) MUST_CHECK;
/* What people are shown of a session that was renewed. */
enum fault ledger_session_seen(struct ledger *ledger, const char *id, int64_t seen_at, int64_t over_at) MUST_CHECK;
/* More users are here than "row" has capacity for, from now on: one event; or, when that is known, they are even more. */
enum fault ledger_session_usage_beyond(struct ledger *ledger, const struct beyond_row *row) MUST_CHECK;
/* They are not any more: one event. */
enum fault ledger_session_usage_within(struct ledger *ledger, const struct beyond_row *row) MUST_CHECK;

/* What one minute of a gateway looked like, for its history. */
struct usage_note {
	const char *feature;	/* "" = users, else of RDP users */
	int64_t capacity;	/* with the allowance */
	int64_t borrowed;	/* leased and auto-leased units */
	int64_t users;		/* most at once */
	int64_t denials;	/* how many were refused */
};
enum fault ledger_session_usage(struct ledger *ledger, const struct usage_note *note) MUST_CHECK;

/* How users are admitted. Field names of mistakes: mode wait ahead timeout allowance default_users. */
enum fault ledger_session_settings(struct ledger *ledger, const struct admission_input *input) MUST_CHECK;
enum fault ledger_session_refused(struct ledger *ledger, const char *user, const char *text) MUST_CHECK;

/* ---- the center ---- */

struct issue_input {
	const char *hardware_id, *sku, *start_date, *end_date, *org;	/* dates "" = as the SKU says, from today */
	int64_t entitlement;	/* that it is issued for; 0 = by hand */
};
/* Leaves only the mistakes that ledger_issue would find in what is wished for, now; "hardware_id" NULL = of no device yet. */
void ledger_issue_check(struct ledger *ledger, const struct issue_input *input);
/* A SKU as keys have it, in the arena; NULL when it is full. */
const char *ledger_issue_sku(struct arena *arena, const char *text);
/* Not for a device whose state forbids it (rules/activation.h). Signs with STATE/issuer.key; the key text is in the arena. Field names of mistakes: hwid sku start end. */
enum fault ledger_issue(const char **out, struct ledger *ledger, const struct keypair *issuer, const struct issue_input *input) MUST_CHECK;

#endif
