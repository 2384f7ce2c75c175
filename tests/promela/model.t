#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The Promela model of documents, surrender and recall, looked through to its
# last state; and that it finds what is broken on purpose.

if ! command -v spin >/dev/null; then
	echo '1..0 # SKIP spin is not installed'
	exit 0
fi

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
model=$(cd "$top_srcdir" && pwd)/tests/promela/lease.pml
count=0

# explore RUN_FLAGS MACRO...: leaves what the checker said in $scratch/out
explore() {
	run=$1
	shift
	(
		cd "$scratch" && rm -f pan pan.* ./*.trail &&
			spin -a -DWINDOW=2 "$@" "$model" >/dev/null &&
			${CC:-cc} -O1 -w -DNFAIR=5 -o pan pan.c || exit
		# shellcheck disable=SC2086 # several flags
		./pan $run -m1000000
	) >"$scratch/out" 2>&1
}

result() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
		return
	fi
	echo "not ok $count - $2"
	sed 's/^/# /' "$scratch/out"
}

# Every state was seen, and none is wrong.
sound() {
	explore "$@" && grep -q 'errors: 0$' "$scratch/out" &&
		! grep -q 'max search depth too small' "$scratch/out"
	result $? "$words"
	sed -n 's/^ *\([0-9.e+]* states, stored.*\)/# \1/p' "$scratch/out"
}

finds() {
	expected=$1
	shift
	explore "$@"
	grep -q "$expected" "$scratch/out"
	result $? "$words"
}

words='no unit is usable twice' sound -E
words='and is, when documents are forgotten before they are confirmed' \
	finds 'assertion violated' -E -DBROKEN_CONFIRM
words='and is, when messages of any age are believed' \
	finds 'assertion violated' -E -DBROKEN_SINCE
words='and is, when a recalled license counts from the click on' \
	finds 'assertion violated' -E -DBROKEN_RECALL
words='and is, when a license goes back while its units are held' \
	finds 'assertion violated' -E -DBROKEN_RETURN
words='every recall ends' sound '-a -f' -DRECALL
words='and does not, when what it waits for is extended' \
	finds 'acceptance cycle' '-a -f' -DRECALL -DBROKEN_EXTEND

echo "1..$count"
