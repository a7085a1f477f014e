#!/bin/sh
# timeout: 600
# The Lua programs moved at random moments: singles of every ordered pair of ISAs and chains of five.
# The seed is fixed, so that a failure can be seen again; tests/moves.sh takes any.
set -u
. "$SRC/tests/programs/common"
need_every_isa
"$SRC/tests/moves.sh" --seed 2 --moves 20 --scale 5 >log 2>&1 || { cat log; exit 1; }
grep -q '^20 moves in 12 runs, 0 failed$' log || { cat log; exit 1; }
