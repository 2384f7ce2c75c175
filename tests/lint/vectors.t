#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# docs/rules-vectors.md is true: each worked example V01 … V75 has one row, and
# the row names a test that exists, in a file that names the example, or says
# why there is none.
. "$(dirname "$0")/lint.sh"

page=docs/rules-vectors.md
last=75

# read_page WHAT: "bad": what is wrong with the rows as such; "test": id, file
# and name, tab-separated, of every test named.
read_page() {
	"$AWK" -F ' *[|] *' -v what="$1" -v last="$last" '
	function bad(words) {
		if (what == "bad")
			print FILENAME ":" FNR ": " words
	}
	# "`tests/x.c` `name` `name`"
	function read_test(text, parts, n, i) {
		n = split(text, parts, "`")
		if (text !~ /^`tests\/[^` ]+`( `[^`]+`)+$/) {
			bad("neither test nor reason: " text)
			return
		}
		for (i = 4; what == "test" && i < n; i += 2)
			print id "\t" parts[2] "\t" parts[i]
	}
	/^[|] V/ {
		id = $2
		rows++
		if (id != sprintf("V%02d", rows))
			bad(id " does not follow on the id before it")
		if (NF != 6 || $3 == "" || $4 == "") {
			bad(id " says not enough")
			next
		}
		if ($4 ~ /^out of scope: [a-z].*[a-z]$/)
			next
		n = split($4, items, "; ")
		for (k = 1; k <= n; k++)
			read_test(items[k])
	}
	END {
		if (rows != last)
			bad("there are " rows + 0 " rows, not " last)
	}' "$page" 2>/dev/null || echo "$page cannot be read"
}

malformed_rows() {
	read_page bad
}

# A test is a function of that name which the file runs.
lost_tests() {
	read_page test | while IFS='	' read -r id file name; do
		if [ ! -f "$file" ]; then
			echo "$id: there is no $file"
		elif ! grep -qE "^$name\(void " "$file" ||
			! grep -qF "cmocka_unit_test($name)" "$file"; then
			echo "$id: $file runs no \"$name\""
		elif ! grep -qF "\"$id\"" "$file"; then
			echo "$id: $file does not name it"
		fi
	done
}

# A small page on which nothing is wrong; each case below spoils one thing.
good_page() {
	plant tests/unit/x.c <<'C'
static void
one_unit(void **state)
{
	begin("V01");
}
static void
two_units(void **state)
{
}
int
main(void)
{
	cmocka_unit_test(one_unit),
}
C
	cat <<'MD'
| id | example | shown by | remark |
|---|---|---|---|
| V01 | one unit | `tests/unit/x.c` `one_unit` | |
| V02 | two units | out of scope: no rule of ours | otherwise |
MD
}

# spoiled WORDS LINT SED-COMMAND
spoiled() {
	good_page | sed "$3" | plant "$page"
	bites "$1" "$2"
}

clean 'every example has its row, and every row its test or reason' \
	malformed_rows
clean 'every test named exists and names its example' lost_tests

last=2
good_page | plant "$page"
found=$(cd "$planted" && {
	malformed_rows
	lost_tests
})
if [ -z "$found" ]; then
	report ok 'a good page is let pass'
else
	report 'not ok' 'a good page is let pass'
	echo "$found" | comment
fi
rm "$planted/$page"
bites 'no page' malformed_rows
spoiled 'an example without a row' malformed_rows '/^| V02/d'
spoiled 'a gap' malformed_rows 's/V02/V03/'
spoiled 'one row too many' malformed_rows '$a | V03 | x | out of scope: none | |'
spoiled 'no test and no reason' malformed_rows 's/`tests.*unit` //'
spoiled 'words where a test should stand' malformed_rows 's/out of scope/later/'
spoiled 'a test file that is not there' lost_tests 's,unit/x.c,unit/y.c,'
spoiled 'a test that is not in its file' lost_tests 's/one_unit/three_units/'
spoiled 'a test that is not run' lost_tests 's/one_unit/two_units/'
spoiled 'a file that does not name the example' lost_tests \
	's/V01/V03/;s/V02/V01/;s/out of.*ours/`tests\/unit\/x.c` `one_unit`/'
done_testing
