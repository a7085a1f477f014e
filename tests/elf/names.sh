#!/bin/sh
# Files of one base name, archive members of one name, static functions of one name.
. "$SRC/tests/elf/common"

make_start
mkdir one two
for dir in one two; do
	case $dir in one) id=1 ;; two) id=2 ;; esac
	cat >$dir/same.c <<END
#define IN(name) __attribute__((section(name)))
__attribute__((noinline)) static int twin(int x) IN(".text.hcc.000000000000000$id.twin");
static int twin(int x) { return x * $id; }
static int count IN(".bss.hcc.000000000000000$id.count");
int $dir(int x) IN(".text.hcc.000000000000000$id.$dir");
int $dir(int x) { count++; return twin(x) + count; }
END
	fat $dir/same
done
cat >main.c <<'END'
int one(int), two(int);
__attribute__((section(".text.hcc.main"))) int main(void) { return one(10) + two(20); }
END
fat main
link start.o main.o one/same.o two/same.o
check_aligned one two main
check_runs app 52

ar qc libsame.a one/same.o two/same.o
[ "$(ar t libsame.a | sort | uniq -c | awk '{ print $1, $2 }')" = "2 same.o" ] || fail "ar"
link start.o main.o libsame.a
check_aligned one two main
check_runs app 52

# Thin archives: members are files beside the archive.
mkdir sub
mv one two sub
(cd sub && ar qcT libthin.a one/same.o two/same.o)
link start.o main.o -Lsub -lthin
check_aligned one two main
check_runs app 52
mv sub/two/same.o sub/two/gone.o
check_error "sub/two/same.o: No such file or directory" start.o main.o sub/libthin.a
exit $failed
