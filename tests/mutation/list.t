#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The list of mutations is told in docs/mutation.md, and what tries it finds
# what a list or a test can have wrong.
. "$top_srcdir/tests/lint/lint.sh"

export top_builddir
mutate=$(cd "$top_srcdir" && pwd)/tests/mutation/mutate

# What catches each may change with any test, so it is not compared.
differences() {
	sh "$mutate" --rows >"$stripped"
	sed -n 's/^\(| [a-z_]*\.c |.*|\)[^|]*|$/\1/p' docs/mutation.md |
		diff "$stripped" - || true
}

complaints() {
	sh "$mutate" | grep -A 1 '^not ok' || true
}

# A rule of one function, and a test that knows what 1 and 2 give.
plant_rule() {
	plant engine/rules/x.c <<'C'
int x_more(int n);
int
x_more(int n)
{
	if (n < 0)
		n = 0;
	if (n < 0)
		n = 0;
	return n + 1;
}
C
	plant tests/unit/test_rules_x.c <<C
int x_more(int n);
int
main(void)
{
	return !(x_more(1) == $1);
}
C
}

# list TEXT: the planted list, of one change.
list() {
	printf 'x.c: more\n%b\n' "$1" | plant tests/mutation/mutations.list
}

caught='-\treturn n + 1;\n+\treturn n - 1;'
clean 'docs/mutation.md has a row for each mutation' differences
plant_rule 2
list "$caught"
found=$(cd "$planted" && complaints 2>&1)
if [ -z "$found" ]; then
	report ok 'a change that a test catches is let pass'
else
	report 'not ok' 'a change that a test catches is let pass'
	echo "$found" | comment
fi

# finds WORDS TEXT: it complains of the list above, in these words.
finds() {
	found=$(cd "$planted" && complaints 2>&1)
	case $found in
	*"$1"*) report ok "finds: $2" ;;
	*)
		report 'not ok' "finds: $2"
		echo "$found" | comment
		;;
	esac
	rm -rf "$planted"
	mkdir "$planted"
	plant_rule 2
}

list ' \tif (n < 0)\n \t\tn = 0;\n-\treturn n + 1;\n+\treturn n * 1;'
plant_rule 2
plant tests/unit/test_rules_x.c <<'C'
int x_more(int n);
int
main(void)
{
	return x_more(1) <= 0;
}
C
finds 'SURVIVED' 'a change that no test catches'
list '-\treturn n + 2;\n+\treturn n - 2;'
finds 'stands in the source 0 times' 'a line that is gone'
list '-\tif (n < 0)\n+\tif (n > 0)'
finds 'stands in the source 2 times' 'a line that stands there twice'
list '-\treturn n + 1;\n+\treturn n - 2;'
finds 'is not of one token' 'a change of two tokens'
list "-\treturn n + 1;\n+\treturn n + 1;"
finds 'is not of one token' 'a change of nothing'
list '-\treturn n + 1;\n+\treturn n ? 1;'
finds 'does not compile' 'what is no C'
list '-\treturn n + 1;\n+\treturn n + 01;'
finds 'compiles to the same' 'a change in words only'
list "$caught\n$caught"
finds 'needs one line taken out' 'two changes in one'
plant_rule 3
list "$caught"
finds 'unchanged, the rules pass' 'a test that fails anyway'
echo '# nothing' | plant tests/mutation/mutations.list
finds 'the list has changes' 'a list of none'
done_testing
