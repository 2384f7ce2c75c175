#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every shell script passes shellcheck.
. "$(dirname "$0")/lint.sh"

if ! command -v shellcheck >/dev/null; then
	echo '1..0 # SKIP shellcheck is not installed'
	exit 0
fi

scripts() {
	written_files | while read -r file; do
		head -n 1 "$file" | grep -aqE '^#!.*/(env )?(ba)?sh' && echo "$file"
	done || true
}

# Left out: sourced files are read on their own (SC1091, SC2154), awk
# programs stand in single quotes (SC2016), and lints are called by their name
# (SC2317).
complaints() {
	scripts | xargs -r shellcheck -e SC1091,SC2016,SC2154,SC2317 -f gcc || true
}

clean 'every shell script passes shellcheck' complaints
plant build-aux/x <<'SH'
#!/bin/sh
rm -rf $1/*
SH
bites 'an unquoted variable' complaints
done_testing
