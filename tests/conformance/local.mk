# SPDX-License-Identifier: BSD-2-Clause
# Other implementations of the lease protocol: scripts named NN-words.t that print TAP.

conformance_tests =

TESTS += $(conformance_tests)
EXTRA_DIST += $(conformance_tests)
