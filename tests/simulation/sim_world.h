/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_world.h: a license server, its administrator, devices that lease from
 * it and a network between them, all in one process and one thread, on
 * virtual time. The server is the shipped ledger over the shipped rules; what
 * is played is the network, the clocks and the disk.
 */
#ifndef LEASEHOLD_TESTS_SIM_WORLD_H
#define LEASEHOLD_TESTS_SIM_WORLD_H

#include "engine/base/digest.h"
#include "engine/base/keypair.h"
#include "engine/rules/license.h"
#include "engine/store/ledger.h"
#include "tests/simulation/sim_disk.h"
#include "tests/simulation/sim_queue.h"
#include <stdbool.h>

/* 2026-01-05 00:00 UTC, a Monday: where every story begins. */
#define SIM_START INT64_C(1767571200)

enum sim_feature { SIM_CONSEC, SIM_ACCESS, SIM_FEATURES };
extern const char *const sim_world_features[SIM_FEATURES];

/* What was tried; each has a word in sim_world.c. */
#define SIM_COUNTERS(COUNTER)                                                 \
	COUNTER(EVENTS, "events")                                             \
	COUNTER(SYNCS, "syncs decided")                                       \
	COUNTER(REPEATS, "syncs answered again")                              \
	COUNTER(REFUSALS, "syncs refused")                                    \
	COUNTER(DENIALS, "features denied")                                   \
	COUNTER(GRANTS, "units granted")                                      \
	COUNTER(ADMIN_ACTS, "edits by the administrator")                     \
	COUNTER(ADMIN_REFUSED, "edits refused")                               \
	COUNTER(MINUTES, "rounds of the server's agent")                      \
	COUNTER(REQUESTS_LOST, "requests lost")                               \
	COUNTER(ANSWERS_LOST, "answers lost")                                 \
	COUNTER(DUPLICATES, "messages doubled")                               \
	COUNTER(DELAYS, "messages held up until others passed them")          \
	COUNTER(PARTITIONS, "devices cut off")                                \
	COUNTER(KILLS, "crashes that kept what was written")                  \
	COUNTER(POWER_CUTS, "crashes that lost what was not synced")          \
	COUNTER(CRASHES_IN_ACT, "of all crashes, within an act")              \
	COUNTER(REBOOTS, "devices restarted")                                 \
	COUNTER(CLONES, "syncs by a copied device")                           \
	COUNTER(RESTORES, "backups restored")                                 \
	COUNTER(JUMPS_BACK, "server clock set back")                          \
	COUNTER(CATCHES_UP, "server clock right after a standstill")          \
	COUNTER(JUMPS_FORWARD, "server clock leapt ahead")                    \
	COUNTER(LICENSES_ADDED, "licenses added")                             \
	COUNTER(LICENSES_LOST, "licenses removed")                            \
	COUNTER(RELAYED, "syncs by the leader of a cluster")                  \
	COUNTER(BACKUPS, "backups taken")                                     \
	COUNTER(SURRENDERS, "licenses surrendered")                           \
	COUNTER(RECALLS, "licenses recalled")                                 \
	COUNTER(AUTO_LEASES, "increments taken without the server")           \
	COUNTER(PENALIZED, "answers in a penalty of auto-leasing")            \
	COUNTER(CHECKS, "checks of everything")                               \
	COUNTER(FACTS, "single facts checked")                                \
	COUNTER(CHAINS, "event chains verified")

#define COUNTER(symbol, words) SIM_COUNT_##symbol,
enum sim_counter { SIM_COUNTERS(COUNTER) SIM_COUNT__COUNT };
#undef COUNTER

#define SIM_ISSUER "Simulated Center"
/* No document runs longer, and no clock stands still for more than the hour. */
#define SIM_DOCUMENTS_LAST (241 * INT64_C(3600))
#define SIM_LICENSES 2	/* of each device */
#define SIM_SAID_MOST 8
#define SIM_AUTOS 12	/* taken alone, of each device */

/* To see that it is found. */
enum sim_lie {
	SIM_LIE_NONE,
	SIM_LIE_CONFIRM,	/* devices name documents that they have not stored */
	SIM_LIE_CLOCK,		/* devices count from when an answer came, not from when they asked */
	SIM_LIE_SYNC		/* the disk says "safe" and forgets */
};

struct sim_options {
	uint64_t seed;
	int64_t hours;		/* of trouble */
	int64_t settle_hours;	/* of quiet afterwards */
	int64_t tell_hours;	/* a line of progress so often, 0 = none */
	int devices;
	bool trace;
	enum sim_lie lie;	/* something is broken on purpose */
};

struct sim_part {
	enum sim_feature feature;
	bool is_reserved;
	int64_t units, granted, expires;
};

