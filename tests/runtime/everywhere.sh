#!/bin/sh
# timeout: 600
# The driver that moves a program everywhere: it finds nothing in a right program, and names the
# function whose frame is rebuilt wrongly in one with a wrong table.
. "$SRC/tests/runtime/common"
need_isas
everywhere=$SRC/tests/everywhere.sh

"$HCC" -O1 -g -fno-hcc-compress -o calls "$SRC/tests/runtime/lib_calls.c" || exit 1
echo '14 33' >input
"$everywhere" --points 4 --chains 5 --least 4000 --stdin input -- ./calls "it's one" >log 2>&1 ||
	fail "$(cat log)"
grep -q ' moves in [0-9]* runs, 0 failed, 0 declined, ' log || fail "$(cat log)"

"$everywhere" --points all --every 100000 --chains 0 --isa-pairs "$HOST_ISA:$HOST_ISA" --stdin input \
	--least 1 -- ./calls >log 2>&1 && fail "too few moves are not a failure: $(cat log)"
"$everywhere" --seed x -- ./absent >log 2>&1
test $? = 2 || fail "no program: $(cat log)"

. "$SRC/tests/verify/patcher"
make_patcher break "$SRC/tests/runtime/lib_break.c" || exit 1
for function in fib middle outer; do
	for isa in $ISAS; do
		cp calls broken
		for other in $ISAS; do
			test "$other" = "$HOST_ISA" || cp "calls.$other" "broken.$other"
		done
		if test "$isa" = "$HOST_ISA"; then file=broken; else file=broken.$isa; fi
		test "$(./break $file $function)" -gt 0 || fail "no site of $function is broken on $isa"
		set -- --isa-pairs "$isa:$isa" --chains 0
		test $function != middle || set -- --points 2
		"$everywhere" "$@" --every 7 --stdin input -- ./broken >log 2>&1 &&
			fail "$function on $isa: nothing is found: $(cat log)"
		grep -q "^$function (.*lib_calls.c:[0-9]*), call site [0-9]*: rebuilt wrongly\$" log ||
			fail "$function on $isa: not named: $(cat log)"
		grep -v "^$function " log | grep ': rebuilt wrongly$' &&
			fail "$function on $isa: another one is named: $(cat log)"
	done
done
exit 0
