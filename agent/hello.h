/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hello.h: a thread that says hello to the other nodes of the cluster, with a
 * store of its own: neither users nor syncs wait for a node that is gone.
 */
#ifndef LEASEHOLD_AGENT_HELLO_H
#define LEASEHOLD_AGENT_HELLO_H

#include "engine/base/fault.h"
#include "engine/store/appliance.h"
#include <stdbool.h>

struct hello;

/* "appliance" is only read by the thread, and outlives it. */
enum fault hello_open(struct hello **out, const struct appliance *appliance) MUST_CHECK;
/* False when the thread would not end in time: then only ending the process is safe. Accepts NULL. */
bool hello_close(struct hello **hello);

#endif
