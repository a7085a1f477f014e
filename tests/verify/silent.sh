#!/bin/sh
# timeout: 300
# Nothing is found in Lua, where no function declines, nor in a program with all of libc; nor in
# these stripped. What is linked is what the summary counts.
set -u
failed=0

fail()
{
	echo "$*"
	failed=1
}

# all NAME: NAME and its twins
all()
{
	for isa_ in $ISAS; do
		if test "$isa_" = "$HOST_ISA"; then echo "$1"; else echo "$1.$isa_"; fi
	done
}

verify()
{
	"$BUILD/bin/hcc-verify" $(all "$1") >out 2>err || { head -n 20 err; fail "$1: findings"; }
}

count()
{
	sed -n "s/^ *\([0-9]*\) $1\$/\1/p" out | sort -u
}

lua=$("$SRC/tests/lua.sh") || { echo "# SKIP no Lua"; exit 77; }
verify "$lua/src/lua"
test "$(count 'functions that decline')" = 0 || { cat out; fail "lua: functions decline"; }
test "$(count 'call sites')" = "$(count 'cases of clones')" || { cat out; fail "lua: the counts"; }

# Functions without an instruction: what is behind them is padding, or another function.
echo 'void empty(void) { __builtin_unreachable(); } int main(void) { empty(); return 0; }' >none.c
"$HCC" -O2 -o none none.c || fail "none: cannot be linked"

echo 'int main(void) { return 0; }' >all.c
"$HCC" -O2 -o all all.c -Wl,--whole-archive -lc -Wl,--no-whole-archive || exit 1
verify all
"$HCC" -O2 -s -o bare all.c -Wl,--whole-archive -lc -Wl,--no-whole-archive || exit 1
verify bare

# Code generation makes addresses of the native frame for lanes by number.
"$HCC" -Os -o lanes "$SRC/tests/programs/c/vectors.c" || failed=1
exit $failed
