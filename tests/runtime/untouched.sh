#!/bin/sh
# What only moves need costs no memory before one: clones and the table lie in segments of their own, of
# which a program that runs touches nothing.
set -u
. "$SRC/tests/programs/common"
cat >app.c <<'END'
#include <stdio.h>

int main(void)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	int c;

	while (f && (c = getc(f)) != EOF)
		putchar(c);
	return !f;
}
END
"$HCC" -O2 -o app app.c && ./app >smaps || exit 1
for section in .text.hcc_resume .hcc.meta; do
	va=$("$LLVM_BINDIR/llvm-readelf" -SW app | sed -n "s/.* $section *PROGBITS *0*\([0-9a-f]*\) .*/\1/p")
	rss=$(awk -v start="^0*$va-" '/^[0-9a-f]+-[0-9a-f]+ / { is = $1 ~ start } is && /^Rss:/ { print $2 }' smaps)
	test "$rss" = 0 || { echo "$section at 0x$va: ${rss:-no} kB are resident, expected 0"; exit 1; }
done
