#!/bin/sh
# hcc-verify finds each fault that patch.c can make, says of which function, and nothing else.
# Addresses are replaced by 0xN.
set -u
. "$SRC/tests/programs/common"
need_every_isa
case $ISAS in
'x86_64 aarch64') ;;
*) echo "# SKIP written for x86_64 and aarch64"; exit 77 ;;
esac
failed=0
work=$PWD
. "$SRC/tests/verify/patcher"
make_patcher patch "$SRC/tests/verify/patch.c" || exit 1
cp "$SRC/tests/verify/app.c" . && "$HCC" -O2 -fno-hcc-compress -Wl,--no-packed-text -o good app.c || exit 1

check()
{
	"$BUILD/bin/hcc-verify" app app.aarch64 2>&1 >out | sed 's/0x[0-9a-f]*/0xN/g'
	test ! -s out || echo "and a summary"
}

# fault TITLE ISA COMMAND...; what is to be found on stdin, by lines
fault()
{
	title=$1
	file=app
	test "$2" = x86_64 || file=app.$2
	shift 2
	cp "$work/good" app && cp "$work/good.aarch64" app.aarch64 || exit 1
	./patch "$file" "$@" || { failed=1; return; }
	cat >expected
	# Sites of libc may share what is changed, as equal entries of the table are one.
	check | grep -v '(src/' >got
	if ! diff -u expected got >diff; then
		echo "$title:"
		cat diff
		failed=1
	fi
}

fault "record missing" x86_64 drop walk 0 0 <<'END'
hcc: error: app: function 'walk' at 0xN: site 0 (app.c:17): no call of the function has its record
hcc: error: app: function 'walk' at 0xN: no record at 0xN, where the call of 'walk' -> '__hcc_poll' returns, which can reach a migration point
END

fault "record of a poll missing" aarch64 drop walk 1 0 <<'END'
hcc: error: app.aarch64: function 'walk' at 0xN: site 1 (app.c:11): no call of the function has its record
hcc: error: app.aarch64: function 'walk' at 0xN: the poll leads to 0xN, where no recorded call of __hcc_poll is made
hcc: error: app.aarch64: function 'walk' at 0xN: no record at 0xN, where the call of '__hcc_poll' returns, which can reach a migration point
END

fault "record of a call through a pointer missing" aarch64 drop many 3 0 <<'END'
hcc: error: app.aarch64: function 'many' at 0xN: site 3 (app.c:27): no call of the function has its record
hcc: error: app.aarch64: function 'many' at 0xN: no record at 0xN, where the call of a function pointer returns, which can reach a migration point
END

fault "two sites with one ID" x86_64 site many 3 0 2 <<'END'
hcc: error: app: function 'many' at 0xN: site 3 (app.c:27): no call of the function has its record
END

fault "record not at a call" x86_64 move many 3 0 1 <<'END'
hcc: error: app: function 'many' at 0xN: site 3 (app.c:27): no call of the function has its record
hcc: error: app: function 'many' at 0xN (app.c:27): no record at 0xN, where the call of a function pointer returns, which can reach a migration point
hcc: error: app: function 'many' at 0xN (app.c:27): .hcc.meta has a record, but the code does not lead here
hcc: error: app: function 'many' at 0xN (app.c:27): record of site 3 of 'many', but no call stands before it
END

fault "register that a callee may change" x86_64 register walk 0 0 0 2 <<'END'
hcc: error: app: function 'walk' at 0xN (app.c:17): value 0 is in rcx, expected a register that the call preserves
END

fault "register that a callee may change" aarch64 register many 0 0 0 9 <<'END'
hcc: error: app.aarch64: function 'many' at 0xN (app.c:30): value 0 is in x9, expected a register that the call preserves
END

fault "values of the clone swapped" x86_64 swap many 5 1 <<'END'
hcc: error: app: function 'many.resume' at 0xN (app.c:25): site 5: r14 holds slot 0 from byte 0 on, expected slot 1, of 64 bits
hcc: error: app: function 'many.resume' at 0xN (app.c:25): site 5: rbx holds slot 1 from byte 0 on, expected slot 0, of 64 bits
END

fault "values of the original swapped" x86_64 swap keep 0 0 <<'END'
hcc: error: app: function 'keep.resume' at 0xN (app.c:37): value 0 of site 0 is value 0 of site 1 after this call, but value 1 after that at 0xN on x86_64
hcc: error: app.aarch64: function 'keep' at 0xN (app.c:37): value 0 of site 0 is value 0 of site 1 after this call, but value 1 after that at 0xN on x86_64
END

