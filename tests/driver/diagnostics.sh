#!/bin/sh
# Diagnostics are clang's: word for word, as options ask for them, in colours on a terminal, once however many
# ISAs there are. What only code generation finds names the ISA; what clang leaves to it for no ISA's
# sake (attributes `error` and `warning`) does not.
set -u
failed=0

fail()
{
	echo "$*"
	failed=1
}

cat >a.c <<'END'
#include <stdio.h>
static int unused(int x) { return x; }
int main(int argc, char **argv)
{
	int n = argc;
	if (n = 2)
		printf("%s\n", n);
	return unknown(argv) + "text";
}
END
for options in '' -Wall -Werror '-Wall -Werror=format' -w -Weverything -Wno-format -fno-caret-diagnostics \
	'-Wall -fdiagnostics-color=always' -fdiagnostics-format=msvc -fdiagnostics-parseable-fixits \
	-fno-diagnostics-show-option -fdiagnostics-absolute-paths \
	-fno-diagnostics-fixit-info '-Wall -fdiagnostics-show-category=name' -ferror-limit=1; do
	# shellcheck disable=SC2086
	"$CLANG" --target="$HOST_ISA-linux-musl" -nostdlibinc -isystem "$BUILD/lib/hcc/include" $options \
		-c a.c -o clang.o 2>expected
	expected=$?
	# shellcheck disable=SC2086
	"$HCC" $options -c a.c 2>got
	[ $? = $expected ] || fail "hcc $options: another status than clang's, $expected"
	diff -u expected got || fail "^ hcc $options"
done
if command -v script >/dev/null; then
	script -qec "'$HCC' -c a.c" /dev/null </dev/null >got 2>&1
	grep -q "$(printf '\033')\[0;1;31merror: " got || fail "no colours on a terminal: $(cat got)"
fi

# of STATUS EXPECTED ARGS...: the whole of what hcc says
of()
{
	expected=$1
	printf '%s' "$2" >want
	shift 2
	"$HCC" "$@" >got 2>&1
	[ $? = "$expected" ] || fail "hcc $*: status is not $expected"
	diff -u want got || fail "^ hcc $*"
}

# Code generation.
case " $ISAS " in
*" x86_64 "*" aarch64 "*)
	echo 'void f(void) { __asm__("pause"); }' >asm.c
	of 1 "hcc: error: asm.c: aarch64: <inline asm>:1:2: unrecognized instruction mnemonic
" -c asm.c
	of 0 '' --hcc-targets=x86_64 -c asm.c
	# What LLVM calls fatal.
	echo 'register void *sp __asm__("sp"); void *f(void) { return sp; }' >sp.c
	of 1 "hcc: error: sp.c: x86_64: Invalid register name global variable
" -c sp.c
	of 0 '' --hcc-targets=aarch64 -c sp.c
	echo 'void f(void) { __asm__("isb"); }' >asm.c
	of 1 "hcc: error: asm.c: x86_64: <inline asm>:1:2: invalid instruction mnemonic 'isb'
" -c asm.c ;;
esac

cat >b.c <<'END'
void bad(void) __attribute__((error("wrong size")));
void worse(void) __attribute__((warning("use better")));
#define BUG_ON(c) do { if (__builtin_constant_p(c) && (c)) bad(); } while (0)
static inline void check(int n) { if (n > 3) bad(); }
int f(int n)
{
	BUG_ON(sizeof(long) != 8);
	BUG_ON(n);
#ifdef BAD
	check(BAD);
#endif
	worse();
	return n;
}
END
warning="b.c:12:2: warning: call to 'worse' declared with 'warning' attribute: use better"
error="b.c:4:46: error: call to 'bad' declared with 'error' attribute: wrong size
"
of 0 "$warning [-Wattribute-warning]
" -c b.c
of 0 "$warning [-Wattribute-warning]
" -O2 -DBAD=3 -c b.c
of 1 "$error$warning [-Wattribute-warning]
" -O2 -DBAD=4 -c b.c
[ ! -e b.o ] || rm b.o
of 1 "$error" -O2 -g -w -DBAD=4 -c b.c
[ ! -e b.o ] || fail "an object in spite of an error"
of 0 '' -Wno-attribute-warning -Werror -c b.c
of 0 "$warning [-Wattribute-warning]
" -Werror -Wno-error=attribute-warning -c b.c
of 1 "$(echo "$warning" | sed s/warning:/error:/) [-Werror,-Wattribute-warning]
" -Werror -c b.c

# What only the optimiser knows.
cat >loop.c <<'END'
void f(int *p, int n, int (*g)(int))
{
#pragma clang loop vectorize(enable)
	for (int i = 0; i < n; i++)
		p[i] = g(i);
}
END
text="loop not vectorized: the optimizer was unable to perform the requested transformation; the\
 transformation might be disabled or specified as part of an unsupported transformation ordering"
of 0 "loop.c:4:2: warning: $text [-Wpass-failed=transform-warning]
" -O2 -c loop.c
of 1 "loop.c:4:2: error: $text [-Werror,-Wpass-failed=transform-warning]
" -O2 -Werror -c loop.c
of 0 '' -O2 -Werror -Wno-pass-failed -c loop.c
exit $failed
