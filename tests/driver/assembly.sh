#!/bin/sh
# Assembly, a file an ISA: app.S stands for app.x86_64.S, app.aarch64.S ...; a file of one ISA is refused.

set -u
failed=0
wrong()
{
	echo "$@"
	failed=1
}

mkdir src
cat >src/add.x86_64.S <<'END'
#include "name.h"
	.section .text.hcc.add,"ax",@progbits
	.globl NAME
	.type NAME,@function
NAME:	lea OFFSET(%rdi,%rsi),%eax
	ret
	.size NAME,.-NAME
END
cat >src/add.aarch64.S <<'END'
#include "name.h"
	.section .text.hcc.add,"ax",%progbits
	.globl NAME
	.type NAME,%function
NAME:	add w0, w0, w1
	add w0, w0, OFFSET
	ret
	.size NAME,.-NAME
END
echo '#define NAME add' >src/name.h
cat >main.c <<'END'
#include <stdio.h>
int add(int, int);
int (*volatile shared)(int, int) = add;
int main(void) { return printf("%d\n", add(2, 3) + shared(10, 20)) < 0; }
END

runs()
{
	for isa in $ISAS; do
		if [ "$isa" = "$HOST_ISA" ]; then
			got=$("./$1")
		else
			eval "qemu=\${QEMU_$isa-}"
			[ -n "$qemu" ] || continue
			got=$("$qemu" "./$1.$isa")
		fi
		[ "$got" = 45 ] || wrong "$1 on $isa: '$got'"
	done
}
"$HCC" -DOFFSET=5 -MMD -c src/add.S -o add.o && "$HCC" main.c add.o -o app && runs app || wrong "by object"
grep -q '^add.o: src/add..*.S src/name.h$' add.d || { cat add.d; wrong "dependencies"; }
"$HCC" -DOFFSET=5 main.c src/add."$HOST_ISA".S -o other && runs other || wrong "by one of its files"
: >src/add.S
"$HCC" -DOFFSET=5 -c src/add.S && nm add.o | grep -q ' T add$' || wrong "with a file of the plain name"

# check MESSAGE ARGS...
check()
{
	message="hcc: error: $1"
	shift
	if "$HCC" "$@" >out 2>&1 || [ "$(cat out)" != "$message" ]; then
		wrong "hcc $*: expected '$message', got '$(cat out)'"
	fi
}
other=${ISAS##* }
# Guarded blocks: one file that is assembled for each ISA; C sees no such macro, and of zstd's kind only one is there.
{
	for isa in $ISAS; do
		echo "#ifdef __${isa}__"
		cat src/add."$isa".S
		echo '#endif'
	done
} >src/guarded.S
"$HCC" -DOFFSET=5 main.c src/guarded.S -o guarded && runs guarded || wrong "by guarded blocks"
sed -e "/^#ifdef __${other}__/,\$d" -e 's/^	.section .*/	.text/' src/guarded.S >src/half.S
printf 'int main(void) { return 0; }\n' >none.c
"$HCC" -DOFFSET=5 none.c src/half.S -o half && ./half || wrong "with what one ISA has more"
"$HCC" -DOFFSET=5 main.c src/half.S -o half 2>out && wrong "one ISA has no add"
grep -q "the link for $other failed" out || wrong "$(cat out)"
cp src/add."$HOST_ISA".S lone."$HOST_ISA".S
cp src/add."$HOST_ISA".S plain.S
check "lone.S: there is 'lone.$HOST_ISA.S', but no 'lone.$other.S'" -c lone.S
cp plain.S plain.s
check "plain.s: assembly is for one ISA only" -c plain.s
"$HCC" -DOFFSET=5 -Isrc -c plain.S 2>out && wrong "plain.S is taken"
test "$(tail -n 1 out)" = "hcc: error: plain.S: assembly is for one ISA only: not for $other" || wrong "$(cat out)"
check "src/add.S: assembly of several ISAs goes into an object only" -S src/add.S
HCC_TARGETS=$HOST_ISA "$HCC" -DOFFSET=5 -Isrc -c lone.S || wrong "with one target"

# In a section that is private to an ISA a function may be called; its address is not to be kept.
sed -i 's/^	.section .*/	.text/' src/add.*.S
"$HCC" -DOFFSET=5 -c src/add.S || wrong "private"
"$HCC" main.c add.o -o private 2>out && wrong "the address of a private function was taken"
grep -q "holds the address of 'add', which is private to" out || wrong "$(cat out)"
exit $failed
