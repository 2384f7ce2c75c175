# SPDX-License-Identifier: BSD-2-Clause
# Every test speaks TAP, so that each assertion counts. A kind of test has its
# own list in its own folder.

TEST_EXTENSIONS = .t
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
T_LOG_DRIVER = $(LOG_DRIVER)
LOG_DRIVER_FLAGS = --comments
T_LOG_DRIVER_FLAGS = $(LOG_DRIVER_FLAGS)

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	CC='$(CC)'; export CC; \
	NM='$(NM)'; export NM; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;

include tests/unit/local.mk
include tests/store/local.mk
include tests/http/local.mk
include tests/browser/local.mk
include tests/lint/local.mk
