/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wide.h: for sums and products of units and seconds that int64 cannot hold,
 * where a compare must be exact.
 */
#ifndef LEASEHOLD_RULES_WIDE_H
#define LEASEHOLD_RULES_WIDE_H

/* Not ISO C, but known to gcc and clang on every 64-bit machine. */
__extension__ typedef __int128 wide;

#endif
