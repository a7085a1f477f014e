#!/bin/sh
# Move the Lua programs between ISAs at random moments, and compare what they print, byte for byte,
# with an unmoved run.
#
#   tests/moves.sh [--seed S] [--moves N] [--scale PERCENT] [-jN] [PROGRAM...]
#
# Half of the moves are chains of five in one run, between ISAs drawn at random; the others are single
# ones, of every ordered pair of ISAs in turn (A to A included). Moments are uniform in the time that
# the program takes. The same seed plans the same runs. --scale 100 is the size at which a program
# takes 2 to 10 seconds natively (`full:` in its text). The Lua is tests/lua.sh's. Last line:
# `N moves in N runs, N failed`.
set -u
here=$(cd "$(dirname "$0")" && pwd)
SRC=${SRC-$(dirname "$here")}
BUILD=${BUILD-$SRC/build}
. "$here/environment"

die()
{
	echo "moves: error: $*" >&2
	exit 2
}

# Uniform in [0, 1) from the seed and more numbers: the minimal standard generator.
plan()
{
	awk -v seed="$seed" -v moves="$moves" -v isas="$ISAS" -v programs="$programs" '
	function random(n) { x = x * 16807 % 2147483647; return int(x / 2147483647 * n) }
	function moments(k,    i, j, t, list) {
		for (i = 1; i <= k; i++) at[i] = 2 + random(9300) / 100
		for (i = 2; i <= k; i++)
			for (j = i; j > 1 && at[j - 1] > at[j]; j--) { t = at[j]; at[j] = at[j - 1]; at[j - 1] = t }
		list = ""
		for (i = 1; i <= k; i++) list = list " " at[i]
		return list
	}
	BEGIN {
		x = (seed * 2654435761 + 12345) % 2147483646 + 1
		for (i = 0; i < 10; i++) random(2)
		n_isas = split(isas, isa); n_programs = split(programs, program)
		chains = int(moves / 10)
		singles = moves - 5 * chains
		for (i = 0; i < chains + singles; i++) {
			if (i % n_programs == 0)
				for (j = n_programs; j > 1; j--) {
					k = random(j) + 1; t = program[k]; program[k] = program[j]; program[j] = t
				}
			# Spread the chains among the singles.
			chain = int((i + 1) * chains / (chains + singles)) > int(i * chains / (chains + singles))
			if (chain) {
				route = isa[random(n_isas) + 1]
				for (j = 0; j < 5; j++) route = route " " isa[random(n_isas) + 1]
				hops = 5
			} else {
				k = n_singles++
				route = isa[int(k / n_isas) % n_isas + 1] " " isa[k % n_isas + 1]
				hops = 1
			}
			print i + 1, program[i % n_programs + 1], hops, route moments(hops)
		}
	}'
}

# Milliseconds since some moment.
now_ms()
{
	echo $(($(date +%s%N) / 1000000))
}

# time_of PROGRAM ISA: expected milliseconds of an unmoved run; from the file times.
time_of()
{
	awk -v program="$1" -v isa="$2" '$1 == program && $2 == isa { print $3 }' "$work/times"
}

# Measure PROGRAM: at full size on the host, and on the others at the small size of the .expected file.
measure()
{
	name=$1
	mkdir -p "$work/measure.$name" && cd "$work/measure.$name" || exit 2
	cp "$here/programs/lua/$name.lua" .
	size=$(full_size "$name")
	began=$(now_ms)
	launch "$HOST_ISA" "$lua" "$name.lua" "$size"
	finish 300
	took=$(($(now_ms) - began))
	test "$status" = 0 || { echo "not ok - $name unmoved: status $status"; exit 1; }
	cp out "$work/$name.out"
	if test -x "$BUILD/check/reference/lua"; then
		"$BUILD/check/reference/lua" "$name.lua" "$size" >reference
		cmp -s reference out || { echo "not ok - $name unmoved: differs from the reference"; exit 1; }
	fi
	echo "$name $HOST_ISA $took"
	began=$(now_ms)
	launch "$HOST_ISA" "$lua" "$name.lua"
	finish 300
	small=$(($(now_ms) - began + 1))
	for isa in $ISAS; do
		test "$isa" != "$HOST_ISA" || continue
		began=$(now_ms)
		launch "$isa" "$lua" "$name.lua"
		finish 300
		cmp -s out "$here/programs/lua/$name.expected" || { echo "not ok - $name on $isa: output"; exit 1; }
		echo "$name $isa $(((($(now_ms) - began) * took) / small))"
	done
	cd "$work" && rm -rf "measure.$name"
}

full_size()
{
	full=$(sed -n 's/^-- full: *//p' "$here/programs/lua/$1.lua")
	full=$((full * scale / 100))
	echo $((full > 0 ? full : 1))
}

