#!/bin/sh
# Build what hcc's results are compared with, once: musl and Lua by `clang -O2` for the host's ISA, in
# $BUILD/check/reference (musl/, lua, clang: the compiler that builds static programs against that
# musl).  Prints the folder. Takes about a minute the first time.
#
#   tests/reference.sh [ISA]     for another ISA: in $BUILD/check/reference.ISA, and without Lua
#
# No package is needed for it: it is the musl source that hcc's own libc is made of.
set -u
isa=${1-$HOST_ISA}
dir=$BUILD/check/reference
ready=$dir/lua
if test "$isa" != "$HOST_ISA"; then
	dir=$dir.$isa
	ready=$dir/clang
fi

die()
{
	echo "reference: $*" >&2
	exit 1
}

if test -x "$ready"; then
	echo "$dir"
	exit 0
fi
mkdir -p "$BUILD/check"
# One builds; others wait for it.
until mkdir "$dir.lock" 2>/dev/null; do
	sleep 1
	test ! -x "$ready" || break
done
if test ! -x "$ready"; then
	trap 'rmdir "$dir.lock"' EXIT
	trap 'exit 1' HUP INT TERM
	test -d "${MUSL_SRC-}" || die "no musl source: MUSL_SRC"
	test "$isa" != "$HOST_ISA" || test -f "${LUA_SRC_TAR-}" || die "no Lua source: LUA_SRC_TAR"
	rm -rf "$dir"
	mkdir -p "$dir/obj" || exit 1
	target=
	test "$isa" = "$HOST_ISA" || target=--target=$isa-linux-musl
	# shellcheck disable=SC2086
	(cd "$dir/obj" && "$MUSL_SRC/configure" --prefix="$dir/musl" --disable-shared $target \
		CC="$CLANG${target:+ $target}" CFLAGS=-O2 AR="$LLVM_BINDIR/llvm-ar" RANLIB="$LLVM_BINDIR/llvm-ranlib" &&
		make -j2 && make install) >"$dir/musl.log" 2>&1 || die "musl: see $dir/musl.log"
	resources=$("$CLANG" -print-resource-dir)
	eval "builtins=\$BUILTINS_$isa"
	cat >"$dir/clang.new" <<END
#!/bin/sh
# clang for static programs against the musl beside it
musl=$dir/musl
set -- --target=$isa-linux-musl -nostdinc -isystem \$musl/include \\
	-isystem $resources/include "\$@"
case " \$* " in
*" -c "* | *" -S "* | *" -E "* | *" -M "*) exec "$CLANG" "\$@" ;;
esac
exec "$CLANG" -static -nostdlib -fuse-ld=lld \$musl/lib/crt1.o \$musl/lib/crti.o "\$@" \\
	-L\$musl/lib -lm -lc $builtins \$musl/lib/crtn.o
END
	chmod +x "$dir/clang.new" && mv "$dir/clang.new" "$dir/clang" && rm -rf "$dir/obj" || exit 1
	test "$isa" = "$HOST_ISA" || { echo "$dir"; exit 0; }
	mkdir "$dir/lua-src" && tar -xzf "$LUA_SRC_TAR" -C "$dir/lua-src" --strip-components=1 || exit 1
	(cd "$dir/lua-src" && make clean && make linux CC="$dir/clang" \
		AR="$LLVM_BINDIR/llvm-ar rc" RANLIB="$LLVM_BINDIR/llvm-ranlib") \
		>"$dir/lua.log" 2>&1 || die "Lua: see $dir/lua.log"
	cp "$dir/lua-src/src/lua" "$dir/lua" || exit 1
fi
echo "$dir"
