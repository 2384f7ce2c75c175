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

cgi_lease_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(FCGI_CFLAGS) $(JANSSON_CFLAGS)
cgi_lease_fcgi_CFLAGS = $(AM_CFLAGS) -pthread
cgi_lease_fcgi_SOURCES = cgi/lease_main.c
cgi_lease_fcgi_LDFLAGS = $(AM_LDFLAGS) -pthread
cgi_lease_fcgi_LDADD = $(web_libs)
