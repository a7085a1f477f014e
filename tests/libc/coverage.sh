#!/bin/sh
# No header of libc is without a test in headers/, nor a function of libc that an application can
# call: what the tests' objects refer to is compared with what libc.a defines. headers/untested has
# the functions that no test can call, with the reason.
# timeout: 300
set -eu

tests=$SRC/tests/libc/headers
status=0

# differ WHAT: the names on stdin are findings
differ()
{
	sed "s|.*|$1|" >findings
	[ ! -s findings ] || { cat findings; status=1; }
}

# ---- headers: musl's sources have them, a test names its own in its first comment ----
(cd "$MUSL_SRC/include" && find . -name '*.h') | sed 's,^\./,,' | LC_ALL=C sort >headers
for test in "$tests"/*.c "$SRC/tests/libc/kernel-headers.sh"; do
	sed -n 's,^[ /]*[*#] Headers: *,,p' "$test" | tr ' ' '\n' | while read -r header; do
		echo "$header"
		case $test in
		*.c) grep -q "^#include <$header>" "$test" || echo "${test##*/} <$header>" >&2 ;;
		esac
	done
done 2>not-included | LC_ALL=C sort -u >tested
differ 'not included: &' <not-included
LC_ALL=C comm -23 headers tested >missing
differ 'no test of <&>' <missing
LC_ALL=C comm -13 headers tested >missing
differ 'a test of <&>, which libc does not have' <missing

# ---- functions: what an object of a test leaves undefined, it calls ----
reference=$(sh "$SRC/tests/reference.sh")
"$LLVM_BINDIR/llvm-nm" -g --defined-only "$reference/musl/lib/libc.a" 2>&1 |
	awk 'NF == 3 && $2 ~ /[TWVDBR]/ && $3 !~ /^_/ && $3 !~ /64(_r)?$/ { print $3 }' |
	LC_ALL=C sort -u >functions
for test in "$tests"/*.c; do
	options=$(sed -n 's/^[ /]*\* Options: *\([^*]*\).*/\1/p' "$test" | head -n 1)
	# shellcheck disable=SC2086
	"$reference/clang" -std=gnu17 -D_GNU_SOURCE -fno-builtin -w $options -I "$tests" \
		-c -o test.o "$test"
	"$LLVM_BINDIR/llvm-nm" -u test.o | awk '{ print $2 }'
done | LC_ALL=C sort -u >called
sed '/^#/d' "$tests/untested" | tr ' ' '\n' | LC_ALL=C sort >untested
LC_ALL=C comm -23 functions called | LC_ALL=C comm -23 - untested >missing
differ 'no test calls &' <missing
LC_ALL=C comm -12 called untested >missing
differ 'untested names &, which a test calls' <missing
: >missing
# The list is of all ISAs.
[ "$HOST_ISA" != x86_64 ] || LC_ALL=C comm -13 functions untested >missing
differ 'untested names &, which libc does not have' <missing
exit $status
