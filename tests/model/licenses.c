/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * licenses.c: what the text says of licenses and their renewals (rules.md 2),
 * tried on random sets of them, day by day and a second before each day.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/license.h"
#include <stdio.h>
#include <string.h>

#define ROUNDS   4000
#define LICENSES 6
#define DAYS     120
#define DAY      SECONDS_PER_DAY
#define GRACE    (31 * DAY) /* in two of three rounds; else none */

/* ---- chance ---- */

static uint64_t chance_state;

static uint64_t
chance(void)
{
	uint64_t z = (chance_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int64_t
upto(int64_t most)
{
	return (int64_t)(chance() % ((uint64_t)most + 1));
}

/* ---- sets of licenses ---- */

struct shelf {
	struct license licenses[LICENSES];
	size_t count;
	int64_t grace;
};

static const char *const serials[LICENSES] = { "A", "B", "C", "D", "E", "F" };

static void
random_license(struct shelf *shelf)
{
	struct license *license = &shelf->licenses[shelf->count];
	int64_t start = upto(60);

	*license = (struct license){
		.id = (int64_t)shelf->count + 1,
		.prefix = upto(4) ? "CONSEC" : "ACCESS",
		.units = 25 + 25 * upto(1),
		.is_subscription = upto(5) > 0,
		.start = start * DAY,
		.serial = serials[shelf->count],
		.is_revoked = upto(15) == 0,
	};
	license->is_renewal = license->is_subscription && upto(1);
	license->end = license->is_subscription ? (start + 1 + upto(50)) * DAY
						: INSTANT_NEVER;
	if (license->is_renewal && upto(3) == 0)
		license->renews = serials[upto(LICENSES - 1)];
	shelf->count++;
}

static void
random_shelf(struct shelf *shelf)
{
	size_t count = 1 + (size_t)upto(LICENSES - 1);

	*shelf = (struct shelf){ .grace = upto(2) ? GRACE : 0 };
	for (size_t i = 0; i < count; i++)
		random_license(shelf);
	license_pair(shelf->licenses, shelf->count);
}

static int64_t
total_at(const struct shelf *shelf, instant at)
{
	return license_total_at(
	    shelf->licenses, shelf->count, shelf->grace, at);
}

static enum license_state
state_at(const struct shelf *shelf, size_t index, instant at)
{
	return license_state_at(&shelf->licenses[index], shelf->grace, at);
}

typedef void law(const struct shelf *shelf);

static void
try_law(law *holds)
{
	chance_state = 20250301;
	for (int round = 0; round < ROUNDS; round++) {
		struct shelf shelf;

		random_shelf(&shelf);
		if (round % 1000 == 0)
			print_message("  round %d\n", round);
		holds(&shelf);
	}
}

/* ---- laws ---- */

static void
every_change_is_announced(const struct shelf *shelf)
{
	instant next = license_next_change(
	    shelf->licenses, shelf->count, shelf->grace, -1);

	for (instant day = 0; day <= DAYS * DAY; day += DAY) {
		if (next < day)
			next = license_next_change(shelf->licenses,
			    shelf->count, shelf->grace, day - 1);
		/* Within a day nothing changes: all dates are midnights. */
		assert_int_equal(
		    total_at(shelf, day), total_at(shelf, day + DAY - 1));
		if (total_at(shelf, day) != total_at(shelf, day - 1))
			assert_int_equal(next, day);
	}
}

static bool
match(const struct license *a, const struct license *b)
{
	return a->units == b->units && strcmp(a->prefix, b->prefix) == 0;
}

/* Did that renewal take over by "at"? Then it was active on its last day, or is. */
static bool
took_over(const struct shelf *shelf, size_t index, instant at)
{
	const struct license *license = &shelf->licenses[index];
	instant last = license->end - 1;

	return license->is_renewal &&
	    state_at(shelf, index, at < last ? at : last) == LICENSE_ACTIVE;
}

/* "A parent and its renewal never count twice … pairing is one to one." */
static void
each_renewal_has_a_parent_that_is_renewed(const struct shelf *shelf)
{
	for (instant day = 0; day <= DAYS * DAY; day += DAY)
		for (size_t i = 0; i < shelf->count; i++) {
			const struct license *like = &shelf->licenses[i];
			int renewals = 0, renewed = 0;

			for (size_t n = 0; n < shelf->count; n++) {
				if (!match(&shelf->licenses[n], like))
					continue;
				renewals += took_over(shelf, n, day);
				renewed += state_at(shelf, n, day) ==
				    LICENSE_RENEWED;
			}
			assert_int_equal(renewals, renewed);
		}
}

/* "… becomes active only when a matching key has ended, even if its own start date has passed." */
static void
no_renewal_is_active_before_its_time(const struct shelf *shelf)
{
	for (instant day = 0; day <= DAYS * DAY; day += DAY)
		for (size_t i = 0; i < shelf->count; i++) {
			const struct license *renewal = &shelf->licenses[i];
			bool may_be = false;

			if (!renewal->is_renewal ||
			    state_at(shelf, i, day) != LICENSE_ACTIVE)
				continue;
			for (size_t n = 0; n < shelf->count; n++)
				may_be |= n != i &&
				    match(&shelf->licenses[n], renewal) &&
				    shelf->licenses[n].end <= day;
			assert_true(may_be && renewal->start <= day);
		}
}

/* The order in which a license goes through its life. */
static int
age_of(enum license_state state)
{
	static const enum license_state ages[] = { LICENSE_FUTURE,
		LICENSE_PENDING_RENEWAL, LICENSE_ACTIVE, LICENSE_GRACE,
		LICENSE_EXPIRED };

	for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++)
		if (ages[i] == state)
			return (int)i;
	return 9;
}

/* "Once active, a renewal never goes back to pending"; nothing is revived by time. */
static void
nothing_grows_younger(const struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->count; i++) {
		int age = 0;

		for (instant day = -DAY; day <= DAYS * DAY; day += DAY) {
			int now = age_of(state_at(shelf, i, day));

			assert_true(now >= age);
			age = now;
		}
	}
}

