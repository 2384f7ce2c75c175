/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * activation_file.h: activation where there is no way out: the appliance makes
 * an activation file, somebody carries it to the center, and the key file that
 * the center answers with back.
 *
 * The activation file is one line, a JWS (typ "leasehold-activation") signed by
 * the device over {"time","hardware_id","platform","device_key","authcodes"}.
 * It may be answered as often as it is shown: the answer is the same, and of use
 * to that device alone; contact with the device it proves for "time", no later
 * (decision 0041). The key file is JSON: {"hardware_id", "results":
 * [{"ends_in","ok","text"}], "keys":[…], "revocations":"…"}.
 */
#ifndef LEASEHOLD_STORE_ACTIVATION_FILE_H
#define LEASEHOLD_STORE_ACTIVATION_FILE_H

#include "engine/base/keypair.h"
#include "engine/store/issuer_keys.h"
#include "engine/store/ledger_center.h"
#include "engine/store/ledger.h"

#define ACTIVATION_FILE_CODES_MAX 50
#define ACTIVATION_FILE_MAX 1048576	/* bytes of a key file */

/* On an appliance: text in the arena. "codes" between blanks, commas or line ends, "" = all license keys that the center has for it. *wrong is set to what is no code, and nothing made. */
enum fault activation_file_make(const char **out, const char **wrong, struct arena *arena, const struct appliance *appliance, const struct keypair *device, int64_t now, const char *codes) MUST_CHECK;

struct activation_file {
	struct center_caller caller;
	const char *codes[ACTIVATION_FILE_CODES_MAX];
	size_t code_count;
};
enum activation_file_state {
	ACTIVATION_FILE_GOOD,
	ACTIVATION_FILE_WRONG,	/* it is none, or not the device that it names signed it */
	ACTIVATION_FILE_AHEAD	/* that device's clock is ahead by more than CENTER_CALLER_FRESH_SECONDS */
};
/* At the center: is it one? Text in the arena. */
enum activation_file_state activation_file_read(struct activation_file *out, struct arena *arena, const char *text, int64_t now);
/*
 * The key file. Each code in a transaction of its own, which "begin" opens on
 * a ledger; one that is refused does not stand in the way of the others.
 */
enum fault activation_file_answer(const char **out, struct arena *arena, enum fault (*begin)(struct ledger *ledger, void *with), void *with, const struct issuer_keys *issuers, const struct activation_file *file) MUST_CHECK;

struct activation_result { const char *ends_in, *text; bool is_good; };
struct activation_answer {
	const char *why;	/* why nothing was installed, for a person; NULL = it was looked at */
	struct activation_result *results;
	size_t result_count;
	struct license_result *keys;
	size_t key_count;
};
/* On an appliance: installs what is good in a key file; every signature is looked at. Text in the arena. */
enum fault activation_file_install(struct activation_answer *out, struct ledger *ledger, const char *text) MUST_CHECK;

#endif
