# SPDX-License-Identifier: BSD-2-Clause
# The whole product on loopback. Scripts named NN-words.t that print TAP.

http_tests =

# the lease protocol
http_tests += tests/http/10-lease-protocol.t
http_tests += tests/http/15-jose.t
http_tests += tests/http/20-lease-last-unit.t
http_tests += tests/http/30-lease-kill.t
http_tests += tests/http/31-lease-sync-fails.t
http_tests += tests/http/50-cluster.t
http_tests += tests/http/51-cluster-nodes.t
http_tests += tests/http/52-cluster-hop.t
http_tests += tests/http/58-reference-client.t
http_tests += tests/http/59-conformance.t
http_tests += tests/http/60-conformance-client.t
http_tests += tests/http/57-identity.t
EXTRA_DIST += tests/http/center-support.cjs tests/http/cluster-support.cjs
EXTRA_DIST += tests/http/lease-support.cjs

# the gateway's side
http_tests += tests/http/40-gateway.t
http_tests += tests/http/41-session-socket.t
http_tests += tests/http/42-hostile-server.t
http_tests += tests/http/43-surrender.t
http_tests += tests/http/44-restored.t
http_tests += tests/http/45-alone.t
http_tests += tests/http/46-connection.t
http_tests += tests/http/47-sessions.t
http_tests += tests/http/48-ahead.t
http_tests += tests/http/49-networks.t
http_tests += tests/http/53-trial.t
http_tests += tests/http/54-leave.t
http_tests += tests/http/56-replace-server.t
http_tests += tests/http/60-restore.t
http_tests += tests/http/61-center.t
http_tests += tests/http/73-center-people.t
http_tests += tests/http/62-download.t
http_tests += tests/http/63-heartbeat.t
http_tests += tests/http/64-boot.t
http_tests += tests/http/65-transfer.t
http_tests += tests/http/66-offline.t
http_tests += tests/http/67-issuer.t
http_tests += tests/http/68-factory-reset.t
http_tests += tests/http/69-proxy.t
http_tests += tests/http/70-cluster-alone.t
http_tests += tests/http/74-vendor.t \
	tests/http/75-demo.t
EXTRA_DIST += tests/http/gateway-support.cjs tests/http/namespace-support.cjs

# the command line, the master, the front door
http_tests += tests/http/05-init.t
http_tests += tests/http/06-serve.t
http_tests += tests/http/07-front.t
http_tests += tests/http/08-verify.t
EXTRA_DIST += tests/http/ctl-support.sh

TESTS += $(http_tests)
EXTRA_DIST += $(http_tests)
