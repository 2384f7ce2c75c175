# SPDX-License-Identifier: BSD-2-Clause
# What any program needs. Links libc, libcrypto, jansson.

noinst_LIBRARIES += libbase.a
libbase_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS)
libbase_a_SOURCES = \
	engine/base/arena.c engine/base/arena.h \
	engine/base/base64.c engine/base/base64.h \
	engine/base/calendar.c engine/base/calendar.h \
	engine/base/certificate.c engine/base/certificate.h \
	engine/base/clock.c engine/base/clock.h \
	engine/base/authcode.c engine/base/authcode.h \
	engine/base/csv.c engine/base/csv.h \
	engine/base/crockford.c engine/base/crockford.h \
	engine/base/digest.c engine/base/digest.h \
	engine/base/fault.c engine/base/fault.h \
	engine/base/file.c engine/base/file.h \
	engine/base/hardware_id.c engine/base/hardware_id.h \
	engine/base/json.c engine/base/json.h \
	engine/base/jwks.c engine/base/jwks.h \
	engine/base/jws.c engine/base/jws.h \
	engine/base/keypair.c engine/base/keypair.h \
	engine/base/log.c engine/base/log.h \
	engine/base/password.c engine/base/password.h \
	engine/base/random.c engine/base/random.h \
	engine/base/secret.c engine/base/secret.h \
	engine/base/text.c engine/base/text.h

# For the link line of whatever uses libbase.a.
BASE_LIBS = libbase.a $(JANSSON_LIBS) $(CRYPTO_LIBS) $(UNISTRING_LIBS)
