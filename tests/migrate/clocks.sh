#!/bin/sh
# timeout: 60
# The clocks that begin at boot go on, whether the machine that a process comes to has been up for longer or
# for less time: here, in a time namespace.
. "$SRC/tests/runtime/common"
need_isas
younger="unshare --time --fork --monotonic 5000000 --boottime 6000000"
$younger true 2>/dev/null || { echo "# SKIP no right to make a time namespace"; exit 77; }
"$HCC" -O2 -o app "$SRC/tests/migrate/lib_clock.c" || exit 1

: >out
(exec ./app >out 2>err </dev/null) &
pid=$!
started="$started $pid"
wait_lines out 1
n=1
for isa in $ISAS $ISAS; do
	# There, and back again.
	for where in "$younger" ""; do
		rm -rf snap moved
		"$HCC_MIGRATE" move $pid --pid-file moved --to \
			"exec $where $HCC_MIGRATE restore - --isa $isa --stdout out --stderr err" \
			>move.log 2>&1 || fail "to $isa: $(cat move.log)"
		wait $pid 2>/dev/null
		pid=$(cat moved)
		started="$started $pid"
		kill -USR1 $pid
		n=$((n + 1))
		wait_lines out $n
		test "$(tail -n 1 out)" = on || fail "on $isa, ${where:-here}: the clock has gone back, or too far"
	done
done
kill -9 $pid
test ! -s err || fail "$(cat err)"
