#!/bin/sh
# The tables of a program that hcc has compiled: in order, within bounds, alike on all ISAs.
. "$SRC/tests/elf/common"

"$CC" -std=gnu17 -I"$SRC/runtime" -o table_check "$SRC/tests/elf/table_check.c" || exit 1
cat >one.c <<'END'
#include <stdio.h>
#include <stdlib.h>
static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}
__attribute__((noinline)) static int helper(int n, double d, const char *text)
{
	volatile int sum = 0;
	for (int i = 0; i < n; i++)
		sum += (int)(d * i) + text[i % 3];
	return sum;
}
long recurse(long n, __int128 wide, long double quad)
{
	if (n == 0)
		return (long)wide + (long)quad;
	return recurse(n - 1, wide + n, quad * 2) + n;
}
int second(int);
volatile int ten = 10;
int main(void)
{
	int v[] = { 3, 1, 2 };
	qsort(v, 3, sizeof *v, compare);
	printf("%d%d%d %d %ld %d\n", v[0], v[1], v[2], helper(ten, 1.5, "abc"), recurse(20, 1, 1), second(3));
	return 0;
}
END
cat >two.c <<'END'
static int helper(int x) { volatile int n = x; while (n < 100) n += x; return n; }
int second(int x) { return helper(x); }
END
for level in 0 1 2 s; do
	"$HCC" -O$level -c one.c -o one.o && "$HCC" -O$level -c two.c -o two.o &&
		"$HCC" -o app one.o two.o || fail "-O$level"
	./table_check $(for isa in $ISAS; do
		[ $isa = $HOST_ISA ] && echo app || echo app.$isa; done) || fail "table at -O$level"
	./table_check -p app >printed || fail "-p"
	for name in main helper recurse second qsort; do
		grep -q "^[0-9a-f]* [^ ]*$name" printed || fail "-O$level: no site of $name"
	done
	[ "$(./app)" = "123 1044 1048997 102" ] || fail "-O$level: $(./app)"
done

# The same after ld -r, and the same frames' data when all comes from an archive.
ld -r one.o two.o -o both.o && "$HCC" -o app both.o || fail "ld -r"
./table_check app $(for isa in $others; do echo app.$isa; done) || fail "table after ld -r"
ar rcs libboth.a one.o two.o && "$HCC" -o app libboth.a || fail "archive"
./table_check app $(for isa in $others; do echo app.$isa; done) || fail "table of an archive"

# Two definitions, one weak: the one that is not used leaves no trace.
cat >weak.c <<'END'
#include <stdio.h>
__attribute__((weak)) int pick(int n) { volatile int s = 0; for (int i = 0; i < n; i++) s += 1; return s; }
int from_weak(int n) { return pick(n); }
END
cat >strong.c <<'END'
#include <stdio.h>
int from_weak(int);
int pick(int n) { volatile int s = 0; for (int i = 0; i < n; i++) s += 2; puts("strong"); return s; }
int main(void) { printf("%d\n", from_weak(5)); return 0; }
END
"$HCC" -O1 -c weak.c && "$HCC" -O1 -c strong.c || fail weak
for order in "weak.o strong.o" "strong.o weak.o"; do
	"$HCC" -o app $order || fail "$order"
	./table_check app $(for isa in $others; do echo app.$isa; done) || fail "table of $order"
	[ "$(./app)" = "strong
10" ] || fail "$order: $(./app)"
done
exit $failed
