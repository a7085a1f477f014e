#!/bin/sh
# Which members are taken: as ld does, and for all ISAs when one needs it.
. "$SRC/tests/elf/common"

make_start
for name in a b c; do
	cat >$name.c <<END
int a(void), b(void) __attribute__((weak)), c(void);
#ifdef ISA_$other
#define ONLY_OTHER c()
#else
#define ONLY_OTHER 0
#endif
int $name(void) __attribute__((section(".text.hcc.$name")));
END
done
echo 'int a(void) { return (b ? 100 : 1) + ONLY_OTHER; }' >>a.c
echo 'int b(void) { return 2; }' >>b.c
echo 'int c(void) { return 0; }' >>c.c
for name in a b c; do fat $name; done
ar rc liba.a a.o
ar rc libbc.a b.o c.o
cat >main.c <<'END'
int a(void);
__attribute__((section(".text.hcc.main"))) int main(void) { return a(); }
END
fat main

# A weak reference takes no member; what one ISA needs, all get.
link start.o main.o -L. -la -lbc
check_aligned a c
[ -z "$(address "$HOST_ISA" b)" ] || fail "b was taken for a weak reference"
check_runs app 1

# Left to right, unless in a group.
"$LD" --targets="$targets" -o app -L. start.o main.o -lbc -la >out 2>&1
[ $? = 1 ] || fail "libraries in the wrong order were linked"
grep -q '^hcc: error: undefined symbol: c$' out || fail "undefined symbol: $(cat out)"
grep -q "^hcc: error: app: the link for $other failed\$" out || fail "no ISA: $(cat out)"
! grep -q /tmp/ out || fail "temporary names: $(cat out)"
link start.o main.o -L. --start-group -lbc -la --end-group
check_aligned a c

# Everything, and by force.
link start.o main.o -L. -la --whole-archive libbc.a --no-whole-archive
check_aligned a b c
check_runs app 100
link start.o main.o -L. -u b -la -lbc
check_aligned b
link -e _start start.o main.o -L. -la -l:libbc.a
exit $failed
