#!/bin/sh
# Sections that the user names: one output section each, in input order, with __start_ and __stop_.
. "$SRC/tests/elf/common"

make_start
for i in 1 2; do
	cat >u$i.c <<END
#define IN(name) __attribute__((section(name), used))
static const int table_entry IN("table") = $i;
int counter$i IN("counters") = 10 * $i;
char odd$i IN("an odd-name") = $i;
int zeros$i IN(".nobits_like");
const char note$i IN(".rodata_of_mine") = $i;
int in$i(void) IN("my_code.hcc.000000000000000$i.in$i");
int also$i(void) IN("my_code.hcc.000000000000000$i.also$i");
int also$i(void) { return zeros$i + 100000 * in$i(); }
int in$i(void) { return table_entry + counter$i + odd$i + zeros$i; }
END
	fat u$i
done
cat >main.c <<'END'
extern const int __start_table[], __stop_table[];
extern int __start_counters[], __stop_counters[];
int in1(void), also1(void);
extern const char __start_my_code[], __stop_my_code[];
__attribute__((section(".text.hcc.main"))) int main(void)
{
	int sum = 0;

	if (__stop_table - __start_table != 2 || __start_table[0] != 1 || __start_table[1] != 2)
		return 1;
	if ((const char *)also1 != __start_my_code || __stop_my_code - __start_my_code < 64)
		return 2;
	for (int *counter = __start_counters; counter < __stop_counters; counter++)
		sum += *counter;
	return sum + in1();
}
END
fat main
link start.o main.o u1.o u2.o
check_aligned main counter1 counter2 odd1 odd2 zeros1 note2 in1 in2 also1 also2 \
	__start_table __stop_counters __start_my_code __stop_my_code
check_runs app 42

# Code in a section that the user names in assembly: what does not align is named.
cat >two.c <<'END'
__asm__(".section packed,\"ax\",@progbits\n.globl p1\n.type p1,@function\np1: "
#ifdef ISA_x86_64
	".fill 112,1,0x90\n"
#else
	".fill 4,4,0xd503201f\n"
#endif
	".globl p2\n.type p2,@function\np2: .fill 4,4,0\n.text\n");
END
fat two
need x86_64 aarch64
link start.o main.o u1.o u2.o
code_end=$(printf %d "0x$(address x86_64 __stop_my_code)")
p1=$(((code_end + 3) / 4 * 4))
at_x86_64=$(printf 0x%x $((p1 + 112))) at_aarch64=$(printf 0x%x $((p1 + 16)))
eval "at_other=\$at_$other at_host=\$at_$HOST_ISA"
check_error "app: 'p2' is at $at_other on $other, at $at_host on $HOST_ISA" \
	start.o main.o u1.o u2.o two.o
exit $failed
