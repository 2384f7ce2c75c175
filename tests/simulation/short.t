#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Fixed seeds of the simulation, each a story of some days with faults of every
# kind, and that a story told twice is the same story.

simulate=$top_builddir/tests/simulation/simulate
LEASEHOLD_DATADIR=$top_srcdir
export LEASEHOLD_DATADIR
count=0

tap() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
	fi
}

play() {
	out=$("$simulate" "$@" 2>&1)
	status=$?
	[ "$status" -eq 0 ] || printf '%s\n' "$out" | sed 's/^[^#]/# &/'
	return "$status"
}

for seed in 1 2 3; do
	play --seed $seed --clients 5 --hours 72 --settle 260
	tap $? "seed $seed: 5 clients, 72 hours of faults, and all comes right"
done

play --seed 4 --clients 300 --hours 6 --settle 12
tap $? 'seed 4: 300 clients, 6 hours of faults'

# What is broken on purpose is found in one of a few stories.
is_found() {
	for seed in 1 2 3 4 5 6; do
		"$simulate" --seed $seed --clients 5 --hours 72 --settle 20 \
			--lie "$1" 2>&1 | grep -q BROKEN && return
	done
	return 1
}
found() {
	is_found "$1"
	tap $? "$2"
}
found confirm 'devices that confirm what they have not stored are found'
found clock 'devices that count from the answer are found'
found sync 'a disk that forgets what it called safe is found'

# A story told twice.
hash_of() {
	"$simulate" --seed 9 --clients 4 --hours 24 --settle 24 | grep '^# trace'
}
first=$(hash_of)
second=$(hash_of)
[ -n "$first" ] && [ "$first" = "$second" ]
tap $? 'the same seed tells the same story twice'

echo "1..$count"
