#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The front door: TLS, methods, hosts, sizes, paths, and the headers of every
# answer.
# shellcheck source=tests/http/ctl-support.sh
. "$(dirname "$0")/ctl-support.sh"

address=$(new_address)
base=https://$address:$port
plain=http://$address:8080
state=$scratch/state
echo 'a password of the tests' >"$scratch/password"
"$leasehold" init --state "$state" --role server --listen "$address:$port" \
	--redirect "$address:8080" --hostname lic.example \
	--admin-password-file "$scratch/password" >/dev/null
"$leasehold" serve --state "$state" >"$scratch/ready" 2>"$scratch/log" </dev/null &
started+=($!)

is_ready() {
	grep -q '^ready: ' "$scratch/ready"
}

# code ARGUMENT...: the status of an answer; 000 without one.
code() {
	curl -sk -m 10 --path-as-is -o /dev/null -w '%{http_code}' "$@"
}

head_of() {
	curl -sk -m 10 --path-as-is -o /dev/null -D - "$@" | tr -d '\r'
}

has_headers() {
	local wanted answer

	answer=$(head_of "$@")
	while read -r wanted; do
		grep -qixF "$wanted" <<<"$answer" || {
			echo "# missing: $wanted"
			return 1
		}
	done <<-'EOF'
		Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
		X-Content-Type-Options: nosniff
		X-Frame-Options: DENY
		Referrer-Policy: same-origin
		Cross-Origin-Opener-Policy: same-origin
	EOF
	grep -qi '^Permissions-Policy: .*camera=()' <<<"$answer" &&
		! grep -qiE '^(Server|X-Powered-By|Strict-Transport-Security):' <<<"$answer"
}

# The answer comes before the last piece is out; curl may trip over the closed
# connection instead of reading it.
pieces_are_refused() {
	[ "$(code -H 'Expect:' -H 'Transfer-Encoding: chunked' \
		--data-binary "@$scratch/more" "$1")" = 413 ]
}

check 'ready' eventually 90 is_ready

# ---- TLS ---------------------------------------------------------------------

check 'TLS 1.3' same "$(code --tlsv1.3 "$base/healthz")" 200
check 'TLS 1.2' same "$(code --tlsv1.2 --tls-max 1.2 "$base/healthz")" 200
check 'TLS 1.1 is refused' same \
	"$(code --tlsv1.1 --tls-max 1.1 --ciphers 'DEFAULT:@SECLEVEL=0' "$base/healthz")" 000
check 'no compatible key exchange by RSA' same \
	"$(code --tls-max 1.2 --ciphers 'AES128-SHA' "$base/healthz")" 000
check 'plain HTTP at the console is no answer' same "$(code "http://$address:$port/healthz")" 000
check 'the certificate is for this host' grep -q 'does match' \
	<(openssl s_client -connect "$address:$port" </dev/null 2>/dev/null |
		openssl x509 -noout -checkhost lic.example)
openssl s_client -connect "$address:$port" -tls1_2 -sess_out "$scratch/session" </dev/null >/dev/null 2>&1
check 'sessions are resumed' grep -q '^Reused' \
	<(openssl s_client -connect "$address:$port" -tls1_2 -sess_in "$scratch/session" </dev/null 2>/dev/null)

# ---- methods and hosts -----------------------------------------------------------

for method in TRACE PUT DELETE OPTIONS PATCH PROPFIND CONNECT; do
	check "$method is refused" same "$(code -X "$method" "$base/signin")" 403
done
check 'HEAD' same "$(code -I "$base/healthz")" 200
check 'unknown method' same "$(code -X FROBNICATE "$base/")" 501
for host in evil.example localhost "$address.evil.example" "evil.example:$port" "lic.example:1" "xlic.example" '127.0.0.1' '[::1]'; do
	check "Host $host is refused" same "$(code -H "Host: $host" "$base/signin")" 403
