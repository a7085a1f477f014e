#!/bin/sh
# A program that has run out of stack is told an address of its stack, whichever half has ended: gnulib's
# c-stack (grep, diffutils) looks whether the fault is in the mapping that the stack is.
set -u
cat >overflow.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char alternate[65536], *start, *end;
static volatile int n;

static void find_stack(char *at)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];

	while (maps && fgets(line, sizeof line, maps))
		if (sscanf(line, "%p-%p", (void **)&start, (void **)&end) == 2 && at >= start && at < end)
			break;
	fclose(maps);
}

static void handler(int signal, siginfo_t *info, void *context)
{
	char *at = info->si_addr;

	(void)context;
	if (signal == SIGSEGV && info->si_code > 0 && at >= start && at < end)
		puts("the stack");
	else
		printf("%p, and not in %p-%p\n", (void *)at, (void *)start, (void *)end);
	fflush(stdout);
	_exit(0);
}

/* On the native half only. */
int deep(int a)
{
	n++;
	return a ? deep(a + n) * 3 + deep(n - a) : 0;
}

/* On the portable one sooner. */
int wide(int a)
{
	volatile char buffer[1000];

	buffer[(unsigned)a % 1000] = (char)n++;
	return a ? wide(a + n) * 3 + buffer[(unsigned)n % 1000] : 0;
}

int main(int argc, char **argv)
{
	stack_t stack = { .ss_sp = alternate, .ss_size = sizeof alternate };
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	char here;

	find_stack(&here);
	sigaltstack(&stack, NULL);
	sigaction(SIGSEGV, &action, NULL);
	if (argc > 1 && !strcmp(argv[1], "elsewhere"))
		return *(volatile char *)16;
	return argc > 1 ? wide(1) : deep(1);
}
END
"$HCC" -O1 -o overflow overflow.c || exit 1
ulimit -s 8192
for isa in $ISAS; do
	emulator= program=./overflow
	if test "$isa" != "$HOST_ISA"; then
		eval "emulator=\${QEMU_$isa-}"
		test -n "$emulator" || { echo "# SKIP no qemu-$isa"; exit 77; }
		program=./overflow.$isa
	fi
	for how in '' wide; do
		got=$($emulator $program $how)
		test "$got" = "the stack" || { echo "$isa: ${how:-deep}: $got"; exit 1; }
	done
	case $($emulator $program elsewhere) in
	0x10,*) ;;
	*) echo "$isa: elsewhere: $($emulator $program elsewhere)"; exit 1 ;;
	esac
done
