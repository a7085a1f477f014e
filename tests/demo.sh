#!/bin/sh
# Build Lua by hcc with its own, unchanged Makefile; run a program that computes for some ten seconds;
# move it from one ISA to the next and back while it runs; compare its output with an unmoved run.
#   tests/demo.sh [MOVES]
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${SRC=$(dirname "$here")}" "${BUILD=$SRC/build}"
. "$here/environment"
moves=${1-6}
. "$here/programs/common"

die()
{
	echo "demo: error: $*" >&2
	exit 1
}

step()
{
	printf '==> %s\n' "$*"
}

need_every_isa
step "building Lua 5.4.4: make linux CC=$HCC"
"$here/lua.sh" "$BUILD/demo/lua" >/dev/null || exit 1
lua=$BUILD/demo/lua/src/lua
ls -l "$lua" "$lua".* | awk '/lua(\.[a-z]*[0-9]+(_64)?)?$/ { printf "    %s  %d bytes\n", $NF, $5 }'

work=$BUILD/demo/run
rm -rf "$work"
mkdir -p "$work" && cd "$work" || exit 1
cp "$here/demo.lua" .
stats=$work/stats

# Wait until the program has printed $1 lines, or has ended; show what it prints.
shown=0
wait_lines()
{
	while :; do
		lines=$(wc -l <out)
		if test "$lines" -gt "$shown"; then
			sed -n "$((shown + 1)),${lines}p" out | cut -c1-88 | sed "s/^/    $isa  /"
			shown=$lines
		fi
		test "$lines" -lt "$1" || return 0
		! ended || return 1
		sleep 0.05
	done
}

isa=$HOST_ISA
step "running demo.lua on $isa"
launch "$isa" "$lua" demo.lua
for move in $(seq "$moves"); do
	# Long stays on the host, short ones under an emulator.
	if test "$isa" = "$HOST_ISA"; then stay=$((40 / moves + 2)); else stay=2; fi
	wait_lines $((shown + stay)) || die "the program ended before move $move"
	from=$isa
	isa=$(next_isa "$isa")
	step "move $move: $from -> $isa"
	hop "$isa" || { cat hop.log err; die "move $move to $isa failed"; }
done
until ended; do
	wait_lines $((shown + 1))
done
finish 1
wait_lines $((shown + 1000))
test "$status" = 0 || { cat err; die "the moved program ended with status $status"; }
test ! -s err || { cat err; die "something was written to standard error"; }

step "moves"
awk '
	function value(name,    i, pair) {
		for (i = 1; i <= NF; i++) {
			split($i, pair, "=")
			if (pair[1] == name) return pair[2]
		}
		return 0
	}
	function ms(ns) { return sprintf("%.2f", ns / 1e6) }
	BEGIN {
		printf "    %-20s %7s %9s %11s %11s %11s\n", "", "frames", "bytes", "capture ms", "rebuild ms", "pause ms"
	}
	/^snapshot/ {
		from = value("isa"); frames = value("frames"); bytes = value("file_bytes")
		capture = value("capture_ns") + value("write_ns")
	}
	/^restore / { to = value("isa") }
	/^restored/ {
		printf "    %-20s %7d %9d %11s %11s %11s\n", from " -> " to, frames, bytes, ms(capture), \
			ms(value("check_ns") + value("map_ns") + value("rebuild_ns")), ms(value("pause_ns"))
	}' "$stats"
echo "    capture: frames read, memory written. rebuild: memory mapped, frames rebuilt. pause: from the"
echo "    moment the program stops on one ISA until it goes on on the other (emulated where foreign)."

step "running it again, unmoved"
"$lua" demo.lua </dev/null >unmoved 2>&1 || die "the unmoved run failed"
cmp unmoved out || die "the output differs from the unmoved run's"
step "$moves moves; the output, $(wc -c <out) bytes, is the unmoved run's byte for byte"
