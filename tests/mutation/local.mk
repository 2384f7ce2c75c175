# SPDX-License-Identifier: BSD-2-Clause
# Deliberate mistakes in the rules, each to be caught by a test of the rules.

mutation_tests = tests/mutation/list.t tests/mutation/mutations.t

TESTS += $(mutation_tests)
EXTRA_DIST += $(mutation_tests) tests/mutation/apply.awk \
	tests/mutation/mutate tests/mutation/mutations.list

# The table of docs/mutation.md, which ends with it.
.PHONY: mutation mutation-table
mutation:
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(srcdir)/tests/mutation/mutations.t
mutation-table:
	@$(AM_TESTS_ENVIRONMENT) cd $(srcdir) && \
	$(SHELL) tests/mutation/mutate --table >$(abs_builddir)/mutation-table && \
	sed '/^| file/,$$d' docs/mutation.md >$(abs_builddir)/mutation-page && \
	cat $(abs_builddir)/mutation-page $(abs_builddir)/mutation-table \
		>docs/mutation.md; \
	rm -f $(abs_builddir)/mutation-page $(abs_builddir)/mutation-table
