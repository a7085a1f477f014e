#!/bin/sh
# timeout: 300
# Snapshots that were made to do harm: with right checksums, and something in them that a process never
# was. hcc-migrate refuses each before it becomes the process, and so does the runtime, on every ISA,
# when it is given the file by other means. Then files, directories and executables that others could
# change, and requesters whose files are not what they should be.
. "$SRC/tests/runtime/common"
need_isas
error="hcc-migrate: error:"
here=$(pwd -P)
umask 022

"$HCC" -O2 -fhcc-migrate=none -c -o opaque.o "$SRC/tests/runtime/lib_opaque.c" || exit 1
"$HCC" -O2 -fno-hcc-compress -o app "$SRC/tests/runtime/lib_spin.c" opaque.o || exit 1
"$CC" -O1 -I"$SRC" -o forge "$SRC/tests/runtime/lib_forge.c" "$SRC/runtime/snapshot.c" "$SRC/runtime/hash.c" "$SRC/runtime/states.c" || exit 1

: >out
echo text >file
(exec ./app spin >out 2>err </dev/null 3<file) &
pid=$!
started="$started $pid"
wait_lines out 1
"$HCC_MIGRATE" snapshot $pid -o snap || exit 1
test "$(stat -c %a snap)" = 700 || fail "mode of the directory is $(stat -c %a snap)"
test "$(stat -c %a snap/snapshot)" = 600 || fail "mode of the snapshot is $(stat -c %a snap/snapshot)"
mkdir bad
# Without what the tests themselves were started with.
./forge snap/snapshot base below:4 || exit 1

forge()
{
	./forge base bad/snapshot "$@" || exit 1
}

# runtime_refuses MESSAGE [FD]: of each ISA's executable, with the descriptors that hcc-migrate would give.
runtime_refuses()
{
	for isa in $ISAS; do
		(HCC_RESTORE=${2-9}; export HCC_RESTORE; exec 3<file; eval "exec ${2-9}<bad/snapshot"
			run "$isa" ./app) >fails.out 2>fails.err
		status=$?
		test $status = 1 || fail "$1: on $isa the exit status is $status: $(cat fails.err)"
		test -s fails.out && fail "$1: on $isa it prints to stdout"
		# The runtime's hexadecimal numbers have no leading zeros.
		echo "$error $here/bad/snapshot: $1" | sed 's/ 0000*/ /g' >fails.want
		same fails.err fails.want
	done
}

# refused MESSAGE EDIT...
refused()
{
	message=$1
	shift
	forge "$@"
	fails 1 "$error bad/snapshot: $message" "$HCC_MIGRATE" restore bad
	runtime_refuses "$message"
}

# The forgery itself is none: with nothing changed it is the snapshot.
forge
cmp base bad/snapshot || fail "forge changes what it is not asked to"

# Memory: the text, the stack, the end of the address space, each other's.
refused "regions: region out of range" 'regions[0].start_va=0x1000000'
refused "regions: region out of range" 'regions[0].start_va=0x1000000' 'regions[0].end_va=0x1001000'
refused "regions: region out of range" 'regions[0].start_va=0x7ffff7000000' \
	'regions[0].end_va=0x7ffff7001000'
refused "regions: region out of range" 'regions[0].end_va=0xfffffffffffff000'
refused "regions: region out of range" 'regions[0].end_va=+0x1000000000'
refused "regions: region out of range" 'regions[1].start_va=-0x100000000'
refused "regions: region out of range" 'regions[0].start_va=+1'
refused "regions: region out of range" 'regions[0].prot=8'
refused "regions: region is writable and executable" 'regions[0].prot=7'
refused "process: arena out of range" 'process[0].arena_start_va=0'
refused "process: arena out of range" 'process[0].arena_start_va=+1'
refused "process: end of the arena is 0000ffffffffffff, expected 0000004000000000" \
	'process[0].arena_end_va=0xffffffffffff'
refused "process: shared data out of range" 'process[0].shared_data_end_va=0x7fffffffffff'
refused "process: the shared data lie elsewhere in this build" 'process[0].shared_data_start_va=-4096'
refused "runs: run outside every region" 'runs[0].va=0x1000000'
refused "runs: run out of range" 'runs[0].bytes=0xffffffffffffffff'
refused "runs: run out of range" 'runs[0].bytes=0x7fffffffffffffff'
refused "runs: run out of range" 'runs[0].bytes=0'
refused "runs: run out of range" 'runs[1].pages_off=0'
refused "runs: run out of range" 'runs[1].va=0'

