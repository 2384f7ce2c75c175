# SPDX-License-Identifier: BSD-2-Clause
# Real gateways, in network namespaces of their own: scripts named NN-words.t that print TAP.

gateway_tests =

TESTS += $(gateway_tests)
EXTRA_DIST += $(gateway_tests)
