#!/bin/sh
# timeout: 60
# What the new machine does not give ends the new process before the old one ends, which goes on.
. "$SRC/tests/runtime/common"
test "$(id -u)" = 0 && command -v setpriv >/dev/null || { echo "# SKIP not root"; exit 77; }
error="hcc-migrate: error:"

cat >app.c <<'END'
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
static volatile sig_atomic_t n_asked;
static void ask(int signal) { (void)signal; n_asked++; }
int main(int argc, char **argv)
{
	int n_seen = 0, fd;

	signal(SIGUSR1, ask);
	if (!strcmp(argv[argc - 1], "nice") && setpriority(PRIO_PROCESS, 0, -5))
		perror("setpriority");
	if (!strcmp(argv[argc - 1], "file")) {
		fd = open("mapped", O_RDWR | O_CREAT, 0600);
		if (ftruncate(fd, 65536) || mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
				== MAP_FAILED)
			perror("mmap");
		close(fd);
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		if (n_asked != n_seen) {
			n_seen++;
			puts("on");
			fflush(stdout);
		}
}
END
"$HCC" -O2 -o app app.c || exit 1

# start WHAT: sets pid
start()
{
	: >out
	(exec ./app "$1" >out 2>&1 </dev/null) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
	test "$(cat out)" = ready || { echo "# SKIP $(cat out)"; exit 77; }
}

goes_on()
{
	kill -USR1 $pid
	wait_lines out 2
	kill -9 $pid
	wait $pid 2>/dev/null
	test ! -e snap || fail "there is a snapshot"
}

start nice
fails 1 "$error $PWD/snap/snapshot: cannot set the priority of thread $pid: Permission denied" \
	setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice "$HCC_MIGRATE" move $pid --to snap
goes_on

start file
"$HCC_MIGRATE" snapshot $pid -o snap || exit 1
wait $pid 2>/dev/null
mv mapped elsewhere
fails 1 "$error $PWD/snap/snapshot: cannot map $PWD/mapped: No such file or directory" \
	"$HCC_MIGRATE" restore snap
mv elsewhere mapped
"$HCC_MIGRATE" restore snap --stats stats >>out 2>&1 </dev/null &
pid=$!
started="$started $pid"
tries=0
until grep -qs '^restored ' stats; do
	tries=$((tries + 1))
	test $tries -lt 1000 || fail "not restored: $(cat out)"
	sleep 0.02
done
rm -r snap
goes_on
