#!/bin/sh
# Constructors and destructors: by priority as ld has them, then in input order.
. "$SRC/tests/elf/common"

make_start
for i in 1 2; do
	cat >i$i.c <<END
#define IN(name) __attribute__((section(name), used))
extern int n, order[];
#define FUNCTION(name, value) \\
	static void name(void) IN(".text.hcc.000000000000000$i." #name); \\
	static void name(void) { order[n++] = value; }
FUNCTION(plain$i, 30 + $i)
FUNCTION(late$i, 20 + $i)
FUNCTION(early$i, 10 + $i)
FUNCTION(first$i, $i)
static void (*const p)(void) IN(".init_array") = plain$i;
static void (*const l)(void) IN(".init_array.2000") = late$i;
static void (*const e)(void) IN(".init_array.101") = early$i;
static void (*const f)(void) IN(".preinit_array") = first$i;
static void (*const d)(void) IN(".fini_array") = plain$i;
END
	fat i$i
done
cat >main.c <<'END'
#define IN(name) __attribute__((section(name)))
typedef void function(void);
extern function *const __preinit_array_start[], *const __preinit_array_end[];
extern function *const __init_array_start[], *const __init_array_end[];
extern function *const __fini_array_start[], *const __fini_array_end[];
int n IN(".bss.hcc.n"), order[16] IN(".bss.hcc.order");
static const int expected[] = { 1, 2, 11, 12, 21, 22, 31, 32 };
IN(".text.hcc.main") int main(void)
{
	for (unsigned long i = 0; &__preinit_array_start[i] < __preinit_array_end; i++)
		__preinit_array_start[i]();
	for (unsigned long i = 0; &__init_array_start[i] < __init_array_end; i++)
		__init_array_start[i]();
	if (n != 8 || __fini_array_end - __fini_array_start != 2)
		return n;
	for (int i = 0; i < n; i++)
		if (order[i] != expected[i])
			return 100 + i;
	return 0;
}
END
fat main
link start.o main.o i1.o i2.o
check_aligned main early1 late2 order n __init_array_start __init_array_end __fini_array_end
check_runs app 0

# None at all: the bounds exist and are equal.
cat >none.c <<'END'
extern void (*const __init_array_start[])(void), (*const __init_array_end[])(void);
__attribute__((section(".text.hcc.main"))) int main(void)
{
	return (int)(__init_array_end - __init_array_start);
}
END
fat none
link start.o none.o
check_runs app 0
exit $failed
