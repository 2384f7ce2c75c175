#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every file on disk stands in a build list, so that none is forgotten in a
# release; and every list names only files that exist.
. "$(dirname "$0")/lint.sh"

unlisted() {
	lists=$(written_files | grep -E '(^|/)(local\.mk|Makefile\.am)$' || true)
	# shellcheck disable=SC2086
	words=$(cat $lists /dev/null | tr -s ' \t\\=:' '\n' | sort -u)
	written_files |
		grep -E '^(engine|cgi|ctl|agent|templates|static|conf|tests|man|docs|build-aux)/' |
		grep -vE '(^|/)local\.mk$' |
		WORDS=$words "$AWK" '
		BEGIN {
			n = split(ENVIRON["WORDS"], words, "\n")
			for (i = 1; i <= n; i++) {
				sub(/^\$\((top_)?srcdir\)\//, "", words[i])
				listed[words[i]] = 1
			}
		}
		!($0 in listed) { print $0 " stands in no build list" }'
}

clean 'every file stands in a build list' unlisted
plant engine/base/local.mk <<'MK'
libbase_a_SOURCES = engine/base/arena.c
MK
plant engine/base/text.c </dev/null
bites 'a source that is in no list' unlisted
plant templates/page_x.cs </dev/null
bites 'a template that is in no list' unlisted
done_testing
