#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# "leasehold serve": it refuses what is not sound, keeps its programs running,
# rolls, and leaves nothing behind.
# shellcheck source=tests/http/ctl-support.sh
. "$(dirname "$0")/ctl-support.sh"

address=$(new_address)
base=https://$address:$port
state=$scratch/state
echo 'a password of the tests' >"$scratch/password"

make_appliance() {
	run "$leasehold" init --state "$1" --role "$2" --listen "$3:$port" \
		--admin-password-file "$scratch/password"
	[ "$status" -eq 0 ]
}

# serve STATE: starts a master; its process in $master.
# What an earlier start said is gone before this one says anything.
serve() {
	: >"$scratch/ready"
	SECRET_OF_THE_SHELL=42 "$leasehold" serve --state "$1" \
		>"$scratch/ready" 2>"$scratch/log" </dev/null &
	master=$!
	started+=("$master")
}

is_ready() {
	grep -q '^ready: ' "$scratch/ready"
}

# ended PROCESS: its exit status in $status; killed after ten seconds.
ended() {
	eventually 400 gone "$1" || kill -KILL "$1"
	wait "$1"
	status=$?
}

children() {
	ps -o pid= -o args= --ppid "$master"
}

# process_of NAME: one child of that name.
process_of() {
	children | awk -v name="/$1" '
		index($2, name) == length($2) - length(name) + 1 { print $1; exit }'
}

count_of() {
	children | grep -c "/$1 "
}

answers() {
	[ "$(curl -sk -m 5 -o /dev/null -w '%{http_code}' "$base/healthz")" = 200 ]
}

all_there() {
	[ "$(count_of console.fcgi)" -eq 2 ] && [ "$(count_of lease.fcgi)" -eq 1 ] &&
		[ "$(count_of agent)" -eq 1 ] && [ "$(count_of lighttpd)" -eq 1 ]
}

# Processes that were told of this state directory, or run below it.
left_behind() {
	pgrep -f -- "--state $state( |$)" | grep -vx "$$" || true
}

none_left() {
	[ -z "$(left_behind)" ] && ! curl -sk -m 2 -o /dev/null "$base/healthz"
}

# ---- refusals -----------------------------------------------------------------

check 'no appliance' refused 1 'no store' "$leasehold" serve --state "$scratch/none"
make_appliance "$state" server "$address"
cp "$state/store.db" "$scratch/store.db"
mv "$state/store.db" "$state/kept"
check 'store missing' refused 1 'no store' "$leasehold" serve --state "$state"
check 'it does not offer to make one' same "$(grep -c init <<<"$err")" 0
head -c 8192 /dev/urandom >"$state/store.db"
check 'store of garbage' refused 1 'store' "$leasehold" serve --state "$state"
head -c 20000 "$scratch/store.db" >"$state/store.db"
check 'store cut short' refused 1 'store' "$leasehold" serve --state "$state"
: >"$state/store.db"
check 'store empty' refused 1 'store' "$leasehold" serve --state "$state"
rm -f "$state/store.db"*
mv "$state/kept" "$state/store.db"
check 'workers must be a number' refused 2 'workers' "$leasehold" serve --state "$state" --workers many
check 'programs missing' refused 1 'missing' \
	env LEASEHOLD_LIBEXECDIR="$scratch" "$leasehold" serve --state "$state"
check 'nothing runs after a refusal' none_left
check 'nobody is named as the last to run' same "$(cat "$state/run/master.lock")" ''

# ---- running --------------------------------------------------------------------

# As a monitor does that asks for the status at this moment.
flock -s "$state/run/master.lock" sleep 0.3 &
serve "$state"
check 'ready' eventually 90 is_ready
check 'one line with the address' same "$(sed 's/^ready: server [0-9A-Z]* at //' "$scratch/ready")" "$base/"
check 'all programs run' all_there
check 'the console answers' answers
check 'a second one is refused' refused 1 "already running .process $master" "$leasehold" serve --state "$state"
make_appliance "$scratch/other" client "$address"
check 'port in use' refused 1 "already listens on $address:$port" "$leasehold" serve --state "$scratch/other"
for socket in console lease agent; do
	check "$socket.sock" mode_is 660 "$state/run/$socket.sock"
done
check 'run directory' mode_is 700 "$state/run"
check 'configuration' mode_is 600 "$state/run/lighttpd.conf"
run "$leasehold" status --state "$state"
check 'status says so' grep -q '(running)' <<<"$out"
console=$(process_of console.fcgi)
check 'the environment of the shell stays there' same "$(tr '\0' '\n' <"/proc/$console/environ" | grep -c SECRET_OF)" 0
check 'the console holds no port' same \
	"$(readlink "/proc/$console/fd/"* | grep -c socket)" 1