fault "values of the original swapped" aarch64 swap keep 0 0 <<'END'
hcc: error: app.aarch64: function 'keep' at 0xN (app.c:37): value 0 of site 0 is value 1 of site 1 after this call, but value 0 after that at 0xN on x86_64
hcc: error: app.aarch64: function 'keep.resume' at 0xN (app.c:37): value 0 of site 0 is value 0 of site 1 after this call, but value 1 after that at 0xN on aarch64
END

fault "wrong width" aarch64 type walk 0 0 64 <<'END'
hcc: error: app.aarch64: function 'walk' at 0xN: site 0: value 0 has type 64, 16 on x86_64
hcc: error: app.aarch64: function 'walk.resume' at 0xN (app.c:17): site 0: x23 holds 16 bits of it, expected slot 0, of 64 bits
END

fault "flags" x86_64 flags walk 1 0 <<'END'
hcc: error: app: function 'walk' at 0xN: the poll leads to 0xN, where no recorded call of __hcc_poll is made
hcc: error: app: function 'walk' at 0xN (app.c:11): call of '__hcc_poll' has the record of site 1, which is no poll
hcc: error: app: function 'walk' at 0xN (app.c:11): value 0 is in rax, expected a register that the call preserves
hcc: error: app: function 'walk' at 0xN (app.c:11): value 3 is in xmm0, expected a register that the call preserves
hcc: error: app.aarch64: function 'walk' at 0xN: site 1 has line 11 and flags 0xN, line 11 and flags 0xN on x86_64
END

fault "poll elsewhere" x86_64 poll walk 0 1 0 <<'END'
hcc: error: app: function 'walk' at 0xN: .hcc.polls has a poll here, but there is none that can become a jump to 0xN
hcc: error: app: function 'walk' at 0xN (app.c:11): .hcc.meta has a record, but the code does not lead here
END

fault "poll leads elsewhere" x86_64 poll walk 0 0 5 <<'END'
hcc: error: app: function 'walk' at 0xN: .hcc.polls has a poll here, but there is none that can become a jump to 0xN
hcc: error: app: function 'walk' at 0xN (app.c:11): .hcc.meta has a record, but the code does not lead here
END

fault "poll elsewhere" aarch64 poll walk 0 4 0 <<'END'
hcc: error: app.aarch64: function 'walk' at 0xN: .hcc.polls has a poll here, but there is none that can become a jump to 0xN
hcc: error: app.aarch64: function 'walk' at 0xN (app.c:11): .hcc.meta has a record, but the code does not lead here
END

fault "poll leads to another call" aarch64 poll walk 0 0 -8 <<'END'
hcc: error: app.aarch64: function 'walk' at 0xN: the poll leads to 0xN, where no recorded call of __hcc_poll is made
hcc: error: app.aarch64: function 'walk' at 0xN: it returns without its caller's x19
hcc: error: app.aarch64: function 'walk' at 0xN: it returns without its caller's x20
hcc: error: app.aarch64: function 'walk' at 0xN: it returns without its caller's x21
hcc: error: app.aarch64: function 'walk' at 0xN (app.c:11): .hcc.meta has a record, but the code does not lead here
END

fault "poll of another function" aarch64 poll walk 0 0 0x100000 <<'END'
hcc: error: app.aarch64: function 'walk' at 0xN: it jumps to another function with sp at CFA-64, expected CFA
hcc: error: app.aarch64: function 'walk' at 0xN: it jumps to another function without its caller's v8
hcc: error: app.aarch64: function 'walk' at 0xN: it jumps to another function without its caller's x19
hcc: error: app.aarch64: function 'walk' at 0xN: it jumps to another function without its caller's x20
hcc: error: app.aarch64: function 'walk' at 0xN: it jumps to another function without its caller's x21
hcc: error: app.aarch64: function 'walk' at 0xN: the poll leads to 0xN, where no recorded call of __hcc_poll is made
hcc: error: app.aarch64: function 'walk' at 0xN (app.c:11): .hcc.meta has a record, but the code does not lead here
END

