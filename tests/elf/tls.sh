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
	return (unsigned long)__hcc_tls_bytes == 129 ? 0 : 2;
}
END
fat tls
fat anchor
link start.o tls.o anchor.o
check_aligned before zero __hcc_tls_anchor after wide
check_runs app 0
# Zero-initialised ones begin where the most demanding of them may.
for pair in __hcc_tls_anchor:0 before:1 after:4 zero:64 wide:128; do
	value=$(printf %d "0x$(address "$HOST_ISA" ${pair%:*})")
	[ "$value" = "${pair#*:}" ] || fail "${pair%:*}: at $value, expected ${pair#*:}"
done
for file in app $(for isa in $others; do echo "app.$isa"; done); do
	"$LLVM_BINDIR/llvm-readelf" -lW "$file" | awk '$1 == "TLS" { print $3, $5, $6, $NF }' >>segments
done
[ "$(sort -u segments | wc -l)" = 1 ] || fail "PT_TLS differs: $(cat segments)"
grep -q '0x000008 0x000081 0x40$' segments || fail "PT_TLS: $(cat segments)"

# No more alignment than the thread pointer has.
cat >wide.c <<'END'
_Thread_local _Alignas(128) char x __attribute__((section(".tbss.hcc.0000000000000003.x")));
END
fat wide
check_error "wide.o: section '.tbss.hcc.0000000000000003.x' has alignment 128, thread-locals have at most 64" \
	start.o tls.o anchor.o wide.o
exit $failed
