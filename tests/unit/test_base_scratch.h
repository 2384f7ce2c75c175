/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_base_scratch.h: a folder of its own for a test that needs files,
 * below the folder the test runs in; nothing is left of it.
 */
#ifndef LEASEHOLD_TEST_BASE_SCRATCH_H
#define LEASEHOLD_TEST_BASE_SCRATCH_H

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_folder[64];

/* cmocka group setup. */
static inline int
scratch_make(void **state)
{
	(void)state;
	snprintf(scratch_folder, sizeof(scratch_folder), "scratch-XXXXXX");
	return mkdtemp(scratch_folder) ? 0 : -1;
}

static inline const char *
scratch_path(const char *name)
{
	static char paths[4][PATH_MAX];
	static unsigned turn;
	char *path = paths[turn++ % 4];

	snprintf(path, PATH_MAX, "%s/%s", scratch_folder, name);
	return path;
}

static inline void
scratch_write(const char *name, const void *data, size_t bytes)
{
	FILE *file = fopen(scratch_path(name), "w");

	if (!file || fwrite(data, 1, bytes, file) != bytes || fclose(file))
		abort();
}

/* How many files are there: shows temporary ones left behind. */
static inline int
scratch_count(void)
{
	DIR *folder = opendir(scratch_folder);
	struct dirent *entry;
	int count = 0;

	while (folder && (entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	if (folder)
		closedir(folder);
	return count;
}

/* cmocka group teardown. */
static inline int
scratch_remove(void **state)
{
	DIR *folder = opendir(scratch_folder);
	struct dirent *entry;

	(void)state;
	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlink(scratch_path(entry->d_name));
	if (folder)
		closedir(folder);
	return rmdir(scratch_folder);
}

#endif
