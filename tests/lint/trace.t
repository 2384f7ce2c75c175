#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# docs/seed-trace.md is true: its ids run without a gap, every row says by
# which test it is shown, with which issue it comes, or why never; the tests
# and places it names exist; its sums are right.
#
#	tests/lint/trace.t --count	prints the sums, to be put into the page
. "$(dirname "$0")/lint.sh"

trace=docs/seed-trace.md

# read_trace WHAT: "bad": what is wrong with the rows as such; "test": id, file
# and name, tab-separated, of every test named; "place": id and path; "count":
# document, statements, tested, planned, out of scope.
read_trace() {
	"$AWK" -F ' [|] ' -v what="$1" '
	function bad(words) {
		if (what == "bad")
			print FILENAME ":" FNR ": " words
	}
	# "`tests/x.c` `name` `name`"
	function read_test(text, parts, n, i) {
		n = split(text, parts, "`")
		if (text !~ /^`tests\/[^` ]+`( `[^`]+`)+$/) {
			bad("neither test, issue nor reason: " text)
			return 0
		}
		for (i = 4; what == "test" && i < n; i += 2)
			print id "\t" parts[2] "\t" parts[i]
		return 1
	}
	function read_shown(cell, items, n, i, tests, issues, reasons) {
		n = split(cell, items, "; ")
		if (n == 0)
			bad(id " says nothing of what shows it")
		tests = issues = reasons = 0
		for (i = 1; i <= n; i++) {
			if (items[i] ~ /^planned: issue [1-9][0-9]*(, [^ ].*)?$/)
				issues++
			else if (items[i] ~ /^out of scope: [a-z].*[a-z]$/)
				reasons++
			else
				tests += read_test(items[i])
		}
		if (reasons && n > 1)
			bad("out of scope, and yet more")
		tested[document] += tests > 0
		planned[document] += !tests && issues > 0
		left_out[document] += !tests && !issues && reasons > 0
		return tests
	}
	# Answers how many paths of this tree stand in the cell.
	function read_place(cell, parts, n, i, places) {
		n = split(cell, parts, "`")
		places = 0
		for (i = 2; i < n; i += 2) {
			if (parts[i] !~ /^(engine|cgi|ctl|agent|templates|static|conf|docs|build-aux)\/[^ ]+$/)
				continue
			places++
			if (what == "place")
				print id "\t" parts[i]
		}
		return places
	}
	/^[|] [A-Z]-/ {
		sub(/^[|] /, "")
		sub(/ [|]$/, "")
		id = $1
		document = substr(id, 1, 1)
		statements[document]++
		if (id != sprintf("%s-%03d", document, statements[document]))
			bad(id " does not follow on the id before it")
		if (NF != 4 || $2 !~ /[^ ]/ || $3 !~ /[^ ]/) {
			bad(id " has not four cells")
			next
		}
		places = read_place($3)
		if (read_shown($4) && !places)
			bad(id " is tested but names no place in the source")
	}
	END {
		if (statements["A"] + statements["B"] == 0)
			bad("no rows")
		if (what != "count")
			exit
		sum(statements, "A", "B")
		sum(tested, "A", "B")
		sum(planned, "A", "B")
		sum(left_out, "A", "B")
		print_row("A")
		print_row("B")
		print_row("Both")
	}
	function sum(list, a, b) {
		list["Both"] = list[a] + list[b]
	}
	function print_row(name) {
		printf "| %s | %d | %d | %d | %d |\n", name, statements[name],
		    tested[name], planned[name], left_out[name]
	}' "$trace" 2>/dev/null || echo "$trace cannot be read"
}

malformed_rows() {
	read_trace bad
}

# The name must stand in the file as whole words: V1 is not in V11.
lost_tests() {
	read_trace test | while IFS='	' read -r id file name; do
		if [ ! -f "$file" ]; then
			echo "$id: there is no $file"
		elif ! grep -qwF -e "$name" "$file"; then
			echo "$id: $file has no \"$name\""
		fi
	done
}

