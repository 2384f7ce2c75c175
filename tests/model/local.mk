# SPDX-License-Identifier: BSD-2-Clause
# The rules against a plain model of their text.

duel = tests/model/duel.h tests/model/duel.c tests/model/book.h \
	tests/model/book.c tests/model/model.h tests/model/model.c

model_tests = tests/model/differential tests/model/exhaustive \
	tests/model/differential_ledger tests/model/licenses
tests_model_differential_SOURCES = tests/model/differential.c \
	tests/model/chance.h tests/model/chance.c $(duel)
tests_model_differential_LDADD = librules.a
tests_model_exhaustive_SOURCES = tests/model/exhaustive.c $(duel)
tests_model_exhaustive_LDADD = librules.a
tests_model_licenses_SOURCES = tests/model/licenses.c
tests_model_licenses_LDADD = librules.a $(CMOCKA_LIBS)
tests_model_differential_ledger_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS) $(JANSSON_CFLAGS)
tests_model_differential_ledger_SOURCES = tests/model/differential_ledger.c \
	tests/model/chance.h tests/model/chance.c $(duel) $(ledger_estate)
tests_model_differential_ledger_LDADD = $(store_test_libs)

check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)

# make differential OPERATIONS=100000000 SEED=1
.PHONY: differential exhaustive
differential: tests/model/differential
	OPERATIONS='$(OPERATIONS)' SEED='$(SEED)' tests/model/differential

# The large worlds, too: some minutes.
exhaustive: tests/model/exhaustive
	FULL=1 tests/model/exhaustive
