/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.c: the words for a fault in the log. Pages have their own.
 */
#include "engine/base/fault.h"

const char *
fault_text(enum fault fault)
{
	switch (fault) {
	case FAULT_NONE:
		return "no fault";
	case FAULT_NOT_FOUND:
		return "not found";
	case FAULT_MEMORY:
		return "out of memory";
	case FAULT_IO:
		return "input/output error";
	case FAULT_BUSY:
		return "busy";
	case FAULT_FULL:
		return "full";
	case FAULT_DAMAGED:
		return "damaged data";
	case FAULT_CRYPTO:
		return "cryptography failed";
	case FAULT_NETWORK:
		return "network unreachable";
	case FAULT_UNKNOWN_OUTCOME:
		return "outcome unknown";
	}
	return "unknown fault";
}
