/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_files.c: finds the files. Does not know whom they are shown to.
 */
#include "engine/peer/link_files.h"

#include "engine/base/file.h"
#include "engine/store/appliance.h"
#include <assert.h>

#define DEVICE_KEY_FILE "device.key"
#define CA_FILE         "server-ca.pem"

enum fault
link_files_device(struct keypair **out, const char *state_directory)
{
	char path[4096];

	assert(out && state_directory);
	*out = NULL;
	return appliance_path(
		   path, sizeof(path), state_directory, DEVICE_KEY_FILE)
	    ? keypair_load(out, path)
	    : FAULT_IO;
}

enum fault
link_files_roots(
    const char **out, struct arena *arena, const char *state_directory)
{
	char path[4096];

	assert(out && arena && state_directory);
	*out = NULL;
	if (!appliance_path(path, sizeof(path), state_directory, CA_FILE))
		return FAULT_IO;
	if (!file_exists(path))
		return FAULT_NONE;
	*out = arena_text(arena, path);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}
