/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_lease_queue.c: order, bound and end of the queue between threads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/lease_queue.h"

#define PRODUCERS 4
#define EACH      20000

static struct arena arena;
static struct lease_queue queue;
static int items[8];

static int
begin(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return lease_queue_init(&queue, &arena, 3);
}

static int
end(void **state)
{
	(void)state;
	lease_queue_clear(&queue);
	arena_clear(&arena);
	return 0;
}

static void
hands_out_in_order(void **state)
{
	void *out[8];
	size_t i, round;

	(void)state;
	for (round = 0; round < 5; round++) {
		assert_true(lease_queue_put(&queue, &items[0]));
		assert_true(lease_queue_put(&queue, &items[1]));
		assert_int_equal(lease_queue_take(&queue, out, 8), 2);
		for (i = 0; i < 2; i++)
			assert_ptr_equal(out[i], &items[i]);
	}
}

static void
is_full_at_its_bound(void **state)
{
	void *out[8];

	(void)state;
	assert_true(lease_queue_put(&queue, &items[0]));
	assert_true(lease_queue_put(&queue, &items[1]));
	assert_true(lease_queue_put(&queue, &items[2]));
	assert_false(lease_queue_put(&queue, &items[3]));
	assert_int_equal(lease_queue_take(&queue, out, 1), 1);
	assert_true(lease_queue_put(&queue, &items[3]));
	assert_int_equal(lease_queue_take(&queue, out, 8), 3);
	assert_ptr_equal(out[2], &items[3]);
}

static void
poll_never_waits(void **state)
{
	(void)state;
	assert_null(lease_queue_poll(&queue));
	assert_true(lease_queue_put(&queue, &items[0]));
	assert_ptr_equal(lease_queue_poll(&queue), &items[0]);
	assert_null(lease_queue_poll(&queue));
}

static void
closed_it_gives_back_what_it_holds(void **state)
{
	void *out[8];

	(void)state;
	assert_true(lease_queue_put(&queue, &items[0]));
	lease_queue_close(&queue);
	assert_false(lease_queue_put(&queue, &items[1]));
	assert_int_equal(lease_queue_take(&queue, out, 8), 1);
	assert_int_equal(lease_queue_take(&queue, out, 8), 0);
}

static void *
produce(void *argument)
{
	int i;

	for (i = 0; i < EACH;)
		if (lease_queue_put(&queue, argument))
			i++;
	return NULL;
}

static void
threads_lose_nothing(void **state)
{
	pthread_t threads[PRODUCERS];
	size_t got = 0, i;
	void *out[3];

	(void)state;
	for (i = 0; i < PRODUCERS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, produce, &items[i]), 0);
	while (got < (size_t)PRODUCERS * EACH)
		got += lease_queue_take(&queue, out, 3);
	for (i = 0; i < PRODUCERS; i++)
		pthread_join(threads[i], NULL);
	assert_null(lease_queue_poll(&queue));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hands_out_in_order),
		TEST(is_full_at_its_bound),
		TEST(poll_never_waits),
		TEST(closed_it_gives_back_what_it_holds),
		TEST(threads_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