/* A lease document as a device keeps it. */
struct sim_document {
	int64_t row;		/* of the client it was signed for */
	int64_t epoch, number;
	int64_t server_time, anchor;	/* the server's clock was the first when the world's was the second */
	struct sim_part *parts;
	size_t count;
	char *payload;
};

/* On its way, perhaps twice. */
struct sim_request {
	int references;
	int device;
	bool is_clone;
	bool is_relayed;	/* its neighbor asks for it */
	char id[64];
	uint8_t digest[DIGEST_BYTES];
	int64_t sent_at;	/* what the device's clock says */
	int64_t first_sent;	/* the world's */
	int64_t holds;
	int64_t users[SIM_FEATURES];
	char *proof;
	const char *member;
	struct sim_name {
		int license;
		int64_t since;
		bool is_recall;
	} names[SIM_LICENSES];
	size_t name_count;
	struct sim_auto_lease {
		enum sim_feature feature;
		int64_t units, from, to;	/* by the server's clock; to 0 = still used */
	} autos[SIM_AUTOS];
	size_t auto_count;
	uint64_t answered;	/* hash of the document it was answered with, 0 = never */
	int64_t answered_epoch, answered_row, answered_at;
};

struct sim_answer {
	int references;
	int device;
	char request_id[64];
	int status;
	char code[40];
	int64_t renew_after;
	struct {
		bool is_told, is_denied, auto_lease;
		char denied[40];
		int64_t reserved, increment, maximum, leased, available;
	} features[SIM_FEATURES];
	struct sim_document document;
	struct sim_said {
		char serial[24], state[16];
	} said[SIM_SAID_MOST];
	size_t said_count;
};

/* A license that a device owns. */
struct sim_license {
	char serial[24];
	char *key;		/* NULL = none */
	enum sim_feature feature;
	int64_t units;
	enum license_surrender state;
	int64_t since;		/* of the last click */
	bool is_sent;		/* the server may know of it */
};

struct sim_device {
	int index;
	char name[24], hardware_id[24];
	char cluster[16];	/* "" = in none; else with its neighbor, which has the number before */
	uint8_t key[KEYPAIR_PUBLIC_BYTES];
	bool is_configured;	/* as the administrator last did it */
	struct allocation allocation[SIM_FEATURES];
	int64_t users[SIM_FEATURES];
	struct sim_document document;
	struct sim_request *asking;	/* under way; NULL = none */
	int tries;
	uint64_t round;		/* of its timer */
	uint64_t lapse_round;	/* of the next end of what it holds */
	int64_t cut_off_until;
	int64_t requests;	/* IDs used */
	struct sim_answer *last;	/* what the server said last; NULL = nothing yet */
	int64_t usable[SIM_FEATURES];	/* by its own clock, now */
	int64_t promised;	/* highest number the server committed for row promised_row in this epoch */
	int64_t promised_row;
	bool is_calm;		/* it need not show the document that it holds */
	bool is_unheard;	/* it has no document of the epoch that a restore began */
	int64_t stranger_until;	/* a restored server did not even know its name */
	char *member;
	struct sim_license licenses[SIM_LICENSES];
	struct sim_auto_lease autos[SIM_AUTOS];	/* oldest first */
	size_t auto_count;
};

struct sim_backup {
	struct sim_disk_image *image;
	int64_t at;
};

#define SIM_BACKUPS 4

struct sim_server {
	struct appliance appliance;
	struct arena arena;
	struct ledger ledger;
	struct sim_disk *disk;
	struct keypair *issuer;
	char kid[44];
	char directory[64];
	int64_t clock_off;	/* its clock is so far ahead of the world's */
	int64_t down_until;
	int64_t serials;
	struct sim_backup backups[SIM_BACKUPS];
};

struct sim_world {
	struct sim_options options;
	int64_t now;		/* the true time */
	struct sim_queue queue;
	struct sim_server server;
	struct sim_device *devices;
	int64_t usable[SIM_FEATURES];	/* sum over devices */
	int64_t lendable[SIM_FEATURES];	/* units of all devices' own licenses */
	bool is_quiet;		/* no more faults */
	bool is_storm;		/* a story in which messages hardly ever come as they were sent, and people hurry */
	int64_t tainted_until;	/* of this recovery: what was signed before may run */
	int64_t fell_until[SIM_FEATURES];	/* what was signed before an unforeseen loss may still run */
	int64_t clock_moved_at;	/* the server's clock was set */
	int64_t clock_wrong_until;	/* the server's clock ran ahead: devices count by what it said before */
	int64_t counts[SIM_COUNT__COUNT];
	int64_t total_before[SIM_FEATURES];
	int64_t held_before[SIM_FEATURES];	/* by the last count; negative = not comparable */
	int64_t worst_held[SIM_FEATURES];	/* most held beyond T, ever */
	int64_t least_slack[SIM_FEATURES];	/* least T - usable */
	int64_t told_at;
	bool has_failed;
};

