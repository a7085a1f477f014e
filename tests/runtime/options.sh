#!/bin/sh
# Options of sockets move with them. On one machine only: emulators do not know all of them.
. "$SRC/tests/runtime/common"

"$HCC" -O2 -o app "$SRC/tests/runtime/lib_options.c" || exit 1
: >out
(exec ./app >out 2>&1) &
pid=$!
started="$started $pid"
tries=0
until grep -q all out; do
	tries=$((tries + 1))
	test $tries -lt 1000 || fail "it does not start: $(cat out)"
	sleep 0.01
done
cp out first
test "$(wc -l <first)" -ge 12 || fail "there are too few options: $(cat first)"
"$HCC_MIGRATE" snapshot $pid -o snap || fail "snapshot: $?"
wait $pid
: >again
"$HCC_MIGRATE" restore snap >second 2>&1 || fail "restore: $(cat second)"
same second first
exit 0
