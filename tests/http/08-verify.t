#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What does not add up is named by "verify", a stop of granting is lifted by
# whoever finds everything sound, and a clock that went back is said and
# accepted from the shell.
# shellcheck source=tests/http/ctl-support.sh
. "$(dirname "$0")/ctl-support.sh"

listen=$(new_address):$port
state=$scratch/server
lh() {
	"$leasehold" "$@" --state "$state"
}
sql() {
	sqlite3 "$state/store.db" "$1"
}

run "$leasehold" init --state "$state" --role server --listen "$listen" \
	--platform PSA-5000 --product PCS
check 'a license server' same "$status" 0
run lh agreement accept --yes
check 'its agreement is accepted' same "$status" 0
printf 'secret-1\n' >"$scratch/password"
run lh client add --id gw1 --platform PSA-5000 --product PCS \
	--password-file "$scratch/password" --feature CONSEC=0/25/100
check 'a client' same "$status" 0

# ---- what does not add up --------------------------------------------------------

run lh verify
check 'all adds up' same "$status" 0
check 'how much was looked at' grep -q '^Clean: .* 1 clients and 0 parts' <<<"$out"
sql "INSERT INTO lease_part (client, feature, kind, size, count, granted,
	expires, first) VALUES (1, 'CONSEC', 1, 25, 2, 1, 9999999999, 9)"
run lh verify
check 'a planted part' same "$status" 1
check 'is named by its document' grep -q \
	"A part of client gw1's CONSEC lease stands in document 9, but the newest one signed is 0" <<<"$err"
check 'and by what it adds to the pool' grep -q \
	"CONSEC: the pool's history ends with 0 of 0 held, but counted are 50 of 0" <<<"$err"
check 'and nothing is said on standard output' same "$out" ''
run lh verify --json
check 'as JSON, too' same "$status" 1
check 'with its code' grep -q '"code": "part_document"' <<<"$out"
run lh verify --resume
check 'it does not go on so' same "$status" 1
check 'and says until when' grep -q 'granting stands still until no more is held' <<<"$err"
sql 'DELETE FROM lease_part'
run lh verify
check 'without it all adds up again' same "$status" 0

# ---- going on ---------------------------------------------------------------------

sql "UPDATE watch SET halted_at = 1, halted_text = 'CONSEC: a test'"
check 'a stop is said' refused 1 'granting stands still \(CONSEC: a test\)' \
	"$leasehold" verify --state "$state"
run lh verify --resume
check 'and lifted' same "$status" 0
check 'with an event' same "$(sql "SELECT count(*) FROM event WHERE code = 'LHD10023'")" 1
run lh verify
check 'for good' same "$status" 0
run lh verify --resume
check 'lifting nothing is no event' same \
	"$(sql "SELECT count(*) FROM event WHERE code = 'LHD10023'")" 1

# ---- the clock --------------------------------------------------------------------

check 'a clock that is right needs no accepting' refused 1 'not behind' \
	"$leasehold" clock accept --state "$state"
sql 'UPDATE watch SET clock_mark = clock_mark + 86400'
run lh client set --id gw1 --feature CONSEC=0/25/200
check 'an act under a clock that went back' same "$status" 0
check 'happens when time stood still' same \
	"$(sql "SELECT max(at) - clock_mark FROM event, watch")" 0
check 'which is said once' same "$(sql "SELECT count(*) FROM event WHERE code = 'LHD10017'")" 1
run lh clock accept
check 'the clock is accepted' same "$status" 0
check 'with an event' same "$(sql "SELECT count(*) FROM event WHERE code = 'LHD10019'")" 1
check 'and counts' same "$(sql "SELECT abs(clock_mark - strftime('%s', 'now')) < 60 FROM watch")" 1
run lh verify
check 'all adds up' same "$status" 0

# ---- other roles -------------------------------------------------------------------

for role in client center; do
	run "$leasehold" init --state "$scratch/$role" --role "$role" \
		--listen "$(new_address):$port" --platform PSA-5000 --product PCS
	run "$leasehold" verify --state "$scratch/$role"
	check "a $role adds up" same "$status" 0
	check "a $role keeps no such time" refused 1 'license server' \
		"$leasehold" clock accept --state "$scratch/$role"
done
check 'nobody else resumes' refused 1 'license server' \
	"$leasehold" verify --resume --state "$scratch/client"

done_testing
