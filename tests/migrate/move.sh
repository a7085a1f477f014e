#!/bin/sh
# timeout: 180
# hcc-migrate move, between every ordered pair of ISAs: by a directory, and through a pipe with and without
# compression. The program goes on as if nothing had been; nothing is left over.
. "$SRC/tests/runtime/common"
need_isas
error="hcc-migrate: error:"
TMPDIR=$(pwd -P)
export TMPDIR
"$HCC" -O2 -g -o state "$SRC/tests/runtime/lib_state.c" || exit 1
printf 'line %d of the file that is read on\n' 1 2 3 4 5 6 7 8 9 10 11 12 >input.txt
./state input.txt 0 >want 2>want.err || fail "state: exit status $?"

# A zombie has ended.
is_alive()
{
	grep -q '^State:.*[RSDTt] (' /proc/$pid/status 2>/dev/null
}

# start ISA: sets pid
start()
{
	rm -f written.txt
	: >out
	(run "$1" ./state input.txt 1 >>out 2>err) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
}

# moved OPTION...: sets pid to the process that goes on
moved()
{
	"$HCC_MIGRATE" move $pid --timeout 20 --pid-file pid "$@" >>out 2>>err ||
		fail "move $*: status $?: $(cat err)"
	is_alive && fail "move $*: the process is still there"
	pid=$(cat pid)
	started="$started $pid"
}

# ends NAME: of a process that is not this shell's child
ends()
{
	tries=0
	while is_alive; do
		tries=$((tries + 1))
		test $tries -le 2000 || fail "$1: it does not end"
		sleep 0.01
	done
	test -s err && fail "$1: prints to stderr: $(cat err)"
	same out want
	for left in snap* hcc-*; do test -e "$left" && fail "$1: $left is left over"; done
	return 0
}

for from in $ISAS; do
	for to in $ISAS; do
		start "$from"
		moved --to snap --isa "$to"
		wait_lines out 3
		moved --to "exec '$HCC_MIGRATE' restore - --isa $from --stdout out"
		ends "$from to $to"
	done
done

# The stream as it is, and at other levels; the executable by name; its own directory.
for how in none 1 19; do
	start "$HOST_ISA"
	moved --compress $how -o snap --to "exec '$HCC_MIGRATE' restore - --stdout out --exe state"
	wait_lines out 3
	moved --to "$(pwd)/snap/" --exe ./state
	ends "$how"
done

# The standard streams of what comes through a pipe: no input, and output to standard error.
"$HCC" -O2 -o streams -x c - <<'END' || exit 1
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	char line[100];

	puts("begin");
	fflush(stdout);
	sleep(1);
	printf("read: %s\n", fgets(line, sizeof line, stdin) ? "something" : "nothing");
	fflush(stdout);
	fputs("error\n", stderr);
	return 0;
}
END
: >out
(exec ./streams <input.txt >out 2>err) &
pid=$!
started="$started $pid"
wait_lines out 1
"$HCC_MIGRATE" move $pid --pid-file pid --to "exec '$HCC_MIGRATE' restore - 2>both" ||
	fail "streams: $?"
wait_lines both 2
printf 'read: nothing\nerror\n' >want
same both want

# What is given to it in place of that.
: >out
(exec ./streams <input.txt >out 2>err) &
pid=$!
started="$started $pid"
wait_lines out 1
"$HCC_MIGRATE" move $pid --to "exec '$HCC_MIGRATE' restore - --stdin input.txt --stdout out --stderr err" ||
	fail "streams: $?"
wait_lines err 1
printf 'begin\nread: something\n' >want
same out want

# Usage.
fails 2 "$error move: no --to DIR or COMMAND" "$HCC_MIGRATE" move 1
fails 2 "$error move: no process number" "$HCC_MIGRATE" move --to x
fails 2 "$error --compress: '20' is not a number from 1 to 19" "$HCC_MIGRATE" move 1 --to x --compress 20
fails 1 "$error move: -o is for --to COMMAND only" "$HCC_MIGRATE" move 1 --to x -o y
fails 1 "$error move: --isa and --exe belong into the command" \
	"$HCC_MIGRATE" move 1 --to 'x y' --isa "$HOST_ISA"
exit 0
