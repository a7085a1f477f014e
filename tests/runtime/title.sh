#!/bin/sh
# A program that writes over its arguments changes what ps shows of it, after a move as well.
. "$SRC/tests/runtime/common"

cat >app.c <<'END'
#include <stdio.h>
#include <string.h>
int n, stop;
int main(int argc, char **argv)
{
	strcpy(argv[argc - 1], "second title");
	memcpy(argv[0], "1st", 4);
	puts("ready");
	fflush(stdout);
	while (!*(volatile int *)&stop)
		n++;
}
END
cat >kernel.c <<'END'
#include <sys/prctl.h>
int main(void) { unsigned n; return prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &n, 0, 0) != 0; }
END
"$CC" -o kernel kernel.c && ./kernel ||
	{ echo "# SKIP this kernel lets no process say where its arguments are"; exit 77; }
"$HCC" -O2 -o app app.c || exit 1
: >out
(exec ./app "an argument that is long enough" >out 2>err </dev/null) &
pid=$!
started=$pid
wait_lines out 1

# shown PID: its arguments, joined
shown()
{
	tr '\000' ' ' <"/proc/$1/cmdline" | cut -c 1-22
}

case $(shown $pid) in "1st "*"second title"*) ;; *) fail "before the move: $(shown $pid)" ;; esac
tr '\000' '\n' <"/proc/$pid/environ" | grep -q '^PATH=' || fail "no environment: /proc/PID/environ"
before=$(shown $pid)
"$HCC_MIGRATE" snapshot $pid -o snap || exit 1
"$HCC_MIGRATE" restore snap --isa "$HOST_ISA" >>out 2>err </dev/null &
pid=$!
started=$pid
tries=0
until test "$(shown $pid 2>/dev/null)" = "$before"; do
	tries=$((tries + 1))
	test $tries -lt 500 || fail "after the move: $(shown $pid), expected $before"
	sleep 0.02
done
