#!/bin/sh
# Where functions begin: short ones that pointers lead to return at different places in 16 bytes and are in one line of
# the cache each; long ones begin with a line; what the program asks for holds.
. "$SRC/tests/elf/common"

need x86_64 aarch64
make_start
{
	echo '#define TEXT(name) __attribute__((section(".text.hcc.00000000000000aa." #name)))'
	for i in 0 1 2 3 4 5 6 7 8 9; do
		echo "TEXT(f$i) static int f$i(int n) { return n * (100000 * ($i / 3) + 3) ^ $i; }"
	done
	for align in 8 16 64; do
		echo "TEXT(at$align) __attribute__((aligned($align))) static int at$align(int n) { return n + $align; }"
		echo "TEXT(small$align) static int small$align(int n) { return n - $align; }"
	done
	echo 'int (*const volatile table[])(int) __attribute__((section(".rodata.hcc.00000000000000aa.table"))) = {'
	echo '	f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, at8, small8, at16, small16, at64, small64 };'
	cat <<'E'
TEXT(long1) int long1(void) { __asm__ volatile(".fill 310, 4, 0"); return 0; }
TEXT(long2) int long2(void) { __asm__ volatile(".fill 311, 4, 0"); return 0; }
TEXT(main) int main(void)
{
	int n = 1;

	for (int i = 0; i < 16; i++)
		n = table[i](n);
	return n & 127;
}
E
} >main.c
fat main

# The expected status is the source's by the plain compiler.
"$CLANG" -O1 -o plain main.c || exit 1
./plain
expected=$?
link start.o main.o
check_runs app $expected
names="f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 small8 small16 small64"
check_aligned $names at8 at16 at64
for align in 8 16 64; do
	va=$(printf %d "0x$(address x86_64 at$align)")
	[ $((va % align)) = 0 ] || fail "at$align is at $va"
done

for name in long1 long2; do
	va=$(printf %d "0x$(address x86_64 $name)")
	[ $((va % 64)) = 0 ] || fail "$name is at $va"
done

program=app
[ "$HOST_ISA" = x86_64 ] || program=app.x86_64
"$LLVM_BINDIR/llvm-readelf" -sW $program >symbols || exit 1
last="none none none"
for name in $names; do
	va=$(printf %d "0x$(address x86_64 "$name")")
	bytes=$(awk -v name="$name" '$8 == name { print $3 }' symbols)
	end=$((va + bytes - 1))
	[ $((va / 64)) = $((end / 64)) ] || fail "$name: $bytes bytes at $va cross a line"
	class=$((end / 4 % 4))
	case $name in
	f*) # neighbours: four in a row differ
		case " $last " in
		*" $class "*) fail "$name returns at $end, as one of the three before it does by bits 2 and 3" ;;
		esac
		last="${last#* } $class" ;;
	esac
done

# One ISA alone cannot tell whose wish an alignment is.
targets=x86_64
link start.o main.o
for name in $names; do
	va=$(printf %d "0x$(address "$HOST_ISA" "$name")") # the file is app
	[ $((va % 16)) = 0 ] || fail "x86_64 alone: $name is at $va"
done
exit $failed
