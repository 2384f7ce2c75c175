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

check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)
