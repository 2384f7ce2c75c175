/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * master_lock.c: see master_lock.h.
 */
#include "ctl/master_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
cannot(struct command *command, const char *what, const char *path)
{
	command->status = command_fail(
	    command, "%s cannot be %s: %s", path, what, strerror(errno));
	return false;
}

bool
master_lock_take(int *lock, struct command *command)
{
	char path[PATH_MAX];

	if (!appliance_path(
		path, sizeof(path), command->state_directory, "run") ||
	    (mkdir(path, 0700) && errno != EEXIST)) {
		return cannot(command, "made", path);
	}
	(void)appliance_path(
	    path, sizeof(path), command->state_directory, "run/master.lock");
	*lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*lock < 0) {
		return cannot(command, "opened", path);
	}
	if (!flock(*lock, LOCK_EX | LOCK_NB))
		return true;
	(void)close(*lock);
	command->status = command_fail(command,
	    "this appliance is running; stop it before its store is replaced");
	return false;
}
