#!/bin/sh
# The archive and its list: what a program may leave out of its records, and that no name of libc's
# own sources is stale.
set -eu

lib=$BUILD/lib/hcc
list=$lib/no-reach.list

for name in strlen malloc snprintf memcpy fdopen regcomp strtod sscanf; do
	grep -qx "$name" "$list" || echo "no-reach.list lacks $name"
done
for name in qsort bsearch exit pthread_once tsearch nftw atexit err __libc_start_main \
	open read pthread_mutex_lock sleep printf fgets getc_unlocked __stdio_write; do
	! grep -qx "$name" "$list" || echo "no-reach.list has $name"
done
sed '/^#/d; /^$/d; s/^!//' "$SRC/libc-patches/calls" | while read -r file; do
	[ -f "$MUSL_SRC/src/$file.c" ] || echo "calls names $file, which musl does not have"
done
sed '/^#/d; /^$/d' "$SRC/libc-patches/removed" | while read -r path; do
	[ "${path#arch/hcc}" != "$path" ] || [ -e "$MUSL_SRC/$path" ] ||
		echo "removed names $path, which musl does not have"
done
for name in m pthread rt dl util crypt xnet resolv; do
	[ -f "$lib/lib$name.a" ] || echo "no lib$name.a"
done

# Every header of libc can be included alone; the kernel's: kernel-headers.sh.
(cd "$MUSL_SRC/include" && find . -name '*.h') | sed 's,^\./,,' | LC_ALL=C sort |
	while read -r header; do
		[ -f "$lib/include/$header" ] || echo "no <$header>"
		echo "#include <$header>" >>all.c
	done
"$HCC" -D_GNU_SOURCE -w -c -o all.o all.c
"$LLVM_BINDIR/llvm-nm" --defined-only all.o >defined
! [ -s defined ] || sed 's/^/a header defines: /' defined
