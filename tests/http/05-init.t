#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# "leasehold init" and the plain commands: what is refused and how, what is
# made, and that a failure leaves nothing half-made.
# shellcheck source=tests/http/ctl-support.sh
. "$(dirname "$0")/ctl-support.sh"

state=$scratch/state
init=("$leasehold" init --state "$state")
server=("${init[@]}" --role server --listen "127.0.0.1:$port")
echo 'a password of the tests' >"$scratch/password"
with_password=(--admin-password-file "$scratch/password")

absent() {
	[ ! -e "$1" ]
}

# ---- usage ------------------------------------------------------------------

check 'no command' refused 2 'say what to do' "$leasehold"
check 'unknown command' refused 2 'no command "frobnicate' "$leasehold" frobnicate now
check 'no role' refused 2 'role must be' "${init[@]}"
check 'unknown role' refused 2 'role must be' "${init[@]}" --role king
check 'unknown option' refused 2 'no option' "${init[@]}" --colour red
check 'a secret after = is not repeated' refused 2 '^leasehold: --password is' \
	"${init[@]}" --password=hunter2
check 'option without a value' refused 2 'needs a value' "${init[@]}" --role
check 'option given twice' refused 2 'too often' "${init[@]}" --role server --role client
check 'no state directory' refused 2 'state DIR' "$leasehold" status
for wrong in nonsense 127.0.0.1 127.0.0.1:0 127.0.0.1:65536 example.org:443 ::1:443 '[::1' :443; do
	check "--listen $wrong" refused 2 'listen .* must be' \
		"${init[@]}" --role server --listen "$wrong"
done
check 'redirect to the same place' refused 2 'another address' \
	"${server[@]}" --redirect "127.0.0.1:$port"
check 'host name with a quote' refused 2 'no host name' "${server[@]}" --hostname 'a"b'
check 'unknown zone' refused 2 'zone' "${server[@]}" --zone Middle/Earth
check 'unknown product' refused 2 'PCS or PPS' "${server[@]}" --product XYZ
check 'a center by plain HTTP' refused 2 'https://' "${server[@]}" --center http://c.example

# ---- refusals ------------------------------------------------------------------

check 'unknown platform' refused 1 'no platform' "${server[@]}" --platform Z80
check 'a license server of product PPS' refused 1 'virtual-server' "${server[@]}" --product PPS
check 'a license server on a virtual platform' refused 1 'virtual-server' \
	"${server[@]}" --platform VA-SPE
check 'no file of trusted issuers' refused 1 'no file' "${server[@]}" --trust "$scratch/none"
echo 'not JSON' >"$scratch/garbage"
check 'damaged file of trusted issuers' refused 1 'JWKS' "${server[@]}" --trust "$scratch/garbage"
echo short >"$scratch/short"
check 'short password' refused 1 'characters or more' \
	"${server[@]}" --admin-password-file "$scratch/short"
check 'no password file' refused 1 'no file' "${server[@]}" --admin-password-file "$scratch/none"
check 'nothing was made by any of these' absent "$state"

mkdir "$state"
echo mine >"$state/notes"
check 'directory of somebody else' refused 1 'not an empty' "${server[@]}"
check 'its content is untouched' same "$(cat "$state/notes")" mine
rm "$state/notes"
check 'late failure' refused 1 'Administrator name' "${server[@]}" --admin 'a b'
check 'an empty directory is empty again' rmdir "$state"
check 'late failure once more' refused 1 'Administrator name' "${server[@]}" --admin 'a b'
check 'the directory it made is gone' absent "$state"

"${server[@]}" >/dev/full 2>"$scratch/err"
status=$?
check 'nobody saw the password: refused' same "$status" 1
check 'nobody saw the password: said so' grep -q 'could not be written' "$scratch/err"
check 'nobody saw the password: nothing is left' absent "$state"
mkfifo "$scratch/closed"
exec 5<>"$scratch/closed"
exec 6>"$scratch/closed"
exec 5<&-
"${server[@]}" >&6 2>"$scratch/err"
status=$?
exec 6>&-
check 'a closed pipe likewise' same "$status" 1
check 'a closed pipe: nothing is left' absent "$state"

