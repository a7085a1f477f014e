#!/bin/sh
# What only moves need costs no memory before one: clones with their tables, what describes code, and the
# runtime's part that moves lie in segments of their own, of which a program that runs touches nothing. It calls
# what the runtime takes notes of.
set -u
. "$SRC/tests/programs/common"
cat >app.c <<'END'
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

volatile int chosen, sum;

static int step(int k)
{
	switch (k & 7) {
	case 0: return puts("");
	case 1: return getpid();
	case 2: return usleep(1);
	case 3: return sum;
	case 4: return putchar(' ');
	case 5: return fflush(stdout);
	case 6: return printf("\n");
	default: return k;
	}
}

static void *run(void *arg)
{
	for (int i = 0; i < 100; i++)
		sum += step(chosen + i);
	return arg;
}

static void caught(int sig)
{
	chosen += sig;
}

int main(void)
{
	int c, one = 1, pair[2], fd = socket(AF_UNIX, SOCK_STREAM, 0);
	pthread_t thread;
	FILE *f;

	listen(fd, 5);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	inotify_add_watch(inotify_init1(0), ".", IN_CREATE);
	epoll_create1(0);
	signal(SIGUSR1, caught);
	raise(SIGUSR1);
	madvise(mmap(NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 65536, MADV_DONTDUMP);
	if (pthread_create(&thread, NULL, run, NULL) || pthread_join(thread, NULL))
		return 1;
	run(NULL);
	f = fopen("/proc/self/smaps", "r");
	while (f && (c = getc(f)) != EOF)
		putchar(c);
	return !f;
}
END
"$HCC" -O2 -fno-hcc-compress -o app app.c && ./app >smaps || exit 1
# name, type, address
"$LLVM_BINDIR/llvm-readelf" -SW app | sed -n 's/^ *\[ *[0-9]*\] //p' >sections
failed=0
for section in .text.hcc_resume .rodata.hcc_resume .hcc.polls .eh_frame .hcc.meta .text.hcc-moves; do
	va=$(awk -v name=$section '$1 == name { print $3 }' sections)
	test "$va" || { echo "there is no $section"; failed=1; continue; }
	rss=$(awk -v va="$va" '
		function padded(s) { while (length(s) < 16) s = "0" s; return s }
		/^[0-9a-f]+-[0-9a-f]+ / {
			split($1, range, "-")
			is = padded(range[1]) <= va && va < padded(range[2])
		}
		is && /^Rss:/ { print $2 }' smaps)
	test "$rss" = 0 || { echo "$section at 0x$va: ${rss:-no} kB are resident, expected 0"; failed=1; }
done
exit $failed
