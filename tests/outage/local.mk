# SPDX-License-Identifier: BSD-2-Clause
# Clients, a server and time, in network namespaces: scripts named NN-words.t that print TAP.

outage_tests =
outage_tests += tests/outage/10-outages.t
outage_tests += tests/outage/20-clock.t
outage_tests += tests/outage/30-killed.t
EXTRA_DIST += tests/outage/killed-support.cjs tests/outage/outage-support.cjs

TESTS += $(outage_tests)
EXTRA_DIST += $(outage_tests)

# A client is killed at every system call, not at a sample of them.
.PHONY: outage-long
outage-long: stage
	@$(AM_TESTS_ENVIRONMENT) OUTAGE_LONG=1 node $(srcdir)/tests/outage/30-killed.t
