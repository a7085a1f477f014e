#!/bin/sh
# What inspect shows: the whole text but for numbers that vary, and JSON that has the same.
. "$SRC/tests/runtime/common"
here=$(pwd -P)

cp "$SRC/tests/runtime/lib_spin.c" spin.c
"$HCC" -O0 -g -o app spin.c "$SRC/tests/runtime/lib_opaque.c" || exit 1
: >out
(exec ./app spin >out 2>err </dev/null 3<spin.c) &
pid=$!
started="$started $pid"
wait_lines out 1
"$HCC_MIGRATE" snapshot $pid -o snap || exit 1
"$HCC_MIGRATE" inspect snap >shown || exit 1
for line in "program: $here/app" "taken on: $HOST_ISA, process $pid, in $here" \
	"descriptor 0: inherited" "descriptor 3: file $here/spin.c at 0, flags 0"; do
	grep -q "^$line" shown || fail "inspect has no line '$line': $(cat shown)"
done
grep -q "^thread $pid: [0-9]* frames, outermost first$" shown || fail "$(cat shown)"
grep -q '^ *[0-9]*  main at .*spin\.c:[1-9][0-9]*, [0-9]* values$' shown || fail "$(cat shown)"
grep -q '^build: [0-9a-f]\{32\}$' shown || fail "$(cat shown)"
"$HCC_MIGRATE" inspect snap --json >json || exit 1
grep -q '"function": "main"' json || fail "$(cat json)"
if command -v python3 >/dev/null; then
	python3 -m json.tool json >/dev/null || fail "inspect --json is not JSON"
fi

# It writes nothing, also when the executable of the snapshot's ISA is only carried by another one; and it
# needs no particular one.
for isa in $ISAS; do
	test "$isa" != "$HOST_ISA" || continue
	eval "qemu=\${QEMU_$isa-}"
	test -n "$qemu" && command -v "$qemu" >/dev/null || continue
	: >out.$isa
	(run "$isa" ./app spin >out.$isa 2>err </dev/null) &
	pid=$!
	started="$started $pid"
	wait_lines out.$isa 1
	"$HCC_MIGRATE" snapshot $pid -o snap.$isa || exit 1
	mv app.$isa kept
	files=$(ls)
	"$HCC_MIGRATE" inspect snap.$isa >shown || exit 1
	grep -q '^ *[0-9]*  main at .*spin\.c:[1-9][0-9]*, [0-9]* values$' shown ||
		fail "$isa: $(cat shown)"
	test "$(ls)" = "$files" || fail "inspect has written: $(ls)"
	mv kept app.$isa
done
rm app*
"$HCC_MIGRATE" inspect snap | grep -q '^ *0  site [0-9]*, [0-9]* values$' ||
	fail "inspect fails without the executable"
