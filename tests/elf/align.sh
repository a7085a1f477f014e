#!/bin/sh
# What is shared has one address on every ISA, however large each ISA's code is.
. "$SRC/tests/elf/common"

make_start
cat >a.c <<'END'
#define IN(name) __attribute__((section(name)))
#ifdef ISA_x86_64
#define PAD 400
#else
#define PAD 40
#endif
int zero IN(".bss.hcc.00000000000000aa.zero");
int one IN(".data.hcc.00000000000000aa.one") = 1;
_Alignas(64) char wide IN(".data.hcc.00000000000000aa.wide") = 2;
const char text[] IN(".rodata.hcc.00000000000000aa.text") = "shared";
int first(void) IN(".text.hcc.00000000000000aa.first");
int second(void) IN(".text.hcc.00000000000000aa.second");
int main(void) IN(".text.hcc.00000000000000aa.main");
int (*const table[])(void) IN(".rodata.hcc.00000000000000aa.table") = { first, second };
static int local[PAD]; /* private to the ISA */
int first(void) { volatile int *p = local; for (int i = 0; i < 8; i++) p[i] = PAD; return p[3] - PAD; }
__asm__(".section .text.hcc.00000000000000aa.sized,\"ax\",@progbits\n"
#ifdef ISA_x86_64
	".fill 33,1,0x90\n.text");
#else
	".fill 2,4,0xd503201f\n.text");
#endif
int second(void) { return zero + one; }
int main(void) { return table[0]() + table[1]() + wide + text[0] - 's'; }
END
fat a
link start.o a.o
check_aligned _start zero one wide text table first second main
check_runs app 3

# Equal strings stay where they are: lld would merge them.
cat >b.c <<'END'
__asm__(".section .rodata.hcc.00000000000000bb.s1,\"aMS\",@progbits,1\n.globl s1\n"
	".type s1,@object\ns1: .string \"same\"\n.size s1,5\n"
	".section .rodata.hcc.00000000000000bb.s2,\"aMS\",@progbits,1\n.globl s2\n"
	".type s2,@object\ns2: .string \"same\"\n.size s2,5\n.text");
END
fat b
link start.o a.o b.o
check_aligned s1 s2 main
[ "$(address "$HOST_ISA" s1)" != "$(address "$HOST_ISA" s2)" ] || fail "s1 and s2 were merged"

# The zeroed data begins where the most demanding of it may, or lld would say so.
cat >c.c <<'END'
char odd __attribute__((section(".data.hcc.00000000000000cc.odd"))) = 1;
_Alignas(64) char line[64] __attribute__((section(".bss.hcc.00000000000000cc.line")));
END
fat c
link start.o a.o c.o
check_aligned line odd

# No segment is writable and executable; all are 64 KiB aligned; one build ID for all.
for file in app $(for isa in $others; do echo "app.$isa"; done); do
	"$LLVM_BINDIR/llvm-readelf" -lW "$file" >segments
	! grep -q 'LOAD.* RWE ' segments || fail "$file: writable and executable"
	[ "$(grep -c 'LOAD.* 0x10000$' segments)" = "$(grep -c LOAD segments)" ] ||
		fail "$file: alignment"
	grep -q 'GNU_STACK.* RW ' segments || fail "$file: executable stack"
	"$LLVM_BINDIR/llvm-readelf" -n "$file" | grep 'Build ID' >>ids
done
[ "$(sort -u ids | wc -l)" = 1 ] || fail "build IDs differ"
exit $failed
