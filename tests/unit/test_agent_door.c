/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_agent_door.c: more programs than places, and programs that do not end
 * their line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "agent/door.h"
#include "engine/base/clock.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct agent agent;
static struct door *door;
static struct sockaddr_un address;
static int programs[DOOR_CONNECTIONS_MAX + 1];
static size_t program_count;

/* An abstract name: nothing to remove afterwards. */
static int
open_door(void **state)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	memset(&address, 0, sizeof(address));
	address.sun_family = AF_UNIX;
	snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
	    "leasehold-door-%ld", (long)getpid());
	assert_true(fd >= 0);
	assert_int_equal(
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(door_open(&door, &agent, fd), FAULT_NONE);
	program_count = 0;
	return 0;
}

static int
close_door(void **state)
{
	(void)state;
	door_close(&door);
	while (program_count)
		close(programs[--program_count]);
	return 0;
}

/* What poll finds is served; answers whether the listener was polled for. */
static bool
turn(void)
{
	struct pollfd items[DOOR_CONNECTIONS_MAX + 1];
	size_t count = door_prepare(items, door);

	assert_true(poll(items, (nfds_t)count, 0) >= 0);
	door_serve(door, items, count);
	return items[0].fd >= 0;
}

static size_t
connections(void)
{
	struct pollfd items[DOOR_CONNECTIONS_MAX + 1];

	return door_prepare(items, door) - 1;
}

static void
come(const char *text)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	programs[program_count++] = fd;
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	turn();
	if (!*text)
		return;
	assert_int_equal(send(fd, text, strlen(text), 0), strlen(text));
	turn();
}

static void
full_of_busy_programs_nobody_is_polled_for(void **state)
{
	(void)state;
	while (program_count < DOOR_CONNECTIONS_MAX)
		come("{");
	assert_int_equal(connections(), DOOR_CONNECTIONS_MAX);
	come("");
	assert_int_equal(connections(), DOOR_CONNECTIONS_MAX);
	assert_false(turn());
	/* A place becomes free. */
	close(programs[--program_count - 1]);
	programs[program_count - 1] = programs[program_count];
	turn();
	assert_true(turn());
	assert_int_equal(connections(), DOOR_CONNECTIONS_MAX);
}

static void
silent_program_makes_room_when_full(void **state)
{
	(void)state;
	come("");
	while (program_count < DOOR_CONNECTIONS_MAX)
		come("{");
	come("");
	assert_int_equal(connections(), DOOR_CONNECTIONS_MAX);
	assert_true(turn());
}

static void
line_has_to_end_in_time(void **state)
{
	int64_t before = clock_elapsed_ms();

	(void)state;
	come("");
	come("{");
	come("nonsense\n{");
	come("nonsense\n");
	door_expire(door, before + DOOR_LINE_MS - 1);
	assert_int_equal(connections(), 4);
	door_expire(door, clock_elapsed_ms() + DOOR_LINE_MS);
	assert_int_equal(connections(), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_door, close_door)
		TEST(full_of_busy_programs_nobody_is_polled_for),
		TEST(silent_program_makes_room_when_full),
		TEST(line_has_to_end_in_time),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