lost_places() {
	read_trace place | while IFS='	' read -r id path; do
		[ -e "$path" ] || echo "$id: there is no $path"
	done
}

wrong_sums() {
	read_trace count | while read -r row; do
		grep -qxF -e "$row" "$trace" 2>/dev/null ||
			echo "the sums should have the row $row"
	done
}

if [ "${1-}" = --count ]; then
	cd "$top_srcdir" || exit
	read_trace count
	exit
fi

# A small page on which nothing is wrong; each case below spoils one thing.
good_page() {
	plant tests/unit/x.c <<'C'
static void one_unit(void **state) { begin("V11"); }
C
	plant engine/rules/x.c </dev/null
	cat <<'MD'
| id | statement | where | shown by |
|---|---|---|---|
| A-001 | units are lent | `engine/rules/x.c` | `tests/unit/x.c` `one_unit` |
| A-002 | units are lent later | `engine/rules/x.c` | `tests/unit/x.c` `one_unit` `V11`; planned: issue 3, the rest |
| B-001 | a spare is replaced | a page | planned: issue 5 |
| B-002 | this was so before | – | out of scope: history of releases |

| document | statements | tested | planned | out of scope |
|---|---|---|---|---|
| A | 2 | 2 | 0 | 0 |
| B | 2 | 0 | 1 | 1 |
| Both | 4 | 2 | 1 | 1 |
MD
}

# spoiled WORDS LINT SED-COMMAND
spoiled() {
	good_page | sed "$3" | plant "$trace"
	bites "$1" "$2"
}

clean 'every statement has its row, and every row its test, issue or reason' \
	malformed_rows
clean 'every test named exists' lost_tests
clean 'every place named exists' lost_places
clean 'the sums are right' wrong_sums

good_page | plant "$trace"
found=$(cd "$planted" && {
	malformed_rows
	lost_tests
	lost_places
	wrong_sums
})
if [ -z "$found" ]; then
	report ok 'a good page is let pass'
else
	report 'not ok' 'a good page is let pass'
	echo "$found" | comment
fi

rm "$planted/$trace"
bites 'no page' malformed_rows
spoiled 'no rows' malformed_rows '/^| [AB]-/d'
spoiled 'a gap' malformed_rows '/^| A-001/d'
spoiled 'an id that comes twice' malformed_rows 's/B-002/B-001/'
spoiled 'a cell too few' malformed_rows 's/ | a page//'
spoiled 'an empty statement' malformed_rows 's/a spare is replaced//'
spoiled 'nothing that shows it' malformed_rows 's/planned: issue 5//'
spoiled 'an issue without a number' malformed_rows 's/issue 5/issue/'
spoiled 'no reason' malformed_rows 's/history of releases//'
spoiled 'a reason beside a test' malformed_rows \
	's/planned: issue 3, the rest/out of scope: history/'
spoiled 'a test without a name' malformed_rows 's/ `one_unit` |$/ |/'
spoiled 'a test outside tests/' malformed_rows 's,`tests/unit/x.c` `one_unit` |$,`x.c` `one_unit` |,'
spoiled 'words where a test should stand' malformed_rows 's/planned: issue 5/shown soon/'
spoiled 'a tested row that names no place' malformed_rows \
	's,`engine/rules/x.c` | `tests,the rules | `tests,'
spoiled 'a test file that is not there' lost_tests 's,tests/unit/x.c,tests/unit/y.c,'
spoiled 'a test that is not in its file' lost_tests 's/one_unit/two_units/'
spoiled 'a name that only begins alike' lost_tests 's/V11/V1/'
spoiled 'a place that is not there' lost_places 's,engine/rules/x.c,engine/rules/y.c,'
spoiled 'a sum that is not right' wrong_sums 's/^| B | 2/| B | 3/'
spoiled 'no sums' wrong_sums '/^| Both/d'
done_testing
