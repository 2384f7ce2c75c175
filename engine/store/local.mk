# SPDX-License-Identifier: BSD-2-Clause
# Rows. The only room that knows sqlite3.h.

noinst_LIBRARIES += libstore.a
libstore_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
libstore_a_SOURCES = \
	engine/store/schema.h \
	engine/store/events.tbl \
	engine/store/mistakes.tbl \
	engine/store/settings.tbl \
	engine/store/refusals.tbl \
	engine/store/notices.tbl \
	engine/store/findings.tbl \
	engine/store/store_finding.h \
	engine/store/store_finding.c \
	engine/store/link_copy.h \
	engine/store/link_copy.c \
	engine/store/store_link_trial.h \
	engine/store/store_link_trial.c \
	engine/store/ledger_center.h \
	engine/store/ledger_center.c \
	engine/store/ledger_center_activate.c \
	engine/store/store_center.h \
	engine/store/store_center.c \
	engine/store/ledger_issue.h \
	engine/store/ledger_revocation.h \
	engine/store/ledger_revocation.c \
	engine/store/store_revocation.h \
	engine/store/store_revocation.c \
	engine/store/ledger_download.h \
	engine/store/ledger_download.c \
	engine/store/store_download.h \
	engine/store/store_download.c \
	engine/store/ledger_link_leave.h \
	engine/store/ledger_link_leave.c \
	engine/store/ledger_link_trial.h \
	engine/store/ledger_link_trial.c \
	engine/store/store_membership.h \
	engine/store/store_membership.c \
	engine/store/store_predecessor.h \
	engine/store/store_predecessor.c \
	engine/store/store_recall.h \
	engine/store/store_recall.c \
	engine/store/store_holding.h \
	engine/store/store_holding.c \
	engine/store/store_event_recent.h \
	engine/store/store_event_recent.c \
	engine/store/store_allocation.h \
	engine/store/store_allocation.c \
	engine/store/store_client.h \
	engine/store/store_client.c \
	engine/store/store_client_edit.h \
	engine/store/store_client_edit.c \
	engine/store/store_contact.h \
	engine/store/store_contact.c \
	engine/store/store_denial.h \
	engine/store/store_denial.c \
	engine/store/store_former.h \
	engine/store/store_former.c \
	engine/store/store_other_device.h \
	engine/store/store_other_device.c \
	engine/store/store_lease.h \
	engine/store/store_lease.c \
	engine/store/store_pool.h \
	engine/store/store_pool.c \
	engine/store/store_pool_next.c \
	engine/store/store_watch.h \
	engine/store/store_watch.c \
	engine/store/store_pool_change.h \
	engine/store/store_pool_change.c \
	engine/store/ledger_watch_work.h \
	engine/store/ledger_watch_pool.c \
	engine/store/ledger_watch_clock.c \
	engine/store/ledger_watch_auto.c \
	engine/store/ledger_watch_pools.c \
	engine/store/ledger_watch.c \
	engine/store/ledger_guard.h \
	engine/store/ledger_guard.c \
	engine/store/differences.tbl \
	engine/store/recount.h \
	engine/store/recount.c \
	engine/store/recount_work.h \
	engine/store/recount_license.c \
	engine/store/recount_lease.c \
	engine/store/recount_history.c \
	engine/store/ledger_watch_accept.c \
	engine/store/ledger_watch_sample.c \
	engine/store/store_sample.h \
	engine/store/store_sample.c \
	engine/store/ledger_sync_auto.c \
	engine/store/ledger_sync_guard.c \
	engine/store/store_auto_lease.h \
	engine/store/store_auto_lease.c \
	engine/store/store_license_seen.h \
	engine/store/store_license_seen.c \
	engine/store/store_link.h \
	engine/store/store_link.c \
	engine/store/store_link_edit.h \
	engine/store/store_link_edit.c \
	engine/store/store_admission.h \
	engine/store/store_admission.c \
	engine/store/store_session.h \
	engine/store/store_session.c \
	engine/store/ledger_act.h \
	engine/store/ledger_act.c \
	engine/store/ledger_replace.c \
	engine/store/ledger_server.c \
	engine/store/ledger_client.c \
	engine/store/ledger_device.c \
	engine/store/ledger_lease.h \
	engine/store/ledger_lease.c \
	engine/store/ledger_reclaim.h \
	engine/store/ledger_reclaim.c \
	engine/store/ledger_sync_work.h \
	engine/store/ledger_sync_answer.c \
	engine/store/ledger_sync_feature.c \
	engine/store/ledger_sync_compliance.c \
	engine/store/ledger_sync_recovering.c \
	engine/store/ledger_sync_member.c \
	engine/store/ledger_sync_surrender.c \
	engine/store/ledger_surrendered.h \
	engine/store/ledger_surrendered.c \
	engine/store/ledger_backup.c \
	engine/store/store_backup.h \
	engine/store/store_backup.c \
	engine/store/ledger_recovery.h \
	engine/store/ledger_recovery.c \
	engine/store/ledger_watch_restored.c \
	engine/store/ledger_watch_recovered.c \
	engine/store/store_recovery.h \
	engine/store/store_recovery.c \
	engine/store/store_surrendered.h \
	engine/store/store_surrendered.c \
	engine/store/ledger_sync_check.c \
	engine/store/store_cluster.h \
	engine/store/store_cluster.c \
	engine/store/ledger_sync_cluster.h \
	engine/store/ledger_sync_cluster.c \
	engine/store/store_cluster_state.h \
	engine/store/store_cluster_state.c \
	engine/store/store_cluster_node.h \
	engine/store/store_cluster_node.c \
	engine/store/ledger_cluster.h \
	engine/store/ledger_cluster.c \
	engine/store/ledger_cluster_hello.c \
	engine/store/ledger_sync.c \
	engine/store/server_address.h \
	engine/store/server_address.c \
	engine/store/ledger_link.c \
	engine/store/ledger_link_anchor.c \
	engine/store/ledger_link_answer.c \
	engine/store/ledger_link_failed.c \
	engine/store/ledger_link_sweep.c \
	engine/store/ledger_surrender.c \
	engine/store/ledger_auto_lease.c \
	engine/store/store_link_auto_lease.h \
	engine/store/store_link_auto_lease.c \
	engine/store/store_link_ladder.h \
	engine/store/store_link_ladder.c \
	engine/store/store_link_leave.h \
	engine/store/store_link_leave.c \
	engine/store/ledger_session.c \
	engine/store/ledger_session_settings.c \
	engine/store/ledger_session_usage.c \
	engine/store/statement.h \
	engine/store/store_private.h \
	engine/store/statement.c \
	engine/store/migrate.h \
	engine/store/migrate.c \
	engine/store/store.h \
	engine/store/store.c \
	engine/store/sentence.h \
	engine/store/sentence.c \
	engine/store/mistake.h \
	engine/store/mistake.c \
	engine/store/setting.c \
	engine/store/store_setting.h \
	engine/store/store_setting.c \
	engine/store/store_event.h \
	engine/store/store_event.c \
	engine/store/store_license.h \
	engine/store/store_license.c \
	engine/store/store_agreement.h \
	engine/store/store_agreement.c \
	engine/store/store_admin.h \
	engine/store/store_admin.c \
	engine/store/store_guess.c engine/store/store_guess.h \
	engine/store/store_sign_in.c \
	engine/store/agreement_file.h \
	engine/store/agreement_file.c \
	engine/store/catalogue_file.h \
	engine/store/catalogue_file.c \
	engine/store/appliance.h \
	engine/store/appliance.c \
	engine/store/ledger.h \
	engine/store/ledger.c \
	engine/store/ledger_agreement.c \
	engine/store/ledger_admin.c \
	engine/store/ledger_sign.c \
	engine/store/license_notes.tbl \
	engine/store/license_text.h \
	engine/store/license_text.c \
	engine/store/license_claim.h \
	engine/store/license_claim.c \
	engine/store/ledger_license.c \
	engine/store/ledger_heartbeat.h \
	engine/store/ledger_heartbeat.c \
	engine/store/ledger_instance.h \
	engine/store/ledger_instance.c \
	engine/store/store_heartbeat.h \
	engine/store/store_heartbeat.c \
	engine/store/store_instance.h \
	engine/store/store_instance.c \
	engine/store/license_report.h \
	engine/store/license_report.c \
	engine/store/store_holdings.h \
	engine/store/store_holdings.c \
	engine/store/store_issued.h \
	engine/store/store_issued.c \
	engine/store/ledger_issue.c

