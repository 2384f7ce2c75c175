/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_files.c: finds the files. Does not know whom they are shown to.
 */
#include "engine/peer/link_files.h"

#include "engine/base/file.h"
#include "engine/store/appliance.h"
#include <assert.h>

#define DEVICE_KEY_FILE "device.key"
#define SERVER_CA_FILE  "server-ca.pem"
#define CENTER_CA_FILE  "center-ca.pem"

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

static enum fault
find_roots(const char **out, struct arena *arena, const char *state_directory,
    const char *name)
{
	char path[4096];

	*out = NULL;
	if (!appliance_path(path, sizeof(path), state_directory, name))
		return FAULT_IO;
	if (!file_exists(path))
		return FAULT_NONE;
	*out = arena_text(arena, path);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

enum fault
link_files_roots(
    const char **out, struct arena *arena, const char *state_directory)
{
	assert(out && arena && state_directory);
	return find_roots(out, arena, state_directory, SERVER_CA_FILE);
}

enum fault
link_files_center_roots(
    const char **out, struct arena *arena, const char *state_directory)
{
	assert(out && arena && state_directory);
	return find_roots(out, arena, state_directory, CENTER_CA_FILE);
}
