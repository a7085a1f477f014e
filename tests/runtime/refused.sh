#!/bin/sh
# timeout: 120
# What cannot be carried is refused by name, in one line, before anything is harmed: the process goes on. States
# that this machine does not have are passed over.
. "$SRC/tests/runtime/common"
error="hcc-migrate: error:"
here=$(pwd -P)

"$HCC" -O2 -o app "$SRC/tests/runtime/lib_refused.c" || exit 1
n_refused=0

# refused WHAT MESSAGE: what follows `process N: `; numbers of processes are N, addresses A
refused()
{
	: >out
	(exec ./app "$1" >out 2>err </dev/null) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
	if grep -q unknown out; then
		kill -9 $pid
		wait $pid 2>/dev/null
		return
	fi
	"$HCC_MIGRATE" snapshot $pid -o snap --timeout 0.3 >got.out 2>got.err &&
		fail "$1: a snapshot was taken"
	sed 's/process [0-9][0-9]*/process N/g; s/processes: [0-9][0-9]*/processes: N/
		s/ at [0-9a-f]*-[0-9a-f]*:/ at A-A:/; s/SYSV[0-9a-f]*/SYSV/; s/127.0.0.1:[0-9]*/127.0.0.1:P/g; s/pipe:\[[0-9]*/pipe:[N/' got.err >got
	echo "$error process N: $2" >want
	same got want
	kill -USR1 $pid
	wait_lines out 2
	kill -9 $pid
	wait $pid 2>/dev/null
	test ! -e snap || fail "$1: there is a snapshot"
	for left in snap.tmp.*; do test -e "$left" && fail "$1: $left is left over"; done
	n_refused=$((n_refused + 1))
}

no_point="no migration point within 0.3 seconds:"
kind="is of a kind that cannot be moved: anon_inode:"
refused filter "$no_point it has a filter of system calls (seccomp)"
refused namespace "it has namespaces of its own making (unshare, setns)"
refused root "it has changed its root directory"
refused undo "it has changed semaphores so that its end undoes it (SEM_UNDO)"
refused parent "it is to get a signal at its parent's end (PR_SET_PDEATHSIG)"
refused file-group "it has the rights of group 65534 besides those of 0"
refused core "it shares processor cores with whom it chooses (PR_SCHED_CORE)"
refused perf "descriptor 3 $kind[perf_event]"
refused userfault "descriptor 3 $kind[userfaultfd]"
refused fanotify "descriptor 3 $kind[fanotify]"
refused bpf "descriptor 3 ${kind}bpf-map"
refused io-uring "is not there: hcc's programs have no io_uring"
refused error "$no_point descriptor 4 is a TCP connection with an error that the program has not seen yet"
refused packets "$no_point descriptor 3 is a socket with messages that are not read yet"
refused past "it maps a file past its end: $here/past"
refused raw "descriptor 3 is a socket of protocol 1"
refused lease "descriptor 3 has a lease or a mandatory lock: $here/leased"
refused group "descriptor 3 signals a thread or a group (F_SETOWN): pipe:[N]"
refused sysv "it shares memory at A-A: /SYSV (deleted)"
refused twice "it has mapped shared memory twice at A-A: /dev/zero (deleted)"
refused zombie "$no_point it has child processes: N (ended)"
refused shared "it shares memory with process N"
refused memfd "descriptor 3 is a memfd that process N has too"
refused queue "descriptor 3 is a message queue without a name: /hcc_refused (deleted)"
refused notified "descriptor 3 is a message queue that notifies it (mq_notify): /hcc_notified"
refused full "$no_point it has as many descriptors as it may have (RLIMIT_NOFILE)"
./app over 2>/dev/null
# Its name is another one in a container.
case $(readlink -f /dev/ptmx) in
/dev/ptmx) refused pty "descriptor 3 is a device with state: /dev/ptmx" ;;
*) refused pty "descriptor 3 is a device with state: /dev/pts/ptmx" ;;
esac

# As long as it can be lifted, that limit is not for the snapshot. A stopped process cannot answer; it does not
# mind afterwards.
: >out
(exec ./app nearly >out 2>err </dev/null) &
pid=$!
started="$started $pid"
wait_lines out 1
"$HCC_MIGRATE" snapshot $pid -o snap --leave-running || fail "no descriptors left: no snapshot"
rm -r snap
grep -q '^Max open files  *20  *40 ' /proc/$pid/limits || fail "its limit is $(grep open /proc/$pid/limits)"
kill -STOP $pid
fails 1 "$error process $pid: $no_point it is stopped, by a signal or a debugger" \
	"$HCC_MIGRATE" snapshot $pid -o snap --timeout 0.3
kill -CONT $pid
kill -USR1 $pid
wait_lines out 2
test $n_refused -ge 10 || fail "only $n_refused states could be tried"
