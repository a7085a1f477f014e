#!/bin/sh
# An installed tree works wherever it is moved to, and without the build folder's files.

set -u
[ -f "$BUILD/lib/hcc/libc.a" ] || { echo "# SKIP libc is not built"; exit 77; }
make -s -C "$BUILD" install PREFIX="$PWD/first" >out 2>&1 || { cat out; exit 1; }
[ ! -s out ] || { echo "make install is not silent:"; cat out; exit 1; }
mv first second
# Nothing in it may name the build folder, but for debugging information.
strip -o hcc second/bin/hcc || exit 1
if grep -l "$BUILD" hcc second/lib/hcc/no-reach.list; then
	echo "names the build folder"
	exit 1
fi
cat >hello.c <<'END'
#include <stdio.h>
#include <math.h>
int main(int argc, char **argv)
{
	(void)argv;
	return printf("%.3f\n", sqrt(argc + 1)) != 6;
}
END
"$PWD/second/bin/hcc" -O2 hello.c -o hello -lm || exit 1
"$PWD/second/bin/hcc" -### hello.c -o hello 2>&1 | sed "s|$PWD||g" |
	grep -F "$BUILD" && exit 1
[ "$(./hello)" = 1.414 ] || { echo "hello says '$(./hello)'"; exit 1; }
for isa in $ISAS; do
	[ "$isa" = "$HOST_ISA" ] || [ -x "hello.$isa" ] || { echo "no hello.$isa"; exit 1; }
done
