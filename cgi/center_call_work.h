/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_call_work.h: inside center.fcgi only: one call of an appliance in the
 * making, and what every kind of call needs.
 */
#ifndef LEASEHOLD_CGI_CENTER_CALL_WORK_H
#define LEASEHOLD_CGI_CENTER_CALL_WORK_H

#include "cgi/center_call.h"
#include "engine/store/issuer_keys.h"
#include "engine/store/ledger_center.h"

#define REFUSAL(symbol, code, status, title, detail) REFUSED_##symbol,
enum refused {
#include "cgi/center_refusals.tbl"
	REFUSED__COUNT
};
#undef REFUSAL

struct center_call {
	struct service_response *out;
	struct arena *arena;
	const struct service_message *message;
	struct center_service *service;
	struct store *store;
	struct appliance appliance;	/* with the issuers as they are now */
	struct issuer_keys issuers;
	struct center_caller caller;
	int64_t sent_at; /* as the device signed it */
	const char *authcode;
	struct center_device_row device; /* while is_listed */
	bool is_listed; /* the center has a device of that hardware ID */
	bool is_stranger; /* a device that never activated anything */
};

/* Always false, for who answers whether it goes on. */
bool center_call_refuse(
    struct center_call *call, enum refused refused, int64_t wait_ms);
/* The device of that hardware ID, by the key that it showed at its activation. */
bool center_call_read_device(struct center_call *call, const char *hardware_id);
/* Did it sign this very call, just now, unless it is a stranger? And does it ask no more often than it may? */
bool center_call_is_admitted(struct center_call *call);
/* Does the work in a transaction, unless the device said the very same before. False when the call was refused. */
bool center_call_act(struct center_call *call,
    enum fault (*work)(
	struct center_call *call, struct ledger *ledger, void *context),
    void *context);
/* Takes the object over. */
void center_call_answer(struct center_call *call, json_t *object);

#endif
