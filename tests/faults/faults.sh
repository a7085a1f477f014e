#!/bin/sh
# timeout: 400
# Every seeded fault (seed.c) is found, and the function it was made in is named: by the link, by
# hcc-verify, by moves in place, or, where the program is wrong without a move, by halving the set of
# instrumented functions.
set -u
. "$SRC/tests/environment"
victims=$SRC/tests/faults/victim.c
failed=0

fail()
{
	echo "$*"
	failed=1
}

command -v "$QEMU_aarch64" >/dev/null || { echo "# SKIP no qemu for aarch64"; exit 77; }

# A tree whose compiler and linker have the faults.
mkdir -p tree/bin tree/libexec/hcc
cp "$HCC" "$BUILD/bin/hcc-verify" tree/bin/
cp "$BUILD/obj/faults/hcc-cc1" "$BUILD/obj/faults/hcc-ld" "$BUILD/libexec/hcc/hcc-fat" tree/libexec/hcc/
ln -s "$BUILD/lib" tree/lib

# make_with FAULT: app and app.aarch64, the link's words in link.log. GlobalISel leaves functions with
# patched polls to the other selector.
make_with()
{
	rm -f app app.*
	polls=patched
	test "${1%%:*}" != global-isel || polls=flag
	HCC_FAULT=$1 tree/bin/hcc -O2 -g -fhcc-polls=$polls -c "$victims" -o victim.o 2>link.log &&
		HCC_FAULT=$1 tree/bin/hcc -fno-hcc-verify -fno-hcc-compress victim.o -o app 2>>link.log
}

# Without a fault, nobody finds any.
make_with none: || { cat link.log; exit 1; }
"$BUILD/bin/hcc-verify" -q app app.aarch64 >findings 2>&1 || { fail "none: findings:"; cat findings; }
./app >expected
"$SRC/tests/everywhere.sh" --points 2 --chains 2 --least 10 -- ./app >everywhere.log 2>&1 ||
	{ fail "none: moves differ:"; cat everywhere.log; }

# by_link FAULT NAME
by_link()
{
	make_with "$1" && fail "$1: the link has not found it"
	grep -q "'$2'" link.log || { fail "$1: the link does not name '$2':"; cat link.log; }
}

# by_verify FAULT NAME
by_verify()
{
	make_with "$1" || { fail "$1: cannot be built:"; cat link.log; return; }
	"$BUILD/bin/hcc-verify" -q app app.aarch64 >findings 2>&1
	status=$?
	test "$status" -eq 1 || fail "$1: hcc-verify ended with status $status, expected 1"
	grep -q "'$2\(\.resume\)\{0,1\}'" findings ||
		{ fail "$1: hcc-verify does not name '$2':"; head -n 5 findings; }
}

# by_moves FAULT NAME: the unmoved program is right.
by_moves()
{
	make_with "$1" || { fail "$1: cannot be built:"; cat link.log; return; }
	./app | cmp -s - expected || fail "$1: wrong without a move"
	"$SRC/tests/everywhere.sh" --points 1 --chains 0 --isa-pairs "$HOST_ISA:$HOST_ISA" -- ./app \
		>everywhere.log 2>&1 && fail "$1: no move has found it"
	grep -q "^$2 (.*)\(, call site [0-9]*\)\{0,1\}: rebuilt wrongly" everywhere.log ||
		{ fail "$1: moves do not name $2:"; tail -n 5 everywhere.log; }
}

# by_halving FAULT NAME: the unmoved program is wrong.
by_halving()
{
	make_with "$1" || { fail "$1: cannot be built:"; cat link.log; return; }
	! ./app | cmp -s - expected || fail "$1: right"
	cat >attempt.sh <<END
HCC_FAULT=$1 tree/bin/hcc -O2 -fno-hcc-verify -fno-hcc-compress -fhcc-no-migrate="\$NO_MIGRATE" "$victims" -o halved &&
	./halved | cmp - expected
END
	found=$("$SRC/tests/bisect.sh" step v_values touch v_local v_labels left right v_pair v_callee \
		v_twice v_thrice main -- sh attempt.sh)
	test "$found" = "$2" || fail "$1: halving names '$found', expected '$2'"
}

by_link same-id:v_values v_values
by_verify missing-record:v_values v_values
by_verify missing-case:v_values v_values
by_link native-alloca:v_local v_local
by_verify kept-label:v_labels v_labels
by_verify global-isel:v_values v_values
by_verify outliner:v_twice v_twice
by_verify misaligned:v_datum v_datum
by_moves drop-value:v_values v_values
by_moves swap-values:v_values v_values
by_moves wrong-width:v_values v_values
by_halving unfrozen-callee:v_callee v_callee
exit $failed
