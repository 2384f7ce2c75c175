# SPDX-License-Identifier: BSD-2-Clause
# Real SQLite. Same pattern as tests/unit/local.mk.

store_tests =

# Each with an appliance made to order: tests/store/fixture.h
store_fixture = tests/store/fixture.h tests/store/fixture.c
store_test_libs = $(STORE_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)

store_tests += tests/store/test_store_core
tests_store_test_store_core_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_store_core_SOURCES = tests/store/test_store_core.c $(store_fixture)
tests_store_test_store_core_LDADD = $(store_test_libs)

store_tests += tests/store/test_store_fault
tests_store_test_store_fault_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_store_fault_SOURCES = tests/store/test_store_fault.c $(store_fixture)
tests_store_test_store_fault_LDADD = $(store_test_libs)

store_tests += tests/store/test_store_event
tests_store_test_store_event_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_store_event_SOURCES = tests/store/test_store_event.c $(store_fixture)
tests_store_test_store_event_LDADD = $(store_test_libs)

store_tests += tests/store/test_store_files
tests_store_test_store_files_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_store_files_SOURCES = tests/store/test_store_files.c $(store_fixture)
tests_store_test_store_files_LDADD = $(store_test_libs)

store_tests += tests/store/test_store_appliance
tests_store_test_store_appliance_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_store_appliance_SOURCES = tests/store/test_store_appliance.c $(store_fixture)
tests_store_test_store_appliance_LDADD = $(store_test_libs)

store_tests += tests/store/test_license_text
tests_store_test_license_text_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_license_text_SOURCES = tests/store/test_license_text.c $(store_fixture)
tests_store_test_license_text_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_license
tests_store_test_ledger_license_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_license_SOURCES = tests/store/test_ledger_license.c $(store_fixture)
tests_store_test_ledger_license_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_people
tests_store_test_ledger_people_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_people_SOURCES = tests/store/test_ledger_people.c $(store_fixture)
tests_store_test_ledger_people_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_accounts
tests_store_test_ledger_accounts_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_accounts_SOURCES = tests/store/test_ledger_accounts.c $(store_fixture)
tests_store_test_ledger_accounts_LDADD = $(store_test_libs)
store_tests += tests/store/test_ledger_center
tests_store_test_ledger_center_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_center_SOURCES = tests/store/test_ledger_center.c $(store_fixture)
tests_store_test_ledger_center_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_transfer
tests_store_test_ledger_transfer_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_transfer_SOURCES = tests/store/test_ledger_transfer.c $(store_fixture)
tests_store_test_ledger_transfer_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_download
tests_store_test_ledger_download_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_download_SOURCES = tests/store/test_ledger_download.c $(store_fixture)
tests_store_test_ledger_download_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_revocation
tests_store_test_ledger_revocation_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_revocation_SOURCES = tests/store/test_ledger_revocation.c $(store_fixture)
tests_store_test_ledger_revocation_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_issue
tests_store_test_ledger_issue_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_issue_SOURCES = tests/store/test_ledger_issue.c $(store_fixture)
tests_store_test_ledger_issue_LDADD = $(store_test_libs)

store_tests += tests/store/test_web_gate
tests_store_test_web_gate_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_store_test_web_gate_SOURCES = tests/store/test_web_gate.c $(store_fixture)
tests_store_test_web_gate_LDADD = $(web_libs) $(CMOCKA_LIBS)

# The ledger of a license server and of its clients: tests/store/test_ledger_estate.h
ledger_estate = tests/store/test_ledger_estate.h tests/store/test_ledger_estate.c