# Frames.
refused "threads: frames out of range" 'threads[0].n_frames=0'
refused "threads: frames out of range" 'threads[0].frames_off=0xfffffffffffffff0'
refused "threads: frames out of range" 'threads[0].frames_bytes=0xfffffffffffffff0'
refused "frames: frame out of range" 'threads[0].n_frames=0xffffffffffffffff'
refused "frames: frame out of range" 'frames[0].n_values=0xffffffff'
refused "frames: frame out of range" 'frames[0].reserved=1'
refused "frames: a frame is not of this program" 'frames[0].site_idx=0xffffffff'
n_frames=$(./forge base - 'show:threads[0].n_frames')
test "$n_frames" -ge 2 || fail "$n_frames frames"
inner_site=$(./forge base - "show:frames[$((n_frames - 1))].site_idx")
inner_values=$(./forge base - "show:frames[$((n_frames - 1))].n_values")
outer_values=$(./forge base - "show:frames[0].n_values")
if test "$inner_values" = "$outer_values"; then
	message="a frame is at a poll that has called something else"
else
	message="number of values of a frame is $outer_values, expected $inner_values"
fi
refused "frames: $message" "frames[0].site_idx=$inner_site"
refused "frames: the innermost frame is not at a poll" without:innermost
forge without:outermost
runtime_refuses "frames: the outermost frame is not where programs begin"
frame=0
while test "$(./forge base - "show:frames[$frame].n_values")" = 0; do
	frame=$((frame + 1))
done
refused "frames: a value is larger than its type" "value:$frame.0=1"
refused "threads: thread pointer out of range" 'threads[0].thread_pointer=0x1000000'
refused "threads: thread pointer out of range" 'threads[0].thread_pointer=+8'
refused "threads: thread pointer out of range" 'threads[0].thread_pointer=0xffffffffffffffc0'
refused "threads: portable stack pointer out of range" 'threads[0].portable_sp_va=0x7ffffffff000'
forge 'threads[0].portable_sp_va=+16'
runtime_refuses "pages: the portable stack pointer is not what the snapshot says"
forge 'threads[0].thread_pointer=+64'
runtime_refuses "pages: the state of the process is not what the snapshot says"
state=$("$LLVM_BINDIR/llvm-nm" app | sed -n 's/ [A-Za-z] __hcc_process$//p')
for offset in 0 8 16 24 32 40 80 88 96; do
	forge "memory:$(printf '%x' $((0x$state + offset)))=0x7fff00000000"
	runtime_refuses "pages: the state of the process is not what the snapshot says"
done

# The list of what is known of mappings.
set -- $("$LLVM_BINDIR/llvm-nm" -S app | sed -n 's/ [A-Za-z] __hcc_attributes$//p')
for va in 7fff00000000 fffffffffffff000 1001 1000; do
	forge "memory:$(printf '%x' $((0x$1 + 0x$2 - 16)))=0x$va" \
		"memory:$(printf '%x' $((0x$1 + 0x$2 - 8)))=64"
	runtime_refuses "pages: the states of memory are out of range"
done

# The system call that a thread makes when it is there: execve, then one that waits, at a poll.
refused "threads: system call is none that waits" 'threads[0].is_at_call=1' 'threads[0].call=221'
refused "threads: system call is none that waits" 'threads[0].is_at_call=1' \
	'threads[0].call=0xffffffffffffffff'
refused "threads: system call out of range" 'threads[0].call=221'
refused "threads: system call out of range" 'threads[0].left_nsec=1000000000'
refused "threads: what cancels the system call is out of range" 'threads[0].is_at_call=1' \
	'threads[0].call=63' 'threads[0].cancel_va=0x1000000'
refused "frames: a frame is at a poll that has called something else" 'threads[0].is_at_call=1' \
	'threads[0].call=63'

# Strings, attributes.
refused "process: path of the executable is not one" 'process[0].exe_off=0xffffffff'
refused "process: path of the executable is not one" 'process[0].exe_off=0'
cwd=$(./forge base - 'show:process[0].cwd_off')
refused "process: path of the working directory is not one" "process[0].cwd_off=$((cwd + 1))"
refused "process: path of the working directory is not one" "string:$cwd=/../"
refused "process: path of the working directory is not one" "string:$cwd=//"
# What is a name is one line still.
forge "string:$((cwd + 1))=$(printf '\nX')"
runtime_refuses "cannot enter /?X$(echo "$here" | cut -c4-): No such file or directory"
refused "process: attribute out of range" 'process[0].umask=01000'
refused "process: attribute out of range" 'process[0].pending_signals=0x100'

# Descriptors: 3 is the last. Flags that create or cut a file; the snapshot's own number.
last=0
while test "$(./forge base - "show:descriptors[$last].fd")" != 3; do
	last=$((last + 1))
