#!/bin/sh
# timeout: 240
# longjmp to frames that were made before a move, on every ordered pair of ISAs, and after two moves.
. "$SRC/tests/runtime/common"
need_isas
for level in -O0 -O2; do
	"$HCC" $level -g -o jumps "$SRC/tests/runtime/lib_jumps.c" || exit 1
	./jumps >want || fail "jumps: exit status $?"
	for from in $ISAS; do
		for to in $ISAS; do
			rm -rf snap1 snap2 go.* ready.*
			: >ready.lines
			: >out
			(run "$from" ./jumps wait >>out 2>err) &
			pid=$!
			started="$started $pid"
			wait_lines ready.lines 1
			"$HCC_MIGRATE" snapshot $pid -o snap1 || exit 1
			wait $pid
			: >go.1
			(exec "$HCC_MIGRATE" restore snap1 --isa "$to" >>out 2>>err) &
			pid=$!
			started="$started $pid"
			wait_lines ready.lines 2
			"$HCC_MIGRATE" snapshot $pid -o snap2 || exit 1
			wait $pid
			: >go.2
			"$HCC_MIGRATE" restore snap2 --isa "$from" >>out 2>>err ||
				fail "$level $from to $to: exit status $?"
			test -s err && fail "$level $from to $to: stderr: $(cat err)"
			same out want
		done
	done
done
exit 0
