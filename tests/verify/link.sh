#!/bin/sh
# hcc has each link checked: nothing is left of one that has a finding, stripped or not;
# -fno-hcc-verify links it all the same.
set -u
failed=0

cat >bad.c <<'END'
void *leaked;

#if TARGET == 1
#define STACK_POINTER "mov %%rsp, %0"
#else
#define STACK_POINTER "mov %0, sp"
#endif

__attribute__((noinline)) void leak(void)
{
	void *here;

	__asm__ volatile(STACK_POINTER : "=r"(here));
	leaked = here;
}

int main(void)
{
	leak();
	return 0;
}
END

fail()
{
	echo "$*"
	failed=1
}

for isa in $ISAS; do
	target=2
	test "$isa" != x86_64 || target=1
	for strip in '' -s; do
		rm -f app*
		"$HCC" --hcc-targets="$isa" -DTARGET=$target -O2 $strip -o app bad.c >got 2>&1
		test $? = 1 || fail "$isa $strip: exit status is not 1"
		sed -i 's/0x[0-9a-f]*/0xN/g' got
		diff -u - got <<'END' || fail "$isa $strip: the messages"
hcc: error: app: function 'leak' at 0xN: stores an address of the native frame
hcc: error: app: the program could not be moved as it is; -fno-hcc-verify links it all the same
END
		test -z "$(ls app* 2>/dev/null)" || fail "$isa $strip: left $(ls app*)"
	done
	"$HCC" --hcc-targets="$isa" -DTARGET=$target -fno-hcc-verify -o app bad.c >got 2>&1 ||
		fail "$isa: -fno-hcc-verify does not link"
	test ! -s got || { cat got; fail "$isa: -fno-hcc-verify says something"; }
	"$BUILD/bin/hcc-verify" -q app >/dev/null 2>&1 && fail "$isa: nothing is found afterwards"
done

"$BUILD/bin/hcc-verify" 2>got
test $? = 2 || fail "no argument: exit status is not 2"
"$BUILD/bin/hcc-verify" bad.c 2>got
test $? = 1 || fail "no executable: exit status is not 1"
diff -u - got <<'END' || fail "no executable: the message"
hcc: error: bad.c: not a static executable
END
exit $failed
