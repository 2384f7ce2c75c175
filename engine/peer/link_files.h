/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_files.h: what of a license client's state directory its conversations
 * need: the device key, and roots that an administrator added.
 */
#ifndef LEASEHOLD_PEER_LINK_FILES_H
#define LEASEHOLD_PEER_LINK_FILES_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/base/keypair.h"

/* The caller frees it. */
enum fault link_files_device(struct keypair **out, const char *state_directory) MUST_CHECK;
/* The path of server-ca.pem, in the arena; NULL when there is none now: the system's roots alone count. */
enum fault link_files_roots(const char **out, struct arena *arena, const char *state_directory) MUST_CHECK;
/* The same for the center: who may vouch for the one vouches not for the other. */
enum fault link_files_center_roots(const char **out, struct arena *arena, const char *state_directory) MUST_CHECK;

#endif
