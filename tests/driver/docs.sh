#!/bin/sh
# timeout: 300
# Every command in docs/ works, and prints what its page says. In an indented block `$ ` begins a command,
# `> ` goes on with it, and other lines are its output; no lines: nothing is said about it.

set -u
failed=0
here=$(pwd)
PATH=$(dirname "$HCC"):$PATH
export PATH
unset MAKEFLAGS MFLAGS MAKELEVEL
[ "$HOST_ISA" = x86_64 ] || { echo "# SKIP the pages are written for an x86_64 host"; exit 77; }

for page in "$SRC"/docs/*.md; do
	name=$(basename "$page" .md)
	# A page is about some tools; others are in a line of it.
	for tool in autoconf cmake; do
		command -v $tool >/dev/null || ! grep -q "^    \$ $tool" "$page" || continue 2
	done
	for tool in ccache gdb; do
		command -v $tool >/dev/null && continue
		sed "/^    \$ $tool /d" "$page" >"$here/$name-without-$tool.md"
		page=$here/$name-without-$tool.md
	done
	mkdir "$name" && cd "$name" || exit 1
	awk -v script="../$name.sh" -v want="../$name.want" '
		BEGIN { print "exec 2>&1" >script }
		!/^    / { command = 0; next }
		{ line = substr($0, 5) }
		line ~ /^\$ / { n++; command = 1; print "echo \"@@ " n "\"\n" substr(line, 3) >script
			next }
		command && line ~ /^> / { print substr(line, 3) >script; next }
		command && line == ">" { print "" >script; next }
		command { print n "\t" line >want }' "$page"
	: >>"../$name.want"
	sh -e "../$name.sh" >"../$name.got" 2>&1 || { echo "$name: a command failed:"; tail -n 5 "../$name.got"; failed=1; }
	# Only what follows a command that has output on the page.
	awk -F '\t' 'NR == FNR { has[$1] = 1; next }
		/^@@ / { n = substr($0, 4); next }
		n in has { print n "\t" $0 }' "../$name.want" "../$name.got" >"../$name.seen"
	diff -u "../$name.want" "../$name.seen" || { echo "^ docs/$name.md"; failed=1; }
	cd "$here" || exit 1
done
exit $failed
