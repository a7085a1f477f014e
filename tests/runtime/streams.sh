#!/bin/sh
# Standard streams are the caller's, wherever the program has not opened its own: read positions,
# copies, closed streams, and a stdout that the program redirected itself.
. "$SRC/tests/runtime/common"
need_isas
"$HCC" -O2 -g -o streams "$SRC/tests/runtime/lib_streams.c" || exit 1
printf 'one\ntwo\nthree\nfour\nfive\n' >input.txt

for isa in $ISAS; do
	rm -rf snap own.txt
	: >ready
	(run "$HOST_ISA" ./streams <input.txt >first 2>errors) &
	pid=$!
	started="$started $pid"
	wait_lines ready 1
	"$HCC_MIGRATE" snapshot $pid -o snap || exit 1
	wait $pid
	: >go
	"$HCC_MIGRATE" restore snap --isa "$isa" <input.txt >second 2>>errors || fail "$isa: $?"
	rm go
	echo "one" | cmp -s - first || fail "$isa: first stdout is $(cat first)"
	echo "copy" | cmp -s - second || fail "$isa: second stdout is $(cat second)"
	printf 'own 1\nown 2 two\n' | cmp -s - own.txt || fail "$isa: own file is $(cat own.txt)"
	test -s errors && fail "$isa: prints to stderr: $(cat errors)"
done

# Another descriptor that the program was started with, and that no path leads to, must be given to its
# restore; a standard stream may be closed.
"$HCC" -O2 -o app "$SRC/tests/migrate/lib_wait.c" || exit 1
mkfifo fifo
sleep 60 >fifo &
started="$started $!"
: >out
(cat fifo | exec ./app >>out 2>err 5<&0 </dev/null) 2>/dev/null &
wait_lines out 1
pid=
for link in /proc/[0-9]*/exe; do
	test "$(readlink "$link" 2>/dev/null)" != "$(pwd -P)/app" || pid=$(echo "$link" | cut -d / -f 3)
done
started="$started $pid"
rm -rf snap
"$HCC_MIGRATE" snapshot $pid -o snap --leave-running || exit 1
fails 1 "hcc-migrate: error: snap/snapshot: descriptor 5: the process was started with it as 5: it must be \
given to its restore, too" "$HCC_MIGRATE" restore snap
fails 1 "hcc-migrate: error: moved/snapshot: descriptor 5: the process was started with it as 5: \
it must be given to its restore, too" "$HCC_MIGRATE" move $pid --to moved
kill -USR1 $pid
wait_lines out 2
kill -9 $pid
"$HCC_MIGRATE" restore snap >>out 2>err 5</dev/null <&- &
pid=$!
started="$started $pid"
sleep 0.5
kill -USR1 $pid || fail "with descriptor 5: $(cat err)"
wait_lines out 3
test "$(readlink /proc/$pid/fd/5)" = /dev/null || fail "descriptor 5 is $(readlink /proc/$pid/fd/5)"
test -e /proc/$pid/fd/0 && fail "standard input is $(readlink /proc/$pid/fd/0), expected none"
exit 0
