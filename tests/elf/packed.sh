#!/bin/sh
# Functions whose address is taken somewhere are at one address on all ISAs; the others follow each other,
# in one order, without room for what is larger on another ISA.
. "$SRC/tests/elf/common"
need x86_64 aarch64

packing=
make_start
cat >main.c <<'END'
#define TEXT(name) __attribute__((section(".text.hcc.00000000000000aa." #name), noinline))
#define RODATA(name) __attribute__((section(".rodata.hcc.00000000000000aa." #name)))
#define BODY(n) { for (int i = 0; i < n; i++) __asm__ volatile("" : "+r"(n)); return n; }
TEXT(called) int called(int n) BODY(n)
TEXT(only_called) static int only_called(int n) BODY(n)
TEXT(in_data) static int in_data(int n) BODY(n)
TEXT(in_code) static int in_code(int n) BODY(n)
TEXT(elsewhere) int elsewhere(int n) BODY(n)
TEXT(aliased) int aliased(int n) BODY(n)
extern int alias(int n) __attribute__((alias("aliased")));
TEXT(tail) int tail(int n) BODY(n)
int (*const table[])(int) RODATA(table) = { in_data, alias };
TEXT(caller) int caller(int n) { return tail(n + 1); }
TEXT(through) static int through(int (*f)(int)) { return f(1); }
TEXT(sum) int sum(void);
int other(void);
TEXT(sum) int sum(void)
{
	return called(1) + only_called(1) + through(in_code) + through(table[0]) + through(table[1])
		+ caller(1) + other();
}
TEXT(main) int main(void);
TEXT(main) int main(void) { return sum(); }
END
cat >other.c <<'END'
int elsewhere(int);
__attribute__((section(".text.hcc.00000000000000bb.take"), noinline)) static int take(int (*f)(int))
{ __asm__ volatile("" : "+r"(f)); return f(1); }
__attribute__((section(".text.hcc.00000000000000bb.other"))) int other(void) { return take(elsewhere); }
END
fat main
fat other

link start.o main.o other.o
check_runs app 8
check_aligned in_data in_code elsewhere aliased alias
for name in in_data in_code elsewhere alias; do
	members app .text.hcc | grep -qx $name || fail "$name is not in .text.hcc"
done
for name in called only_called tail caller sum main other; do
	members app .text.hcc_packed | grep -qx $name || fail "$name is not packed"
done
for isa in $others; do
	members app .text.hcc_packed >first
	members app.$isa .text.hcc_packed >second
	cmp first second || fail "$isa: another order"
done
for name in only_called tail caller sum main other; do
	[ "$(address "$HOST_ISA" $name)" = "$(address "$other" $name)" ] || echo $name
done >moved
[ -s moved ] || fail "nothing is packed"
"$LD" --targets="$targets" --print-layout app >out || fail "--print-layout"
grep -q '^one each .* text    caller$' out || { fail "--print-layout:"; cat out; }

# All of them, where the linker cannot know, or must not.
for option in --no-packed-text --defsym=again=called; do
	link $option start.o main.o other.o
	check_runs app 8
	check_aligned called only_called tail caller sum main other
done

# A wrapped function's address is its wrapper's.
cat >wrap.c <<'END'
#define TEXT(name) __attribute__((section(".text.hcc.00000000000000cc." #name), noinline))
int __real_elsewhere(int);
int __wrap_elsewhere(int);
TEXT(filler) int filler(int n) { __asm__ volatile("" : "+r"(n)); return n * 77 / 3; }
TEXT(__wrap_elsewhere) int __wrap_elsewhere(int n) { return __real_elsewhere(n) + filler(0); }
END
fat wrap
link --wrap=elsewhere start.o main.o other.o wrap.o
check_runs app 8
check_aligned __wrap_elsewhere
exit $failed
