#!/bin/sh
# The runtime's private variables: a move in place sets each to zero but those marked HCC_KEPT, as a new
# image has them (runtime/move.c). Whoever adds one has to decide: mark it, set it in move.c's
# make_anew() as start.c or restore.c does, or leave it zero; and name it here.
. "$SRC/tests/runtime/common"

cat >want <<END
gate_fd
hcc_request_flags
hcc_tls_layout
hcc_vdso_clock_gettime
hole_end_va
hole_start_va
order
pool
restore
revival
END
echo 'int main(void) { return 0; }' >app.c
"$HCC" -o app app.c || exit 1
for isa in $ISAS; do
	app=app
	test "$isa" = "$HOST_ISA" || app=app.$isa
	"$LLVM_BINDIR/llvm-nm" -n "$app" | awk '
		$3 == "__hcc_kept_end" { is_in = 1; next }
		$3 == "__hcc_private_bss_end" { exit }
		is_in && tolower($2) == "b" { sub(/\..*/, "", $3); print $3 }' | sort -u >got
	same got want
	# Initialised private data would have to be set, too.
	"$LLVM_BINDIR/llvm-nm" -n "$app" | awk '$2 == "d" && $1 < "0000000001070000" && $1 != 0' >got
	: >none
	same got none
done
exit 0