mkdir "$state"
exec 6<"$state"
flock 6
check 'while another makes one there' refused 1 'already' "${server[@]}"
exec 6<&-
rmdir "$state"
racers=()
for number in 1 2 3 4; do
	"${server[@]}" --admin-password-file "$scratch/password" >"$scratch/racer$number" 2>/dev/null &
	racers+=($!)
done
winners=0
for racer in "${racers[@]}"; do
	wait "$racer" && winners=$((winners + 1))
done
check 'of four at once one makes it' same "$winners" 1
run "$leasehold" verify --state "$state"
check 'and it is whole' same "$status" 0
check 'with its key' test -s "$state/device.key"
rm -r "$state"

# ---- what is made ------------------------------------------------------------------

run "${server[@]}" --hostname lic.example
check 'a license server' same "$status" 0
check 'the password is printed once' same "$(grep -c '^Password: [0-9A-Z]\{26\} ' <<<"$out")" 1
check 'state directory' mode_is 700 "$state"
for file in device.key server.key trusted.jwks tls.pem store.db; do
	check "$file" mode_is 600 "$state/$file"
done
check 'no issuer key' absent "$state/issuer.key"
check 'again' refused 1 'already holds an appliance' "${server[@]}"
run "$leasehold" hwid --state "$state"
check 'hardware ID' grep -q "$out" <("$leasehold" status --state "$state")
check 'hardware ID has 16 characters' same "${#out}" 16
run env LEASEHOLD_STATE="$state" "$leasehold" verify
check 'verify, state from the environment' same "$status" 0
check 'verify says that all is clean' grep -q '^Clean: ' <<<"$out"
check 'verify as JSON' grep -q '"ok": true' <("$leasehold" verify --json --state "$state")
cp -r "$state" "$scratch/changed"
sqlite3 "$scratch/changed/store.db" "UPDATE event SET actor = 'cli:nobody' WHERE id = 1"
check 'a changed log is not clean' refused 1 'not clean: .*entry 1 ' \
	"$leasehold" verify --state "$scratch/changed"
check 'the certificate names the host' grep -q 'DNS:lic.example' \
	<(openssl x509 -noout -ext subjectAltName -in "$state/tls.pem")

run "$leasehold" init --state "$scratch/center" --role center "${with_password[@]}" --issuer 'Vendor Inc'
check 'a center' same "$status" 0
check 'no password printed when it was given' same "$(grep -c Password <<<"$out")" 0
check 'its key is listed with kid and name' grep -q '"iss":"Vendor Inc","kid":"[A-Za-z0-9_-]\{43\}"' \
	"$scratch/center/trusted.jwks"
check 'issuer key' mode_is 600 "$scratch/center/issuer.key"
check 'no server key' absent "$scratch/center/server.key"
run "$leasehold" init --state "$scratch/client" --role client --json \
	--trust "$scratch/center/trusted.jwks" "${with_password[@]}"
check 'a client, told as JSON' grep -q '"role": "client"' <<<"$out"
check 'it trusts the center' cmp -s "$scratch/center/trusted.jwks" "$scratch/client/trusted.jwks"

# ---- the other commands ----------------------------------------------------------------

check 'no appliance there' refused 1 'no store' "$leasehold" status --state "$scratch/none"
check 'agreement without a yes' refused 2 'agreement show' "$leasehold" agreement accept --state "$state"
check 'agreement of another version' refused 1 'version' \
	"$leasehold" agreement accept --version 0.0.0 --state "$state"
run "$leasehold" agreement accept --yes --state "$state"
check 'agreement' same "$status" 0
run "$leasehold" agreement show --json --state "$state"
check 'it was accepted by this user' grep -q '"accepted_by": "cli:' <<<"$out"
check 'no key' refused 1 'No license key was found' "$leasehold" key add /dev/null --state "$state"
check 'no such serial' refused 1 'no license' "$leasehold" key remove X1 --state "$state"
check 'no such administrator' refused 1 'no administrator' \
	"$leasehold" admin passwd bob --password-file "$scratch/password" --state "$state"
