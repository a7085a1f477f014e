#!/bin/sh
# Clones are compressed in the executable: no process maps them but one that has arrived. They are found in what
# has been stripped; what has lost them is refused before anything is harmed.
. "$SRC/tests/runtime/common"
need_isas

cat >source.c <<'END'
#include <signal.h>
#include <stdio.h>
static volatile int n_signals;
static void count(int signal) { (void)signal; n_signals++; }
static unsigned sum(int n, unsigned seed)
{
	for (int i = 0; i < 1000; i++)
		seed = seed * 1664525 + 1013904223;
	return n ? sum(n - 1, seed) + seed : seed;
}
int main(void)
{
	signal(SIGUSR1, count);
	puts("started");
	fflush(stdout);
	while (!n_signals)
		sum(20, 1);
	printf("%u\n", sum(20, 1));
}
END
"$HCC" -O2 -o app source.c && "$HCC" -O2 -fno-hcc-compress -o plain source.c || exit 1
readelf=$LLVM_BINDIR/llvm-readelf
for isa in $ISAS; do
	suffix=.$isa
	test "$isa" = "$HOST_ISA" && suffix=
	"$readelf" -SlW app$suffix >headers
	grep -q ' \.text\.hcc_resume  *NOBITS' headers && grep -q ' \.hcc\.resume  *PROGBITS' headers ||
		fail "app$suffix: $(grep resume headers)"
	"$readelf" -SlW plain$suffix >headers
	grep -q ' \.text\.hcc_resume  *PROGBITS' headers && ! grep -q ' \.hcc\.resume ' headers ||
		fail "plain$suffix: $(grep resume headers)"
done
"$BUILD/bin/hcc-verify" app app.* >verified || fail "hcc-verify: $(cat verified)"
"$BUILD/bin/hcc-verify" plain plain.* | sed 's/^plain/app/' >verified.plain
same verified verified.plain

# start PROGRAM ISA: sets pid
start()
{
	: >out
	(run "$2" "./$1" >out 2>&1) &
	pid=$!
	started="$started $pid"
	wait_lines out 1
}

# end PID: it prints what the program prints
end()
{
	kill -USR1 "$1"
	wait_lines out 2
	printf 'started\n%s\n' "$sum" >want
	same out want
}

start plain "$HOST_ISA"
kill -USR1 $pid
wait_lines out 2
sum=$(tail -n 1 out)

# move_on ISA: sets pid
move_on()
{
	"$HCC_MIGRATE" snapshot $pid -o snap || fail "snapshot: $?"
	wait $pid 2>/dev/null
	"$HCC_MIGRATE" restore snap --isa "$1" >>out 2>&1 &
	pid=$!
	started="$started $pid"
	tries=0
	# It is a shell's copy first, then hcc-migrate.
	until exe=$(readlink /proc/$pid/exe) && test "$exe" != "$(readlink -f "$HCC_MIGRATE")" &&
		test "$exe" != "$(readlink /proc/$$/exe)"; do
		tries=$((tries + 1))
		test $tries -lt 1000 || fail "not restored: $(cat out)"
		sleep 0.01
	done
	rm -rf snap
}

cp app by_strip && cp app by_hcc_strip && "$LLVM_BINDIR/llvm-objcopy" --strip-all --keep-section=.hcc.resume by_strip &&
	"$BUILD/bin/hcc-strip" by_hcc_strip || fail "strip: $?"
for program in app plain by_hcc_strip; do
	start $program "$HOST_ISA"
	test $program = plain || ! grep -q 'hcc clones' /proc/$pid/maps || fail "clones are mapped at the start"
	for to in $ISAS $ISAS; do
		move_on "$to"
	done
	end $pid
done
start by_strip "$HOST_ISA"
move_on "$HOST_ISA"
end $pid

# What has no clones any more, or other bytes.
cp app without && "$LLVM_BINDIR/llvm-objcopy" -R .hcc.resume -R '.hcc.exe.*' -w without || exit 1
start without "$HOST_ISA"
fails 1 "hcc-migrate: error: $PWD/without: its section .hcc.resume has been stripped off" \
	"$HCC_MIGRATE" move $pid --to moved
end $pid
cp app other || exit 1
off=$("$readelf" -SW app | sed -n 's/.* \.hcc\.resume  *PROGBITS  *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
printf 'XXXXXXXX' | dd of=other bs=1 seek=$((0x$off + 300)) conv=notrunc 2>/dev/null
start other "$HOST_ISA"
"$HCC_MIGRATE" move $pid --to moved >refused 2>&1 && fail "moved with damaged clones"
grep -q "^hcc-migrate: error: $PWD/other: section .hcc.resume: " refused || fail "refused: $(cat refused)"
end $pid
"$BUILD/bin/hcc-verify" -q other >verified 2>&1 && fail "hcc-verify is silent"
grep -q 'section .hcc.resume' verified || fail "hcc-verify: $(cat verified)"

# In place they are not there.
fails 2 'hcc: error: HCC_MOVE_EVERY: the clones of this program are compressed; link it with -fno-hcc-compress' \
	env HCC_MOVE_EVERY=1 ./app
exit 0
