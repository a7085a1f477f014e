#!/bin/sh
# timeout: 300
# The switches of the environment by which a program moves by itself: what they refuse, what they
# count, and that moves in place leave nothing wrong: signals, timers, thread-locals, jumps, memory.
. "$SRC/tests/runtime/common"
need_isas

"$HCC" -O2 -g -fno-hcc-compress -o moves "$SRC/tests/runtime/lib_moves.c" || exit 1
"$HCC" -O2 -g -fno-hcc-compress -o calls "$SRC/tests/runtime/lib_calls.c" || exit 1
stats=$PWD/stats

# Values that make no sense end the process; empty ones are none.
one='the number of a poll'
fails 2 "hcc: error: HCC_MOVE_EVERY: '0' is not a number of polls, or that and the number of the last one" \
	env HCC_MOVE_EVERY=0 ./moves
fails 2 "hcc: error: HCC_MOVE_EVERY: '3:' is not a number of polls, or that and the number of the last one" \
	env HCC_MOVE_EVERY=3: ./moves
fails 2 "hcc: error: HCC_MOVE_EVERY: '99999999999999999999' is not a number of polls, or that and the number of the last one" \
	env HCC_MOVE_EVERY=99999999999999999999 ./moves
fails 2 "hcc: error: HCC_MOVE_AT: '1:2:3' is not $one, or that and a number of frames" \
	env HCC_MOVE_AT=1:2:3 ./moves
fails 2 "hcc: error: HCC_MOVE_AT: 'x' is not $one, or that and a number of frames" env HCC_MOVE_AT=x ./moves
fails 2 "hcc: error: HCC_SCORCH: 'yes' is not 0 or 1" env HCC_SCORCH=yes ./moves
fails 2 "hcc: error: HCC_SNAPSHOT_AT: '-1' is not $one" env HCC_SNAPSHOT_AT=-1 ./moves
fails 2 "hcc: error: HCC_SNAPSHOT_DIR: '' is not a folder, which HCC_SNAPSHOT_AT needs" \
	env HCC_SNAPSHOT_AT=1 ./moves
HCC_MOVE_EVERY= HCC_MOVE_AT= HCC_SCORCH= HCC_SNAPSHOT_AT= HCC_MOVE_STATS= ./moves ||
	fail "empty values: exit status $?"

# check ISA WHAT WANT...: runs it moved at every poll; the figures must match one pattern each.
check()
{
	isa=$1 what=$2
	shift 2
	rm -f stats
	# shellcheck disable=SC2086
	(HCC_MOVE_STATS=$stats HCC_SCORCH=1 HCC_MOVE_EVERY=1 run "$isa" ./moves $what) >out 2>err ||
		fail "$what on $isa: exit status $?: $(cat out err)"
	test ! -s out && test ! -s err || fail "$what on $isa: $(cat out err)"
	for want do
		grep -q "$want" stats || fail "$what on $isa: no '$want' in $(cat stats)"
	done
	test "$(wc -l <stats)" = $# || fail "$what on $isa: $(cat stats)"
}

for isa in $ISAS; do
	check "$isa" state 'moves=[1-9][0-9]* .* declined=1[0-9][0-9] a signal handler runs$'
	check "$isa" "leak 12500" '^end polls=\(540[0-9][0-9]\) moves=\1 frames=[0-9]* declined=0$'
	check "$isa" handler 'moves=0 frames=0 declined=50 a signal handler runs$'
	check "$isa" threads 'moves=[1-9][0-9]* frames=[0-9]* declined=0$'
	check "$isa" children '^end polls=\([0-9]*\) moves=\1 .*=0$' '^end polls=\(4[0-9]\) moves=\1 .*=0$'
done
# A million moves where they are fast.
check "$HOST_ISA" "leak 250000" '^end polls=\(10040[0-9][0-9]\) moves=\1 .*=0$'

# Polls have the same numbers on every ISA, and a single move says what it has moved.
printf '10 0' >input
for isa in $ISAS; do
	rm -f stats
	(HCC_MOVE_STATS=$stats HCC_MOVE_AT=104:2 run "$isa" ./calls <input >out) || fail "status $?"
	(HCC_MOVE_STATS=$stats HCC_MOVE_AT=999999 run "$isa" ./calls <input >out) || fail "status $?"
	(HCC_MOVE_STATS=$stats HCC_MOVE_EVERY=5:21 run "$isa" ./calls <input >out) || fail "status $?"
	sed 's/site [0-9]*$/site N/' stats >got
	cat >want <<END
moved poll=104 frames=2 fib ($SRC/tests/runtime/lib_calls.c:6), call site N
end polls=300 moves=1 frames=2 declined=0
end polls=300 moves=0 frames=0 declined=0
end polls=300 moves=4 frames=37 declined=0
END
	same got want
done

# A command that ends by a signal: the shell says so on err.
killed()
{
	sh -c 'env "$@"; exit $?' sh "$@" 2>err
}

# A snapshot at a poll, which goes on on another ISA, and again; and one that is declined.
printf '14 33' >input
./calls a b <input >want
for isa in $ISAS; do
	rm -rf stats snap.*
	: >out
	exec 3<input
	eval "qemu=\${QEMU_$isa-}"
	calls="$qemu ./calls.$isa"
	test "$isa" != "$HOST_ISA" || calls=./calls
	# shellcheck disable=SC2086
	killed HCC_MOVE_STATS=$stats HCC_SNAPSHOT_AT=50 HCC_SNAPSHOT_DIR=snap.1 \
		$calls a b <&3 >>out
	test $? = 137 || fail "a snapshot on $isa: exit status $?"
	for to in $ISAS; do
		killed HCC_SCORCH=1 HCC_MOVE_STATS=$stats HCC_SNAPSHOT_AT=100 HCC_SNAPSHOT_DIR=$PWD/snap.2 \
			"$HCC_MIGRATE" restore snap.1 --isa "$to" <&3 >>out
		test $? = 137 || fail "a snapshot on $to: exit status $?: $(cat err)"
		rm -rf snap.1
		mv snap.2 snap.1
	done
	HCC_SCORCH=1 HCC_MOVE_STATS=$stats HCC_MOVE_EVERY=10 "$HCC_MIGRATE" restore snap.1 <&3 >>out 2>err
	test $? = 33 || fail "the last of a chain: exit status $?: $(cat err)"
	same out want
	test "$(grep -c '^snapshot poll=\(50\|100\) frames=[1-9]' stats)" = 3 || fail "$(cat stats)"
	grep -q '^end polls=[1-9][0-9]* moves=[1-9]' stats || fail "$(cat stats)"
	rm -f stats
	(HCC_MOVE_STATS=$stats HCC_SNAPSHOT_AT=10 HCC_SNAPSHOT_DIR=snap.3 run "$isa" ./moves handler) ||
		fail "a snapshot in a handler: exit status $?"
	grep -q '^declined poll=10 a signal handler runs$' stats || fail "$(cat stats)"
	test ! -e snap.3/snapshot || fail "there is a snapshot of a handler"

	# The process may have a limit on the size of its files: it goes on, and gets no signal for it.
	exec 3<input
	(ulimit -f 0; export HCC_MOVE_STATS="$stats.limit" HCC_SNAPSHOT_AT=10 HCC_SNAPSHOT_DIR=snap.4
		run "$isa" ./calls a b <&3) | cat >got
	same got want
	test ! -s snap.4/snapshot || fail "a snapshot above the limit of a file's size"
done
exit 0
