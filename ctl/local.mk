# SPDX-License-Identifier: BSD-2-Clause
# The command line and the master process.

bin_PROGRAMS += ctl/leasehold
ctl_leasehold_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
ctl_leasehold_SOURCES = ctl/main.c
ctl_leasehold_LDADD = $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS)
