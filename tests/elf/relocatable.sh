#!/bin/sh
# Fat objects joined by ld -r, also of objects joined before.
. "$SRC/tests/elf/common"

make_start
for i in 1 2 3; do
	cat >f$i.c <<END
#define IN(name) __attribute__((section(name)))
extern int (*const user_table[])(void) __attribute__((weak));
int f$i(void) IN(".text.hcc.000000000000000$i.f$i");
int f$i(void) { return $i; }
static int (*const entry)(void) __attribute__((section("user_table"), used)) = f$i;
static void constructor(void) IN(".text.hcc.000000000000000$i.constructor");
int sum$i IN(".bss.hcc.000000000000000$i.sum$i");
static void constructor(void) { sum$i = $i; }
static void (*const init)(void) __attribute__((section(".init_array"), used)) = constructor;
END
	fat f$i
done
cat >main.c <<'END'
extern int (*const __start_user_table[])(void), (*const __stop_user_table[])(void);
extern void (*const __init_array_start[])(void), (*const __init_array_end[])(void);
extern int sum1, sum2, sum3;
__attribute__((section(".text.hcc.main"))) int main(void)
{
	int sum = 0, weight = 1;

	for (unsigned i = 0; &__init_array_start[i] < __init_array_end; i++)
		__init_array_start[i]();
	for (unsigned i = 0; &__start_user_table[i] < __stop_user_table; i++, weight *= 10)
		sum += weight * __start_user_table[i]();
	return sum - 321 + sum1 + sum2 + sum3;
}
END
fat main
for linker in ld "$LLD"; do
	$linker -r f1.o f2.o -o f12.o || fail "$linker -r"
	$linker -r f12.o f3.o -o all.o || fail "$linker -r"
	link start.o main.o all.o
	check_aligned f1 f2 f3 main sum1 __init_array_start
	check_runs app 6
done
exit $failed
