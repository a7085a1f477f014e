#!/bin/sh
# timeout: 300
# Programs by gen.c, full of calls and live values; see random for the arguments. Without: a few,
# silently, moved and scorched.
set -u
here=$(cd "$(dirname "$0")" && pwd)
test $# -eq 0 || exec "$here/random" frames "$@"
"$here/random" frames --seeds 1..6 --moves 3 >log 2>&1
status=$?
test $status -eq 0 || cat log
exit $status