/* ---- sim_world.c: the story ---- */

/* Plays it; true when nothing was found. */
bool sim_world_play(const struct sim_options *options);
/* Something that must never be: printed with the last lines; the story ends. */
void sim_world_fail(struct sim_world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_world_line(struct sim_world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
#define sim_world_count(world, counter, by) ((void)((world)->counts[SIM_COUNT_##counter] += (by)))
void sim_world_put(struct sim_world *world, int64_t after, enum sim_event_kind kind, int device, void *load);

/* ---- sim_network.c ---- */

void sim_network_ask(struct sim_world *world, struct sim_request *request);
void sim_network_answer(struct sim_world *world, struct sim_answer *answer);
void sim_network_drop_request(struct sim_request *request);
void sim_network_drop_answer(struct sim_answer *answer);

/* ---- sim_server.c ---- */

void sim_server_open(struct sim_world *world);
void sim_server_close(struct sim_world *world);
/* What its clock says. */
int64_t sim_server_clock(const struct sim_world *world);
/* A request arrives. */
void sim_server_receive(struct sim_world *world, struct sim_request *request);
void sim_server_minute(struct sim_world *world);
/* The next store operation but so many kills it. */
void sim_server_arm(struct sim_world *world, uint64_t operations);
void sim_server_disarm(struct sim_world *world);
/* An act of the administrator: true when done, false when refused or the server died. */
bool sim_server_act(struct sim_world *world, enum fault (*act)(struct ledger *ledger, void *with), void *with);
bool sim_server_add_license(struct sim_world *world, enum sim_feature feature, int64_t units, int64_t days);
void sim_server_backup(struct sim_world *world);
/* One of the backups takes the store's place. */
void sim_server_restore(struct sim_world *world);
/* The administrator takes the clock as right. */
void sim_server_accept_clock(struct sim_world *world);

/* ---- sim_device.c ---- */

void sim_device_init(struct sim_world *world, int index);
void sim_device_clear(struct sim_device *device);
void sim_device_wake(struct sim_world *world, struct sim_device *device);
void sim_device_take(struct sim_world *world, struct sim_device *device, struct sim_answer *answer);
/* Somebody clicked: it is told at once. */
void sim_device_hasten(struct sim_world *world, struct sim_device *device);
void sim_device_users(struct sim_world *world, struct sim_device *device);
/* Counts anew what it can use. */
void sim_device_count(struct sim_world *world, struct sim_device *device);
int64_t sim_device_clock(const struct sim_world *world, const struct sim_document *document);

/* ---- sim_license.c ---- */

void sim_license_init(struct sim_world *world, struct sim_device *device);
void sim_license_clear(struct sim_device *device);
/* Units of its own licenses that it counts. */
int64_t sim_license_counted(const struct sim_device *device, int feature);
/* A person surrenders or recalls something; false when there is nothing to click. */
bool sim_license_click(struct sim_world *world, struct sim_device *device);
/* Half of what is surrendered is recalled. */
void sim_license_recall_all(struct sim_world *world, struct sim_device *device);
/* What a request says of them, and what becomes of them by its answer. */
void sim_license_name(struct sim_request *request, struct sim_device *device);
void sim_license_take(struct sim_world *world, struct sim_device *device, const struct sim_answer *answer);
void sim_license_read(struct sim_answer *out, const json_t *answer);

/* ---- sim_auto.c ---- */

/* Nobody answers: what may be taken alone is taken, what may not any more is given back. */
void sim_auto_alone(struct sim_world *world, struct sim_device *device);
void sim_auto_name(struct sim_world *world, struct sim_request *request, struct sim_device *device);
void sim_auto_answered(struct sim_world *world, struct sim_device *device);
void sim_auto_read(struct sim_world *world, const struct sim_answer *answer, const json_t *json);

/* ---- sim_admin.c ---- */

void sim_admin_setup(struct sim_world *world);
void sim_admin_act(struct sim_world *world);
/* Leasing is switched on, for the time of quiet. */
void sim_admin_end(struct sim_world *world);
bool sim_admin_save(struct sim_world *world, struct sim_device *device, const struct allocation *counts);

/* ---- sim_judge.c ---- */

/* After every event. */
void sim_judge_event(struct sim_world *world, enum sim_event_kind kind);
/* Everything, whatever it costs. */
void sim_judge_all(struct sim_world *world);
/* The faults have been over for long: has everybody what is due to it? */
void sim_judge_settled(struct sim_world *world);
void sim_judge_clear(void);

#endif
