#!/bin/sh
# timeout: 180
# Whatever goes wrong on the other side, the process goes on, one line says what it was, and nothing is left.
# Streams that were made to do harm, or that end too soon, are refused before anything runs.
. "$SRC/tests/runtime/common"
error="hcc-migrate: error:"
here=$(pwd -P)
TMPDIR=$here
export TMPDIR
"$HCC" -O2 -o app "$SRC/tests/migrate/lib_wait.c" || exit 1
"$HCC" -O2 -DOTHER -g -o other "$SRC/tests/migrate/lib_wait.c" || exit 1
"$CC" -O1 -I"$SRC" -o stream "$SRC/tests/migrate/lib_stream.c" || exit 1
"$CC" -O1 -I"$SRC" -o forge "$SRC/tests/runtime/lib_forge.c" "$SRC/runtime/snapshot.c" \
	"$SRC/runtime/hash.c" "$SRC/runtime/states.c" || exit 1

echo text >file
: >out
(exec ./app >>out 2>err </dev/null 3<file) &
pid=$!
started="$started $pid"
wait_lines out 1
lines=1

goes_on()
{
	lines=$((lines + 1))
	kill -USR1 $pid || fail "$1: the process is gone"
	wait_lines out $lines
	test "$(wc -l <out)" = $lines || fail "$1: $(cat out)"
	for left in snap* hcc-*; do test -e "$left" && fail "$1: $left is left over"; done
	return 0
}

# stays MESSAGE TO [OPTION...]
stays()
{
	message=$1 to=$2
	shift 2
	fails 1 "$error $message" "$HCC_MIGRATE" move $pid --to "$to" "$@"
	goes_on "$to"
}

restore="exec '$HCC_MIGRATE' restore -"
mkdir there
stays "there: File exists" there
stays "absent/snap: No such file or directory" absent/snap
stays "exit 3: it ends with status 3" "exit 3"
stays "kill -9 \$\$: it ends by signal 9" 'kill -9 $$'
stays "exec sleep 0: it ends without an answer" "exec sleep 0"
stays "echo who is there: answer is 'who is there', expected 'hcc-migrate hello'" "echo who is there"
stays "echo hcc-migrate hello 0; cat >/dev/null: version is 0, expected 1" \
	"echo hcc-migrate hello 0; cat >/dev/null"
stays "sleep 5; exit 1: no answer within 0.3 seconds" "sleep 5; exit 1" --timeout 0.3
hello="echo hcc-migrate hello 1"
stays "$hello; exit 1: it ends with status 1" "$hello; exit 1"
stays "$hello; read -r a; exit 1: it ends with status 1" "$hello; read -r a; exit 1"
stays "$hello; cat >/dev/null & sleep 5: no answer within 0.3 seconds" \
	"$hello; cat >/dev/null & sleep 5" --timeout 0.3
full="$hello; head -c 100 >/dev/null; echo hcc-migrate error it is full"
stays "it is full" "$full"
stays "/bin/sh: not built by hcc" "$restore --exe /bin/sh"
stays "/bin/sh: not built by hcc" snap --exe /bin/sh
stays "nowhere: No such file or directory" "$restore --exe nowhere"
stays "mips: unknown ISA, expected x86_64 or aarch64" "$restore --isa mips"
stays "mips: unknown ISA, expected x86_64 or aarch64" snap --isa mips
stays "TMPDIR: /nowhere: No such file or directory" "TMPDIR=/nowhere $restore"
stays "nowhere/out: No such file or directory" "$restore --stdout nowhere/out"
# The restored process itself finds that there is no room for it.
"$HCC_MIGRATE" move $pid --to "ulimit -v 7000; $restore" 2>fails.err && fail "moved into 7 MB"
sed 's/hcc-restore\.[^ ]* /hcc-restore.X /' fails.err >fails.got
echo "$error $here/hcc-restore.X (deleted): cannot map the memory of the process: Cannot allocate memory" \
	>fails.want
same fails.got fails.want
goes_on memory
# Of another build.
"$HCC_MIGRATE" move $pid --to "$restore --exe other" 2>fails.err && fail "moved into another program"
grep -q "^$error other: build is [0-9a-f]*, expected [0-9a-f]* as in the snapshot$" fails.err ||
	fail "$(cat fails.err)"
goes_on build
# Nobody waits for ever, and an interrupt is one.
"$HCC_MIGRATE" move $pid --to "$hello; cat >/dev/null & exec sleep 5" 2>fails.err &
mover=$!
started="$started $mover"
sleep 0.5
kill -INT $mover
wait $mover && fail "moved after an interrupt"
echo "$error the move was interrupted" >fails.want
same fails.err fails.want
goes_on interrupt

# ---- Streams

"$HCC_MIGRATE" snapshot $pid -o kept --leave-running || exit 1

