/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * center_heartbeat.h: a virtual license server says that it is there, and is
 * told whether another one says so in its name (rules.md 11).
 */
#ifndef LEASEHOLD_CGI_CENTER_HEARTBEAT_H
#define LEASEHOLD_CGI_CENTER_HEARTBEAT_H

struct center_call;

/* POST /center/v1/heartbeats, to its answer. */
void center_heartbeat_run(struct center_call *call);

#endif
