# SPDX-License-Identifier: BSD-2-Clause
# Plays on simulated time: docs/scenarios.md. One test acts them all out.

plays = \
	tests/scenario/seed-worked-example.scn

check_PROGRAMS += tests/scenario/player
tests_scenario_player_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_scenario_player_SOURCES = tests/scenario/player.c \
	tests/scenario/stage.h tests/scenario/stage.c $(ledger_estate)
tests_scenario_player_LDADD = $(store_test_libs)

TESTS += tests/scenario/plays.t
EXTRA_DIST += tests/scenario/plays.t $(plays)
