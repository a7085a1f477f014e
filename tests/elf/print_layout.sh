#!/bin/sh
# hcc-ld --print-layout: shared symbols side by side.
. "$SRC/tests/elf/common"
need x86_64 aarch64

make_start
cat >main.c <<'END'
#define IN(name) __attribute__((section(name)))
_Thread_local int t IN(".tdata.hcc.t") = 1;
int zero IN(".bss.hcc.zero");
int one IN(".data.hcc.one") = 1;
const char text[6] IN(".rodata.hcc.text") = "hello";
int private_datum;
__asm__(".section .text.hcc.main,\"ax\",@progbits\n.globl main\n.type main,@function\nmain:\n"
#ifdef ISA_x86_64
	"xor %eax,%eax\nret\n"
#else
	"mov w0,#0\nret\n"
#endif
	".size main,.-main\n.text");
END
fat main
link start.o main.o
"$LD" --targets="$targets" --print-layout app >out 2>err || fail "--print-layout: $(cat err)"
case $HOST_ISA in
x86_64) columns="    x86_64    aarch64" main="         3          8" ;;
aarch64) columns="   aarch64     x86_64" main="         8          3" ;;
esac
at() { echo "0x$(address "$HOST_ISA" "$1")"; }
cat >expected <<END
address            $columns  kind    symbol
$(at main) $main  text    main
$(at text)          6          6  rodata  text
$(at one)          4          4  data    one
$(at zero)          4          4  bss     zero
0x0000000000000000          4          4  tls     t
END
grep -v '_start\|^#' out >got
cmp -s expected got || { fail "expected, got:"; cat expected out; }
grep -q '^# sizes in bytes; [0-9]* symbols private to .* are not shown$' out || fail "no note"
! grep -q private_datum out || fail "private symbol shown"

"$LD" --targets="$targets" --print-layout none >out 2>&1 && fail "--print-layout of no file"
[ "$(cat out)" = "hcc: error: none: No such file or directory" ] || fail "$(cat out)"
link -s start.o main.o
"$LD" --targets="$targets" --print-layout app >out 2>&1 && fail "--print-layout of a stripped file"
[ "$(cat out)" = "hcc: error: app: has no symbol table" ] || fail "$(cat out)"
exit $failed
