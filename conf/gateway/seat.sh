# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# seat.sh: what every gateway's hook does alike: asks this appliance whether a
# user may in, and gives the seat back. Sourced by the hooks; decides nothing
# but what becomes of a user when nobody answers.

: "${LEASEHOLD_CONF:=/etc/leasehold/gateway.conf}"
# shellcheck disable=SC1090
[ ! -r "$LEASEHOLD_CONF" ] || . "$LEASEHOLD_CONF"
: "${LEASEHOLD:=leasehold}"
: "${LEASEHOLD_STATE:=/var/lib/leasehold}"
: "${LEASEHOLD_GATEWAY:=gateway}"
: "${LEASEHOLD_TIMEOUT:=0}"
: "${LEASEHOLD_WHEN_DOWN:=refuse}"
: "${LEASEHOLD_SYSLOG:=no}"
: "${LEASEHOLD_LOG:=}"
export LEASEHOLD_STATE

# A name comes from outside and may hold the end of a line.
seat_shown() {
	printf '%s' "$1" | LC_ALL=C tr '[:cntrl:]' '?'
}

# Most gateways write what a hook says into their own log.
seat_say() {
	seat_line=$(seat_shown "$*")
	printf 'leasehold: %s\n' "$seat_line" >&2
	seat_record "$seat_line"
}

# Into syslog and a file as well, where that is wanted.
seat_record() {
	[ -z "$LEASEHOLD_LOG" ] ||
		printf '%s leasehold: %s\n' "$(date '+%Y-%m-%d %H:%M:%S %z')" "$*" \
			>>"$LEASEHOLD_LOG" || :
	[ "$LEASEHOLD_SYSLOG" != yes ] ||
		logger -t "leasehold-$LEASEHOLD_GATEWAY" -- "$*" || :
}

# A text of the JSON that an answer is; a quote in it stands behind a backslash.
seat_member() {
	printf '%s\n' "$SEAT_ANSWER" | sed -n '
		s/.*"'"$1"'": *"\(\([^"\]*\(\\.\)*\)*\)".*/\1/
		t text
		d
		:text
		s/\\\(["\/]\)/\1/g
		p'
}

# Was there no decision? Then the answer is empty, or says that the appliance could not decide.
seat_is_down() {
	case $(seat_member code) in
	'' | store_unavailable | stopped | timeout) return 0 ;;
	*) return 1 ;;
	esac
}

# What "leasehold" leaves with when it was called wrongly: here, when a name is no
# text. A longer one may not even be handed to a program.
seat_unfit=2
seat_longest=1024

# seat_begin ID USER [OPTION...]: 0 when the user may in, else 1 with the reason in SEAT_REASON.
seat_begin() {
	seat_id=$1
	seat_user=$2
	shift 2
	SEAT_REASON=
	seat_status=$seat_unfit
	[ "${#seat_user}" -gt "$seat_longest" ] || {
		SEAT_ANSWER=$("$LEASEHOLD" session begin --json --user "$seat_user" \
			--id "$seat_id" --gateway "$LEASEHOLD_GATEWAY" \
			--timeout "$LEASEHOLD_TIMEOUT" "$@")
		seat_status=$?
	}
	if [ "$seat_status" -eq 0 ]; then
		seat_say "$seat_user is admitted as $seat_id"
		return 0
	fi
	# Nobody gets in by a name that cannot even be asked for.
	if [ "$seat_status" -eq "$seat_unfit" ]; then
		SEAT_REASON='This cannot be the name of a user.'
		seat_say "$(printf '%s' "$seat_user" | cut -c "1-80") is refused: $SEAT_REASON"
		return 1
	fi
	if ! seat_is_down; then
		SEAT_REASON=$(seat_member text)
		seat_say "$seat_user is refused: $SEAT_REASON"
		return 1
	fi
	if [ "$LEASEHOLD_WHEN_DOWN" = admit ]; then
		seat_say "$seat_user is admitted without a seat: the appliance does not answer"
		return 0
	fi
	SEAT_REASON='The appliance that counts the users does not answer. Try again later.'
	seat_say "$seat_user is refused: $SEAT_REASON"
	return 1
}

# A seat that is gone already is given back: no reason to stop.
seat_end() {
	"$LEASEHOLD" session end "$1" >/dev/null || :
}

# Whoever an earlier run of this gateway left behind is gone.
seat_clear() {
	"$LEASEHOLD" session end --gateway "$LEASEHOLD_GATEWAY" --all >/dev/null
}

# Lines "ID USER" of everybody who is connected, on standard input: keeps each
# seat, and takes one for who has none (admitted while nobody answered, or timed
# out meanwhile). Fails when somebody is connected without a seat.
seat_keep() {
	seat_users=$(cat)
	[ -n "$seat_users" ] || return 0
	printf '%s\n' "$seat_users" | cut -d ' ' -f 1 |
		xargs -n 500 "$LEASEHOLD" session renew >/dev/null 2>&1 && return
	seat_missing=0
	while IFS=' ' read -r seat_id seat_user; do
		"$LEASEHOLD" session renew "$seat_id" >/dev/null 2>&1 ||
			seat_begin "$seat_id" "$seat_user" </dev/null ||
			seat_missing=1
	done <<USERS
$seat_users
USERS
	return "$seat_missing"
}
