#!/bin/sh
# hcc-cc1's own malloc (passes/heap.c).
set -u
"${CC:-cc}" -std=gnu17 -O1 -fno-builtin -w \
	-I"$SRC/passes" -o heap "$SRC/tests/passes/heap_check.c" || exit 1
./heap