done
out="descriptors: descriptor out of range"
refused "$out" "descriptors[$last].open_flags=01101"
refused "$out" "descriptors[$last].open_flags=020000002"
refused "$out" "descriptors[$last].fd=0"
refused "$out" "descriptors[$last].fd=0xffffffff"
refused "$out" "descriptors[$last].kind=4"
refused "$out" "descriptors[$last].kind=15"
refused "$out" "descriptors[$last].kind=5" "descriptors[$last].copy_of=1"
refused "$out" "descriptors[$last].kind=8" "descriptors[$last].copy_of=3"
refused "states: a descriptor has no state" "descriptors[$last].kind=4" \
	"descriptors[$last].copy_of=3"
refused "$out" "descriptors[$last].kind=3" "descriptors[$last].path_off=0" \
	"descriptors[$last].copy_of=3"
refused "$out" "descriptors[$last].path_off=0"
refused "$out" "descriptors[$last].path_off=0xffffffff"
path=$(./forge base - "show:descriptors[$last].path_off")
refused "$out" "string:$path=/./"
forge "descriptors[$last].fd=0x3ffffff0"
fails 1 "$error bad/snapshot: descriptors: descriptor 1073741808 is above what is allowed here" \
	"$HCC_MIGRATE" restore bad
forge
runtime_refuses "descriptors: a descriptor has the number of the snapshot's own" 3
rm file
mkfifo file
fails 1 "$error bad/snapshot: descriptor 3: file $here/file: it is no longer of the kind that it was" \
	"$HCC_MIGRATE" restore bad
rm file
echo text >file

# Files that are not what they should be, or that others could change.
rm bad/snapshot
mkfifo bad/snapshot
fails 1 "$error bad/snapshot: not a regular file" "$HCC_MIGRATE" restore bad
rm bad/snapshot
ln -s ../snap/snapshot bad/snapshot
fails 1 "$error bad/snapshot: is a symbolic link" "$HCC_MIGRATE" inspect bad
rm bad/snapshot
mkdir bad/snapshot
fails 1 "$error bad/snapshot: not a regular file" "$HCC_MIGRATE" restore bad
rmdir bad/snapshot
fails 1 "$error app: Not a directory" "$HCC_MIGRATE" restore app
cp base bad/snapshot
chmod 660 bad/snapshot
fails 1 "$error bad/snapshot: can be written by others: mode is 660, expected 640" \
	"$HCC_MIGRATE" restore bad
runtime_refuses "the file can be written by others than its owner"
chmod 600 bad/snapshot
chmod 707 bad
fails 1 "$error bad: can be written by others: mode is 707, expected 705" "$HCC_MIGRATE" restore bad
chmod 700 bad
if test "$(id -u)" = 0; then
	chown 65534 bad
	fails 1 "$error bad: owned by user 65534, expected 0" "$HCC_MIGRATE" restore bad
	chown 0 bad
	chown 65534 bad/snapshot
	fails 1 "$error bad/snapshot: owned by user 65534, expected 0" "$HCC_MIGRATE" inspect bad
	runtime_refuses "the file is owned by another user"
	chown 0 bad/snapshot
	chown 65534 app
	fails 1 "$error $here/app: owned by user 65534, expected 0" "$HCC_MIGRATE" restore bad
	chown 0 app
fi
chmod o+w app
fails 1 "$error $here/app: can be written by others: mode is 757, expected 755" \
	"$HCC_MIGRATE" restore bad
chmod o-w app
mv app real
mkfifo app
fails 1 "$error $here/app: not a regular file" "$HCC_MIGRATE" restore bad
rm app
mv real app

# After all of that the snapshot is what it was, and its process goes on.
"$HCC_MIGRATE" restore snap >>out 2>err 3<&- &
pid=$!
started="$started $pid"
sleep 0.3
kill -USR1 $pid || fail "the process is gone: $(cat err)"
wait_lines out 2

# Requests: what is there is not opened, or does not hold the process up.
"$CC" -O1 -I"$SRC" -o ask "$SRC/tests/runtime/lib_ask.c" || exit 1
lines=2
for what in mode owner empty fifo link magic pid status-file verdict-file no-status; do
	test $what != owner || test "$(id -u)" = 0 || continue
	./ask $pid $what || fail "ask $what"
	lines=$((lines + 1))
	kill -USR1 $pid
	wait_lines out $lines
	test ! -s ask.dir/answer || fail "ask $what: the process writes $(cat ask.dir/answer)"
	rm -rf ask.dir
done
./ask $pid right || fail "ask right"
grep -q '^written ' ask.dir/answer || fail "a request with nothing wrong has no answer"
test ! -e ask.dir/snapshot || fail "the process goes on, and its snapshot is there"
lines=$((lines + 1))
kill -USR1 $pid
wait_lines out $lines
exit 0
