#!/bin/sh
# timeout: 300
# What hcc-verify derives of frames holds for more than hcc makes of them: clang's own code agrees
# with its .eh_frame at each call, whatever the frame; and where it does not, that is found.
. "$SRC/tests/verify/common"

cat >main.c <<'END'
#include <stdlib.h>
void use(void *p, ...) { (void)p; }
int get(int n) { return n; }
void take(int a, int b, int c, int d, int e, int f, int g, int h, int i, long j, long double k)
{
	(void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h, (void)i, (void)j;
	(void)k;
}
_Noreturn void die(const char *s) { (void)s; abort(); }
int remember(long *state) { (void)state; return 0; }
int main(void) { return 0; }
END

# Join what clang makes of a file for each ISA.
native() # SOURCE OUTPUT OPTION...
{
	source=$1 output=$2
	shift 2
	parts=
	for isa in $ISAS; do
		"$CLANG" --target="$isa-linux-musl" -ffreestanding -fno-pic -ffunction-sections \
			-fasynchronous-unwind-tables -w -DISA_"$isa" "$@" -c "$source" \
			-o "native-$isa.o" || exit 1
		parts="$parts $isa:native-$isa.o"
	done
	"$BUILD/libexec/hcc/hcc-fat" $parts -o "$output" || exit 1
}

"$HCC" -O1 -c main.c || exit 1
for options in -O0 -O2 '-Os -fno-omit-frame-pointer -mno-red-zone'; do
	# What an ISA does not know of these it says by a warning.
	native "$SRC/tests/verify/native.c" native.o $options -Wno-unused-command-line-argument
	"$HCC" -o app -fno-hcc-verify native.o main.o ||
		fail "clang $options"
	"$LLVM_BINDIR/llvm-nm" app | grep -q ' aligned_vla$' || fail "clang $options: no functions"
	check_verified app
done

# Unwinding data that is wrong by a word, and a saved register that is not.
cat >wrong.S <<'END'
	.text
	.globl wrong
	.type wrong, %function
wrong:
	.cfi_startproc
#if defined ISA_x86_64
	push %rbx
	.cfi_def_cfa_offset 24
	.cfi_offset %rbx, -16
	call get
	pop %rbx
	.cfi_def_cfa_offset 8
	.cfi_offset %r12, -24
	sub $24, %rsp
	.cfi_def_cfa_offset 32
	call get
	add $24, %rsp
	ret
#elif defined ISA_aarch64
	stp x29, x30, [sp, #-32]!
	.cfi_def_cfa_offset 40
	.cfi_offset w30, -24
	.cfi_offset w29, -32
	bl get
	str d8, [sp, #16]
	.cfi_def_cfa_offset 32
	.cfi_offset b8, -8
	fmov d8, #1.0
	bl get
	ldr d8, [sp, #16]
	ldp x29, x30, [sp], #32
	ret
#endif
	.cfi_endproc
	.size wrong, . - wrong
	.section .note.GNU-stack, "", %progbits
END
native wrong.S wrong.o
"$HCC" -o app -fno-hcc-verify wrong.o main.o || fail "wrong.S"
for isa in $ISAS; do
	file=$(file_of app "$isa")
	case $isa in
	x86_64) expected="the CFA is rsp+24 by .eh_frame, but rsp+16 by the code
r12 is at CFA-24 by .eh_frame, but unchanged by the code" ;;
	aarch64) expected="the CFA is sp+40 by .eh_frame, but sp+32 by the code
v8 is at CFA-8 by .eh_frame, but at CFA-16 by the code" ;;
	esac
	"$VERIFY" -q "$file" 2>&1 | sed 's/0x[0-9a-f]*/0xN/' >found
	echo "$expected" | sed "s/^/hcc: error: $file: function 'wrong' at 0xN: /" >wanted
	cmp -s wanted found || fail "$isa: found:
$(cat found)
expected:
$(cat wanted)"
done
exit $failed
