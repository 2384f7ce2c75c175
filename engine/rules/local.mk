# SPDX-License-Identifier: BSD-2-Clause
# Decisions. Pure: the force-included header makes the compiler refuse the
# clock, the heap, files and SQL here.

noinst_LIBRARIES += librules.a
librules_a_CPPFLAGS = $(AM_CPPFLAGS) -include $(top_srcdir)/build-aux/poison.h
librules_a_SOURCES = \
	engine/rules/allocation.c \
	engine/rules/allocation.h \
	engine/rules/auto_lease.c \
	engine/rules/auto_lease.h \
	engine/rules/catalogue.c \
	engine/rules/catalogue.h \
	engine/rules/cluster.c \
	engine/rules/cluster.h \
	engine/rules/demand.c \
	engine/rules/demand.h \
	engine/rules/download_schedule.c \
	engine/rules/download_schedule.h \
	engine/rules/forecast.c \
	engine/rules/forecast.h \
	engine/rules/heartbeat.c \
	engine/rules/heartbeat.h \
	engine/rules/transfer.c \
	engine/rules/transfer.h \
	engine/rules/instance.c \
	engine/rules/instance.h \
	engine/rules/instant.c \
	engine/rules/instant.h \
	engine/rules/invariant.c \
	engine/rules/invariant.h \
	engine/rules/invariants.tbl \
	engine/rules/ladder.c \
	engine/rules/ladder.h \
	engine/rules/lease.c \
	engine/rules/lease.h \
	engine/rules/lease_grant.c \
	engine/rules/lease_renew.c \
	engine/rules/lease_shrink.c \
	engine/rules/lease_source.c \
	engine/rules/lease_work.c \
	engine/rules/lease_work.h \
	engine/rules/license.c \
	engine/rules/license.h \
	engine/rules/pool.c \
	engine/rules/pool.h \
	engine/rules/recovery.c \
	engine/rules/recovery.h \
	engine/rules/sku.c \
	engine/rules/sku.h \
	engine/rules/session.c \
	engine/rules/session.h \
	engine/rules/surrender.c \
	engine/rules/surrender.h \
	engine/rules/activation.c \
	engine/rules/activation.h \
	engine/rules/trial.c \
	engine/rules/trial.h \
	engine/rules/verdict.c \
	engine/rules/verdict.h \
	engine/rules/verdicts.tbl \
	engine/rules/wide.h
