# SPDX-License-Identifier: BSD-2-Clause
# Timed work.

pkglibexec_PROGRAMS += agent/agent
agent_agent_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
agent_agent_SOURCES = agent/main.c
agent_agent_LDADD = $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS)
