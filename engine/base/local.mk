# SPDX-License-Identifier: BSD-2-Clause
# What any program needs. Links libc, libcrypto, jansson.

noinst_LIBRARIES += libbase.a
libbase_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS)
libbase_a_SOURCES =

# For the link line of whatever uses libbase.a.
BASE_LIBS = libbase.a $(JANSSON_LIBS) $(CRYPTO_LIBS) $(UNISTRING_LIBS)
