# SPDX-License-Identifier: BSD-2-Clause
# Every test speaks TAP, so that each assertion counts. A kind of test has its
# own list in its own folder.

TEST_EXTENSIONS = .t
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER_FLAGS = --comments
T_LOG_DRIVER = $(LOG_DRIVER)
T_LOG_DRIVER_FLAGS = $(LOG_DRIVER_FLAGS)

# Tests run the product as it would be installed, from a stage in the build
# tree: the two directories below replace the ones compiled in.
stage = $(abs_top_builddir)/stage

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	LEASEHOLD='$(stage)$(bindir)/leasehold'; export LEASEHOLD; \
	LEASEHOLD_LIBEXECDIR='$(stage)$(pkglibexecdir)'; export LEASEHOLD_LIBEXECDIR; \
	LEASEHOLD_DATADIR='$(stage)$(pkgdatadir)'; export LEASEHOLD_DATADIR; \
	CC='$(CC)'; export CC; \
	NM='$(NM)'; export NM; \
	AWK='$(AWK)'; export AWK; \
	CMOCKA_LIBS='$(CMOCKA_LIBS)'; export CMOCKA_LIBS; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;

check_DATA += stage

.PHONY: stage
stage: all-am
	$(AM_V_GEN)$(MAKE) $(AM_MAKEFLAGS) -s install \
		DESTDIR='$(stage)' >/dev/null

include tests/unit/local.mk
include tests/store/local.mk
include tests/http/local.mk
include tests/browser/local.mk
include tests/model/local.mk
include tests/mutation/local.mk
include tests/promela/local.mk
include tests/scenario/local.mk
include tests/simulation/local.mk
include tests/gateway/local.mk
include tests/outage/local.mk
include tests/lint/local.mk
