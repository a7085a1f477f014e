#!/bin/sh
# No header of libc is without a test in headers/, and no function of libc that an application can call:
# what the tests' objects refer to is compared with what libc.a defines. headers/untested names the
# functions that no test can call, with the reason.
# timeout: 240
set -eu

tests=$SRC/tests/libc/headers
status=0

# ---- headers: of musl's sources, which the build's include/ has all ----
(cd "$MUSL_SRC/include" && find . -name '*.h') | sed 's,^\./,,' | LC_ALL=C sort >headers
# A test names them in its first comment.
for test in "$tests"/*.c "$SRC/tests/libc/kernel-headers.sh"; do
	sed -n "s,^[ /]*[*#] Headers: *,,p" "$test" | tr " " "\n" | grep . | while read -r header; do
		echo "$header"
		case $test in
		*.c) grep -q "^#include <$header>" "$test" ||
			echo "${test##*/} does not include <$header>" >&2 ;;
		esac
	done
done 2>missing | LC_ALL=C sort -u >tested
[ ! -s missing ] || { cat missing; status=1; }
LC_ALL=C comm -23 headers tested | sed 's/.*/no test of <&>/' >missing
[ ! -s missing ] || { cat missing; status=1; }
LC_ALL=C comm -13 headers tested | sed 's/.*/a test of <&>, which libc does not have/' >missing
[ ! -s missing ] || { cat missing; status=1; }

# ---- functions ----
reference=$(sh "$SRC/tests/reference.sh")
"$LLVM_BINDIR/llvm-nm" -g --defined-only "$reference/musl/lib/libc.a" 2>&1 |
	awk 'NF == 3 && $2 ~ /[TWVDBR]/ && $3 !~ /^_/ && $3 !~ /64(_r)?$/ { print $3 }' | LC_ALL=C sort -u >functions
for test in "$tests"/*.c; do
	options=$(sed -n 's/^[ /]*\* Options: *\([^*]*\).*/\1/p' "$test" | head -n 1)
	# shellcheck disable=SC2086
	"$reference/clang" -std=gnu17 -D_GNU_SOURCE -fno-builtin -w $options -I "$tests" -c -o test.o "$test"
	"$LLVM_BINDIR/llvm-nm" -u test.o | awk '{ print $2 }'
done | LC_ALL=C sort -u >called
sed '/^#/d; s/:.*//' "$tests/untested" | tr ' ' '\n' | grep . | LC_ALL=C sort >untested
LC_ALL=C comm -23 functions called | LC_ALL=C comm -23 - untested | sed 's/.*/no test calls &/' >missing
[ ! -s missing ] || { cat missing; status=1; }
LC_ALL=C comm -12 called untested | sed 's/.*/untested names &, which a test calls/' >missing
[ ! -s missing ] || { cat missing; status=1; }
LC_ALL=C comm -13 functions untested | sed 's/.*/untested names &, which libc does not have/' >missing
[ ! -s missing ] || { cat missing; status=1; }
exit $status
