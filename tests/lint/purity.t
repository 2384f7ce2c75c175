#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# engine/rules/ decides and does nothing else: the poison header stops the
# compiler, and what librules.a wants from outside is on a short list.
. "$(dirname "$0")/lint.sh"

rules_library=$top_builddir/librules.a

foreign_symbols() {
	undefined=$($NM -u "$rules_library" 2>/dev/null |
		"$AWK" 'NF == 2 && $1 == "U" { print $2 }' | sort -u)
	defined=$($NM --defined-only "$rules_library" 2>/dev/null |
		"$AWK" 'NF == 3 { print $3 }' | sort -u)
	for symbol in $undefined; do
		case $symbol in
		memcpy | memmove | memset | memcmp | memchr) continue ;;
		strcmp | strncmp | strlen | strnlen | strchr) continue ;;
		__divti3 | __modti3 | __udivti3 | __umodti3) continue ;; # of __int128
		__memcpy_chk | __memmove_chk | __memset_chk) continue ;;
		__assert_fail | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_) continue ;;
		__asan_* | __ubsan_* | __sanitizer_* | __gcov_* | __llvm_*) continue ;;
		esac
		echo "$defined" | grep -qxF "$symbol" || echo "librules.a wants $symbol"
	done
}

poisoned() {
	for file in engine/rules/*.c; do
		$CC -I. -D_GNU_SOURCE -fsyntax-only \
			-include "$top_srcdir/build-aux/poison.h" "$file" 2>&1 |
			grep -i 'poison' || true
	done
}

rules_uses() {
	plant engine/rules/x.c
	bites "$1" poisoned
}

clean 'no rule reaches for the clock, the heap, files or SQL' poisoned
rules_uses 'a rule that asks the clock' <<'C'
#include <time.h>
long long x_now(void);
long long x_now(void) { return time(0); }
C
rules_uses 'a rule that allocates' <<'C'
#include <stdlib.h>
void *x_new(void);
void *x_new(void) { return malloc(1); }
C
rules_uses 'a rule that prints' <<'C'
#include <stdio.h>
void x_say(void);
void x_say(void) { puts("x"); }
C
rules_uses 'a rule that knows SQLite' <<'C'
struct sqlite3;
C

clean 'librules.a wants only memory and string functions' foreign_symbols
plant x.c <<'C'
extern int getpid(void);
int x_who(void);
int x_who(void) { return getpid(); }
C
(cd "$planted" && $CC -c x.c -o x.o && ar cr librules.a x.o)
rules_library=$planted/librules.a
bites 'a library that calls the system' foreign_symbols
done_testing
