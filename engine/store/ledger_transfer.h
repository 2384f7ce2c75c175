/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger_transfer.h: at the center: a spare takes the place of a defective
 * device, step by step (rules.md 12). What a rule refuses is a mistake on the
 * field "transfer", or "device" and "spare" where it is about these.
 */
#ifndef LEASEHOLD_STORE_LEDGER_TRANSFER_H
#define LEASEHOLD_STORE_LEDGER_TRANSFER_H

#include "engine/store/ledger.h"
#include "engine/store/store_transfer.h"

struct transfer_request {
	const char *case_number, *fault;	/* what is wrong */
	const char *hardware_id;		/* of the defective device */
	const char *partner;			/* by name */
};
/* Field names of mistakes: case fault device partner. "id" may be NULL. */
enum fault ledger_transfer_request(int64_t *id, struct ledger *ledger, const struct transfer_request *request) MUST_CHECK;

struct transfer_input {
	int64_t id;
	int64_t row_version;	/* of the form; 0 = do not compare */
	const char *text;	/* of a test: what was found; of a cancellation: why; "" else */
	const char *hardware_id;	/* of the spare, or of the replacement that came; NULL else */
};
/*
 * Any step but the request and the transfer itself: TEST (text), CHOOSE_SPARE
 * (hardware_id), AUTHORISE, FOUND_NOTHING and FOUND_FAULT (text), RESET,
 * RECEIVE (hardware_id), CANCEL (text). Field names of mistakes: transfer text
 * spare.
 */
enum fault ledger_transfer_step(struct ledger *ledger, enum transfer_act act, const struct transfer_input *input) MUST_CHECK;
/*
 * The transfer, as one act: every license key of the defective device is
 * revoked, the spare has the same with the same dates, contract, warranty,
 * owner and codes. "typed" is the case number once more. What a license server
 * holds is revoked, and issued when that has given it back.
 */
enum fault ledger_transfer_run(struct ledger *ledger, const struct keypair *issuer, const struct transfer_input *input, const char *typed) MUST_CHECK;
/* The license server has given the license back: the spare has its successor. Field name of mistakes: serial. */
enum fault ledger_transfer_returned(struct ledger *ledger, const struct keypair *issuer, int64_t id, const char *serial) MUST_CHECK;
/* A license of a device was surrendered to that server; "" = it is not any more. Field names of mistakes: serial server. */
enum fault ledger_transfer_hold(struct ledger *ledger, const char *serial, const char *held_by) MUST_CHECK;
/* A device confirms, signed by itself, that it was reset: noted, and what waits for it goes on. */
enum fault ledger_transfer_reset(struct ledger *ledger, const char *hardware_id) MUST_CHECK;
/* The vendor gives notice of an audit, on that day ("YYYY-MM-DD"). Field name of mistakes: date. */
enum fault ledger_transfer_notice(struct ledger *ledger, int64_t id, const char *date) MUST_CHECK;
/* A device joins a partner's stock. Field names of mistakes: hwid partner. */
enum fault ledger_transfer_stock(struct ledger *ledger, const char *hardware_id, const char *partner) MUST_CHECK;

#endif
