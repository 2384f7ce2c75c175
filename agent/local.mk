# SPDX-License-Identifier: BSD-2-Clause
# Timed work, the sessions of a gateway, and its syncs. libagent.a is all but
# main.c, so that tests link its parts.

noinst_LIBRARIES += libagent.a
libagent_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
libagent_a_CFLAGS = $(AM_CFLAGS) -pthread
libagent_a_SOURCES = \
	agent/act.c agent/act.h \
	agent/agent.h \
	agent/admission.c agent/admission.h \
	agent/ahead.c agent/ahead.h \
	agent/answer.c agent/answer.h agent/answers.tbl \
	agent/auto_leasing.c agent/auto_leasing.h \
	agent/begin.c agent/begin.h \
	agent/chores.c agent/chores.h \
	agent/door.c agent/door.h \
	agent/errand.c agent/errand.h \
	agent/heartbeat_task.c agent/heartbeat_task.h \
	agent/group.c agent/group.h \
	agent/hello.c agent/hello.h \
	agent/operation.c agent/operation.h agent/operations.tbl \
	agent/present.c agent/present.h \
	agent/download_task.c agent/download_task.h \
	agent/probe.c agent/probe.h \
	agent/pull.c agent/pull.h \
	agent/question.c agent/question.h \
	agent/relay.c agent/relay.h \
	agent/renewal.c agent/renewal.h \
	agent/sessions.c agent/sessions.h \
	agent/status.c agent/status.h \
	agent/trial.c agent/trial.h \
	agent/usage.c agent/usage.h \
	agent/worker.c agent/worker.h

pkglibexec_PROGRAMS += agent/agent
agent_agent_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
agent_agent_CFLAGS = $(AM_CFLAGS) -pthread
agent_agent_SOURCES = agent/main.c
agent_agent_LDFLAGS = $(AM_LDFLAGS) -pthread
agent_agent_LDADD = libagent.a $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS)
