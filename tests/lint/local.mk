# SPDX-License-Identifier: BSD-2-Clause
# The house rules, each shown to bite.
