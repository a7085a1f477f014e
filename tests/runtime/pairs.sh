#!/bin/sh
# timeout: 300
# A program is captured on each ISA and restored on each, and once more from there: every ordered
# pair, with values of every size live, an open file, signal mask, clock and working directory.
. "$SRC/tests/runtime/common"
need_isas
HOST_CFLAGS="-O2 -g"
"$HCC" $HOST_CFLAGS -o state "$SRC/tests/runtime/lib_state.c" || exit 1
printf 'line %d of the file that is read on\n' 1 2 3 4 5 6 7 8 9 10 11 12 >input.txt
./state input.txt 0 >want 2>want.err || fail "state: exit status $?"
test -s want.err && fail "state: prints to stderr"

for from in $ISAS; do
	for to in $ISAS; do
		rm -rf snap1 snap2 written.txt
		: >out
		(run "$from" ./state input.txt 1 >>out 2>err) &
		pid=$!
		started="$started $pid"
		wait_lines out 1
		"$HCC_MIGRATE" snapshot $pid -o snap1 --timeout 20 --stats stats || exit 1
		wait $pid
		(exec "$HCC_MIGRATE" restore snap1 --isa "$to" --stats stats >>out 2>>err) &
		pid=$!
		started="$started $pid"
		wait_lines out 3
		"$HCC_MIGRATE" snapshot $pid -o snap2 --timeout 20 --stats stats || exit 1
		wait $pid
		"$HCC_MIGRATE" restore snap2 --isa "$from" >>out 2>>err
		status=$?
		test $status = 7 || fail "$from to $to: exit status is $status, expected 7: $(cat err)"
		test -s err && fail "$from to $to: prints to stderr: $(cat err)"
		same out want
	done
done
