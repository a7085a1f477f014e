#!/bin/sh
# timeout: 300
# Programs by gen.c, full of calls and live values; see random for the arguments. Without: a few,
# silently, moved and scorched.
set -u
here=$(cd "$(dirname "$0")" && pwd)
test $# -eq 0 || exec "$here/random" frames "$@"
status=0
"$here/random" frames --seeds 1..3 --moves 3 >log 2>&1 || status=$?
# What hcc-verify once took for faults, values that are the same, in two sizes or twice, cwde, arguments of a clone in memory, a
# select made of branches before a clone's call; and what it found: a vector of a tuple that was recorded as the tuple's first, an undefined value in memory.
for options in '15 -O2 -g' '56 -O1 -g' '98 -O3 -g' '30 -Os' '238 -O3 -g' '410 -O1 -g' '602 -Os -g'; do
	"$here/random" frames --seeds "${options%% *}" --opts "${options#* }" >>log 2>&1 || status=$?
done
test $status -eq 0 || cat log
exit $status
