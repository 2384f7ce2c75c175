# SPDX-License-Identifier: BSD-2-Clause
# The whole product on loopback. Scripts named NN-words.t that print TAP.

http_tests =

TESTS += $(http_tests)
EXTRA_DIST += $(http_tests)
