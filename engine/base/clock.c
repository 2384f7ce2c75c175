/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * clock.c: the system's clocks. The only room that may ask.
 */
#include "engine/base/clock.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BOOT_ID_LENGTH 36

static pthread_once_t boot_id_once = PTHREAD_ONCE_INIT;
static char boot_id[BOOT_ID_LENGTH + 1];

/* Never changes while the machine is up, so it is read once. */
static void
read_boot_id(void)
{
	int file = open(
	    "/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (file < 0)
		return;
	if (read(file, boot_id, BOOT_ID_LENGTH) != BOOT_ID_LENGTH)
		memset(boot_id, 0, sizeof(boot_id));
	close(file);
}

int64_t
clock_now(void)
{
	struct timespec now;
	int failed = clock_gettime(CLOCK_REALTIME, &now);

	assert(!failed);
	(void)failed;
	return now.tv_sec;
}

int64_t
clock_elapsed_ms(void)
{
	struct timespec now;
	int failed = clock_gettime(CLOCK_BOOTTIME, &now);

	assert(!failed);
	(void)failed;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *
clock_boot_id(void)
{
	pthread_once(&boot_id_once, read_boot_id);
	return boot_id;
}
