# SPDX-License-Identifier: BSD-2-Clause
# Plays on simulated time: docs/scenarios.md. One test acts them all out.

plays = \
	tests/scenario/auto-leasing.scn \
	tests/scenario/clock-back.scn \
	tests/scenario/cluster.scn \
	tests/scenario/configuration-expiry.scn \
	tests/scenario/deleted-client.scn \
	tests/scenario/denial-with-holders.scn \
	tests/scenario/grace-runs-out.scn \
	tests/scenario/growing-and-shrinking.scn \
	tests/scenario/lost-answer.scn \
	tests/scenario/penalty-runs-out.scn \
	tests/scenario/penalty.scn \
	tests/scenario/permanent-first.scn \
	tests/scenario/recall-and-reservations.scn \
	tests/scenario/recall.scn \
	tests/scenario/renewal-and-grace.scn \
	tests/scenario/reservations.scn \
	tests/scenario/restore-overridden.scn \
	tests/scenario/restore.scn \
	tests/scenario/seed-worked-example.scn \
	tests/scenario/shortage-and-lost-answer.scn \
	tests/scenario/shortage.scn \
	tests/scenario/shortened-expiry.scn \
	tests/scenario/strict-membership.scn \
	tests/scenario/subscription-first.scn \
	tests/scenario/surrender.scn

check_PROGRAMS += tests/scenario/player
tests_scenario_player_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_scenario_player_SOURCES = tests/scenario/player.c \
	tests/scenario/stage.h tests/scenario/stage.c $(ledger_estate)
tests_scenario_player_LDADD = $(store_test_libs)

TESTS += tests/scenario/plays.t
EXTRA_DIST += tests/scenario/plays.t $(plays)
