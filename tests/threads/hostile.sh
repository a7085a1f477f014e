#!/bin/sh
# timeout: 200
# Snapshots of several threads that were made to do harm: threads that are one thread, or lie in each
# other's memory. What hostile.sh of tests/runtime has for one thread holds for each.
. "$SRC/tests/runtime/common"
need_isas
error="hcc-migrate: error:"
here=$(pwd -P)
umask 022

"$HCC" -O2 -fno-hcc-compress -o stuck "$SRC/tests/threads/lib_stuck.c" || exit 1
"$CC" -O1 -I"$SRC" -o forge "$SRC/tests/runtime/lib_forge.c" "$SRC/runtime/snapshot.c" "$SRC/runtime/hash.c" "$SRC/runtime/states.c" || exit 1
: >out
(exec ./stuck "" >out 2>err </dev/null) &
pid=$!
started="$started $pid"
wait_lines out 1
"$HCC_MIGRATE" snapshot $pid -o snap || exit 1
"$HCC_MIGRATE" inspect snap | grep -c '^thread [0-9]*: [0-9]* frames' >got
echo 2 >want
same got want
mkdir bad
./forge snap/snapshot base below:5 || exit 1

# refused MESSAGE EDIT...: by hcc-migrate and by each ISA's executable
refused()
{
	message=$1
	shift
	./forge base bad/snapshot "$@" || exit 1
	fails 1 "$error bad/snapshot: $message" "$HCC_MIGRATE" restore bad
	runtime_refuses "$message"
}

runtime_refuses()
{
	for isa in $ISAS; do
		(HCC_RESTORE=9; export HCC_RESTORE; exec 9<bad/snapshot; run "$isa" ./stuck) \
			>fails.out 2>fails.err
		status=$?
		test $status = 1 || fail "$1: on $isa the exit status is $status: $(cat fails.err)"
		test -s fails.out && fail "$1: on $isa it prints to stdout"
		echo "$error $here/bad/snapshot: $1" >fails.want
		same fails.err fails.want
	done
}

./forge base bad/snapshot || exit 1
cmp base bad/snapshot || fail "forge changes what it is not asked to"
tid=$(./forge base - 'show:threads[0].tid')
tp=$(./forge base - 'show:threads[0].thread_pointer')
psp=$(./forge base - 'show:threads[0].portable_sp_va')
refused "threads: two threads have the same number" "threads[1].tid=$tid"
refused "threads: attribute out of range" 'threads[1].tid=0'
refused "threads: attribute out of range" 'threads[1].tid=0x40000000'
refused "threads: attribute out of range" 'threads[1].pending_signals=0x100'
refused "threads: two threads have the same memory" "threads[1].thread_pointer=$tp"
refused "threads: two threads have the same memory" "threads[1].thread_pointer=$((tp + 64))"
refused "threads: two threads have the same memory" "threads[1].portable_sp_va=$psp"
refused "threads: two threads have the same memory" "threads[1].portable_sp_va=$tp"
refused "threads: two threads have the same frames" 'threads[1].frames_off=0' \
	"threads[1].frames_bytes=$(./forge base - 'show:threads[0].frames_bytes')" \
	"threads[1].n_frames=$(./forge base - 'show:threads[0].n_frames')"
refused "threads: thread pointer out of range" 'threads[1].thread_pointer=0x1000000'
refused "threads: system call is none that waits" 'threads[1].is_at_call=1' 'threads[1].call=221'
./forge base bad/snapshot 'threads[1].tid=+1' || exit 1
runtime_refuses "pages: the state of a thread is not what the snapshot says"
./forge base bad/snapshot 'threads[1].portable_sp_va=+16' || exit 1
runtime_refuses "pages: the portable stack pointer is not what the snapshot says"
exit 0