store_tests += tests/store/test_ledger_clients
tests_store_test_ledger_clients_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_clients_SOURCES = tests/store/test_ledger_clients.c $(ledger_estate)
tests_store_test_ledger_clients_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_sync
tests_store_test_ledger_sync_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_sync_SOURCES = tests/store/test_ledger_sync.c $(ledger_estate)
tests_store_test_ledger_sync_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_identity
tests_store_test_ledger_identity_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_identity_SOURCES = tests/store/test_ledger_identity.c $(ledger_estate)
tests_store_test_ledger_identity_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_device
tests_store_test_ledger_device_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_device_SOURCES = tests/store/test_ledger_device.c $(ledger_estate)
tests_store_test_ledger_device_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_membership
tests_store_test_ledger_membership_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_membership_SOURCES = tests/store/test_ledger_membership.c $(ledger_estate)
tests_store_test_ledger_membership_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_cluster
tests_store_test_ledger_cluster_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_cluster_SOURCES = tests/store/test_ledger_cluster.c $(ledger_estate)
tests_store_test_ledger_cluster_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_documents
tests_store_test_ledger_documents_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_documents_SOURCES = tests/store/test_ledger_documents.c $(ledger_estate)
tests_store_test_ledger_documents_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_surrendered
tests_store_test_ledger_surrendered_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_surrendered_SOURCES = tests/store/test_ledger_surrendered.c $(ledger_estate)
tests_store_test_ledger_surrendered_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_watch
tests_store_test_ledger_watch_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_watch_SOURCES = tests/store/test_ledger_watch.c $(ledger_estate)
tests_store_test_ledger_watch_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_recover
tests_store_test_ledger_recover_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_recover_SOURCES = tests/store/test_ledger_recover.c $(ledger_estate)
tests_store_test_ledger_recover_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_sync_auto
tests_store_test_ledger_sync_auto_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_sync_auto_SOURCES = tests/store/test_ledger_sync_auto.c $(ledger_estate)
tests_store_test_ledger_sync_auto_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_guard
tests_store_test_ledger_guard_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_guard_SOURCES = tests/store/test_ledger_guard.c $(ledger_estate)
tests_store_test_ledger_guard_LDADD = $(store_test_libs)

store_tests += tests/store/test_recount
tests_store_test_recount_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_recount_SOURCES = tests/store/test_recount.c $(ledger_estate)
tests_store_test_recount_LDADD = $(store_test_libs)

store_tests += tests/store/test_store_sample
tests_store_test_store_sample_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_store_sample_SOURCES = tests/store/test_store_sample.c $(ledger_estate)
tests_store_test_store_sample_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_race
tests_store_test_ledger_race_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_race_SOURCES = tests/store/test_ledger_race.c $(ledger_estate)
tests_store_test_ledger_race_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_admission
tests_store_test_ledger_admission_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_admission_SOURCES = tests/store/test_ledger_admission.c $(ledger_estate)
tests_store_test_ledger_admission_LDADD = $(store_test_libs)
store_tests += tests/store/test_ledger_link
tests_store_test_ledger_link_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_link_SOURCES = tests/store/test_ledger_link.c $(ledger_estate)
tests_store_test_ledger_link_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_auto_lease
tests_store_test_ledger_auto_lease_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_auto_lease_SOURCES = tests/store/test_ledger_auto_lease.c $(ledger_estate)
tests_store_test_ledger_auto_lease_LDADD = $(PEER_LIBS) $(store_test_libs)

store_tests += tests/store/test_ledger_link_trial
tests_store_test_ledger_link_trial_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_link_trial_SOURCES = tests/store/test_ledger_link_trial.c $(ledger_estate)
tests_store_test_ledger_link_trial_LDADD = $(store_test_libs)

store_tests += tests/store/test_ledger_link_surrender
tests_store_test_ledger_link_surrender_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_ledger_link_surrender_SOURCES = tests/store/test_ledger_link_surrender.c $(ledger_estate)
tests_store_test_ledger_link_surrender_LDADD = $(PEER_LIBS) $(store_test_libs)

store_tests += tests/store/test_store_finding
tests_store_test_store_finding_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_store_test_store_finding_SOURCES = tests/store/test_store_finding.c $(ledger_estate)
tests_store_test_store_finding_LDADD = $(store_test_libs)

check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)
