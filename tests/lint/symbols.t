#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An exported symbol begins with the stem of its file, so that the file can be
# found from the symbol.
. "$(dirname "$0")/lint.sh"

objects_in=$top_builddir

stray_symbols() {
	find "$objects_in/engine" "$objects_in/cgi" "$objects_in/ctl" \
		"$objects_in/agent" -name '*.o' 2>/dev/null | sort |
		while read -r object; do
			stem=${object##*/}
			stem=${stem%.o}
			stem=${stem#*-}
			$NM --defined-only --extern-only "$object" 2>/dev/null |
				"$AWK" -v stem="$stem" -v object="$object" '
				NF < 3 || $3 ~ /^_/ { next }
				$3 == "main" && stem ~ /(^|_)main$/ { next }
				$3 == stem || index($3, stem "_") == 1 { next }
				{ print object ": " $3 }'
		done
}

compile_into_planted() {
	mkdir -p "$planted/engine/base"
	$CC -x c -c - -o "$planted/engine/base/$1"
	objects_in=$planted
	bites "$2" stray_symbols
}

clean 'exported symbols begin with the stem of their file' stray_symbols
compile_into_planted libbase_a-arena.o 'a function named after no file' <<'C'
int new_arena(void);
int new_arena(void) { return 0; }
C
compile_into_planted arena.o 'an exported variable' <<'C'
int depth = 1;
C
compile_into_planted arena.o 'a stem that only looks alike' <<'C'
int arenas_free(void);
int arenas_free(void) { return 0; }
C
done_testing
