# SPDX-License-Identifier: BSD-2-Clause
# The house rules, each shown to bite on a planted violation.

lint_tests = \
	tests/lint/purity.t \
	tests/lint/includes.t \
	tests/lint/symbols.t \
	tests/lint/compilers.t \
	tests/lint/templates.t \
	tests/lint/lists.t \
	tests/lint/words.t \
	tests/lint/trace.t \
	tests/lint/vectors.t \
	tests/lint/coverage.t \
	tests/lint/shell.t

TESTS += $(lint_tests)
EXTRA_DIST += $(lint_tests) tests/lint/lint.sh

# Coverage of engine/rules, alone. The test driver judges TAP; make asks grep.
.PHONY: coverage-rules
coverage-rules:
	@$(AM_TESTS_ENVIRONMENT) \
	found=`$(SHELL) $(srcdir)/tests/lint/coverage.t` && echo "$$found" && \
	! echo "$$found" | grep -q '^not ok'
