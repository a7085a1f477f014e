#!/bin/sh
# hcc-verify finds each thing that can be wrong with unwinding, and says which: one thing is damaged in
# an executable, in its table, its .eh_frame or its code.
. "$SRC/tests/verify/common"

"$CC" -std=gnu17 -D_GNU_SOURCE -I"$SRC/runtime" -o unwind_patch "$SRC/tests/verify/unwind_patch.c" ||
	exit 1
cat >app.c <<'END'
__attribute__((noinline)) long outer(long n)
{
	volatile long i = 0;

	while (i < n)
		i += 1;
	return i;
}

/* Saves two registers; the call is its only one. */
__attribute__((noinline)) long inner(long a, long b)
{
	long r;

	__asm__ volatile(".rept 12\n nop\n .endr" : "+r"(a), "+r"(b));
	r = outer(a);
	__asm__ volatile("" : : "r"(a), "r"(b));
	return r + a * b;
}

int main(void)
{
	return (int)inner(3, 4) != 15;
}
END
"$HCC" -O1 -o app app.c || fail "app.c"
check_verified app

# check_damage WHAT: in each ISA's executable; and the cursor, by code that is right, fails where the
# table is wrong.
check_damage()
{
	for isa in $ISAS; do
		file=$(file_of app "$isa")
		cp "$file" damaged
		./unwind_patch damaged inner "$1" >expected || fail "$(cat expected)"
		"$VERIFY" -q damaged >all 2>&1
		status=$?
		[ $status = 1 ] || fail "$isa, $1: exit status $status, expected 1"
		grep "function 'inner'" all | sed 's/ (app\.c:[0-9]*)//' | LC_ALL=C sort >found
		LC_ALL=C sort expected >wanted
		[ -s wanted ] && cmp -s wanted found || fail "$isa, $1: found:
$(cat found)
expected:
$(cat wanted)"
		case $1 in table_scratch) continue ;; table_*) ;; *) continue ;; esac
		make_walk "$isa" damaged walk || fail "no cursor for $isa"
		./walk damaged >found && fail "$isa, $1: the cursor is right"
		grep -q "function 'inner'" found || fail "$isa, $1: the cursor: $(cat found)"
	done
}

for what in table_cfa table_return table_saved table_register table_scratch \
	frame_cfa frame_saved frame_dropped frame_missing \
	code_clobber code_overwrite code_stack code_unknown code_return code_jump; do
	check_damage $what
done
exit $failed
