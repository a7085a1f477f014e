#!/bin/sh
# Meson takes hcc for what it is, builds, tests and installs.

set -u
command -v meson >/dev/null && command -v ninja >/dev/null || { echo "# SKIP no meson"; exit 77; }
cat >meson.build <<'END'
project('hello', 'c')
greet = library('greet', 'greet.c')
hello = executable('hello', 'hello.c', link_with: greet, install: true)
test('hello', hello)
END
echo 'int puts(const char *); void greet(void) { puts("hello"); }' >greet.c
echo 'void greet(void); int main(void) { greet(); }' >hello.c
CC=$HCC meson setup build --default-library=static >log 2>&1 || { tail -n 20 log; exit 1; }
grep -q '^C compiler for the host machine: .*hcc (clang ' log &&
	grep -q '^C linker for the host machine: .*lld' log || { cat log; exit 1; }
ninja -C build >log 2>&1 && ninja -C build test >log 2>&1 || { tail -n 20 log; exit 1; }
DESTDIR=$PWD/root meson install -C build >log 2>&1 || { tail -n 20 log; exit 1; }
[ "$(root/usr/local/bin/hello)" = hello ] || exit 1
# Meson installs the one file; the others are in it.
for isa in $ISAS; do
	[ "$isa" = "$HOST_ISA" ] && continue
	"$HCC_MIGRATE" extract root/usr/local/bin/hello --isa "$isa" -o twin &&
		cmp twin "build/hello.$isa" || exit 1
done
