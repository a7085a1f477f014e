#!/bin/sh
# Objects whose sections come in another order, with other alignments, or not at all on some ISA.
. "$SRC/tests/elf/common"

make_start
cat >a.c <<'END'
#define TEXT(name, align, bytes) ".section .text.hcc.00000000000000aa." #name ",\"ax\",@progbits\n" \
	".p2align " #align "\n.globl " #name "\n.type " #name ",@function\n" #name ": .zero " #bytes "\n"
#define DATA(name, align, bytes) ".section .data.hcc.00000000000000aa." #name ",\"aw\",@progbits\n" \
	".p2align " #align "\n.globl " #name "\n.type " #name ",@object\n" #name ": .zero " #bytes "\n"
#ifdef ISA_x86_64
__asm__(TEXT(t1, 2, 4) TEXT(t2, 5, 40) TEXT(t3, 4, 100) TEXT(only, 2, 8)
	DATA(d1, 0, 1) DATA(d2, 3, 8) DATA(d3, 6, 3) ".text");
#else
__asm__(TEXT(t2, 2, 4) TEXT(t3, 4, 200) TEXT(t1, 7, 4)
	DATA(d3, 0, 3) DATA(d1, 2, 1) DATA(d2, 3, 8) ".text");
#endif
END
cat >b.c <<'END'
#define IN(name) __attribute__((section(name)))
int after IN(".data.hcc.00000000000000bb.after") = 1;
int main(void) IN(".text.hcc.main");
int main(void) { return after - 1; }
END
# The same function, in a COMDAT group, in two objects.
for i in 1 2; do
	cat >g$i.c <<END
__asm__(".section .text.hcc.inlined,\"axG\",@progbits,inlined,comdat\n.weak inlined\n"
	".type inlined,@function\ninlined: .zero 24\n.size inlined,24\n"
	".section .text.hcc.000000000000000$i.g$i,\"ax\",@progbits\n.globl g$i\n"
	".type g$i,@function\ng$i: .zero 4\n.text");
END
	fat g$i
done
fat a
fat b
for order in "a.o b.o g1.o g2.o" "g2.o b.o g1.o a.o"; do
	link start.o $order
	check_aligned t1 t2 t3 d1 d2 d3 after main inlined g1 g2
	check_runs app 0
	for pair in t1:128 t2:32 t3:16 d1:4 d2:8 d3:64; do
		va=$(printf %d "0x$(address "$HOST_ISA" ${pair%:*})")
		[ $((va % ${pair#*:})) = 0 ] || fail "${pair%:*} is at $va"
	done
done
exit $failed
