/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h: the machine's failures, as they travel upward. A fault is logged
 * once, where it arose, and returned unchanged by everybody above.
 */
#ifndef LEASEHOLD_BASE_FAULT_H
#define LEASEHOLD_BASE_FAULT_H

enum fault {
	FAULT_NONE = 0,
	FAULT_NOT_FOUND,	/* the one row, file or name asked for is not there */
	FAULT_MEMORY,		/* no memory, or an arena's cap was reached */
	FAULT_IO,		/* a file or socket could not be read or written */
	FAULT_BUSY,		/* somebody else holds the lock; try again */
	FAULT_FULL,		/* disk or queue full */
	FAULT_DAMAGED,		/* stored data is not what it must be */
	FAULT_CRYPTO,		/* OpenSSL refused */
	FAULT_NETWORK,		/* the other machine could not be reached */
	FAULT_UNKNOWN_OUTCOME	/* an error at commit: it may or may not have happened */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* A short fixed phrase for the log, never NULL. */
const char *fault_text(enum fault fault);

#endif
