#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every play of tests/scenario, or those named as arguments.
: "${top_builddir:?}"
cd "$top_srcdir" || exit 99
top_srcdir=.
export top_srcdir
test $# -gt 0 || set -- tests/scenario/*.scn
exec "$top_builddir/tests/scenario/player" "$@"