fault "another function's clone" aarch64 resume walk main <<'END'
hcc: error: app.aarch64: function 'walk' at 0xN: its clone is said to be 'main.resume', which is that of 'main'
hcc: error: app.aarch64: function 'walk.resume' at 0xN (app.c:11): record at 0xN is of site 1 of 'walk', whose call is not in this function
hcc: error: app.aarch64: function 'walk.resume' at 0xN (app.c:17): record at 0xN is of site 0 of 'walk', whose call is not in this function
END

fault "symbol moved" aarch64 symbol where 16 <<'END'
hcc: error: app.aarch64: at 0xN: 'where' is here, at 0xN on x86_64
END

fault "function moved" x86_64 symbol leaf 20 <<'END'
hcc: error: app: function 'walk' at 0xN: site 0 (app.c:17): no call of the function has its record
hcc: error: app: function 'walk' at 0xN: site 1 (app.c:11): no call of the function has its record
hcc: error: app: at 0xN (app.c:17): record of site 0 of 'walk', but no call stands before it
hcc: error: app: at 0xN (app.c:11): record of site 1 of 'walk', but no call stands before it
hcc: error: app.aarch64: at 0xN: 'leaf' is here, at 0xN on x86_64
END

fault "private address in shared data" x86_64 word where 0 __hcc_poll 0 <<'END'
hcc: error: app.aarch64: at 0xN: 'where' + 0 in shared section '.data.hcc' holds 0xN; on x86_64 0xN in the private section '.text.hcc-moves' ('__hcc_poll')
END

fault "label in shared data" aarch64 word where 0 many 8 <<'END'
hcc: error: app.aarch64: at 0xN: 'where' + 0 in shared section '.data.hcc' holds 0xN, a label in 'many'; on x86_64 0xN
END

fault "clone in shared data" aarch64 word where 0 many.resume 0 <<'END'
hcc: error: app.aarch64: at 0xN: 'where' + 0 in shared section '.data.hcc' holds 0xN in the clone 'many.resume'; on x86_64 0xN
END

fault "case of a clone missing" x86_64 bytes walk.resume 0x23 01 <<'END'
hcc: error: app: function 'walk.resume' at 0xN (app.c:11): site 0: the clone makes the call of site 1
hcc: error: app: function 'walk.resume' at 0xN (app.c:17): site 1: the clone makes the call of site 0
END

fault "clone reads another slot" x86_64 bytes walk.resume 0x4a 50 <<'END'
hcc: error: app: function 'walk.resume' at 0xN (app.c:11): site 1: rbx holds slot 3 from byte 0 on, expected slot 2, of 64 bits
END

fault "clone traps" aarch64 bytes many.resume 0 00 00 20 d4 <<'END'
hcc: error: app.aarch64: function 'many.resume' at 0xN: site 0: the clone does not get to its call: it traps
hcc: error: app.aarch64: function 'many.resume' at 0xN: site 1: the clone does not get to its call: it traps
hcc: error: app.aarch64: function 'many.resume' at 0xN: site 2: the clone does not get to its call: it traps
hcc: error: app.aarch64: function 'many.resume' at 0xN: site 3: the clone does not get to its call: it traps
hcc: error: app.aarch64: function 'many.resume' at 0xN: site 4: the clone does not get to its call: it traps
hcc: error: app.aarch64: function 'many.resume' at 0xN: site 5: the clone does not get to its call: it traps
hcc: error: app.aarch64: function 'many.resume' at 0xN (app.c:25): .hcc.meta has a record, but the code does not lead here
hcc: error: app.aarch64: function 'many.resume' at 0xN (app.c:26): .hcc.meta has a record, but the code does not lead here
hcc: error: app.aarch64: function 'many.resume' at 0xN (app.c:27): .hcc.meta has a record, but the code does not lead here
hcc: error: app.aarch64: function 'many.resume' at 0xN (app.c:28): .hcc.meta has a record, but the code does not lead here
hcc: error: app.aarch64: function 'many.resume' at 0xN (app.c:29): .hcc.meta has a record, but the code does not lead here
hcc: error: app.aarch64: function 'many.resume' at 0xN (app.c:30): .hcc.meta has a record, but the code does not lead here
END

fault "address of the native frame stored" aarch64 bytes leaf 0 e9 03 00 91 09 00 00 f9 c0 03 5f d6 <<'END'
hcc: error: app.aarch64: function 'leaf' at 0xN: stores an address of the native frame
END

exit $failed
