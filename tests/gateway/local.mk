# SPDX-License-Identifier: BSD-2-Clause
# Real gateways, in network namespaces of their own: scripts named NN-words.t that print TAP.

gateway_tests =
gateway_tests += tests/gateway/05-hooks.t
gateway_tests += tests/gateway/10-ocserv.t
gateway_tests += tests/gateway/20-openvpn.t
gateway_tests += tests/gateway/30-freeradius.t
EXTRA_DIST += tests/gateway/vpn-support.cjs

TESTS += $(gateway_tests)
EXTRA_DIST += $(gateway_tests)
