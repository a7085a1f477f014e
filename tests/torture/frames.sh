#!/bin/sh
# timeout: 300
# Programs by gen.c, full of calls and live values; see random for the arguments. Without: a few,
# silently, moved and scorched.
set -u
here=$(cd "$(dirname "$0")" && pwd)
test $# -eq 0 || exec "$here/random" frames "$@"
status=0
"$here/random" frames --seeds 1..3 --moves 3 >log 2>&1 || status=$?
# What hcc-verify once took for faults: an address in an argument's register that no callee reads, a value
# beside its extension, a lane stored into a vector on the stack.
for options in '5 -O1 -g' '15 -O2 -g' '36 -O1 -g'; do
	"$here/random" frames --seeds "${options%% *}" --opts "${options#* }" >>log 2>&1 || status=$?
done
test $status -eq 0 || cat log
exit $status
