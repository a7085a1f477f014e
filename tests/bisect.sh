#!/bin/sh
# Find the function that hcc makes wrong: halve the set of functions that are instrumented.
#
#   tests/bisect.sh FUNCTION... -- COMMAND [ARG...]
#
# COMMAND builds and runs the program with `hcc -fhcc-no-migrate="$NO_MIGRATE"` and ends with status 0
# if the result is right. Prints the function that makes it wrong by being instrumented alone, or,
# when only several together do, the last that is needed. Status 0 if there is one, 1 if not.
set -u

die()
{
	echo "bisect.sh: error: $*" >&2
	exit 1
}

functions=
n=0
while test $# -gt 0 && test "$1" != --; do
	functions="$functions $1"
	n=$((n + 1))
	shift
done
test $# -ge 2 && test "$n" -gt 0 || { echo "usage: $0 FUNCTION... -- COMMAND [ARG...]" >&2; exit 2; }
shift

# right COUNT COMMAND...: is the result right with only that many functions instrumented?
right()
{
	count=$1
	shift
	NO_MIGRATE=$(echo "$functions" | tr -s ' ' '\n' | sed 1d |
		tail -n +$((count + 1)) | paste -sd, -)
	export NO_MIGRATE
	"$@" >/dev/null 2>&1
}

right 0 "$@" || die "the result is wrong with no function instrumented"
! right "$n" "$@" || die "the result is right with every function instrumented"

# Right with the first `good`, wrong with the first `bad`.
good=0 bad=$n
while test $((bad - good)) -gt 1; do
	middle=$(((good + bad) / 2))
	if right "$middle" "$@"; then good=$middle; else bad=$middle; fi
done
echo "$functions" | tr -s ' ' '\n' | sed 1d | sed -n "${bad}p"
