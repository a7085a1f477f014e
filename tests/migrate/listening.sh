#!/bin/sh
# timeout: 120
# A process that moves on one machine keeps its listening sockets: whoever connects in the meantime has to wait,
# and nobody is refused.
. "$SRC/tests/runtime/common"
need_isas

"$HCC" -O2 -o listen "$SRC/tests/migrate/lib_listen.c" || exit 1
"$CLANG" -O2 -o come "$SRC/tests/migrate/lib_listen.c" || exit 1

: >out
(exec ./listen serve >out 2>&1 </dev/null) &
pid=$!
started="$started $pid"
wait_lines out 1
port=$(cat out)
socket=$(stat -c %i socket)
for client in 1 2 3; do
	./come come "$port" >come.$client 2>&1 &
	clients="${clients-} $!"
done
started="$started $clients"
for to in $ISAS $ISAS $HOST_ISA; do
	sleep 0.4
	"$HCC_MIGRATE" move $pid --to snap --isa "$to" --pid-file moved >move.log 2>&1 </dev/null ||
		fail "to $to: $(cat move.log)"
	wait $pid 2>/dev/null
	pid=$(cat moved)
	started="$started $pid"
done
sleep 1.5
: >stop
for client in $clients; do
	wait $client || fail "$(cat come.?); $(cat out)"
done
test "$(cat out)" = "$port" || fail "$(cat out)"
test "$(stat -c %i socket)" = "$socket" || fail "the path has another socket"
# Nobody holds them when the process has ended.
kill $pid
tries=0
until rm -f stop && ! ./come come "$port" >/dev/null 2>&1; do
	tries=$((tries + 1))
	test $tries -lt 100 || fail "somebody listens still"
	sleep 0.02
done
