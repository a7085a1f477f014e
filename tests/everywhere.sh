#!/bin/sh
# Move a program at its migration points, and compare what it prints to stdout and its exit status
# with an unmoved run: in place and scorched (runtime/switches.c), between ISAs through snapshots, and
# in chains. A difference is shrunk to one poll and one frame, whose function is named.
#
#   tests/everywhere.sh [OPTION...] -- PROGRAM [ARGUMENT...]
#     --points N       move between ISAs at N polls, drawn at random; "all" for each (default 10)
#     --every N        move in place at every N-th poll (default: so that there are 20000 moves at most)
#     --chains K       one run of K moves from ISA to ISA, by turns (default 4; 0 for none)
#     --isa-pairs LIST of FROM:TO; A:A is in place (default: each ordered pair)
#     --seed S         of the random choices (default 1)
#     --stdin FILE     what the program reads (default /dev/null)
#     --limit SECONDS  of one run (default 60)
#     --least N        fail when there were fewer moves than N (default 0)
#
# PROGRAM is linked with -fno-hcc-compress; PROGRAM.ISA is beside it for each ISA but the host's. It runs in the current folder, many times,
# and has to do the same each time. The last line sums up. Exit status: 0 no difference; 1 there was
# one, or too few moves; 2 usage, or the unmoved program does not end in time.
set -u
here=$(cd "$(dirname "$0")" && pwd)
SRC=${SRC-$(dirname "$here")}
BUILD=${BUILD-$SRC/build}
. "$here/environment"

die()
{
	echo "everywhere: error: $*" >&2
	exit 2
}

points=10 every= chains=4 pairs= seed=1 stdin=/dev/null limit=60 least=0
while test $# -gt 0; do
	case $1 in
	--points | --every | --chains | --isa-pairs | --seed | --stdin | --limit | --least)
		test $# -gt 1 || die "$1: no value"
		case $1 in
		--points) points=$2 ;;
		--every) every=$2 ;;
		--chains) chains=$2 ;;
		--isa-pairs) pairs=$2 ;;
		--seed) seed=$2 ;;
		--stdin) stdin=$2 ;;
		--limit) limit=$2 ;;
		--least) least=$2 ;;
		esac
		shift ;;
	--) shift; break ;;
	-*) die "unknown option '$1'" ;;
	*) break ;;
	esac
	shift
done
test $# -gt 0 || die "no program"
program=$1
shift
case $program in
*/*) ;;
*) program=./$program ;;
esac
test -x "$program" || die "$program: not a program"
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")
if test -z "$pairs"; then
	for a in $ISAS; do
		for b in $ISAS; do
			pairs="$pairs $a:$b"
		done
	done
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/everywhere.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
n_moves=0 n_failed=0 n_declined=0 n_runs=0

emulator()
{
	test "$1" != "$HOST_ISA" || return 0
	eval "emulator_=\${QEMU_$1-}"
	test -n "$emulator_" && command -v "$emulator_" || die "no qemu for $1"
}

for a in $ISAS; do
	eval "emulator_of_$a=\$(emulator $a)" || exit 2
	test "$a" = "$HOST_ISA" || test -x "$program.$a" || die "$program.$a: not a program"
done

# ---- Runs ---------------------------------------------------------------------------------------
# Each sets status, and leaves $work/out, err and stats.

begin()
{
	rm -rf "$work/out" "$work/err" "$work/stats" "$work"/snap.*
	: >"$work/out" >"$work/err"
	exec 3<"$stdin"
	n_runs=$((n_runs + 1))
}

# run ISA SWITCH...: the program with these switches.
run()
{
	isa_=$1
	shift
	eval "start_=\$emulator_of_$isa_"
	file_=$program
	test "$isa_" = "$HOST_ISA" || file_=$program.$isa_
	eval "set -- \"\$@\" HCC_MOVE_STATS=\"\$work/stats\" timeout -s KILL \"\$limit\" \$start_ \"\$file_\" $arguments"
	env "$@" <&3 >>"$work/out" 2>>"$work/err"
	status=$?
	sort_status
}

# resume DIR ISA SWITCH...: go on from a snapshot.
resume()
{
	dir_=$1 isa_=$2
	shift 2
	env "$@" HCC_MOVE_STATS="$work/stats" HCC_SCORCH=1 timeout -s KILL "$limit" \
		"$HCC_MIGRATE" restore "$dir_" --isa "$isa_" <&3 >>"$work/out" 2>>"$work/err"
	status=$?
	sort_status
}

sort_status()
{
	is_snapshot=
	if test "$status" = 137; then
		case $(tail -n 1 "$work/stats" 2>/dev/null) in
		snapshot*) is_snapshot=1 ;;
		*) status=hang ;;
		esac
	fi
}

# Number NAME of the run's last line `end`.
figure()
{
	sed -n "s/^end .*$1=\([0-9]*\).*/\1/p" "$work/stats" 2>/dev/null | tail -n 1
}

