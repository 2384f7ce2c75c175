# SPDX-License-Identifier: BSD-2-Clause
# The web. libweb.a is what the responders share.

noinst_LIBRARIES += libweb.a
libweb_a_CPPFLAGS = $(AM_CPPFLAGS) $(CLEARSILVER_CFLAGS) $(JANSSON_CFLAGS)
libweb_a_SOURCES =

web_libs = libweb.a $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS) \
	$(CLEARSILVER_LIBS) $(FCGI_LIBS)

pkglibexec_PROGRAMS += cgi/console.fcgi cgi/lease.fcgi

cgi_console_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(FCGI_CFLAGS)
cgi_console_fcgi_SOURCES = cgi/main.c
cgi_console_fcgi_LDADD = $(web_libs)

# The lease protocol shares nothing with the pages: a fault in a template or
# in the console must not stop leases.
noinst_LIBRARIES += liblease.a
liblease_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
liblease_a_CFLAGS = $(AM_CFLAGS) -pthread
liblease_a_SOURCES = \
	cgi/lease_answer.c cgi/lease_answer.h cgi/lease_refusals.tbl \
	cgi/lease_auth.c cgi/lease_auth.h \
	cgi/lease_queue.c cgi/lease_queue.h \
	cgi/lease_request.c cgi/lease_request.h \
	cgi/lease_sync.c cgi/lease_sync.h \
	cgi/lease_throttle.c cgi/lease_throttle.h \
	cgi/lease_token.c cgi/lease_token.h \
	cgi/lease_writer.c cgi/lease_writer.h

# For the link line of whatever uses liblease.a; nothing of libpeer.a that is
# used here needs curl.
LEASE_LIBS = liblease.a libpeer.a $(STORE_LIBS) $(BASE_LIBS)

cgi_lease_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(FCGI_CFLAGS) $(JANSSON_CFLAGS)
cgi_lease_fcgi_CFLAGS = $(AM_CFLAGS) -pthread
cgi_lease_fcgi_SOURCES = cgi/lease_main.c
cgi_lease_fcgi_LDFLAGS = $(AM_LDFLAGS) -pthread
cgi_lease_fcgi_LDADD = $(LEASE_LIBS) $(FCGI_LIBS)
