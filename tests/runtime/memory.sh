#!/bin/sh
# timeout: 200
# Memory that is reserved, hidden, of files, zero, or much, moved on one ISA and through the others. What the process
# has not touched is neither in its snapshot nor in its memory afterwards, and costs no time.
. "$SRC/tests/runtime/common"
need_isas
here=$(pwd -P)
TMPDIR=$here
export TMPDIR
"$HCC" -O2 -o app "$SRC/tests/runtime/lib_memory.c" || exit 1
head -c 65536 /dev/zero | tr '\0' f >mapped
: >out
(exec ./app >>out 2>err </dev/null) &
pid=$!
started="$started $pid"
wait_lines out 1
lines=1

right()
{
	kill -USR1 $pid || fail "$1: the process is gone"
	lines=$((lines + 1))
	wait_lines out $lines
	tail -n 1 out | grep -qx right || fail "$1: $(tail -n 1 out)"
}

# Resident memory of the process in MiB.
resident()
{
	awk '/^VmRSS/ { print int($2 / 1024) }' /proc/$pid/status
}

# moved ISA
moved()
{
	timeout 60 "$HCC_MIGRATE" move $pid --to snap --isa "$1" --pid-file pid --stats stats >>out 2>>err ||
		fail "to $1: status $?: $(cat err)"
	pid=$(cat pid)
	started="$started $pid"
	mib=$(($(tr ' ' '\n' <stats | sed -n 's/^pages_bytes=//p' | tail -n 1) / 1048576))
	test $mib -lt 70 || fail "to $1: $mib MiB in the snapshot"
}

before=$(resident)
moved "$HOST_ISA"
test "$(resident)" -lt "$before" || fail "resident: $(resident) MiB, before $before"
# What nobody has touched takes no time.
waited=$(tr ' ' '\n' <stats | sed -n 's/^write_ns=//p')
test "$waited" -lt 3000000000 || fail "the snapshot takes $waited ns"
right "after one move"
moved "$HOST_ISA"
right "after two moves"
# An emulator may have its guest's memory where the kernel does not tell of it: then all is looked at.
kill -9 $pid
"$HCC" -O2 -DSMALL -o app "$SRC/tests/runtime/lib_memory.c" || exit 1
: >out
(exec ./app >>out 2>err </dev/null) &
pid=$!
started="$started $pid"
wait_lines out 1
lines=1
for isa in $ISAS $HOST_ISA; do
	moved "$isa"
	right "to $isa"
done
exit 0
