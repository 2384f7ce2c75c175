# SPDX-License-Identifier: BSD-2-Clause
# The deterministic simulation: one program over the shipped rules and ledger,
# with a network, clocks and disks of its own.

check_PROGRAMS += tests/simulation/simulate
tests_simulation_simulate_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_simulation_simulate_SOURCES = \
	tests/simulation/sim_admin.c \
	tests/simulation/sim_auto.c \
	tests/simulation/sim_device.c \
	tests/simulation/sim_disk.c \
	tests/simulation/sim_disk.h \
	tests/simulation/sim_judge.c \
	tests/simulation/sim_license.c \
	tests/simulation/sim_network.c \
	tests/simulation/sim_queue.c \
	tests/simulation/sim_queue.h \
	tests/simulation/sim_random.c \
	tests/simulation/sim_random.h \
	tests/simulation/sim_server.c \
	tests/simulation/sim_trace.c \
	tests/simulation/sim_trace.h \
	tests/simulation/sim_world.c \
	tests/simulation/sim_world.h \
	tests/simulation/simulate.c
tests_simulation_simulate_LDADD = $(STORE_LIBS) $(BASE_LIBS)

TESTS += tests/simulation/short.t
EXTRA_DIST += tests/simulation/short.t

# make simulate SEED=7 HOURS=720 CLIENTS=50
SEED = 1
HOURS = 240
CLIENTS = 12

.PHONY: simulate
simulate: tests/simulation/simulate$(EXEEXT)
	LEASEHOLD_DATADIR='$(abs_top_srcdir)' tests/simulation/simulate \
		--seed $(SEED) --hours $(HOURS) --clients $(CLIENTS) \
		--progress 240
