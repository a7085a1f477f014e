#!/bin/sh
# ccache in front of hcc: a second compile comes from the cache and is the same, and links.

set -u
command -v ccache >/dev/null || { echo "# SKIP no ccache"; exit 77; }
CCACHE_DIR=$PWD/cache CCACHE_CONFIGPATH=/dev/null
export CCACHE_DIR CCACHE_CONFIGPATH
cat >hello.c <<'END'
#include <stdio.h>
int main(void) { return puts("hello") < 0; }
END
for i in 1 2; do
	ccache "$HCC" -O2 -MMD -c hello.c -o hello.o || exit 1
	mv hello.o hello$i.o
done
cmp hello1.o hello2.o || exit 1
ccache --print-stats | grep -qE '^(direct|preprocessed)_cache_hit	1$' || { ccache -s; exit 1; }
ccache "$HCC" hello2.o -o hello && [ "$(./hello)" = hello ] || exit 1
