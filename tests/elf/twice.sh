#!/bin/sh
# One object, linked twice, is two: their functions and data have names of their own. What both define for all
# is defined twice.
set -u
failed=0

fail()
{
	echo "$*"
	failed=1
}

cat >part.c <<'END'
#include <stdio.h>
static int n = 40;
static int *volatile place = &n;
static int __attribute__((noinline)) next(int by) { return *place += by; }
__attribute__((constructor)) static void start(void) { printf("%d\n", next(1) + next(1)); }
END
echo 'int main(void) { return 0; }' >main.c
echo 'int shared = 1;' >shared.c
for name in part main shared; do "$HCC" -O1 -g -c $name.c || exit 1; done
cp part.o again.o
ar rc libpart.a part.o
"$HCC" main.o part.o again.o -Wl,--whole-archive libpart.a -Wl,--no-whole-archive -o app 2>err ||
	{ cat err; exit 1; }
for isa in $ISAS; do
	if test "$isa" = "$HOST_ISA"; then
		./app >got
	else
		eval "emulator=\${QEMU_$isa-}"
		test -n "$emulator" || continue
		"$emulator" ./app."$isa" >got
	fi
	printf '83\n83\n83\n' | cmp -s - got || fail "$isa: $(cat got)"
done
"$HCC" main.o shared.o shared.o -o app 2>err && fail "a datum is defined twice"
grep -q '^hcc: error: duplicate symbol: shared$' err || fail "$(cat err)"
exit $failed
