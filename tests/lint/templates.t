#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A template arranges and does nothing else: a short list of commands, none of
# which can print a value unescaped or run data as a template; no script or
# style inside the page.
. "$(dirname "$0")/lint.sh"

commands() {
	written_files | grep '\.cs$' | while read -r file; do
		"$AWK" -v file="$file" '
		{ text = text $0 "\n" }
		END {
			line = 1
			while (match(text, /<\?[cC][sS]/)) {
				before = substr(text, 1, RSTART - 1)
				line += gsub(/\n/, "\n", before)
				text = substr(text, RSTART + RLENGTH)
				end = index(text, "?>")
				if (!end) {
					print file ":" line ": command without an end"
					exit
				}
				tag = substr(text, 1, end - 1)
				judge(tag)
				line += gsub(/\n/, "\n", tag)
				text = substr(text, end + 2)
			}
		}
		function judge(tag, name) {
			sub(/^[ \t\n]+/, "", tag)
			if (tag ~ /^#/)
				return
			name = tag
			sub(/[^a-zA-Z\/].*/, "", name)
			if (name !~ /^\/?(var|if|elif|else|each|loop|call|def|with|set|include)$/)
				print file ":" line ": command " name
			gsub(/"[^"]*"/, "\"\"", tag)
			if (name == "include" && tag !~ /^include[:!] *""[ \t\n]*$/)
				print file ":" line ": include of a computed name"
			if (name ~ /^(if|elif)$/ && tag !~ /==|[:!][?]/)
				print file ":" line ": " name " without ? or ==: the value 0 would be false"
			if (tag ~ /\[/)
				print file ":" line ": computed key"
			if (tag ~ /(^|[^a-zA-Z_.])(name|escape|html_escape|js_escape|url_escape|url_validate|abs|max|min|string\.[a-z]+|subcount) *[(]/ &&
			    tag !~ /subcount *[(]|url_validate *[(]/)
				print file ":" line ": function in " tag
		}' "$file"
	done
}

inline_parts() {
	written_files | grep '\.cs$' | while read -r file; do
		grep -nHiE '<style|[[:space:]]style[[:space:]]*=|[[:space:]]on[a-z]+[[:space:]]*=[[:space:]]*"|javascript:|data:' \
			"$file" || true
		grep -nHiE '<script' "$file" | grep -viE '<script src="[^"]*"( defer)?></script>' || true
	done
}

keys_comment() {
	written_files | grep '\.cs$' | while read -r file; do
		head -n 1 "$file" | grep -q '^<?cs #' ||
			echo "$file does not begin with a comment naming its keys"
	done
}

page() {
	plant templates/page_x.cs
	bites "$1" "${2-commands}"
}

clean 'templates use only commands that escape' commands
page 'uvar' <<'CS'
<?cs uvar:x ?>
CS
page 'evar' <<'CS'
<p><?cs evar:x ?></p>
CS
page 'lvar' <<'CS'
<?cs lvar:x ?>
CS
page 'alt' <<'CS'
<?cs alt:x ?>no<?cs /alt ?>
CS
page 'escape' <<'CS'
<?cs escape: "none" ?><?cs var:x ?><?cs /escape ?>
CS
page 'name' <<'CS'
<?cs name:x ?>
CS
page 'linclude' <<'CS'
<?cs linclude:x ?>
CS
page 'a computed include' <<'CS'
<?cs include:x ?>
CS
page 'a computed key' <<'CS'
<?cs var:x[y] ?>
CS
page 'a command over two lines' <<'CS'
<?cs
  uvar:x ?>
CS
page 'a command in capitals' <<'CS'
<?CS uvar:x ?>
CS
page 'a value as a condition' <<'CS'
<?cs if:client.name ?>yes<?cs /if ?>
CS
clean 'no script or style inside a page' inline_parts
page 'a style attribute' inline_parts <<'CS'
<p style="color: red">
CS
page 'a handler attribute' inline_parts <<'CS'
<p onclick="x()">
CS
page 'an inline script' inline_parts <<'CS'
<script>x()</script>
CS
clean 'every template begins with the keys it uses' keys_comment
page 'a template without that comment' keys_comment <<'CS'
<p>
CS
done_testing
