#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What no file may hold: a function the house has a better one for, the clock
# outside clock.c, a host of a package registry, a path of one machine; and
# what every file must hold: its license.
. "$(dirname "$0")/lint.sh"

# in_code PATTERN FILES: lines of code, not of comments or strings.
in_code() {
	product_code | "$AWK" -v pattern="$1" -v files="$2" '
	{
		match($0, /^[^:]*:[0-9]+:/)
		if ($0 ~ files && substr($0, RLENGTH + 1) ~ pattern)
			print
	}'
}

call() {
	echo "(^|[^A-Za-z0-9_])($1) *[(]"
}

forbidden_calls() {
	in_code "$(call 'v?sprintf|strcpy|strcat|strncpy|strncat|strtok|ato[ilf]|gmtime|localtime|ctime|asctime|system|popen|gets|s?rand|random|tmpnam|mktemp|alloca|signal|sqlite3_busy_timeout')" .
}

# Values are bound. A pragma takes no parameter, so the migrations may print one.
printed_sql() {
	in_code "$(call 'sqlite3_v?m?s?n?printf')" . |
		grep -v '^engine/store/migrate\.c:' || true
}

hidden_types() {
	in_code '^[ \t]*typedef[ \t]+(struct|union|enum)|^[ \t]*typedef[^(]*[*]' .
}

clock_elsewhere() {
	in_code "$(call 'time|clock_gettime|gettimeofday|timespec_get|ftime')" . |
		grep -v '^engine/base/clock\.c:' || true
}

# ClearSilver gives strings away; only the two files that know it may free.
free_in_cgi() {
	in_code "$(call free)" '^cgi/' | grep -vE '^cgi/(view|render)\.c:' || true
}

loose_todo() {
	written_files | xargs grep -nHE '(TODO|FIXME|XXX)([^A-Za-z]|$)' 2>/dev/null |
		grep -vE 'TODO\(?#?[0-9]+|^tests/lint/|XXXXXX' || true
}

registry_hosts() {
	written_files | xargs grep -nHE \
		'registry\.[a-z]+js|(npmjs|yarnpkg)\.(org|com)|pypi\.org|deb\.debian\.org|"resolved":' \
		2>/dev/null | grep -v '^tests/lint/words\.t:' || true
}

machine_paths() {
	written_files | xargs grep -nHE \
		'(^|[^A-Za-z0-9_.$)}/-])/(work|root|home|Users)/[a-z.]' \
		2>/dev/null || true
}

no_license() {
	written_files |
		grep -E '\.(c|h|tbl|sql|cs|css|js|mjs|cjs|mk|am|ac|in|sh|t|hdf|scn|conf|service|socket|[1-8])$|^(bootstrap|COPYING|NEWS|\.ci/run)$|^build-aux/' |
		xargs -r "$AWK" '
		function judge() {
			if (file != "" && !named)
				print file " names no license"
		}
		FNR == 1 { judge(); file = FILENAME; named = 0 }
		FNR <= 6 && /SPDX-License-Identifier: BSD-2-Clause/ { named = 1 }
		END { judge() }'
}

# planted_line FILE WORDS LINT LINE
planted_line() {
	echo "$4" | plant "$1"
	bites "$2" "$3"
}

clean 'no forbidden call' forbidden_calls
planted_line cgi/x.c strcpy forbidden_calls 'strcpy(to, from);'
planted_line ctl/x.c system forbidden_calls 'if (system ("ls"))'
planted_line engine/store/x.c 'the wait of SQLite' forbidden_calls \
	'sqlite3_busy_timeout(db, 5);'
clean 'no value is printed into SQL' printed_sql
planted_line engine/store/store_x.c 'SQL made by printing' printed_sql \
	'sql = sqlite3_mprintf("%s", name);'
clean 'no typedef of a struct, enum or pointer' hidden_types
planted_line engine/base/x.h 'a hidden struct' hidden_types \
	'typedef struct lease lease;'
planted_line engine/base/x.h 'a hidden pointer' hidden_types \
	'typedef char *name;'
clean 'only engine/base/clock.c asks for the time' clock_elsewhere
planted_line engine/store/x.c 'a store that asks the time' clock_elsewhere \
	'now = time(NULL);'
planted_line engine/base/log.c 'a log that asks the time' clock_elsewhere \
	'clock_gettime(id, &t);'
clean 'no free() in cgi/' free_in_cgi
planted_line cgi/page_x.c 'a page that frees' free_in_cgi 'free(name);'
clean 'every TODO carries an issue number' loose_todo
planted_line cgi/x.c 'a TODO without a number' loose_todo '/* TODO later */'
clean 'no host of a package registry' registry_hosts
planted_line static/package-lock.json 'a host in a lock file' registry_hosts \
	'"resolved": "https://example.org/x.tgz"'
clean 'no path of one machine' machine_paths
planted_line tests/x.t 'a path of one machine' machine_paths 'cd /wo''rk/x'
clean 'every source names its license' no_license
planted_line engine/base/x.c 'a source without a license' no_license 'int x;'

# Words in comments and strings are only words.
plant cgi/x.c <<'C'
/* never call system("ls") or
 * strcpy(a, b) */
static const char x[] = "a \" gets(x)"; // rand()
C
if [ -z "$(cd "$planted" && forbidden_calls)" ]; then
	report ok 'comments and strings may name them'
else
	report 'not ok' 'comments and strings may name them'
fi
done_testing
