/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_peer_network.c: which of the appliance's networks is used, and why not
 * the preferred one: judged by the interfaces of this machine and, without
 * any that is up, of a network namespace.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/peer/link_network.h"
#include "tests/unit/test_base_scratch.h"
#include <sched.h>

static struct arena arena;
static struct link_network networks[LINK_NETWORK_COUNT];

static int
make(void **state)
{
	arena_init(&arena, 0);
	return scratch_make(state);
}

static int
drop(void **state)
{
	arena_clear(&arena);
	return scratch_remove(state);
}

static void
configure(const char *text)
{
	scratch_write("networks.json", text, strlen(text));
	assert_int_equal(
	    link_network_list(networks, &arena, scratch_folder), FAULT_NONE);
}

static enum link_network_state
state_of(const char *name)
{
	const struct link_network *network = link_network_find(networks, name);

	assert_non_null(network);
	return network->state;
}

static void
without_a_file_the_system_chooses(void **state)
{
	struct link_network used;

	(void)state;
	assert_int_equal(
	    link_network_list(networks, &arena, scratch_folder), FAULT_NONE);
	assert_int_equal(state_of("internal"), LINK_NETWORK_UP);
	assert_int_equal(state_of("external"), LINK_NETWORK_UNCONFIGURED);
	assert_int_equal(state_of("management"), LINK_NETWORK_UNCONFIGURED);
	assert_null(link_network_find(networks, "wan"));
	assert_int_equal(
	    link_network_choose(&used, &arena, scratch_folder, "management"),
	    FAULT_NONE);
	assert_string_equal(used.name, "internal");
	assert_null(used.local);
}

static void
file_that_cannot_be_read_counts_as_none(void **state)
{
	(void)state;
	configure("{\"external\":");
	assert_int_equal(state_of("internal"), LINK_NETWORK_UP);
	assert_int_equal(state_of("external"), LINK_NETWORK_UNCONFIGURED);
	configure("{\"external\":7, \"management\":\"\"}");
	assert_int_equal(state_of("external"), LINK_NETWORK_UNCONFIGURED);
	assert_int_equal(state_of("management"), LINK_NETWORK_UNCONFIGURED);
}

static void
preferred_one_is_used_when_it_is_up(void **state)
{
	static const char *const up[] = { "lo", "127.0.0.1", "127.0.0.9" };
	struct link_network used;
	char text[100];

	(void)state;
	for (size_t i = 0; i < sizeof(up) / sizeof(*up); i++) {
		snprintf(text, sizeof(text), "{\"external\":\"%s\"}", up[i]);
		configure(text);
		assert_int_equal(state_of("external"), LINK_NETWORK_UP);
		assert_int_equal(link_network_choose(
				     &used, &arena, scratch_folder, "external"),
		    FAULT_NONE);
		assert_string_equal(used.name, "external");
		assert_string_equal(used.local, up[i]);
		assert_string_equal(
		    link_network_used(networks, "internal")->name, "internal");
	}
}

static void
absent_one_gives_way_to_the_internal_one(void **state)
{
	static const char *const absent[] = { "nosuch0", "192.0.2.77",
		"2001:db8::77", "lo0", "127.0.0", "no such" };
	char text[100];

	(void)state;
	for (size_t i = 0; i < sizeof(absent) / sizeof(*absent); i++) {
		const struct link_network *used;

		snprintf(text, sizeof(text),
		    "{\"management\":\"%s\",\"internal\":\"127.0.0.1\"}",
		    absent[i]);
		configure(text);
		assert_int_equal(state_of("management"), LINK_NETWORK_ABSENT);
		used = link_network_used(networks, "management");
		assert_string_equal(used->name, "internal");
		assert_string_equal(used->local, "127.0.0.1");
	}
}

static void
internal_one_is_used_even_when_it_is_not_there(void **state)
{
	(void)state;
	configure("{\"internal\":\"nosuch0\"}");
	assert_int_equal(state_of("internal"), LINK_NETWORK_ABSENT);
	assert_string_equal(
	    link_network_used(networks, "external")->local, "nosuch0");
}

static void
states_have_words(void **state)
{
	(void)state;
	assert_string_equal(link_network_state_name(LINK_NETWORK_UP), "up");
	assert_string_equal(
	    link_network_state_name(LINK_NETWORK_UNCONFIGURED), "unconfigured");
	assert_string_equal(
	    link_network_state_name(LINK_NETWORK_ABSENT), "absent");
	assert_string_equal(link_network_state_name(LINK_NETWORK_DOWN), "down");
}

/* The last test: what it leaves cannot be gone back from. A new namespace has one interface, and it is down. */
static void
one_that_is_down_gives_way(void **state)
{
	(void)state;
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		print_message("no network namespace may be made here\n");
		skip();
	}
	configure("{\"external\":\"lo\",\"management\":\"127.0.0.1\"}");
	assert_int_equal(state_of("external"), LINK_NETWORK_DOWN);
	assert_int_not_equal(state_of("management"), LINK_NETWORK_UP);
	assert_string_equal(
	    link_network_used(networks, "external")->name, "internal");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_file_the_system_chooses),
		cmocka_unit_test(file_that_cannot_be_read_counts_as_none),
		cmocka_unit_test(preferred_one_is_used_when_it_is_up),
		cmocka_unit_test(absent_one_gives_way_to_the_internal_one),
		cmocka_unit_test(
		    internal_one_is_used_even_when_it_is_not_there),
		cmocka_unit_test(states_have_words),
		cmocka_unit_test(one_that_is_down_gives_way),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
