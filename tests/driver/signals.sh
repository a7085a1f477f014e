#!/bin/sh
# A signal that ends hcc ends what it runs too, and leaves no files; its caller sees the signal.

set -u
failed=0
TMPDIR=$PWD/tmp
export TMPDIR
mkdir tmp
mkfifo source.c

for signal in TERM HUP; do
	"$HCC" -c source.c -o out.o 2>err &
	pid=$!
	i=0
	until child=$(cat /proc/$pid/task/$pid/children 2>/dev/null) && [ -n "$child" ]; do
		i=$((i + 1))
		[ $i -lt 1000 ] || { echo "hcc runs nothing"; exit 1; }
		sleep 0.01
	done
	kill -$signal $pid
	wait $pid 2>/dev/null # the shell says "Terminated"
	status=$?
	[ $status -gt 128 ] && [ "$(kill -l $status)" = $signal ] ||
		{ echo "SIG$signal: status $status"; failed=1; }
	[ ! -s err ] || { cat err; failed=1; }
	[ -z "$(ls tmp)" ] && [ ! -e out.o ] || { echo "left: $(ls tmp out.o)"; failed=1; }
	# shellcheck disable=SC2086
	! kill -0 $child 2>/dev/null || { echo "SIG$signal: clang goes on"; failed=1; }
done

# The other end of a pipe that nobody reads.
echo 'int x;' >a.c
("$HCC" -S -o - a.c; echo $? >status) 2>err | :
[ ! -s err ] || { cat err; failed=1; }
[ -z "$(ls tmp)" ] || { echo "left: $(ls tmp)"; failed=1; }

# A source that can be read once only.
echo 'int x;' | "$HCC" -c -x c /dev/stdin -o stdin.o || failed=1
nm stdin.o | grep -q ' B x' || { echo "stdin.o lacks x"; failed=1; }
exit $failed
