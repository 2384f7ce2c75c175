/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * agent_call.h: one question to the agent of this appliance over its Unix
 * socket (docs/session-socket.md), as the console and the command line put
 * it: {"op":"begin"|"end"|"list"|"sync"|"status",…}.
 */
#ifndef LEASEHOLD_PEER_AGENT_CALL_H
#define LEASEHOLD_PEER_AGENT_CALL_H

#include "engine/base/fault.h"
#include <jansson.h>

/* Name of the socket below the state directory. */
#define AGENT_SOCKET "run/agent.sock"

/* Enough for {"op":"sync"} and {"op":"begin"}, which may wait for the license server. */
#define AGENT_CALL_SECONDS 75

/*
 * Sends "request" to STATE/run/agent.sock and waits at most "timeout_seconds"
 * for the answer, a JSON object with a boolean "ok" (and "code" and "text"
 * when it is false); new reference, the caller releases it; NULL on a fault.
 * FAULT_NOT_FOUND when no agent is running, FAULT_BUSY when it did not answer
 * in time, FAULT_IO when the answer could not be read or is none. Only the
 * last of these is logged.
 */
enum fault agent_call(json_t **answer, const char *state_directory, const json_t *request, int timeout_seconds) MUST_CHECK;

#endif
