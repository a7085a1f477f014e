#!/bin/sh
# timeout: 300
# hcc-verify finds each thing that can be wrong with unwinding, and says which: one thing is
# damaged in an executable, in its table, its .eh_frame or its code.
. "$SRC/tests/verify/common"

. "$SRC/tests/verify/patcher"
make_patcher unwind_patch "$SRC/tests/verify/unwind_patch.c" || exit 1
cat >app.c <<'END'
__attribute__((noinline)) long outer(long n)
{
	volatile long i = 0;

	while (i < n)
		i += 1;
	return i;
}

/* Reaches no migration point. */
__attribute__((noinline)) long leaf(long n)
{
	__asm__ volatile("" : "+r"(n));
	return n;
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

/* Keeps values in memory. */
__attribute__((noinline)) long spill(const volatile long *p)
{
	long a = p[0], b = p[1], c = p[2], d = p[3], e = p[4], f = p[5], g = p[6], h = p[7];
	long r = outer(a);

	return (r ^ a) + (b ^ c) * (d ^ e) + (f ^ g) * h;
}

int main(void)
{
	static const volatile long p[8];

	return (int)inner(leaf(3), 4) != 15 || spill(p);
}
END
"$HCC" -O1 -o app app.c || fail "app.c"
check_verified app

# check_damage WHAT [FUNCTION]: in each ISA's executable; and where the table's unwinding is wrong,
# the cursor fails by what the code does. What hcc-verify's other checks say of values is theirs.
check_damage()
{
	function=${2-inner}
	for isa in $ISAS; do
		cp "$(file_of app "$isa")" damaged
		./unwind_patch damaged $function $1 >expected || fail "$(cat expected)"
		"$VERIFY" -q damaged >all 2>&1
		status=$?
		[ $status = 1 ] || fail "$isa, $1: exit status $status, expected 1"
		grep "function '$function'" all | sed 's/ (app\.c:[0-9]*)//' |
			LC_ALL=C sort >found
		LC_ALL=C sort expected >wanted
		[ -s wanted ] && cmp -s wanted found || fail "$isa, $1: found:
$(cat found)
expected:
$(cat wanted)"
		case $1 in table_scratch) continue ;; table_*) ;; *) continue ;; esac
		make_walk "$isa" damaged walk || fail "no cursor for $isa"
		./walk damaged >found && fail "$isa, $1: the cursor is right"
		grep -q "function '$function'" found || fail "$isa, $1: the cursor: $(cat found)"
	done
}

for what in table_cfa table_return table_saved table_register table_scratch \
	frame_cfa frame_saved frame_dropped frame_missing \
	code_clobber code_overwrite code_stack code_unknown code_return code_jump \
	value_register; do
	check_damage $what
done
check_damage value_base spill
check_damage value_place spill
exit $failed
