# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# ctl-support.sh: read by the tests of the command line and the master. A
# scratch directory, a loopback address nobody else uses, and TAP.
set -u
export LC_ALL=C TZ=UTC
unset LEASEHOLD_STATE

: "${top_builddir:=$PWD}"
: "${LEASEHOLD:=$top_builddir/ctl/leasehold}"
leasehold=$LEASEHOLD

scratch=$(mktemp -d /tmp/leasehold-ctl.XXXXXX)
started=()
test_number=0
failures=0

finish() {
	local process

	for process in "${started[@]}"; do
		kill -TERM "$process" 2>/dev/null
	done
	wait
	rm -rf "$scratch"
}
trap finish EXIT

# An address of its own instead of a search for a free port.
port=8443
new_address() {
	echo "127.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 1)).$((RANDOM % 250 + 1))"
}

# check WORDS COMMAND...: is it so?
check() {
	local words=$1

	shift
	test_number=$((test_number + 1))
	if "$@"; then
		echo "ok $test_number - $words"
	else
		failures=$((failures + 1))
		echo "not ok $test_number - $words"
	fi
}

# run COMMAND...: leaves exit status, output and errors in variables.
run() {
	"$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	out=$(cat "$scratch/out")
	err=$(grep '^leasehold: ' "$scratch/err")
}

# refused STATUS PATTERN COMMAND...: it leaves with that status, says one line
# that fits, and prints nothing.
refused() {
	local wanted=$1 pattern=$2

	shift 2
	run "$@"
	[ "$status" -eq "$wanted" ] && [ -z "$out" ] &&
		[ "$(grep -c . <<<"$err")" -eq 1 ] && [[ $err =~ $pattern ]] &&
		return
	sed 's/^/# /' "$scratch/err"
	echo "# status $status"
	return 1
}

# eventually SECONDS COMMAND...: it comes true within that time.
eventually() {
	local end=$((SECONDS + $1))

	shift
	while ! "$@"; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

same() {
	[ "$1" = "$2" ] || {
		echo "# \"$1\" is not \"$2\""
		return 1
	}
}

mode_is() {
	same "$(stat -c %a "$2")" "$1"
}

done_testing() {
	echo "1..$test_number"
	exit $((failures > 0))
}
