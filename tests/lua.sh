#!/bin/sh
# Build Lua 5.4.4 by hcc with its own, unchanged Makefile, once, in the folder $1 (default
# $BUILD/check/lua): src/lua and its twins for the other ISAs. Prints that folder's path.
set -u
dir=${1-$BUILD/check/lua}

die()
{
	echo "lua: $*" >&2
	exit 1
}

test -f "${LUA_SRC_TAR-}" || die "no Lua source: LUA_SRC_TAR"
# Whether what is there was built by today's hcc.
current()
{
	test -f "$dir/built" && test -z "$(find "$BUILD/bin" "$BUILD/libexec" "$BUILD/lib" -type f \
		-newer "$dir/built" | head -n 1)"
}

if current; then
	echo "$dir"
	exit 0
fi
# One builds; others wait for it.
mkdir -p "$(dirname "$dir")"
until mkdir "$dir.lock" 2>/dev/null; do
	sleep 1
	if test ! -d "$dir.lock" && current; then
		echo "$dir"
		exit 0
	fi
done
trap 'rmdir "$dir.lock"' EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$dir"
mkdir -p "$dir" && tar -xzf "$LUA_SRC_TAR" -C "$dir" --strip-components=1 || exit 1
began=$dir/began
: >"$began"
(cd "$dir" && make clean && make -j2 linux CC="$HCC" MYLDFLAGS=-fno-hcc-compress) >"$dir/log" 2>&1 ||
	{ tail -n 5 "$dir/log" >&2; die "make failed: see $dir/log"; }
for isa in $ISAS; do
	app=$dir/src/lua
	test "$isa" = "$HOST_ISA" || app=$app.$isa
	test -x "$app" || die "no $app"
done
mv "$began" "$dir/built"
echo "$dir"
