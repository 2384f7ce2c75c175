#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every header compiles alone, and every source without a warning, with gcc
# and with clang.
# shellcheck disable=SC2089,SC2090
. "$(dirname "$0")/lint.sh"

flags="-std=gnu11 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Wpedantic -Werror
	-Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2
	-Wwrite-strings -Wconversion -Wswitch-enum
	-Wno-overlength-strings -Wno-unused-const-variable
	-isystem /usr/include/ClearSilver"
for name in VERSION BINDIR LIBEXECDIR DATADIR SYSCONFDIR STATEDIR LIGHTTPD; do
	flags="$flags -DLEASEHOLD_$name=\"/x\""
done

# Prints what the compiler says about each file on standard input.
compile_each() {
	# shellcheck disable=SC2086
	xargs -r -P 2 -n 1 $compiler -I. -I"$top_builddir" $flags -x c 2>&1 || true
}

headers_alone() {
	# A header on its own is the main file: that is no news.
	flags_before=$flags
	[ "$compiler" = clang ] &&
		flags="$flags -Wno-pragma-once-outside-header"
	product_c | grep '\.h$' | compile_each
	flags=$flags_before
}

sources() {
	product_c | grep '\.c$' | compile_each
}

for compiler in gcc clang; do
	if ! command -v $compiler >/dev/null; then
		report ok "headers alone with $compiler # SKIP not installed"
		continue
	fi
	clean "each header compiles alone with $compiler" headers_alone
	clean "each source compiles without a warning with $compiler" sources
	echo 'size_t x_length(const char *text);' | plant engine/base/x.h
	bites "a header that needs another, $compiler" headers_alone
	echo 'int x_f(int n) { return 0; }' | plant engine/base/x.c
	bites "a source with a warning, $compiler" sources
done
done_testing
