#!/bin/sh
# ccache in front of hcc: a second compile comes from the cache and is the same, and links. Two files that say
# the same, in two folders, get one object: a program may have both.

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
	cp hello.o hello$i.o
done
cmp hello1.o hello2.o || exit 1
ccache --print-stats | grep -qE '^(direct|preprocessed)_cache_hit	1$' || { ccache -s; exit 1; }
ccache "$HCC" hello2.o -o hello && [ "$(./hello)" = hello ] || exit 1

mkdir one other
cat >one/part.c <<'END'
#include <stdio.h>
static int n = 1;
__attribute__((constructor)) static void start(void) { printf("%d\n", n++); }
END
cp one/part.c other
for folder in one other; do
	(cd $folder && ccache "$HCC" -c part.c) || exit 1
done
cmp one/part.o other/part.o || exit 1
"$HCC" hello.o one/part.o other/part.o -o twice 2>err || { cat err; exit 1; }
[ "$(./twice)" = "$(printf '1\n1\nhello')" ] || { ./twice; exit 1; }