# answers FILE: what restore - answers to standard input; its exit status is $1
answers()
{
	{ echo "hcc-migrate hello 1"; test -z "$2" || echo "$2"; } >answer.want
	timeout 20 "$HCC_MIGRATE" restore - --stdout out --stderr err <stream.in >answer 2>answer.err
	status=$?
	test $status = $1 || fail "$2: exit status is $status"
	sed 's/\(ready\|running\) [0-9]*/\1 N/' answer >answer.got
	same answer.got answer.want
	test -s answer.err && fail "$2: prints to stderr: $(cat answer.err)"
	return 0
}

# refused MESSAGE FIELD...
refused()
{
	message=$1
	shift
	./stream kept/snapshot go=1 "$@" >stream.in || exit 1
	answers 1 "hcc-migrate error $message"
}

size=$(wc -c <kept/snapshot)
refused "not a stream of hcc-migrate move" magic=1
refused "version of the stream is 2, expected 1" version=2
refused "coding of the stream is 2, expected at most 1" coding=2
refused "the stream is damaged: Unknown frame descriptor" coding=1
refused "the stream has more than its file" file_bytes=$((size - 1))
refused "the stream has less than its file" file_bytes=$((size + 1))
refused "the stream has less than its file" file_bytes=0xffffffffffffffff
refused "a chunk of the stream has 4294967295 bytes, expected at most 131072" last=0xffffffff
refused "a chunk of the stream has 131073 bytes, expected at most 131072" last=131073
refused "standard input ends before the snapshot does" last=2
for cut in 0 10 27 1000 $((size + 10)); do
	./stream kept/snapshot cut=$cut >stream.in
	answers 1 "hcc-migrate error standard input ends before the snapshot does"
done
# A snapshot with something wrong in it: hostile.sh has them all.
for edit in 'regions[0].start_va=0x1000000:regions: region out of range' \
	'frames[0].site_idx=0xffffffff:frames: a frame is not of this program' \
	'threads[0].portable_sp_va=0x7ffffffff000:threads: portable stack pointer out of range'; do
	./forge kept/snapshot forged "${edit%%:*}" || exit 1
	./stream forged go=1 >stream.in
	answers 1 "hcc-migrate error standard input: ${edit#*:}"
done
# Only the runtime can know this; it is at its gate by then, and never passes it.
./forge kept/snapshot forged 'threads[0].portable_sp_va=+16' || exit 1
./stream forged go=1 >stream.in
timeout 20 "$HCC_MIGRATE" restore - --stdout out --stderr err <stream.in >answer 2>&1 && fail "portable_sp"
wait_lines answer 2
tail -n 1 answer | grep -q '^hcc-migrate error .*: pages: the portable stack pointer is not what the snapshot says$' ||
	fail "$(cat answer)"
# Without the byte that lets it go on it ends.
./stream kept/snapshot >stream.in
timeout 20 "$HCC_MIGRATE" restore - --stdout out --stderr err <stream.in >answer 2>&1
test $? = 1 || fail "without leave: it does not end"
sed 's/ready [0-9]*/ready N/' answer >answer.got
printf 'hcc-migrate hello 1\nhcc-migrate ready N\n' >answer.want
same answer.got answer.want
goes_on streams
# With it, it does go on: all of the above was refused for what was wrong with it.
kill -9 $pid
./stream kept/snapshot go=1 >stream.in
"$HCC_MIGRATE" restore - --stdout out --stderr err <stream.in >answer 2>&1 &
pid=$!
started="$started $pid"
wait_lines answer 3
sed 's/\(ready\|running\) [0-9]*/\1 N/' answer >answer.got
printf 'hcc-migrate hello 1\nhcc-migrate ready N\nhcc-migrate running N\n' >answer.want
same answer.got answer.want
goes_on stream

# ---- After the process has ended

# The other side says no: the snapshot is there, and is one.
ready="$hello; exec 3<&0; cat <&3 >/dev/null & echo hcc-migrate ready 1; sleep 0.5"
fails 1 "$error it is full; process $pid is in kept2" "$HCC_MIGRATE" move $pid -o kept2 \
	--to "$ready; echo hcc-migrate error it is full"
"$HCC_MIGRATE" restore kept2 >>out 2>err &
pid=$!
started="$started $pid"
sleep 0.3
lines=$((lines + 1))
kill -USR1 $pid || fail "after a no: $(cat err)"
wait_lines out $lines
# The other side says nothing: nobody here can know.
fails 1 "$error $ready: it ends without an answer; whether the process goes on there is not known; process \
$pid is in kept3" "$HCC_MIGRATE" move $pid -o kept3 --to "$ready"
fails 1 "$error kept3/snapshot.sent: the process may go on where this was sent: if it does not, rename the \
file to snapshot" "$HCC_MIGRATE" restore kept3
mv kept3/snapshot.sent kept3/snapshot
"$HCC_MIGRATE" restore kept3 >>out 2>err &
pid=$!
started="$started $pid"
sleep 0.3
lines=$((lines + 1))
kill -USR1 $pid || fail "after no answer: $(cat err)"
wait_lines out $lines
exit 0
