# SPDX-License-Identifier: BSD-2-Clause
# Documents for people who change or run the product.

dist_doc_DATA = \
	docs/dependencies.md
dist_doc_DATA += docs/lease-protocol.md docs/reference-client.py
dist_doc_DATA += docs/outages.md
dist_doc_DATA += docs/replace-server.md
dist_doc_DATA += docs/virtual-server.md
dist_doc_DATA += docs/center.md
dist_doc_DATA += docs/vendor-pack.md
dist_doc_DATA += docs/session-socket.md
dist_doc_DATA += docs/gateway-ocserv.md docs/gateway-openvpn.md docs/gateway-freeradius.md
dist_doc_DATA += docs/README.md docs/adding-a-page.md docs/adding-a-sku.md
dist_doc_DATA += docs/forecast.md docs/rules-vectors.md
dist_doc_DATA += docs/mutation.md
dist_doc_DATA += docs/scenarios.md docs/model.md docs/simulation.md
dist_doc_DATA += docs/seed-trace.md docs/licensing-summary.png

decisionsdir = $(docdir)/decisions
dist_decisions_DATA =
dist_decisions_DATA += docs/decisions/0001-four-kinds-of-no.md
dist_decisions_DATA += docs/decisions/0002-pure-rules.md
dist_decisions_DATA += docs/decisions/0003-escaping-always-on.md
dist_decisions_DATA += docs/decisions/0004-one-arena-per-request.md
dist_decisions_DATA += docs/decisions/0005-ledger-and-one-writer.md
dist_decisions_DATA += docs/decisions/0006-sqlite-and-durability.md
dist_decisions_DATA += docs/decisions/0007-grouped-quanta.md
dist_decisions_DATA += docs/decisions/0008-parts-name-their-documents.md
dist_decisions_DATA += docs/decisions/0009-master-holds-sockets.md
dist_decisions_DATA += docs/decisions/0010-no-htmx-yet.md
dist_decisions_DATA += docs/decisions/0011-device-proof.md
dist_decisions_DATA += docs/decisions/0012-guesses-wait-by-address.md
dist_decisions_DATA += docs/decisions/0013-units-have-a-source.md
dist_decisions_DATA += docs/decisions/0014-messages-of-surrender-carry-since.md
dist_decisions_DATA += docs/decisions/0015-time-stands-still.md
dist_decisions_DATA += docs/decisions/0016-pools-remember.md
dist_decisions_DATA += docs/decisions/0017-broken-figures-stop-granting.md
dist_decisions_DATA += docs/decisions/0018-nodes-speak-for-themselves.md
dist_decisions_DATA += docs/decisions/0020-clients-prove-what-they-hold.md
dist_decisions_DATA += docs/decisions/0022-a-probe-leaves-nothing.md
dist_decisions_DATA += docs/decisions/0023-a-change-on-trial.md
dist_decisions_DATA += docs/decisions/0021-what-is-promised-before-what-is-extended.md \
	docs/decisions/0024-sessions-time-out-by-boot-time.md \
	docs/decisions/0025-a-yes-is-stored-first.md
dist_decisions_DATA += docs/decisions/0019-what-a-client-takes-alone.md
dist_decisions_DATA += docs/decisions/0026-hooks-are-shell-scripts.md
dist_decisions_DATA += docs/decisions/0027-the-server-names-the-leader.md
dist_decisions_DATA += docs/decisions/0028-standing-in-for-a-lost-node.md
dist_decisions_DATA += docs/decisions/0029-what-a-left-server-keeps.md
dist_decisions_DATA += docs/decisions/0030-a-spare-signs-with-the-former-key.md
dist_decisions_DATA += docs/decisions/0033-a-server-is-judged-from-outside.md
dist_decisions_DATA += docs/decisions/0034-growth-is-asked-for-ahead.md
dist_decisions_DATA += docs/decisions/0035-codes-are-worth-keys-once.md
dist_decisions_DATA += docs/decisions/0036-heartbeats-and-copies.md
dist_decisions_DATA += docs/decisions/0037-a-spare-takes-over.md
dist_decisions_DATA += docs/decisions/0038-what-was-found-stays-found.md
dist_decisions_DATA += docs/decisions/0039-issuer-keys-change.md
dist_decisions_DATA += docs/decisions/0040-the-leader-permits.md
dist_decisions_DATA += docs/decisions/0041-a-file-proves-its-own-time.md
dist_decisions_DATA += docs/decisions/0031-a-second-device-is-refused-by-name.md
dist_decisions_DATA += docs/decisions/0032-a-replaced-device-keeps-its-lease.md