check 'core dumps are off' grep -q 'core file size *0 *0' "/proc/$console/limits"

# ---- deaths ---------------------------------------------------------------------

for name in console.fcgi lease.fcgi agent lighttpd; do
	process=$(process_of "$name")
	kill -KILL "$process"
	check "$name: gone" eventually 20 gone "$process"
	check "$name: another is there" eventually 20 all_there
	check "$name: the console answers" eventually 20 answers
done
check 'one line for each death' same "$(grep -c 'killed by signal 9; starting another' "$scratch/log")" 4
for _ in 1 2 3 4; do
	kill -KILL "$(process_of lease.fcgi)"
	eventually 30 all_there
done
check 'one that dies again and again comes back' eventually 30 all_there

# ---- rolling -----------------------------------------------------------------------

before_console=$(process_of console.fcgi)
before_lease=$(process_of lease.fcgi)
before_agent=$(process_of agent)
before_lighttpd=$(process_of lighttpd)
(
	refused_count=0
	while [ ! -e "$scratch/rolled" ]; do
		answers || refused_count=$((refused_count + 1))
	done
	echo "$refused_count" >"$scratch/refused"
) &
asking=$!
kill -HUP "$master"
check 'roll: console' eventually 30 gone "$before_console"
check 'roll: lease' eventually 20 gone "$before_lease"
check 'roll: agent' eventually 20 gone "$before_agent"
check 'roll: all there' eventually 30 all_there
check 'roll: the front stays' same "$(process_of lighttpd)" "$before_lighttpd"
: >"$scratch/rolled"
wait "$asking"
check 'roll: no request was refused' same "$(cat "$scratch/refused")" 0

# ---- stopping -----------------------------------------------------------------------

kill -TERM "$master"
ended "$master"
check 'SIGTERM: leaves with 0' same "$status" 0
check 'SIGTERM: no process is left' eventually 20 none_left
check 'the programs were not killed' same "$(grep -c 'does not stop' "$scratch/log")" 0

serve "$state"
check 'starts again' eventually 90 is_ready
kill -INT "$master"
ended "$master"
check 'SIGINT: leaves with 0' same "$status" 0
check 'SIGINT: no process is left' eventually 20 none_left

# slow_request SECONDS: a form whose last byte comes that late; its answer is in
# $scratch/answer.
slow_request() {
	{
		printf 'POST /signin HTTP/1.1\r\nHost: %s\r\n' "$address"
		printf 'Content-Length: 3\r\nConnection: close\r\n\r\na='
		sleep "$1"
		printf b
	} | timeout 20 openssl s_client -quiet -connect "$address:$port" \
		>"$scratch/answer" 2>/dev/null &
	asking=$!
	sleep 1
}

serve "$state"
check 'starts to be stopped twice at once' eventually 90 is_ready
slow_request 3
kill -INT "$master"
sleep 0.1
kill -TERM "$master"
ended "$master"
wait "$asking"
check 'twice at once: leaves with 0' same "$status" 0
check 'twice at once: the request under way is answered' grep -q '^HTTP/1.1 ' "$scratch/answer"
check 'twice at once: no program was killed' same "$(grep -c 'does not stop' "$scratch/log")" 0

serve "$state"
check 'starts to be hurried' eventually 90 is_ready
slow_request 8
kill -INT "$master"
sleep 1.2
kill -INT "$master"
ended "$master"
check 'told again after a second: the rest is killed' grep -q 'lighttpd .*does not stop' "$scratch/log"
kill "$asking" 2>/dev/null
wait "$asking" 2>/dev/null

serve "$state"
check 'starts a third time' eventually 90 is_ready
kill -KILL "$master"
wait "$master" 2>/dev/null
serve "$state"
check 'after kill -9 of the master it starts at once' eventually 90 is_ready
check 'and all programs are its own' same "$(left_behind | wc -l)" 5
kill -KILL "$master"
wait "$master" 2>/dev/null
check 'kill -9 of the master leaves no process' eventually 30 none_left

# ---- a deep directory -----------------------------------------------------------------

deep=$scratch/$(printf 'd%.0s' $(seq 100))
mkdir "$deep"
state=$deep/state
address=$(new_address)
base=https://$address:$port
make_appliance "$state" server "$address"
serve "$state"
check 'a path longer than the name of a socket may be' eventually 90 is_ready
check 'it answers there' answers
kill -TERM "$master"
ended "$master"
check 'and stops' same "$status" 0
check 'and leaves nothing' eventually 20 none_left
done_testing
