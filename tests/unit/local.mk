# SPDX-License-Identifier: BSD-2-Clause
# One process per module, cmocka:
#
#	unit_tests += tests/unit/pool
#	tests_unit_pool_SOURCES = tests/unit/pool.c
#	tests_unit_pool_LDADD = librules.a $(CMOCKA_LIBS)

unit_tests =

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
