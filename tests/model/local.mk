# SPDX-License-Identifier: BSD-2-Clause
# The rules against a plain model of their text.

duel = tests/model/duel.h tests/model/duel.c tests/model/book.h \
	tests/model/book.c tests/model/model.h tests/model/model.c

model_tests = tests/model/differential
tests_model_differential_SOURCES = tests/model/differential.c $(duel)
tests_model_differential_LDADD = librules.a

check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)

# make differential OPERATIONS=100000000 SEED=1
.PHONY: differential
differential: tests/model/differential
	OPERATIONS='$(OPERATIONS)' SEED='$(SEED)' tests/model/differential