differs()
{
	test "$status" != "$want_status" || ! cmp -s "$work/out" "$work/want"
}

what_differs()
{
	if test "$status" != "$want_status"; then
		echo "exit status is $status, expected $want_status"
	else
		echo "output differs: $(cmp "$work/out" "$work/want" 2>&1 | sed 's/^[^:]*differ: //; s/.*EOF/EOF/')"
	fi
}

# ---- In place -----------------------------------------------------------------------------------

# fails_up_to ISA N POLL: whether moves at every N-th poll up to POLL make a difference.
fails_up_to()
{
	begin
	run "$1" HCC_SCORCH=1 "HCC_MOVE_EVERY=$2:$3"
	differs
}

# fails_at ISA BEFORE POLL[:FRAMES]
fails_at()
{
	begin
	if test -n "$2"; then
		run "$1" HCC_SCORCH=1 "HCC_MOVE_EVERY=$2" "HCC_MOVE_AT=$3"
	else
		run "$1" HCC_SCORCH=1 "HCC_MOVE_AT=$3"
	fi
	differs
}

# The line that the run has left about its single move.
moved_line()
{
	sed -n 's/^moved //p' "$work/stats" 2>/dev/null | head -n 1
}

# name_frame ISA BEFORE POLL: the move at POLL makes a difference; find the innermost frame that does.
name_frame()
{
	fails_at "$1" "$2" "$3"
	line_=$(moved_line)
	high_=$(echo "$line_" | sed -n 's/.*frames=\([0-9]*\) .*/\1/p')
	bug_=$(sed -n 's/^hcc: bug: //p' "$work/err" | head -n 1)
	low_=0
	test -n "$high_" || { echo "  no frame is known: $(tail -n 1 "$work/err")"; return; }
	n_frames_=$high_
	while test $((high_ - low_)) -gt 1; do
		middle_=$(((low_ + high_) / 2))
		if fails_at "$1" "$2" "$3:$middle_"; then
			high_=$middle_
			line_=$(moved_line)
			bug_=$(sed -n 's/^hcc: bug: //p' "$work/err" | head -n 1)
		else
			low_=$middle_
		fi
	done
	echo "$(echo "$line_" | sed 's/^poll=[0-9]* frames=[0-9]* //'): rebuilt wrongly"
	echo "  in place on $1 at poll $3, frame $high_ of $n_frames_ from the innermost${2:+, after moves at every ${2%:*}}"
	test "$high_" != "$n_frames_" ||
		echo "  (or any frame that keeps an address of the native stack: all of it has to move)"
	test -z "$bug_" || echo "  $bug_"
}

# shrink_in_place ISA N POLLS: find the first poll of which the move makes a difference.
shrink_in_place()
{
	low_=0 high_=$(($3 / $2))
	while test $((high_ - low_)) -gt 1; do
		middle_=$(((low_ + high_) / 2))
		if fails_up_to "$1" "$2" $((middle_ * $2)); then high_=$middle_; else low_=$middle_; fi
	done
	poll_=$((high_ * $2))
	if fails_at "$1" "" $poll_; then
		name_frame "$1" "" $poll_
	elif test $low_ -gt 0 && fails_at "$1" "$2:$((low_ * $2))" $poll_; then
		name_frame "$1" "$2:$((low_ * $2))" $poll_
	else
		echo "  poll $poll_ on $1 cannot be found again"
	fi
}

in_place()
{
	isa=$1
	eval "polls_=\$polls_of_$isa"
	step=$every
	test -n "$step" || step=$(((polls_ + 19999) / 20000))
	test "$step" -gt 0 || step=1
	begin
	run "$isa" HCC_SCORCH=1 "HCC_MOVE_EVERY=$step"
	if differs; then
		n_failed=$((n_failed + 1))
		echo "in place on $isa, every $step polls: $(what_differs)"
		shrink_in_place "$isa" "$step" "$polls_"
		return
	fi
	n=$(figure moves)
	n_moves=$((n_moves + ${n:-0}))
	n=$(figure declined)
	n_declined=$((n_declined + ${n:-0}))
}

# ---- Between ISAs -------------------------------------------------------------------------------

frames_of()
{
	"$HCC_MIGRATE" inspect "$1" --exe "$program" 2>/dev/null |
		sed -n 's/^ *[0-9]*  \(.* at .*\), [0-9]* values$/    \1/p'
}

