#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Which room may include which, and who may know which library. Arrows go one
# way only.
. "$(dirname "$0")/lint.sh"

# One row a room: files, project headers it may include, system headers it may
# not (! turns that around: only these). The first row that fits decides.
one_way() {
	product_c | xargs -r "$AWK" '
	function room(files, project, system_headers) {
		rooms++
		room_files[rooms] = files
		room_project[rooms] = "^(" project ")/"
		room_system[rooms] = system_headers
	}
	BEGIN {
		sqlite = "sqlite3|"
		curl = "curl/|"
		fcgi = "fcgi|fastcgi|"
		cs = "ClearSilver|cs/|util/neo|"
		room("^engine/rules/", "engine/rules",
		    "!assert|inttypes|limits|stdbool|stddef|stdint|string")
		room("^engine/base/", "engine/base", sqlite curl fcgi cs)
		room("^engine/store/", "engine/(base|rules|store)", curl fcgi cs)
		room("^engine/peer/", "engine/(base|rules|store|peer)",
		    sqlite fcgi cs)
		room("^cgi/(view|view_tree|render)[.][ch]$", "engine/[a-z]+|cgi",
		    sqlite curl fcgi)
		room("^cgi/[a-z]+_(main|request)[.][ch]$", "engine/[a-z]+|cgi",
		    sqlite curl cs)
		room("^cgi/", "engine/[a-z]+|cgi", sqlite curl fcgi cs)
		room("^ctl/", "engine/[a-z]+|ctl", sqlite curl fcgi cs)
		room("^agent/", "engine/[a-z]+|agent", sqlite curl fcgi cs)
	}
	!/^[ \t]*#[ \t]*include/ { next }
	{
		for (r = 1; r <= rooms; r++)
			if (FILENAME ~ room_files[r])
				break
		good = 1
		if (match($0, /"[^"]*"/)) {
			name = substr($0, RSTART + 1, RLENGTH - 2)
			good = name ~ room_project[r] &&
			    (name != "cgi/view_tree.h" ||
			    FILENAME ~ /^cgi\/(view|render)[.]c$/)
		} else if (match($0, /<[^>]*>/)) {
			name = substr($0, RSTART + 1, RLENGTH - 2)
			list = room_system[r]
			if (sub(/^!/, "", list))
				good = name ~ "^(" list ")[.]h$"
			else
				good = name !~ "^(" list "config[.]h)"
		}
		if (!good)
			print FILENAME ":" FNR ": " $0
	}'
}

includes() {
	printf '#include %s\n' "$2" | plant "$1"
	bites "$1 includes $2" one_way
}

clean 'includes go one way' one_way
includes engine/rules/x.c '"engine/base/arena.h"'
includes engine/rules/x.c '<time.h>'
includes engine/rules/x.c '<stdio.h>'
includes engine/base/x.h '"engine/store/store.h"'
includes engine/base/x.c '<sqlite3.h>'
includes engine/store/x.c '"engine/peer/sync.h"'
includes engine/store/x.c '<curl/curl.h>'
includes engine/peer/x.c '<sqlite3.h>'
includes engine/peer/x.c '"cgi/view.h"'
includes cgi/page_x.c '<sqlite3.h>'
includes cgi/page_x.c '<ClearSilver.h>'
includes cgi/page_x.c '"cgi/view_tree.h"'
includes cgi/page_x.c '<fcgiapp.h>'
includes cgi/console_main.c '<ClearSilver.h>'
includes cgi/view.c '<fcgiapp.h>'
includes ctl/x.c '"cgi/request.h"'
includes agent/x.c '"ctl/master.h"'
includes engine/base/x.c '"arena.h"'

# What rooms may include must pass, or the lint would be easy.
for pair in 'engine/rules/x.c <string.h>' 'engine/rules/x.c <stdint.h>' \
	'engine/rules/x.c <stdbool.h>' 'engine/rules/x.c <assert.h>' \
	'engine/rules/x.c <limits.h>' 'engine/rules/x.c <inttypes.h>' \
	'engine/rules/x.c <stddef.h>' 'engine/store/x.c <sqlite3.h>' \
	'cgi/view.c <ClearSilver.h>' 'cgi/lease_main.c <fcgiapp.h>' \
	'cgi/page_x.c "engine/store/ledger.h"'; do
	echo "#include ${pair#* }" | plant "${pair% *}"
	if [ -z "$(cd "$planted" && one_way)" ]; then
		report ok "allows: $pair"
	else
		report 'not ok' "allows: $pair"
	fi
	rm -rf "$planted" && mkdir "$planted"
done
done_testing
