#!/bin/sh
# What build systems ask a compiler.

set -u
failed=0
host=${ISAS%% *}

# check EXPECTED ARGS...
check()
{
	expected=$1
	shift
	got=$("$HCC" "$@" 2>&1) || { echo "hcc $*: status $?"; failed=1; }
	[ "$got" = "$expected" ] || { echo "hcc $*: '$got', expected '$expected'"; failed=1; }
}

# Build systems take it for the clang that it has in front.
version=$("$CLANG" -dumpversion)
own=$(sed -n 's/^#define HCC_VERSION "\(.*\)"/\1/p' "$BUILD/config.h")
check "$version" -dumpversion
check "clang version $version (hcc $own)
Target: $host-linux-musl
Thread model: posix
Targets: $(echo "$ISAS" | tr ' ' ,)" --version
check "clang version $version (hcc $own)" -v
check "$("$LLD" --version)" -Wl,--version
check "$("$LLD" --version)" -O2 -Wl,-O1 -Wl,--version
check "$host-linux-musl" -dumpmachine
check "$host-linux-musl" --print-target-triple
check "$BUILD/share/config.site" --print-config-site
check "$host-linux-musl" --print-multiarch
check "$BUILD/lib/hcc/builtins/$host.a" -print-libgcc-file-name
check "$BUILD/lib/hcc/builtins/$host.a" -print-file-name="builtins/$host.a"
check nothing.a -print-file-name=nothing.a
check "$BUILD/libexec/hcc/hcc-fat" -print-prog-name=hcc-fat
check ld --print-prog-name=ld
check "$BUILD/lib/hcc/crt1.o
$BUILD/lib/hcc/libc.a
$BUILD/lib/hcc/libhccrt.a
$(for isa in $ISAS; do echo "$BUILD/lib/hcc/builtins/$isa.a"; done)" --print-libs
check "install: $BUILD/lib/hcc/
programs: =$BUILD/libexec/hcc
libraries: =$BUILD/lib/hcc" -print-search-dirs
check . -print-multi-os-directory

# By a link from elsewhere, the tree is found all the same.
ln -s "$HCC" cc
[ "$(./cc -print-search-dirs)" = "$("$HCC" -print-search-dirs)" ] ||
	{ echo "a link to hcc loses its tree"; failed=1; }
exit $failed
