#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Each deliberate mistake in the rules is caught by a test of the rules.
cd "$top_srcdir" && exec sh tests/mutation/mutate
