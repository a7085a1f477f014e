#!/bin/sh
# timeout: 300
# Whatever is wrong with a request, a snapshot or an executable is one line, and harms nothing.
. "$SRC/tests/runtime/common"
need_isas
error="hcc-migrate: error:"
here=$(pwd -P)

"$HCC" -O2 -fhcc-migrate=none -c -o opaque.o "$SRC/tests/runtime/lib_opaque.c" || exit 1
"$HCC" -O2 -fno-hcc-compress -o app "$SRC/tests/runtime/lib_spin.c" opaque.o || exit 1
foreign=
for isa in $ISAS; do test "$isa" = "$HOST_ISA" || foreign=$isa; done

# Usage.
fails 2 "$error --frob: unknown option" "$HCC_MIGRATE" inspect --frob x
fails 2 "$error frob: unknown command, expected snapshot, move, restore, inspect or extract" "$HCC_MIGRATE" frob
fails 2 "$error abc: not a process number" "$HCC_MIGRATE" snapshot abc -o x
fails 2 "$error snapshot: no -o DIR" "$HCC_MIGRATE" snapshot 1
fails 2 "$error -o: no value" "$HCC_MIGRATE" snapshot 1 -o
fails 2 "$error --timeout: 'soon' is not a number of seconds" \
	"$HCC_MIGRATE" snapshot 1 -o x --timeout soon
fails 2 "$error y: one argument too many" "$HCC_MIGRATE" restore x y

# Processes. The kernel has no PID above 2^22.
fails 1 "$error process 4194305: no such process" "$HCC_MIGRATE" snapshot 4194305 -o snap
sleep 100 &
sleep_pid=$!
started="$started $sleep_pid"
sleep 0.2
fails 1 "$error process $sleep_pid: $(readlink /proc/$sleep_pid/exe) was not built by hcc" \
	"$HCC_MIGRATE" snapshot $sleep_pid -o snap
if test "$(id -u)" = 0 && command -v setpriv >/dev/null; then
	setpriv --reuid=65534 --clear-groups sleep 100 &
	theirs=$!
	started="$started $theirs"
	sleep 0.2
	fails 1 "$error process $theirs: owned by user 65534, expected 0" \
		"$HCC_MIGRATE" snapshot $theirs -o snap
elif test "$(id -u)" != 0; then
	fails 1 "$error process 1: owned by user 0, expected $(id -u)" \
		"$HCC_MIGRATE" snapshot 1 -o snap
fi

# Start `app MODE` and set pid once it runs.
start()
{
	rm -f out
	: >out
	(exec ./app "$@" >out 2>err) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
}

# The program must go on after a refusal.
goes_on()
{
	n=$(wc -l <out)
	kill -USR1 $pid
	wait_lines out $((n + 1))
	kill -9 $pid
	wait $pid 2>/dev/null
	test -e snap && fail "snap exists after a refusal"
	for left in snap.tmp.*; do test -e "$left" && fail "$left is left over"; done
	return 0
}

start spin
mkdir there
fails 1 "$error there: File exists" "$HCC_MIGRATE" snapshot $pid -o there
fails 1 "$error absent/snap: No such file or directory" \
	"$HCC_MIGRATE" snapshot $pid -o absent/snap
goes_on

start socket
fails 1 "$error process $pid: descriptor 3 is a socket of family 16" \
	"$HCC_MIGRATE" snapshot $pid -o snap
goes_on
mkfifo fifo
sleep 100 <fifo &
started="$started $!"
start fifo
fails 1 "$error process $pid: descriptor 3 is a pipe whose other end is another process's: \
$here/fifo" "$HCC_MIGRATE" snapshot $pid -o snap
goes_on
start grandchild
"$HCC_MIGRATE" snapshot $pid -o snap 2>fails.err && fail "grandchild: snapshot taken"
sed 's/that process [0-9]*/that process N/' fails.err >fails.got
echo "$error process $pid: descriptor 3 is a pipe that process N has too" >fails.want
same fails.got fails.want
goes_on
start linked
fails 1 "$error process $pid: descriptor 3 is a file without a path: $here/gone (deleted)" \
	"$HCC_MIGRATE" snapshot $pid -o snap
goes_on
start pidfd
fails 1 "$error process $pid: descriptor 3 is of a kind that cannot be moved: anon_inode:[pidfd]" \
	"$HCC_MIGRATE" snapshot $pid -o snap
goes_on
start child
fails 1 "$error process $pid: no migration point within 0.5 seconds: it has child processes: \
$(cat /proc/$pid/task/$pid/children | tr -d ' ')" "$HCC_MIGRATE" snapshot $pid -o snap --timeout 0.5
goes_on
start code
fails 1 "$error process $pid: it has memory that is writable and executable" \
	"$HCC_MIGRATE" snapshot $pid -o snap
goes_on
start handler
fails 1 "$error process $pid: no migration point within 0.5 seconds: \
thread $pid is in spin, a signal handler runs" \
	"$HCC_MIGRATE" snapshot $pid -o snap --timeout 0.5
goes_on
start opaque
fails 1 "$error process $pid: no migration point within 0.5 seconds: \
thread $pid is in call_back, a frame has no record" \
	"$HCC_MIGRATE" snapshot $pid -o snap --timeout 0.5
