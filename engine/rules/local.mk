# SPDX-License-Identifier: BSD-2-Clause
# Decisions. Pure: the force-included header makes the compiler refuse the
# clock, the heap, files and SQL here.

noinst_LIBRARIES += librules.a
librules_a_CPPFLAGS = $(AM_CPPFLAGS) -include $(top_srcdir)/build-aux/poison.h
librules_a_SOURCES =
