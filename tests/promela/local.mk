# SPDX-License-Identifier: BSD-2-Clause
# The Promela model; spin looks through all of its states.

TESTS += tests/promela/model.t
EXTRA_DIST += tests/promela/model.t tests/promela/lease.pml