done
for host in "$address" "$address:$port" lic.example "lic.example:$port" LIC.Example; do
	check "Host $host" same "$(code -H "Host: $host" "$base/healthz")" 200
done
check 'no Host' same "$(code --http1.0 -H 'Host:' "$base/signin")" 403

# ---- paths and sizes -----------------------------------------------------------------

for path in '/static/../conf/catalogue.json' '/static/..%2fconf/catalogue.json' '//signin' '/./signin' \
	'/%2e%2e/x' '/a%2fb' '/%00' '/%ff' '/x%0d%0aX:1' '/static/%2e%2e/conf/catalogue.json'; do
	check "$path is refused" same "$(code "$base$path")" 400
done
check 'no listing of files' same "$(code "$base/static/")" 403
check 'no configuration' same "$(code "$base/conf/catalogue.json")" 404
head -c 65536 /dev/zero | tr '\0' x >"$scratch/64k"
(cat "$scratch/64k"; echo) >"$scratch/more"
# The programs refuse what passes their own bound; lighttpd what passes twice that.
longest=131072
for path in /lease/v1/sync /signin; do
	check "64 KiB for $path arrive" [ "$(code -H 'Expect:' --data-binary "@$scratch/64k" "$base$path")" != 413 ]
	check "more is refused" same "$(code -H 'Expect:' -H "Content-Length: $((longest + 1))" -d x "$base$path")" 413
	check "more in pieces is refused" eventually 20 pieces_are_refused "$base$path"
done
check 'a form that is too large is answered by a page' grep -q '<html' \
	<(curl -sk -m 10 -H 'Expect:' --data-binary "@$scratch/more" "$base/signin")
check 'Client ID of 20,000 characters' [ "$(code -H "Authorization: Basic $(head -c 26680 "$scratch/64k")" \
	"$base/healthz")" = 200 ]
check 'header of more than 64 KiB' same "$(code -H "X: $(head -c 60000 "$scratch/64k")" \
	-H "Y: $(head -c 8000 "$scratch/64k")" "$base/healthz")" 431

# ---- headers -------------------------------------------------------------------------------

asset=$(find "$LEASEHOLD_DATADIR/static" -name '*.css' -printf '%P\n' | head -n 1)
check 'headers of a page' has_headers "$base/signin"
check 'headers of 404' has_headers "$base/no/such/page"
check 'headers of a refused host' has_headers -H 'Host: evil.example' "$base/"
check 'headers of a refused method' has_headers -X PUT "$base/"
check 'headers of a form that is too large' has_headers -H 'Expect:' --data-binary "@$scratch/more" "$base/signin"
check 'headers of the lease protocol' has_headers -d '{}' "$base/lease/v1/sync"
check 'headers of a file' has_headers "$base/static/$asset"
check 'headers of a missing file' has_headers "$base/static/none.css"
check 'pages are not kept' grep -qi '^cache-control: no-store$' <(head_of "$base/signin")
check 'files are kept' same "$(head_of "$base/static/$asset" | grep -ciE '^cache-control: (max-age=31[0-9]{6}|immutable)$')" 2
check 'missing files are not' same "$(head_of "$base/static/none.css" | grep -ciE 'max-age')" 0
check 'type of a style sheet' grep -qi '^content-type: text/css; charset=utf-8$' <(head_of "$base/static/$asset")

# ---- the plain port ---------------------------------------------------------------------------

check 'the plain port redirects' grep -qi "^location: https://lic.example:$port/signin?a=b$" \
	<(head_of "$plain/signin?a=b")
check 'with a status that says so' same "$(code "$plain/signin")" 301
check 'not the lease protocol' same "$(code -d '{}' "$plain/lease/v1/sync")" 403
check 'not even to look at it' same "$(code "$plain/lease/v1/sync")" 403
check 'not a form' same "$(code -d 'a=b' "$plain/signin")" 403
check 'not under another name' same "$(code -H 'Host: evil.example' "$plain/signin")" 403
done_testing
