#!/bin/sh
# Frames out of the ordinary are unwound right: arrays of a size not known, over-aligned and large
# locals, frames beyond an instruction's reach, pushed arguments, long double and vectors, setjmp,
# calls that never return, tail calls, jump tables.
# timeout: 300
. "$SRC/tests/verify/common"

for level in 0 2 s '2 -fno-omit-frame-pointer'; do
	"$HCC" -O$level -o app "$SRC/tests/verify/frames.c" || fail "-O$level"
	check_verified app
	[ "$(./app)" = "5 3 4 7
261632 264704
487 20 59 -13.5
12 10 3 0
10 4 6
230" ] || fail "-O$level: $(./app)"
	for isa in $ISAS; do
		file=$(file_of app "$isa")
		make_walk "$isa" "$file" walk || fail "no cursor for $isa"
		./walk "$file" || fail "-O$level: $file"
	done
done
exit $failed
