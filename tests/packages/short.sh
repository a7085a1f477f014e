#!/bin/sh
# timeout: 300
# The packages whose sources ./bootstrap fetches: built by their own build systems with nothing but
# CC=hcc, and tested by their own tests on each ISA. `make check-packages` does it for more.
. "$SRC/tests/packages/common"
packages=$PWD
for name in zlib; do
	recipe "$name"
	archive "$source" local >/dev/null || { echo "# SKIP no source of $source"; exit 77; }
	work=$(unpack "$name" hcc) || exit 1
	(in_folder "$work" hcc build) >"$name.log" 2>&1 || { cat "$name.log"; exit 1; }
	for isa in $ISAS; do
		if test "$isa" != "$HOST_ISA"; then
			eval "test -n \"\${QEMU_$isa-}\"" || { echo "# SKIP no qemu-$isa"; exit 77; }
			(cd "$work" && emulate "$isa") || exit 1
		fi
		(
			in_folder "$work" hcc prove >"../$name-$isa.log" 2>&1
			results
		) >"$name-$isa.results"
		if ! grep -q '^pass' "$name-$isa.results" || grep '^fail' "$name-$isa.results"; then
			echo "$name on $isa"
			cat "$name-$isa.log"
			exit 1
		fi
	done
done
