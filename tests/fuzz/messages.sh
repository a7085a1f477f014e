#!/bin/sh
# What each input that once broke a reader is answered with: the file of the corpus, and the line.
set -u
failed=0

# says FILE MESSAGE
says()
{
	program=$BUILD/obj/fuzz/${1%/*}
	test -x "$program" || { echo "# SKIP no $program: make fuzz-programs"; exit 77; }
	FUZZ_SHOW=1 "$program" "$SRC/tests/fuzz/corpus/$1" >log 2>&1 ||
		{ echo "$1: fails"; cat log; failed=1; }
	sed -n 's|/[a-z/]*/hcc-fuzz\.[^/]*/||; s/^hcc: error: //p' log | sort -u >got
	if test -n "$2"; then echo "$2"; fi >want
	cmp -s want got || { echo "$1: expected '$2', got '$(cat got)'"; failed=1; }
	listed="$listed $1"
}

listed=
# A table of names without an end, or out of the file, was followed.
says fat/names-compressed "input.o: damaged object: table of section names"
says fat/names-in-section-0 "input.o: damaged object: number of sections"
# Joined, this was an object that nobody reads.
says fat/version-0 "input.o: not a 64-bit little-endian relocatable object"
# Read from a null pointer, and recursion without end.
says object/fat-without-contents "input.o: section '.hcc.obj.aarch64' has no contents"
says object/thin-of-itself "input.o: an archive is a member of a thin archive"
says object/thin-empty ""
# These were bugs of hcc-ld by its own words.
says sites/map-few-locations \
	"input.o: function 'f' site 0: stack map on x86_64 has 4 locations, expected 5"
says sites/map-location-type \
	"input.o: function 'f' site 0: value 0 on x86_64 has a location of type 9, register 3, offset 0"
says sites/map-of-no-function \
	"input.o: stack map of function at 0x1060020 on x86_64 has ID 0x900000000, no site record"
says sites/map-of-no-site "input.o: function 'f' has 2 sites, stack map on x86_64 has site 7"
says sites/map-other-values \
	"input.o: function 'f' site 0: stack map on x86_64 does not have 2 values"
says sites/map-truncated "input.o: its stack map is truncated"
says sites/map-two-records "app: function 'f' site 1 on x86_64: two records for 0x1060028"
says sites/map-without-contents "input.o: section '.llvm_stackmaps' has no contents"
# Sums of sizes that overflow, and memory by the size that a number asks for.
says sites/section-after-file "input.o: section '.hcc.sites' ends after the file"
# Pointers into contents that are not there.
says sites/relocations-of-nothing "first: section '.hcc.sites' is shorter than its inputs"
says sites/relocation-out-of-section \
	"input.o: stack map of function at 0x1060020 on x86_64 has ID 0x908000000, no site record"
# More bits than the table has.
says sites/address-of-64-bits "input.o: its call-site records are damaged"
says sites/section-too-large "input.o: section '.bss.hcc.zeros' has 18446744073709551600 bytes and \
alignment 32, at most 0x80000000"
says sites/sites-count "input.o: its call-site records are damaged"
says sites/sites-type "input.o: its call-site records have values of unknown types"
says sites/unwind-expression \
	"app: function 'f' site 0 on x86_64 at 0x1060028: CFA is not register + offset"
says sites/unwind-of-no-function \
	"app: function 'f' site 0 on x86_64 at 0x1060028: no matching address range"

for file in "$SRC"/tests/fuzz/corpus/*/*; do
	name=${file#"$SRC/tests/fuzz/corpus/"}
	case "$listed " in
	*" $name "*) ;;
	*) echo "$name: no message is expected of it"; failed=1 ;;
	esac
done
exit $failed
