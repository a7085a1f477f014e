#!/bin/sh
# Objects that not all ISAs have are refused, but only when they would be linked.
. "$SRC/tests/elf/common"

make_start
cat >main.c <<'END'
int helper(void);
__attribute__((section(".text.hcc.main"))) int main(void) { return helper(); }
END
cat >helper.c <<'END'
__attribute__((section(".text.hcc.helper"))) int helper(void) { return 7; }
END
fat main
fat helper
native "$HOST_ISA" helper.c foo.o
check_error "foo.o: has no $other object; was it compiled by hcc?" start.o main.o foo.o
native "$other" helper.c bar.o
check_error "bar.o: has no $HOST_ISA object; was it compiled by hcc?" start.o main.o bar.o

ar rc libsingle.a foo.o
check_error "libsingle.a(foo.o): has no $other object; was it compiled by hcc?" \
	start.o main.o -L. -lsingle
link start.o main.o helper.o -L. -lsingle
check_runs app 7

# Not an object at all, a truncated one, and none.
echo text >text.o
check_error "text.o: not an object file or an archive" start.o text.o
check_error "no.o: No such file or directory" start.o no.o
check_error "cannot find -lnone" start.o -lnone
cp helper.o cut.o
"$LLVM_BINDIR/llvm-objcopy" --dump-section ".hcc.obj.$other=part" helper.o /dev/null
head -c 100 part >short
"$LLVM_BINDIR/llvm-objcopy" --update-section ".hcc.obj.$other=short" helper.o cut.o
check_error "cut.o: its $other object is truncated" start.o main.o cut.o
exit $failed
