/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * activation.h: at the center: may this device have the license keys of this
 * authentication code (rules.md 12, protocol.md 4)?
 */
#ifndef LEASEHOLD_RULES_ACTIVATION_H
#define LEASEHOLD_RULES_ACTIVATION_H

#include "engine/rules/verdict.h"
#include <stdbool.h>

/* What becomes of a device of the vendor's. */
enum device_state {
	DEVICE_IN_SERVICE,
	DEVICE_SPARE,		/* in a partner's stock: it has no license before a transfer gives it one */
	DEVICE_REPLACED		/* its licenses went to a spare; until its factory reset is confirmed it is nobody's */
};

struct activation {
	bool is_revoked;	/* the code is */
	bool is_used;		/* some device has had its keys */
	bool is_same_device;	/* and it was this one */
	bool is_known;		/* the center knows the device already */
	enum device_state state;	/* of a device that it knows */
	bool is_same_customer;	/* the device is of nobody yet, or of the customer that the code was sold to */
};

/*
 * VERDICT_OK, also for the device that had the keys before: it gets the very
 * same ones. Else what is in the way: of a device whose licenses went to a
 * spare that, for its code went, too; else first what concerns the code.
 */
enum verdict activation_check(const struct activation *activation);
/* May license keys be issued for the device at all, by whatever way? */
enum verdict activation_device_check(bool is_known, enum device_state state);

#endif
