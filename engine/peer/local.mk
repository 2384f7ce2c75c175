# SPDX-License-Identifier: BSD-2-Clause
# Conversations with other machines. Links curl and libcrypto.

noinst_LIBRARIES += libpeer.a
libpeer_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS)
libpeer_a_SOURCES = \
	engine/peer/agent_call.c engine/peer/agent_call.h \
	engine/peer/center_ask.c engine/peer/center_ask.h \
	engine/peer/center_beat.c engine/peer/center_beat.h \
	engine/peer/cluster_failure.c engine/peer/cluster_failure.h \
	engine/peer/cluster_failures.tbl \
	engine/peer/cluster_hello.c engine/peer/cluster_hello.h \
	engine/peer/cluster_permit.c engine/peer/cluster_permit.h \
	engine/peer/cluster_post.c engine/peer/cluster_post.h \
	engine/peer/device_call.c engine/peer/device_call.h \
	engine/peer/download.c engine/peer/download.h \
	engine/peer/device_proof.c engine/peer/device_proof.h \
	engine/peer/http.c engine/peer/http.h \
	engine/peer/http_certificate.c engine/peer/http_certificate.h \
	engine/peer/link_clock.c engine/peer/link_clock.h \
	engine/peer/link_failure.c engine/peer/link_failure.h \
	engine/peer/link_failures.tbl \
	engine/peer/link_files.c engine/peer/link_files.h \
	engine/peer/link_network.c engine/peer/link_network.h \
	engine/peer/link_probe.c engine/peer/link_probe.h \
	engine/peer/link_probe_texts.tbl \
	engine/peer/link_sync.c engine/peer/link_sync.h \
	engine/peer/relay_spool.c engine/peer/relay_spool.h \
	engine/peer/sync_ask.c engine/peer/sync_ask.h \
	engine/peer/sync_leader.c engine/peer/sync_leader.h \
	engine/peer/sync_news.c engine/peer/sync_news.h \
	engine/peer/sync_nodes.c engine/peer/sync_nodes.h \
	engine/peer/sync_reply.c engine/peer/sync_reply.h \
	engine/peer/sync_talk.c engine/peer/sync_talk.h

# For the link line of whatever uses libpeer.a; put STORE_LIBS behind it.
PEER_LIBS = libpeer.a $(CURL_LIBS)
