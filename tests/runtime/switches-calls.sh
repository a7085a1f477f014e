#!/bin/sh
# System calls at which a thread can be captured are made, also while the environment moves the
# process at each of them, in place.
set -eu

cat >calls.c <<'END'
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	struct timespec short_time = {0, 1000};
	int ends[2], status = 0, n = 0;
	char byte;

	if (pipe(ends))
		return 1;
	if (fork() == 0) {
		close(ends[0]);
		for (int i = 0; i < 5; i++)
			if (nanosleep(&short_time, NULL) || write(ends[1], "x", 1) != 1)
				_exit(1);
		_exit(7);
	}
	close(ends[1]);
	while (read(ends[0], &byte, 1) == 1)
		n++;
	if (wait(&status) < 0)
		return 1;
	printf("%d %d\n", n, WEXITSTATUS(status));
	return 0;
}
END
"$HCC" -O2 -fno-hcc-compress -o calls calls.c
for isa in $ISAS; do
	program=./calls run=
	if [ "$isa" != "$HOST_ISA" ]; then
		program=./calls.$isa
		eval "run=\${QEMU_$isa:-}"
		[ -n "$run" ] || { echo "# SKIP no emulator of $isa"; exit 77; }
	fi
	rm -f stats
	# shellcheck disable=SC2086
	got=$(HCC_MOVE_EVERY=1 HCC_SCORCH=1 HCC_MOVE_STATS=stats timeout 60 $run $program) ||
		echo "$isa: exit status $?"
	[ "$got" = "5 7" ] || echo "$isa: got '$got', expected '5 7'"
	grep -q '^end polls=.* moves=[1-9]' stats || { echo "$isa: no moves:"; cat stats; }
done
