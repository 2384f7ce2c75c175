# SPDX-License-Identifier: BSD-2-Clause
# Real SQLite. Same pattern as tests/unit/local.mk.

store_tests =

check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)
