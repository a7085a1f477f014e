#!/bin/sh
# timeout: 300
# Unwinding is right at every return address of Lua and of all of libc, on every ISA: hcc-verify
# finds nothing, and the runtime's cursor walks stacks that are made by what the code does. The
# cursor runs on this machine for every ISA's table.
. "$SRC/tests/verify/common"

test -f "${LUA_SRC_TAR-}" || { echo "# SKIP no Lua source"; exit 77; }
lua=$(sh "$SRC/tests/lua.sh") || { echo "$lua"; exit 1; }
lua=$lua/src/lua

echo 'int main(void) { return 0; }' >all.c
"$HCC" -O1 -c all.c && "$HCC" -o all all.o -Wl,--whole-archive -lc -Wl,--no-whole-archive ||
	fail "all of libc"

for app in "$lua" all; do
	check_verified "$app"
	for isa in $ISAS; do
		file=$(file_of "$app" "$isa")
		make_walk "$isa" "$file" walk-$isa || fail "no cursor for $isa"
		./walk-$isa "$file" || fail "$file"
	done
done
exit $failed
