#!/bin/sh
# Functions that only tables of pointers lead to lie apart from those that code leads to, with those that only
# they call: first in .text.hcc, last of the packed; in one order on all ISAs. Small ones do not.
. "$SRC/tests/elf/common"

packing=
make_start
cat >main.c <<'END'
#define TEXT(name) __attribute__((section(".text.hcc.00000000000000aa." #name), noinline))
#define RODATA(name) __attribute__((section(".rodata.hcc.00000000000000aa." #name)))
#define DATA(name) __attribute__((section(".data.hcc.00000000000000aa." #name)))
#define TWICE(x) x x
#define LONG TWICE(TWICE(TWICE(TWICE(TWICE(__asm__ volatile("" : "+r"(n)); n ^= n << 3 | 1;)))))
int other(int n);
TEXT(helper) static int helper(int n) { LONG return n; }      /* only handler calls it */
TEXT(deeper) int deeper(int n) { LONG return n + helper(n); } /* by way of another object */
TEXT(handler) static int handler(int n) { LONG return other(n) + helper(n + 1); }
TEXT(small) static int small(int n) { return n + 1; }
TEXT(callback) static int callback(int n) { LONG return n; } /* code takes its address */
TEXT(built) static void built(void) { int n = 0; LONG }
TEXT(called) static int called(int n) { LONG return n; }
int (*const volatile table[])(int) RODATA(table) = { handler, small };
int (*volatile chosen)(int) DATA(chosen) = 0;
void (*const constructors[])(void) __attribute__((section(".init_array"), used)) = { built };
TEXT(main) int main(void);
TEXT(main) int main(void)
{
	int n;

	chosen = callback;
	n = called(0) + chosen(table[1](0)) + table[0](1);
	__asm__ volatile("" : : "r"(n));
	return 7;
}
END
cat >other.c <<'END'
int deeper(int n);
__attribute__((section(".text.hcc.00000000000000bb.other"))) int other(int n)
{
	__asm__ volatile(".rept 40\n nop\n nop\n nop\n nop\n .endr" : "+r"(n));
	return deeper(n) + 1;
}
END
fat main
fat other

# The functions in a section of a file are these, in order.
expect() # FILE SECTION NAMES
{
	names=$(echo $(members "$1" "$2"))
	[ "$names" = "$3" ] || fail "$1 $2: has '$names', expected '$3'"
}

link start.o main.o other.o
check_runs app 7
for isa in $ISAS; do
	program=app
	[ "$isa" = "$HOST_ISA" ] || program=app.$isa
	expect $program .text.hcc "handler small built callback"
	expect $program .text.hcc_packed \
		"_start main called deeper helper other"
done

# The same without packing: one section.
packing=--no-packed-text
link start.o main.o other.o
check_runs app 7
for isa in $ISAS; do
	program=app
	[ "$isa" = "$HOST_ISA" ] || program=app.$isa
	expect $program .text.hcc \
		"deeper helper handler other _start small built main callback called"
done

# What is asked for by name is reached; a user's section of a name that the linker uses by itself takes that away.
packing=
link -u deeper start.o main.o other.o
expect app .text.hcc_packed "_start deeper helper main called other"
echo '__attribute__((section("xt.hcc.mine"))) int mine(void) { return 1; }' >mine.c
fat mine
link start.o main.o other.o mine.o
check_runs app 7
expect app .text.hcc \
	"_start deeper helper handler small built main callback called other"
exit $failed