# hops POLL ISA...: from the first ISA to the next at POLL, to the one after that POLL polls later ...
hops()
{
	poll=$1 isa=$2 hop_idx=0
	shift 2
	begin
	run "$isa" "HCC_SNAPSHOT_AT=$poll" "HCC_SNAPSHOT_DIR=$work/snap.0"
	while test -n "$is_snapshot"; do
		n_moves=$((n_moves + 1))
		hop_idx=$((hop_idx + 1))
		isa=$1
		shift
		if test $# -gt 0; then
			resume "$work/snap.$((hop_idx - 1))" "$isa" "HCC_SNAPSHOT_AT=$poll" \
				"HCC_SNAPSHOT_DIR=$work/snap.$hop_idx"
		else
			resume "$work/snap.$((hop_idx - 1))" "$isa"
		fi
	done
	n=$(figure declined)
	n_declined=$((n_declined + ${n:-0}))
}

# The difference may be in the frames as one ISA captures them or as one rebuilds them: both show in
# place, there and here.
explain()
{
	bug_=$(sed -n 's/^hcc: bug: //p' "$work/err" | head -n 1)
	if test -n "$bug_"; then
		echo "$bug_"
		return
	fi
	frames_of "$work/snap.$((hop_idx - 1))" >"$work/frames"
	for isa_of_ in "$2" "$3"; do
		if fails_at "$isa_of_" "" "$1"; then
			name_frame "$isa_of_" "" "$1"
			return
		fi
	done
	echo "  neither ISA fails in place; the frames, outermost first:"
	cat "$work/frames"
}

between()
{
	for point in $(cat "$work/points"); do
		eval "polls_=\$polls_of_$1"
		test "$point" -le "$polls_" || continue
		hops "$point" "$1" "$2"
		if differs; then
			n_failed=$((n_failed + 1))
			echo "from $1 to $2 at poll $point: $(what_differs)"
			explain "$point" "$1" "$2"
			return
		fi
	done
}

chain()
{
	step=$((polls_min / (chains + 1)))
	test $step -gt 0 || step=1
	route= n_=0
	while test $n_ -le "$chains"; do
		for isa_ do
			test $n_ -gt "$chains" || route="$route $isa_"
			n_=$((n_ + 1))
		done
	done
	# shellcheck disable=SC2086
	set -- $route
	hops $step "$@"
	if differs; then
		n_failed=$((n_failed + 1))
		echo "chain $* every $step polls: $(what_differs)"
		sed -n 's/^hcc: bug: /  /p' "$work/err"
	fi
}

# ---- All of it ----------------------------------------------------------------------------------

# Arguments quoted for eval.
arguments=
for argument do
	arguments="$arguments '$(printf %s "$argument" | sed "s/'/'\\\\''/g")'"
done

polls_min=
for isa in $ISAS; do
	begin
	run "$isa" HCC_MOVE_EVERY=
	test "$status" != hang || die "$program: does not end within $limit seconds on $isa"
	polls=$(figure polls)
	polls=${polls:-0}
	eval "polls_of_$isa=\$polls"
	if test -z "$polls_min"; then
		polls_min=$polls want_status=$status first=$isa
		cp "$work/out" "$work/want"
		continue
	fi
	test "$polls" -ge "$polls_min" || polls_min=$polls
	if differs; then
		echo "unmoved on $isa: $(what_differs) as on $first"
		echo "0 moves in $n_runs runs, 1 failed"
		exit 1
	fi
done

awk -v polls="$polls_min" -v points="$points" -v seed="$seed" 'BEGIN {
	if (points == "all" || points + 0 >= polls) {
		for (i = 1; i <= polls; i++) print i
		exit
	}
	x = (seed * 2654435761 + 12345) % 2147483646 + 1
	for (i = 0; i < points + 10; i++) {
		x = x * 16807 % 2147483647
		if (i >= 10) print int(x / 2147483647 * polls) + 1
	}
}' >"$work/points"

if test "$polls_min" -gt 0; then
	for pair in $pairs; do
		case $pair in
		"${pair#*:}:${pair#*:}") in_place "${pair%:*}" ;;
		*) between "${pair%:*}" "${pair#*:}" ;;
		esac
	done
	if test "$chains" -gt 0; then
		# shellcheck disable=SC2086
		chain $ISAS
	fi
fi
echo "$n_moves moves in $n_runs runs, $n_failed failed, $n_declined declined, $polls_min polls"
test "$n_failed" = 0 && test "$n_moves" -ge "$least"
