#!/bin/sh
# Standard streams are the caller's, wherever the program has not opened its own: read positions,
# copies, closed streams, and a stdout that the program redirected itself.
. "$SRC/tests/runtime/common"
need_isas
"$HCC" -O2 -g -o streams "$SRC/tests/runtime/lib_streams.c" || exit 1
printf 'one\ntwo\nthree\nfour\nfive\n' >input.txt

for isa in $ISAS; do
	rm -rf snap own.txt
	: >ready
	(run "$HOST_ISA" ./streams <input.txt >first 2>errors) &
	pid=$!
	started="$started $pid"
	wait_lines ready 1
	"$HCC_MIGRATE" snapshot $pid -o snap || exit 1
	wait $pid
	: >go
	"$HCC_MIGRATE" restore snap --isa "$isa" <input.txt >second 2>>errors || fail "$isa: $?"
	rm go
	echo "one" | cmp -s - first || fail "$isa: first stdout is $(cat first)"
	echo "copy" | cmp -s - second || fail "$isa: second stdout is $(cat second)"
	printf 'own 1\nown 2 two\n' | cmp -s - own.txt || fail "$isa: own file is $(cat own.txt)"
	test -s errors && fail "$isa: prints to stderr: $(cat errors)"
done
exit 0
