#!/bin/sh
# A loop that does nothing but compute is left at its poll when a snapshot is asked for: when the runtime
# changes the text for it, when it is not let do that by mprotect, and when polls test a flag instead. When
# the program goes on, its text is what the file has, and was never writable and executable.
. "$SRC/tests/runtime/common"
need_isas
cp "$SRC/tests/runtime/lib_polls.c" app.c
"$HCC" -O2 -o patched app.c && "$HCC" -O2 -fhcc-polls=flag -o flag app.c &&
	${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O1 -o text "$SRC/tests/runtime/lib_text.c" || exit 1
echo '0 bytes differ' >text.want
printf 'spinning\nover\n' >want

# move ISA TO COMMAND...: the command is APP for that ISA, after its runner
move()
{
	isa=$1 to=$2 app=$3
	shift 2
	: >out
	if test "$1" = --filter; then
		app=$2
		./text "$@" >>out &
	else
		run "$isa" "./$app" >>out &
	fi
	pid=$!
	started="$started $pid"
	wait_lines out 1
	sleep 0.02
	rm -rf snap
	"$HCC_MIGRATE" snapshot "$pid" -o snap --leave-running --timeout 20 >log 2>&1 ||
		fail "$isa $*: $(cat log)"
	if test "$isa" = "$HOST_ISA"; then
		./text "$pid" "$app" >text.got || fail "$isa $*: text"
		same text.got text.want
	fi
	rm -rf snap
	"$HCC_MIGRATE" snapshot "$pid" -o snap --timeout 20 >log 2>&1 || fail "$isa $*: $(cat log)"
	wait "$pid" 2>/dev/null
	"$HCC_MIGRATE" restore snap --isa "$to" >>out 2>log &
	pid=$!
	started="$started $pid"
	for try in 1 2 3 4 5 6 7 8 9; do
		sleep 0.05
		kill -USR1 "$pid" 2>/dev/null || break
	done
	wait "$pid" || fail "$isa to $to: $(cat log)"
	same out want
}

for isa in $ISAS; do
	for to in $ISAS; do
		move "$isa" "$to" patched
	done
	move "$isa" "$HOST_ISA" flag
done
./text --filter ./patched </dev/null >/dev/null & # whether there are filters
pid=$!
started="$started $pid"
sleep 0.1
kill -USR1 "$pid"
wait "$pid"
test $? = 77 || move "$HOST_ISA" "$HOST_ISA" --filter ./patched
exit 0
