# SPDX-License-Identifier: BSD-2-Clause
# awk -f apply.awk -v out=FILE HUNK SOURCE: writes SOURCE with the change of
# HUNK to FILE, and prints the line's number, the token taken out and the token
# put in. A hunk has lines as of a diff: context, one taken out, one put in.
# Refuses what does not stand in the source exactly once, and what changes more
# than one token.

function refuse(why)
{
	print why >"/dev/stderr"
	exit 1
}

function tokens(list, text,	count)
{
	count = 0
	while (sub(/^[ \t]+/, "", text) || text != "") {
		if (!match(text, /^([A-Za-z0-9_]+|"[^"]*"|->|[-+*\/%<>=!&|]=|&&|[|][|]|<<|>>|[+][+]|--)/))
			RLENGTH = 1
		list[++count] = substr(text, 1, RLENGTH)
		text = substr(text, RLENGTH + 1)
	}
	return count
}

# Sets "from" and "to"; how many tokens differ is 0 or 1, or more.
function compare(old, new,	a, b, m, n, p)
{
	m = tokens(a, old)
	n = tokens(b, new)
	for (p = 1; p <= m && p <= n && a[p] "" == b[p] ""; p++)
		;
	while (m >= p && n >= p && a[m] "" == b[n] "") {
		m--
		n--
	}
	from = m >= p ? a[p] : "nothing"
	to = n >= p ? b[p] : "nothing"
	return m - p > n - p ? m - p + 1 : n - p + 1
}

FNR == NR {
	kind = substr($0, 1, 1)
	if (kind == "+") {
		added++
		new = substr($0, 2)
		next
	}
	wanted[++wants] = substr($0, 2)
	if (kind == "-") {
		taken++
		place = wants
	}
	next
}

{ source[FNR] = $0 }

END {
	if (taken != 1 || added != 1)
		refuse("needs one line taken out and one put in")
	for (i = 1; i + wants - 1 <= FNR; i++) {
		for (j = 1; j <= wants && source[i + j - 1] == wanted[j]; j++)
			;
		if (j > wants) {
			found++
			line = i + place - 1
		}
	}
	if (found != 1)
		refuse("stands in the source " found + 0 " times, not once")
	if (compare(wanted[place], new) != 1)
		refuse("is not of one token")
	print line "\t" from "\t" to
	source[line] = new
	for (i = 1; i <= FNR; i++)
		print source[i] >out
}
