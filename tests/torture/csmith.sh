#!/bin/sh
# timeout: 300
# Programs by csmith; see random for the arguments. Without: a few, silently, moved and scorched.
set -u
here=$(cd "$(dirname "$0")" && pwd)
test $# -eq 0 || exec "$here/random" csmith "$@"
"$here/random" csmith --seeds 1..6 --moves 3 >log 2>&1
status=$?
test $status -eq 0 || cat log
exit $status
