#!/bin/sh
# strip keeps the other ISAs' parts of executables, archives and (-g) objects; hcc-strip strips them too.

set -u
failed=0
strip_all=$(dirname "$HCC")/hcc-strip
other=${ISAS##* }
wrong()
{
	echo "$@"
	failed=1
}
cat >a.c <<'END'
#include <stdio.h>
int f(int);
int main(int argc, char **argv) { (void)argv; return printf("%d\n", f(argc)) < 0; }
END
echo 'int f(int x) { return x + 1; }' >b.c
"$HCC" -g -O1 -c a.c b.c && ar rcs libb.a b.o || exit 1

# runs NAME: on each ISA; the other's is got out of it
runs()
{
	[ "$("./$1")" = 2 ] || wrong "$1 does not run"
	rm -f twin
	"$HCC_MIGRATE" extract "$1" --isa "$other" -o twin || wrong "$1 carries nothing"
	eval "qemu=\${QEMU_$other-}"
	[ -z "$qemu" ] || [ "$("$qemu" ./twin)" = 2 ] || wrong "$1's twin does not run"
}
has() { "$LLVM_BINDIR/llvm-readelf" -SW "$1" | grep -q "$2"; }

# By the plain one.
strip -g a.o b.o libb.a && "$HCC" a.o libb.a -o app && runs app || wrong "after strip -g"
cp app plain && strip plain && runs plain || wrong "after strip of an executable"

# By ours.
"$HCC" -g -O1 -c a.c b.c && ar rcs libb.a b.o || exit 1
"$strip_all" -g a.o libb.a && "$HCC" -g a.o libb.a -o app && runs app || wrong "after hcc-strip -g"
"$HCC" -g -O1 a.c b.c -o app && cp -p app kept || exit 1
chmod 750 app
"$strip_all" app && runs app || wrong "after hcc-strip"
[ "$(stat -c %a app)" = 750 ] || wrong "mode is $(stat -c %a app)"
for file in app twin "app.$other"; do
	has "$file" .debug_info && wrong "$file has debugging information"
	has "$file" .symtab && wrong "$file has symbols"
	has "$file" .hcc.meta || wrong "$file has no table"
done
cmp twin "app.$other" || wrong "twin and app.$other differ"
"$strip_all" -o out --strip-debug kept && runs out || wrong "with -o"
has out .symtab && ! has out .debug_info || wrong "--strip-debug"
has kept .debug_info || wrong "kept was changed"

"$strip_all" 2>err
[ $? = 2 ] || wrong "no usage"
"$strip_all" none 2>err
[ $? = 1 ] && [ "$(cat err)" = "hcc-strip: error: cannot read 'none'" ] || wrong "$(cat err)"
exit $failed
