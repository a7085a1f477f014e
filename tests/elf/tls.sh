#!/bin/sh
# One thread-local block: the anchor first, 64-aligned, equal offsets on all ISAs.
. "$SRC/tests/elf/common"

make_start
cat >tls.c <<'END'
#define IN(name) __attribute__((section(name)))
_Thread_local char before IN(".tdata.hcc.0000000000000001.before") = 1;
_Thread_local _Alignas(16) long zero IN(".tbss.hcc.0000000000000001.zero");
END
cat >anchor.c <<'END'
#define IN(name) __attribute__((section(name)))
_Thread_local char __hcc_tls_anchor IN(".tdata.hcc.__hcc_tls_anchor") = 0;
_Thread_local int after IN(".tdata.hcc.0000000000000002.after") = 2;
_Thread_local _Alignas(64) char wide IN(".tbss.hcc.0000000000000002.wide");
extern char __hcc_tls_start[], __hcc_tls_image_bytes[], __hcc_tls_bytes[];
int main(void) IN(".text.hcc.main");
int main(void)
{
	if ((unsigned long)__hcc_tls_start % 64 || (unsigned long)__hcc_tls_image_bytes != 8)
		return 1;
	return (unsigned long)__hcc_tls_bytes == 65 ? 0 : 2;
}
END
fat tls
fat anchor
link start.o tls.o anchor.o
check_aligned before zero __hcc_tls_anchor after wide
check_runs app 0
for pair in __hcc_tls_anchor:0 before:1 after:4 zero:16 wide:64; do
	value=$(printf %d "0x$(address "$HOST_ISA" ${pair%:*})")
	# zero and wide go where the most demanding thread-local may: 64
	case $pair in zero:*) expected=64 ;; wide:*) expected=128 ;; *) expected=${pair#*:} ;; esac
	[ "$value" = "$expected" ] || fail "$pair: at $value, expected $expected"
done
exit $failed
