/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * conformance_client.h: the rules of the lease protocol tried on a license
 * client that is pointed at a bench, one after the other.
 */
#ifndef LEASEHOLD_CTL_CONFORMANCE_CLIENT_H
#define LEASEHOLD_CTL_CONFORMANCE_CLIENT_H

#include "ctl/conformance_bench.h"

/* NULL: the rule is kept; else what was seen instead, in the arena. */
#define CHECK(function, id, section, rule) const char *function(struct conformance_bench *bench);
#include "ctl/conformance_client_checks.tbl"
#undef CHECK

#endif
