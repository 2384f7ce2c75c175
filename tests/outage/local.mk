# SPDX-License-Identifier: BSD-2-Clause
# Clients, a server and time, in network namespaces: scripts named NN-words.t that print TAP.

outage_tests =
outage_tests += tests/outage/10-outages.t
outage_tests += tests/outage/20-clock.t
EXTRA_DIST += tests/outage/outage-support.cjs

TESTS += $(outage_tests)
EXTRA_DIST += $(outage_tests)
