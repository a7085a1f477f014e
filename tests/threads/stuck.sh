#!/bin/sh
# timeout: 120
# A thread that cannot be captured: the request ends in a report of all threads, the program runs on
# as if never asked, and can be moved when the thread is free.
. "$SRC/tests/runtime/common"
need_isas
error="hcc-migrate: error:"

"$HCC" -O2 -g -o stuck "$SRC/tests/threads/lib_stuck.c" || exit 1

# Threads and call sites have other numbers each time.
plain()
{
	sed "s/thread $pid /thread FIRST /; s/thread [0-9][0-9]* /thread N /; s/process $pid/process P/
		s/ *([^ ]*lib_stuck.c:[0-9]*), call site [0-9]*//" "$1"
}

# stays MODE REASON WHAT: what the stuck thread is shown as
stays()
{
	rm -rf locked snap
	: >out
	(exec ./stuck "$1" >out 2>err) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
	"$HCC_MIGRATE" snapshot $pid -o snap --timeout 0.7 >got.out 2>got.err
	status=$?
	test $status = 1 || fail "$1: exit status is $status"
	test ! -s got.out || fail "$1: prints to stdout"
	plain got.err >got
	cat >want <<END
$error process P: no migration point within 0.7 seconds: thread N $2
hcc-migrate: thread FIRST waits in system call rt_sigtimedwait, called by main
hcc-migrate: thread N $2
hcc-migrate: thread N is in work
END
	same got want
	test ! -e snap || fail "$1: there is a snapshot"
	for left in snap.tmp.*; do test -e "$left" && fail "$1: $left is left over"; done
	for i in 2 3 4; do
		kill -USR1 $pid
		wait_lines out $i
	done
	kill -USR2 $pid
	wait_lines out 5
	"$HCC_MIGRATE" snapshot $pid -o snap >got.out 2>got.err || fail "$1: freed: $(cat got.err)"
	wait $pid
	for isa in $ISAS; do
		"$HCC_MIGRATE" restore snap --isa "$isa" >>out 2>>err &
		pid=$!
		started="$started $pid"
		sleep 0.3
		n=$(($(wc -l <out) + 1))
		kill -USR1 $pid
		wait_lines out $n
		kill -9 $pid
		wait $pid 2>/dev/null
	done
	printf '%s\n' ready alive alive alive freed alive alive >want
	same out want
	test ! -s err || fail "$(cat err)"
}

stays handler "is in in_handler, a signal handler runs"
stays kept-out "is in kept_out, it reaches no migration point"
stays flock "waits in system call flock, it reaches no migration point"
exit 0