check 'unknown administrator role' refused 2 'read-only' \
	"$leasehold" admin add bob --role king --password-file "$scratch/password" --state "$state"
check 'a client lends nothing' refused 1 'license server' "$leasehold" client list --state "$scratch/client"
check 'a server has no link' refused 1 'client' "$leasehold" link show --state "$state"
check 'a server issues nothing' refused 1 'center' \
	"$leasehold" center key issue --hwid X --sku Y --state "$state"
check 'no link yet' refused 1 'link set' "$leasehold" link show --state "$scratch/client"
check 'so none to remove' refused 1 'none to remove' "$leasehold" link remove --state "$scratch/client"
check 'no agent' refused 1 'not running' "$leasehold" session begin --user eve --state "$scratch/client"
check 'no agent to sync' refused 1 'not running' "$leasehold" sync --state "$scratch/client"
check 'counts of another form' refused 2 'RESERVED/INCREMENTAL/MAXIMUM' "$leasehold" client add \
	--id gw1 --platform PSA-3000 --product PCS --feature CONSEC=1/2 --state "$state"

run "$leasehold" compliance --state "$state"
check 'what is amiss on a new server' grep -q '^warning: .*The licensing server is off\.$' <<<"$out"
run "$leasehold" compliance --json --state "$state"
check 'the same as JSON' grep -q '"code": "server_off"' <<<"$out"
run "$leasehold" compliance --state "$scratch/client"
check 'nothing is amiss on a new client' grep -q '^Everything is as it should be\.$' <<<"$out"
run "$leasehold" leases --json --state "$state"
check 'nobody holds anything' grep -q '"parts": \[\]' <<<"$out"
check 'a client has no leases to show' refused 1 'license server' "$leasehold" leases --state "$scratch/client"

add=("$leasehold" client add --state "$state" --password-file "$scratch/password")
run "${add[@]}" --id 'g w' --platform Z80 --product PQR --expires 2020-01-01
check 'mistakes' same "$status" 1
check 'one line for each' same "$(grep -c . <<<"$err")" 4
run "${add[@]}" --id gw1 --platform PSA-3000 --product PCS
check 'a client without counts' same "$status" 0
check 'the same ID again' refused 1 'in use' "${add[@]}" --id gw1 --platform PSA-3000 --product PCS
run "$leasehold" client set --state "$state" --id gw1 --expires 2999-12-31
check 'client set' same "$status" 0
run "$leasehold" client list --state "$state" --json
check 'it was changed' grep -q '"expires": "2999-12-31"' <<<"$out"
check 'a client that nobody heard of' grep -q '"state": "never"' <<<"$out"
run "$leasehold" client list --state "$state" --in-state ok --json
check 'none is in another state' same "$out" '[]'
check 'a state that is none' refused 2 'noncompliant, never or expired' \
	"$leasehold" client list --state "$state" --in-state well
run "$leasehold" client list --state "$state" --find GW --platform PSA-3000 --csv
check 'as a table' grep -q '^"gw1","PSA-3000","PCS","","",0,0,0,0,"2999-12-31"' <<<"$out"
check 'the password was not printed' same "$(grep -c 'password of the tests' <<<"$out")" 0
run "$leasehold" client remove gw1 --state "$state"
check 'client remove' same "$status" 0
check 'client remove again' refused 1 'no client' "$leasehold" client remove gw1 --state "$state"
run "$leasehold" server set --enabled on --interval-hours 3 --state "$state"
run "$leasehold" server show --json --state "$state"
check 'server settings' grep -q '"interval": 10800' <<<"$out"
run "$leasehold" server set --strict-membership on --state "$state"
run "$leasehold" server show --json --state "$state"
check 'strict membership' grep -q '"strict_membership": true' <<<"$out"
check 'interval beyond half of the duration' refused 1 'Interval' \
	"$leasehold" server set --interval-hours 13 --state "$state"
done_testing
