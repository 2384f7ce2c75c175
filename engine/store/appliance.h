/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * appliance.h: what this installation is, with the data files it works by.
 * Every program opens one of these first: store, catalogue, trusted issuers.
 */
#ifndef LEASEHOLD_STORE_APPLIANCE_H
#define LEASEHOLD_STORE_APPLIANCE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/hardware_id.h"
#include "engine/base/jwks.h"
#include "engine/rules/catalogue.h"
#include "engine/store/store.h"
#include <stdint.h>

enum appliance_role { ROLE_SERVER, ROLE_VIRTUAL_SERVER, ROLE_CLIENT, ROLE_CENTER };

struct vendor_pack;

struct appliance {
	enum appliance_role role;
	const char *state_directory;
	const char *data_directory;	/* conf/, templates/, static/ live under it */
	const char *vendor_directory;	/* conf/ of the vendor lives under it: STATE/vendor, else the data directory */
	struct vendor_pack *vendor;	/* NULL = it has no pack of its own */
	const char *hostname;
	const char *listen;		/* ADDR:PORT */
	const char *redirect;
	char hardware_id[HARDWARE_ID_SIZE];
	const char *platform;
	int product;
	const char *version;
	const char *zone;
	const char *center_url;
	int64_t epoch;
	uint8_t token_secret[32];
	struct store *store;
	struct catalogue catalogue;
	struct jwks trust;
	struct arena arena;		/* long-lived text of this struct */
};

/*
 * Opens the store, reads the row, the catalogue (DATA/conf/catalogue.json)
 * and STATE/trusted.jwks, sets the process's time zone. "reason" gets one
 * line for the operator on failure.
 */
enum fault appliance_open(struct appliance *out, const char *state_directory, bool check, char *reason, size_t reason_size) MUST_CHECK;
void appliance_close(struct appliance *appliance);
/* Another connection to the same store, for another thread, with a small cache, as there are many; everything else stays shared and read-only. */
enum fault appliance_store(struct store **out, const struct appliance *appliance) MUST_CHECK;
/* Reads trusted.jwks again when it changed (an event in the log when it did). */
enum fault appliance_refresh_trust(struct appliance *appliance, int64_t now) MUST_CHECK;

/* "server" … ; and back: false when unknown. */
const char *appliance_role_word(enum appliance_role role);
bool appliance_role_parse(enum appliance_role *out, const char *word);
/* Does it lend (server or virtual-server)? */
bool appliance_lends(const struct appliance *appliance);
/* Does it lend a client of that platform (NULL = not known) only units of subscriptions of the feature (rules.md 11)? */
bool appliance_lends_subscriptions_only(const struct appliance *appliance, const struct feature *feature, const struct platform *platform);
/* Directory of data files: LEASEHOLD_DATADIR from the environment or the compiled-in one; likewise the programs. */
const char *appliance_data_directory(void);
const char *appliance_program_directory(void);
/* STATE/name in "out". */
bool appliance_path(char *out, size_t size, const char *state_directory, const char *name);

/* What "leasehold init" writes. The caller has made the directory and the device key. */
struct appliance_input {
	enum appliance_role role;
	const char *hostname, *listen, *redirect, *hardware_id, *platform, *version, *zone, *center_url;
	int product;
};
enum fault appliance_insert(struct store *store, const struct appliance_input *input, int64_t now) MUST_CHECK;

#endif
