#!/bin/sh
# Executables: complete or absent, modes, names, temporary files, symbols.
. "$SRC/tests/elf/common"

make_start
cat >main.c <<'END'
__attribute__((section(".text.hcc.main"))) int main(void) { return 0; }
END
fat main
TMPDIR=$PWD/tmp
export TMPDIR
mkdir tmp

umask 027
link start.o main.o
for file in app $(for isa in $others; do echo "app.$isa"; done); do
	[ "$(stat -c %a $file)" = 750 ] || fail "$file: mode $(stat -c %a $file)"
done
[ "$(ls tmp | wc -l)" = 0 ] || fail "left in TMPDIR: $(ls tmp)"
[ "$(ls app* | wc -l)" = "$(echo $ISAS | wc -w)" ] || fail "outputs: $(ls app*)"
check_runs app 0

# A link that fails leaves the old executables.
cp app before
echo 'int missing(void); __attribute__((section(".text.hcc.g"))) int g(void) { return missing(); }' >g.c
fat g
"$LD" --targets="$targets" -o app start.o main.o g.o >out 2>&1 && fail "undefined symbol linked"
cmp -s app before || fail "a failed link changed app"
[ "$(ls app* | wc -l)" = "$(echo $ISAS | wc -w)" ] || fail "outputs: $(ls app*)"

# The same inputs make the same bytes, wherever the temporary files were.
mkdir tmp/deeper
TMPDIR=$PWD/tmp/deeper link start.o main.o
cmp -s app before || fail "the same link made another executable"

# -s; no symbols, same code. --targets: fewer executables.
link -s start.o main.o
"$LLVM_BINDIR/llvm-nm" app 2>&1 | grep -q 'no symbols' || fail "-s left symbols"
check_runs app 0
rm app app.*
"$LD" --targets="$other" -o app start.o main.o || fail "--targets=$other"
[ "$(ls app*)" = app ] || fail "--targets=$other made $(ls app*)"
"$LLVM_BINDIR/llvm-readelf" -h app >header
grep -qi "machine:.*$(echo "$other" | tr _ -)" header || fail "$(cat header)"

# An output that cannot be made.
mkdir folder
for pair in "no/app:No such file or directory" "folder:Is a directory"; do
	"$LD" --targets="$targets" -o ${pair%%:*} start.o main.o >out 2>&1 && fail "-o ${pair%%:*}: linked"
	[ "$(cat out)" = "hcc: error: ${pair%%:*}: ${pair#*:}" ] || fail "-o ${pair%%:*}: $(cat out)"
done

# Options must be known.
for pair in "--bogus:unknown option '--bogus'" "-z bogus:unknown option '-z bogus'" \
	"-shared:-shared: hcc links static executables only" "--targets=vax:unknown target 'vax'" \
	"-o:option '-o' needs a value"; do
	"$LD" ${pair%%:*} >out 2>&1
	[ $? = 2 ] || fail "${pair%%:*}: not a usage error"
	[ "$(cat out)" = "hcc: error: ${pair#*:}" ] || fail "${pair%%:*}: $(cat out)"
done
exit $failed