static void
nobody_counts_outside_of_its_dates(const struct shelf *shelf)
{
	for (instant day = 0; day <= DAYS * DAY; day += DAY)
		for (size_t i = 0; i < shelf->count; i++) {
			const struct license *license = &shelf->licenses[i];
			int64_t units = license_units_at(
			    license, shelf->grace, day);

			if (units == 0)
				continue;
			assert_int_equal(units, license->units);
			assert_false(license->is_revoked);
			assert_true(license->start <= day);
			assert_true(license->end == INSTANT_NEVER ||
			    day < license->end + shelf->grace);
		}
}

static void
order_does_not_matter(const struct shelf *shelf)
{
	struct shelf other = *shelf;

	for (size_t i = other.count; i > 1; i--) {
		size_t n = (size_t)upto((int64_t)i - 1);
		struct license license = other.licenses[i - 1];

		other.licenses[i - 1] = other.licenses[n];
		other.licenses[n] = license;
	}
	license_pair(other.licenses, other.count);
	for (instant day = 0; day <= DAYS * DAY; day += DAY)
		assert_int_equal(total_at(&other, day), total_at(shelf, day));
}

#define LAW(name)                                                              \
	static void name##_law(void **state)                                   \
	{                                                                      \
		(void)state;                                                   \
		try_law(name);                                                 \
	}

LAW(every_change_is_announced)
LAW(each_renewal_has_a_parent_that_is_renewed)
LAW(no_renewal_is_active_before_its_time)
LAW(nothing_grows_younger)
LAW(nobody_counts_outside_of_its_dates)
LAW(order_does_not_matter)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_is_announced_law),
		cmocka_unit_test(each_renewal_has_a_parent_that_is_renewed_law),
		cmocka_unit_test(no_renewal_is_active_before_its_time_law),
		cmocka_unit_test(nothing_grows_younger_law),
		cmocka_unit_test(nobody_counts_outside_of_its_dates_law),
		cmocka_unit_test(order_does_not_matter_law),
	};

	return cmocka_run_group_tests_name("licenses", tests, NULL, NULL);
}
