#!/bin/sh
# Jump tables of clones lie with the clones, not among those that run: no relocation of another read-only
# section leads into a clone. Cold functions and hot ones have sections that code generation names in its own way.
. "$SRC/tests/elf/common"

cat >app.c <<'END'
#include <stdio.h>

#define CASE(i) case i: return (n ^ i * 77) + putchar('a' + i);
#define STEP(name) int name(int k, int n) { \
	switch (k) { \
	CASE(0) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12) \
	CASE(13) CASE(14) CASE(15) CASE(16) CASE(17) CASE(18) CASE(19) \
	default: return n << puts("f"); \
	} }

__attribute__((noinline)) static STEP(usual)
__attribute__((noinline, cold)) static STEP(seldom)
__attribute__((noinline, hot)) static STEP(often)

int main(int argc, char **argv)
{
	int sum = 0;

	(void)argv;
	for (int i = 0; i < 25; i++)
		sum += usual(i * argc, i) + seldom(i * argc, sum) + often(i * argc, sum);
	return sum == 12345;
}
END
"$HCC" -O2 -c app.c || exit 1
for isa in $ISAS; do
	if test "$isa" = "$HOST_ISA"; then
		cp app.o "$isa.o"
	else # behind its header, see hcc_format.h
		"$LLVM_BINDIR/llvm-objcopy" --dump-section ".hcc.obj.$isa=part" app.o rest.o || exit 1
		tail -c +17 part >"$isa.o"
	fi
	for name in usual seldom often; do
		"$LLVM_BINDIR/llvm-readelf" -SW "$isa.o" | grep -q " \.rodata\.hcc_resume\.$name\.resume " ||
			fail "$isa: $name.resume has no table of its own"
	done
	"$LLVM_BINDIR/llvm-readelf" -rW "$isa.o" | awk -v isa="$isa" '
		/^Relocation section/ { section = $3 }
		section ~ /\.rela\.rodata/ && section !~ /\.rodata\.hcc_resume/ && /resume/ {
			print isa ": " section " leads into a clone: " $0
		}' >found
	test -s found && fail "$(cat found)"
done

# Several files, joined first: all tables still go there, and the program moves.
sed -e 's/int main.*/int other(int argc)/' -e '/(void)argv/d' app.c >other.c
sed -e 's/^int main/int other(int argc);\nint main/' -e 's/return sum ==/return other(argc) + sum ==/' app.c >first.c
"$HCC" -O2 -c first.c && "$HCC" -O2 -c other.c && "$HCC" -r -o both.o first.o other.o &&
	"$HCC" -fno-hcc-compress -o app both.o || exit 1
for isa in $ISAS; do
	program=app
	test "$isa" = "$HOST_ISA" || program=app.$isa
	"$LLVM_BINDIR/llvm-readelf" -SW "$program" >sections
	grep -q " \.rodata\.hcc_resume " sections || fail "$program has no tables of clones apart"
	grep " \.rodata\.hcc_resume\." sections && fail "$program has tables in sections of their own"
done
./app >want
HCC_MOVE_EVERY=1 HCC_SCORCH=1 ./app >got
cmp -s want got || fail "output differs when it moves"
exit $failed
