#!/bin/sh
# A test ends what it has started, and nothing else: numbers of processes that have ended are used again, and
# under load a test once killed a process of another one, which ended with status 137 when all was done.
. "$SRC/tests/runtime/common"

mkdir own
(cd / && exec sleep 60) &
other=$!
sleep 60 &
mine=$!
(cd own && exec sleep 60) &
below=$!
sleep 0.1
(
	started="$other $mine $below 1"
	end_started
)
wait $mine $below
status=$?
kill -0 $other || fail "a process of somebody else has been killed"
kill $other
test $status = 137 || fail "its own processes still run: $status"
