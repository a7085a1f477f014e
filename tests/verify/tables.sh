#!/bin/sh
# A table of bytes ends where it ends, though constants follow it whose bytes would lead into the function,
# too: to the middle of where it returns. Of aarch64, whose tables are of bytes.
set -u
{
	cat <<'END'
#include <stdio.h>

typedef unsigned char bytes16 __attribute__((vector_size(16)));
void fill(bytes16 *out);

int __attribute__((noinline)) choose(int which, int *sum)
{
	int kept = *sum * 3;

	switch (which) {
END
	i=0
	while test $i -lt 14; do
		echo "	case $i: *sum += printf(\"%d %d;\", $i, kept) * (kept + $i); break;"
		i=$((i + 1))
	done
	cat <<'END'
	default: __builtin_unreachable();
	}
	return kept;
}

int main(int argc, char **argv)
{
	bytes16 all[64] = {0};
	int sum = argc;

	(void)argv;
	fill(all);
	return choose(argc, &sum) + all[3][5] == 0;
}
END
} >tables.c
# Each of the clone's 54 instructions from where its table's numbers count.
awk 'BEGIN {
	print "typedef unsigned char bytes16 __attribute__((vector_size(16)));"
	print "void fill(bytes16 *out)\n{"
	for (i = 0; i < 64; i++) {
		line = ""
		for (j = 0; j < 16; j++)
			line = line (i * 16 + j * (2 * int(i / 8) + 1)) % 54 ", "
		print "\tout[" i "] += (bytes16){" line "};"
	}
	print "}"
}' >fill.c
"$HCC" -O2 tables.c fill.c -o tables
