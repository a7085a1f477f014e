#!/bin/sh
# timeout: 60
# A terminal that a process has opened by its path is opened again: it has its settings, and what waits in it is
# still there.
. "$SRC/tests/runtime/common"
need_isas
"$HCC" -O2 -o tty "$SRC/tests/runtime/lib_tty.c" || exit 1
"$CLANG" -O2 -o pty "$SRC/tests/runtime/lib_tty.c" || exit 1

: >master.out
: >out
./pty master >master.out 2>&1 </dev/null &
master=$!
started="$started $master"
wait_lines master.out 1
slave=$(head -n 1 master.out)
(exec ./tty "$slave" >out 2>&1 </dev/null) &
pid=$!
started="$started $pid"
wait_lines out 1
n=0
for isa in $ISAS $ISAS; do
	# It waits in the terminal while the process is on its way.
	kill -USR1 $master
	sleep 0.1
	"$HCC_MIGRATE" move $pid --to snap --isa "$isa" --pid-file moved >>out 2>&1 </dev/null ||
		fail "to $isa: $(cat out)"
	wait $pid 2>/dev/null
	pid=$(cat moved)
	started="$started $pid"
	kill -USR1 $pid
	n=$((n + 1))
	wait_lines out $((n + 1))
	wait_lines master.out $((n + 1))
	test "$(tail -n 1 out)" = "line $((n - 1))" || fail "on $isa: $(cat out)"
	test "$(tail -n 1 master.out | tr -d '\r')" = "line $((n - 1))" || fail "on $isa: $(cat master.out)"
done
