#!/bin/sh
# timeout: 600
# A move, or a snapshot, is killed at every step: hcc-migrate move, hcc-migrate restore, its helper, the restored process, the
# process itself, and that and hcc-migrate move at once. Each time there is one living process that goes on, or
# else a complete snapshot that can be restored; never two, never none. Every fourth step; HCC_TEST_KILL=steps:
# every step, which is before each system call that others see something of; HCC_TEST_KILL=all: before each
# system call of all of them.
. "$SRC/tests/runtime/common"
here=$(pwd -P)
TMPDIR=$here
export TMPDIR
"$CC" -O1 -o killer "$SRC/tests/migrate/lib_kill.c" || exit 1
"$HCC" -O2 -o app "$SRC/tests/migrate/lib_wait.c" || exit 1
any= stride=4
test -z "${HCC_TEST_KILL-}" || stride=1
test "${HCC_TEST_KILL-}" != all || any=-a

# living: the PIDs of the program; what has ended has no exe
living()
{
	find /proc -maxdepth 2 -name exe -lname "$here/app" 2>/dev/null | cut -d / -f 3
}

# goes_on PID: it answers a signal by a line; 1: it has ended, as it had been told to, which takes a moment
goes_on()
{
	n=$(grep -c here out)
	kill -USR1 $1 || return 1
	tries=0
	until test "$(grep -c here out)" -gt $n; do
		test -e /proc/$1/exe || return 1
		tries=$((tries + 1))
		test $tries -lt 1000 || fail "$what: process $1 does not go on: $(ls -d snap* hcc-* 2>/dev/null)"
		sleep 0.01
	done
}

# Wait until there is one, or none for good: what is at its gate, or waits, has seen who has gone.
settle()
{
	tries=0 alone=0
	while test $alone -lt 3; do
		pids=$(living)
		case $pids in
		*[0-9]*[!0-9]*[0-9]*) alone=0 ;;
		*) alone=$((alone + 1)) ;;
		esac
		tries=$((tries + 1))
		test $tries -lt 500 || fail "$what: two processes: $pids"
		sleep 0.01
	done
}

check()
{
	settle
	found=
	for dir in snap* hcc-move*; do
		if test -e "$dir/snapshot" || test -e "$dir/snapshot.sent"; then found="$found $dir"; fi
	done
	if test -n "$pids"; then
		goes_on $pids || { check; return; }
		for dir in $found; do
			"$HCC_MIGRATE" restore $dir >restore.out 2>&1 &&
				fail "$what: a process goes on, and its snapshot can be restored"
			grep -q "process" restore.out || fail "$what: $(cat restore.out)"
		done
		test "$(living)" = "$pids" || fail "$what: not one process: $(living)"
		kill -9 $pids
	elif test -n "$found"; then
		set -- $found
		test $# = 1 || fail "$what: $# snapshots"
		test ! -e $1/snapshot.sent || mv $1/snapshot.sent $1/snapshot
		"$HCC_MIGRATE" restore $1 >>out 2>restore.out &
		pid=$!
		started="$started $pid"
		tries=0
		until test "$(living)" = $pid; do
			tries=$((tries + 1))
			test $tries -lt 500 || fail "$what: not restored: $(cat restore.out)"
			sleep 0.01
		done
		sleep 0.05
		goes_on $pid || fail "$what: process $pid is not there"
		kill -9 $pid
	else
		case $role:$what in
		p:*"snapshot is there"*) fail "$what: neither a process nor a snapshot" ;;
		p:* | b:*) ;;
		*) fail "$what: neither a process nor a snapshot" ;;
		esac
	fi
}

n_killed=0 first=0
for to in snap "exec '$HCC_MIGRATE' restore - --stdout out" snapshot; do
	for role in 0 1 2 3 p b; do
		first=$((first % stride + 1))
		step=$first
		while :; do
			rm -rf snap* hcc-move*
			: >out
			# Of several threads any could answer: the process itself is killed without.
			threads=threads
			test $role != p || threads=
			(exec ./app $threads >>out 2>err </dev/null) &
			pid=$!
			started="$started $pid"
			wait_lines out 1
			if test "$to" = snapshot; then
				set -- snapshot $pid -o snap
			else
				set -- move $pid --to "$to"
			fi
			./killer $role $step $any -p $pid "$HCC_MIGRATE" "$@" >>out 2>killed
			status=$?
			what="role $role, step $step, to $to: $(cat killed)"
			test $status != 77 || { echo "# SKIP ptrace is not allowed"; exit 77; }
			test $status = 0 || test $status = 3 || fail "$what: status $status"
			check
			{ kill -9 $pid; wait $pid; } 2>/dev/null
			test $status = 0 || break
			step=$((step + stride))
			n_killed=$((n_killed + 1))
		done
	done
done
test $n_killed -gt 80 || fail "only $n_killed steps"
exit 0
