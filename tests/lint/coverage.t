#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The unit tests of engine/rules reach every line of it, and take every branch
# both ways. Compiled for that in a directory of its own, by gcc; what is not
# reached is printed with its line.
. "$(dirname "$0")/lint.sh"

work=$(mktemp -d "$top_builddir/coverage-XXXXXX")
trap 'rm -rf "$planted" "$stripped" "$work"' EXIT
: "${CMOCKA_CFLAGS=}" "${CMOCKA_LIBS=-lcmocka}"

for tool in gcc gcov; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # SKIP $tool is not installed"
		exit
	fi
done

# Several at once; a line a command.
in_parallel() {
	xargs -r -P "$(nproc)" -I '{}' sh -c '{}'
}

# Asserts are for us: their other way is never taken.
flags="-O0 -g --coverage -std=gnu17 -D_GNU_SOURCE -DNDEBUG -I. $CMOCKA_CFLAGS"

compile_rules() {
	mkdir -p "$work/rules"
	for file in engine/rules/*.c; do
		echo "gcc $flags -c $file -o '$work/rules/$(basename "$file" .c).o'"
	done | in_parallel
}

# The rules' objects are shared, so that what each test reaches adds up.
run_tests() {
	for file in tests/unit/test_rules_*.c; do
		test=$work/$(basename "$file" .c)
		printf '%s' "gcc $flags $file '$work'/rules/*.o $CMOCKA_LIBS -o '$test'"
		echo " && { '$test' >'$test.out' 2>&1 || { echo $file fails:; cat '$test.out'; }; }"
	done | in_parallel
}

# gcov's own words, made short: FILE:LINE: what: the line itself.
read_gcov() {
	"$AWK" -F: '
	/^ *[^:]*: *[0-9]+:/ {
		line = $2 + 0
		text = $0
		sub(/^[^:]*:[^:]*:[ \t]*/, "", text)
		if (line == 0 && text ~ /^Source:/)
			file = substr(text, 8)
		if ($1 ~ /#####/)
			print file ":" line ": never reached: " text
		reached = $1 !~ /#####/
		next
	}
	/^branch .*(taken 0|never executed)/ && reached {
		if (said != file ":" line)
			print file ":" line ": a branch is never taken: " text
		said = file ":" line
	}'
}

uncovered() {
	if compile_rules; then
		run_tests || true
	fi
	gcov -b -c -t "$work"/rules/*.gcda | read_gcov
	rm -rf "${work:?}"/*
}

clean 'the tests of the rules reach every line and branch' uncovered

plant_test() {
	plant engine/rules/x.h <<'C'
int x_sign(int n);
C
	plant engine/rules/x.c <<'C'
#include "engine/rules/x.h"
int
x_sign(int n)
{
	if (n > 0 && n < 100)
		return 1;
	return 0;
}
C
	plant tests/unit/test_rules_x.c <<C
#include "engine/rules/x.h"
int
main(void)
{
	return $1;
}
C
}

plant_test '!(x_sign(1) && !x_sign(0) && !x_sign(100))'
found=$(cd "$planted" && uncovered 2>&1)
if [ -z "$found" ]; then
	report ok 'a test that reaches all is let pass'
else
	report 'not ok' 'a test that reaches all is let pass'
	echo "$found" | comment
fi
bites_with() {
	plant_test "$2"
	bites "$1" uncovered
}
bites_with 'a line that is not reached' 'x_sign(0)'
bites_with 'a branch that is not taken' '!(x_sign(1) && !x_sign(0))'
bites_with 'a test that fails' 'x_sign(1) + x_sign(0) + x_sign(100)'
plant_test '0'
bites 'a rule that no test touches' uncovered
done_testing