# For the link line of whatever uses libstore.a; put BASE_LIBS behind it.
STORE_LIBS = libstore.a librules.a $(SQLITE_LIBS)

# The migrations, in order, embedded into libstore.a.
schema_files = \
	engine/store/schema/0001-first.sql \
	engine/store/schema/0002-rules.sql \
	engine/store/schema/0003-sessions.sql \
	engine/store/schema/0004-link-trial.sql \
	engine/store/schema/0005-clusters.sql \
	engine/store/schema/0006-predecessors.sql \
	engine/store/schema/0007-second-devices.sql \
	engine/store/schema/0008-left-licenses.sql \
	engine/store/schema/0009-center.sql \
	engine/store/schema/0010-downloads.sql \
	engine/store/schema/0011-replaced-devices.sql \
	engine/store/schema/0012-revocations.sql \
	engine/store/schema/0013-heartbeats.sql \
	engine/store/schema/0014-reserved.sql \
	engine/store/schema/0015-reserved.sql \
	engine/store/schema/0016-reserved.sql \
	engine/store/schema/0017-reserved.sql \
	engine/store/schema/0018-reserved.sql \
	engine/store/schema/0019-reserved.sql \
	engine/store/schema/0020-accounts.sql

nodist_libstore_a_SOURCES = engine/store/schema.c
BUILT_SOURCES += engine/store/schema.c
CLEANFILES += engine/store/schema.c
EXTRA_DIST += $(schema_files) build-aux/embed-schema

engine/store/schema.c: $(schema_files) build-aux/embed-schema engine/store/local.mk
	$(AM_V_GEN)$(MKDIR_P) engine/store && \
	AWK='$(AWK)' $(SHELL) $(srcdir)/build-aux/embed-schema \
		$(srcdir) $(schema_files) >$@.tmp && mv -f $@.tmp $@