# run_one NUMBER PROGRAM HOPS ISA... MOMENT...: print one line `ok`/`not ok` with what was done.
run_one()
{
	number=$1 name=$2 hops=$3
	shift 3
	route=
	for hop_idx in $(seq 0 "$hops"); do
		route="$route $1"
		shift
	done
	moments=$*
	label="$number - $name:$route at$(printf ' %s' "$@")%"
	# A program that ends before its last move is run again, the moments nearer to its start.
	for percent in 100 70 45 25 10; do
		rm -rf "$work/run.$number"
		mkdir "$work/run.$number" && cd "$work/run.$number" || exit 2
		cp "$here/programs/lua/$name.lua" .
		attempt
		case $result in
		moved)
			echo "ok $label"
			cd "$work" && rm -rf "run.$number"
			return ;;
		early) continue ;;
		*) break ;;
		esac
	done
	echo "not ok $label: $result (see $work/run.$number)"
	head -n 10 hop.log err 2>/dev/null | sed 's/^/# /'
}

# One run of run_one; sets result.
attempt()
{
	set -- $route
	isa=$1
	shift
	at=0
	limit=120
	launch "$isa" "$lua" "$name.lua" "$(full_size "$name")"
	for moment in $moments; do
		took=$(time_of "$name" "$isa")
		limit=$((limit + took / 250))
		sleep "$(awk -v a="$at" -v b="$moment" -v t="$took" -v p="$percent" \
			'BEGIN { printf "%.3f", (b - a) * t * p / 10000000 }')"
		at=$moment
		isa=$1
		shift
		hop "$isa"
		case $? in
		1)
			finish 1
			result=early
			if test "$status" != 0 || ! cmp -s out "$work/$name.out"; then
				result="status $status before a move to $isa"
			fi
			return ;;
		2)
			result="no move to $isa"
			ended || kill -9 "$pid"
			return ;;
		esac
	done
	finish $((limit + $(time_of "$name" "$isa") / 250))
	result=moved
	if test "$status" != 0; then
		result="status $status on $isa"
	elif test -s err; then
		result="standard error is not empty"
	elif ! cmp -s out "$work/$name.out"; then
		result="output differs: $(cmp out "$work/$name.out" 2>&1)"
	fi
}

seed=1 moves=200 scale=25 jobs=1 mode=
while test $# -gt 0; do
	case $1 in
	--seed) seed=$2; shift ;;
	--moves) moves=$2; shift ;;
	--scale) scale=$2; shift ;;
	-j?*) jobs=${1#-j} ;;
	--run | --measure) mode=$1; shift; break ;;
	-*) die "unknown option '$1'" ;;
	*) break ;;
	esac
	shift
done

. "$here/programs/common"
if test -n "$mode"; then
	scale=$HCC_MOVES_SCALE work=$HCC_MOVES_WORK lua=$HCC_MOVES_LUA
	case $mode in
	--measure) measure "$1" ;;
	--run) run_one "$@" ;;
	esac
	exit
fi

need_every_isa
programs=$*
if test -z "$programs"; then
	programs=$(cd "$here/programs/lua" && echo *.lua)
fi
programs=$(echo "$programs" | sed 's/\.lua//g')
lua=$("$here/lua.sh")/src/lua || exit 1
work=$BUILD/check/moves.$$
mkdir -p "$work" || exit 2
HCC_MOVES_SCALE=$scale HCC_MOVES_WORK=$work HCC_MOVES_LUA=$lua
export HCC_MOVES_SCALE HCC_MOVES_WORK HCC_MOVES_LUA

echo "# seed $seed, $moves moves, programs at $scale % of their size: $programs"
for name in $programs; do echo "$name"; done |
	xargs -P "$jobs" -n 1 "$0" --measure >"$work/times"
if grep '^not ok' "$work/times"; then
	echo "0 moves in 0 runs, 1 failed"
	exit 1
fi
plan >"$work/plan"
xargs -P "$jobs" -L 1 "$0" --run <"$work/plan" | tee "$work/log"
runs=$(grep -c . "$work/plan")
ok=$(grep -c '^ok' "$work/log")
done_moves=$(awk '/^ok/ { n = 0; for (i = 5; $i != "at"; i++) n++; moves += n - 1 } END { print moves + 0 }' "$work/log")
awk '/^ok/ { for (i = 5; $(i + 1) != "at"; i++) count[$i " to " $(i + 1)]++ }
	END { for (pair in count) print "# " count[pair] " moves from " pair }' "$work/log" | sort
echo "$done_moves moves in $runs runs, $((runs - ok)) failed"
test "$ok" -eq "$runs" && rm -rf "$work"