goes_on
start lock
"$HCC_MIGRATE" snapshot $pid -o snap --timeout 0.5 2>fails.err && fail "lock: snapshot taken"
echo "$error process $pid: no migration point within 0.5 seconds: it waits in system call flock" \
	>fails.want
same fails.err fails.want
goes_on

# Snapshots.
start spin
"$HCC_MIGRATE" snapshot $pid -o snap --leave-running || exit 1
kill -9 $pid
size=$(wc -c <snap/snapshot)
build=$("$HCC_MIGRATE" inspect snap | sed -n 's/^build: //p')
fails 1 "$error absent/snapshot: No such file or directory" "$HCC_MIGRATE" restore absent
fails 1 "$error mips: unknown ISA, expected x86_64 or aarch64" \
	"$HCC_MIGRATE" restore snap --isa mips
if test -n "$foreign"; then
	fails 1 "$error qemu-$foreign: not found in PATH, needed to run $foreign on $HOST_ISA" \
		env PATH=/nowhere "$HCC_MIGRATE" restore snap --isa "$foreign"
	fails 1 "$error app.$foreign: executable is for $foreign, expected $HOST_ISA" \
		"$HCC_MIGRATE" restore snap --isa "$HOST_ISA" --exe "app.$foreign"
fi
fails 1 "$error absent: No such file or directory" "$HCC_MIGRATE" restore snap --exe absent
fails 1 "$error /bin/sh: not built by hcc" "$HCC_MIGRATE" restore snap --exe /bin/sh
mkdir bad
for bytes in 0 100 5000 $((size - 1)); do
	head -c $bytes snap/snapshot >bad/snapshot
	where=file expected=$size
	if test $bytes -lt 320; then where=header expected=320; fi
	fails 1 "$error bad/snapshot: $where: the file is truncated: its size in bytes is $bytes, \
expected $expected" "$HCC_MIGRATE" restore bad
done
head -c 4096 /dev/zero >bad/snapshot
fails 1 "$error bad/snapshot: header: not a snapshot of a process" "$HCC_MIGRATE" inspect bad

# flip OFFSET: one bit of one byte.
flip()
{
	cp snap/snapshot bad/snapshot
	byte=$(od -An -tu1 -j$1 -N1 snap/snapshot)
	printf "\\$(printf %o $((byte ^ 1)))" |
		dd of=bad/snapshot bs=1 seek=$1 conv=notrunc 2>/dev/null
}

# flipped OFFSET WHERE
flipped()
{
	flip $1
	for command in inspect restore; do
		"$HCC_MIGRATE" $command bad >fails.out 2>fails.err && fail "byte $1 flipped: accepted"
		sed 's/[0-9a-f]\{16\}/SUM/g' fails.err >fails.got
		echo "$error bad/snapshot: $2: checksum is SUM, expected SUM" >fails.want
		same fails.got fails.want
	done
}

flipped 20 header
flipped 319 header
flipped 4096 process
# Between the header and the first section there is nothing to sum up, and nothing may be there.
flip 3000
fails 1 "$error bad/snapshot: file: padding is not zero" "$HCC_MIGRATE" inspect bad
flip 8
fails 1 "$error bad/snapshot: header: version is 7, expected 6" "$HCC_MIGRATE" inspect bad
pages=$(od -An -tu8 -j$((72 + 6 * 24)) -N8 snap/snapshot | tr -d ' ')
flipped $((pages + 1000)) pages

# The file that the runtime itself is given is checked again.
flip $((pages + 1000))
"$HCC" -O2 -fno-hcc-compress -o probe -x c - <<'END' || exit 1
int main(void) { return 0; }
END
# Above all descriptors that the process may have.
cat >put.c <<'END'
#include <fcntl.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	return argc < 3 || dup2(open(argv[1], O_RDONLY), 900) < 0 || execv(argv[2], argv + 2);
}
END
"$CC" -o put put.c || exit 1
for program in ./app ./probe; do
	for file in bad snap; do
		test $program$file = ./appsnap && continue
		(HCC_RESTORE=900 exec ./put $file/snapshot $program) >fails.out 2>fails.err
		status=$?
		test $status = 1 || fail "$program of $file: exit status is $status, expected 1"
		test -s fails.out && fail "$program of $file: prints to stdout"
		sed 's/ [0-9a-f]\{8,16\}/ SUM/g' fails.err >fails.got
		if test $program$file = ./appbad; then
			echo "$error $here/bad/snapshot: pages: checksum is SUM, expected SUM"
		else
			echo "$error $here/$file/snapshot: header: the snapshot is of another build of the program"
		fi >fails.want
		same fails.got fails.want
	done
done

"$HCC" -O2 -fno-hcc-compress -DOTHER -o app "$SRC/tests/runtime/lib_spin.c" opaque.o || exit 1
"$HCC_MIGRATE" restore snap >fails.out 2>fails.err && fail "other build: restored"
sed 's/is [0-9a-f]\{32\}/is OTHER/' fails.err >fails.got
echo "$error $here/app: build is OTHER, expected $build as in the snapshot" >fails.want
same fails.got fails.want
rm -f app app.*
fails 1 "$error $here/app: no executable for $HOST_ISA beside it or in it" "$HCC_MIGRATE" restore snap
exit 0
