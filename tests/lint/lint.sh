# shellcheck shell=sh
# SPDX-License-Identifier: BSD-2-Clause
#
# lint.sh: read by every lint. A lint is a function that, run inside a source
# tree, prints what breaks the rule. It is run on this tree, where it must say
# nothing, and on a small tree with a planted violation, where it must not
# keep quiet.
set -eu
export LC_ALL=C

: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir/build}"
: "${CC:=cc}" "${NM:=nm}" "${AWK:=awk}"
test_number=0
planted=$(mktemp -d)
stripped=$(mktemp)
trap 'rm -rf "$planted" "$stripped"' EXIT

report() {
	test_number=$((test_number + 1))
	echo "$1 $test_number - $2"
}

comment() {
	sed 's/^/# /'
}

# clean WORDS LINT: the rule holds in this tree.
clean() {
	found=$(cd "$top_srcdir" && "$2" 2>&1) || found="$found (status $?)"
	if [ -z "$found" ]; then
		report ok "$1"
	else
		report 'not ok' "$1"
		echo "$found" | comment
	fi
}

# plant FILE: standard input becomes a file of the planted tree.
plant() {
	mkdir -p "$planted/$(dirname "$1")"
	cat >"$planted/$1"
}

# bites WORDS LINT: the planted tree breaks the rule, and the lint says so.
# The planted tree is empty again afterward. The git hook has no time for it.
bites() {
	if [ -n "${LINT_QUICK-}" ]; then
		rm -rf "$planted"
		mkdir "$planted"
		return
	fi
	found=$(cd "$planted" && "$2" 2>/dev/null) || true
	if [ -n "$found" ]; then
		report ok "bites: $1"
	else
		report 'not ok' "bites: $1"
	fi
	rm -rf "$planted"
	mkdir "$planted"
}

done_testing() {
	echo "1..$test_number"
}

# Every file of the tree a person wrote, one per line. What autotools and
# builds leave there does not count.
written_files() {
	find . \( -name .git -o -name node_modules -o -name autom4te.cache \
		-o -path './build' -o -path './build-[!a]*' -o -path './_*' \
		-o -path './leasehold-*' -o -path ./static/vendor \) -prune \
		-o -type f -print |
		sed 's,^\./,,' |
		grep -Ev '^(aclocal\.m4|configure~?|config\.h\.in~?|Makefile\.in)$' |
		grep -Ev '^build-aux/(ar-lib|compile|config\.(guess|sub)|depcomp|install-sh|missing|tap-driver\.sh|test-driver)$' |
		grep -Ev '(~|\.sw[op]|\.orig|\.rej|\.tar\.xz)$' |
		sort
}

# C files of the product.
product_c() {
	written_files | grep -E '^(engine|cgi|ctl|agent)/.*\.[ch]$' || true
}

# product_code: the code of the product without comments and the text of
# strings, as file:line:code. Made once for each tree.
product_code() {
	[ "$PWD" = "$planted" ] || [ ! -s "$stripped" ] || {
		cat "$stripped"
		return
	}
	product_c | xargs -r "$AWK" '
	FNR == 1 { in_comment = 0 }
	{
		line = $0
		out = ""
		while (line != "") {
			if (in_comment) {
				end = index(line, "*/")
				if (!end)
					break
				line = substr(line, end + 2)
				in_comment = 0
			} else if (!match(line, "[\"\047/]")) {
				out = out line
				break
			}
			else {
				out = out substr(line, 1, RSTART - 1)
				c = substr(line, RSTART, 1)
				two = substr(line, RSTART, 2)
				line = substr(line, RSTART + 1)
				if (two == "/*")
					in_comment = 1
				else if (two == "//")
					break
				else if (c == "/")
					out = out c
				else {
					while (match(line, "[\"\047\\\\]")) {
						q = substr(line, RSTART, 1)
						skip = q == "\\" ? 2 : 1
						line = substr(line, RSTART + skip)
						if (q == c)
							break
					}
					out = out c c
				}
			}
		}
		if (out !~ /^[ \t]*$/)
			print FILENAME ":" FNR ":" out
	}' >"$stripped"
	cat "$stripped"
	[ "$PWD" != "$planted" ] || : >"$stripped"
}
