/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * activation.c: a code is worth its keys once, to one device, for ever.
 */
#include "engine/rules/activation.h"

enum verdict
activation_device_check(bool is_known, enum device_state state)
{
	if (is_known && state == DEVICE_SPARE)
		return VERDICT_ACTIVATION_SPARE;
	if (is_known && state == DEVICE_REPLACED)
		return VERDICT_ACTIVATION_REPLACED;
	return VERDICT_OK;
}

enum verdict
activation_check(const struct activation *activation)
{
	if (activation->is_revoked)
		return VERDICT_ACTIVATION_REVOKED;
	/* The code went to the spare with the licenses: that is the reason to be told. */
	if (activation->is_known && activation->state == DEVICE_REPLACED)
		return VERDICT_ACTIVATION_REPLACED;
	if (activation->is_used && !activation->is_same_device)
		return VERDICT_ACTIVATION_USED;
	if (!activation->is_same_customer)
		return VERDICT_ACTIVATION_CUSTOMER;
	return activation_device_check(activation->is_known, activation->state);
}
