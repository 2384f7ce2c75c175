# SPDX-License-Identifier: BSD-2-Clause
# Conversations with other machines. Links curl and libcrypto.

noinst_LIBRARIES += libpeer.a
libpeer_a_CPPFLAGS = $(AM_CPPFLAGS) $(CURL_CFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS)
libpeer_a_SOURCES =
libpeer_a_SOURCES += engine/peer/device_proof.c engine/peer/device_proof.h

# For the link line of whatever uses libpeer.a; put STORE_LIBS behind it.
PEER_LIBS = libpeer.a $(CURL_LIBS)
