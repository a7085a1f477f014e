#!/bin/sh
# Every error is one line, and the exit status says whose fault it was: 1 a failure, 2 a usage.

set -u
failed=0

# check STATUS MESSAGE ARGS...
check()
{
	expected=$1 message="hcc: error: $2"
	shift 2
	"$HCC" "$@" >out 2>err </dev/null
	status=$?
	if [ $status != "$expected" ] || [ -s out ] || [ "$(cat err)" != "$message" ]; then
		echo "hcc $*: status $status, expected $expected; expected '$message', got:"
		cat out err
		failed=1
	fi
}

echo 'int main(void) { return 0; }' >a.c
echo 'int x;' >b.c
echo 'int x = ;' >bad.c
: >a.s; : >a.cc; : >libx.so; : >libx.so.1; : >a.h
known=$(echo "$ISAS" | tr ' ' ,)

check 2 "no input files"
check 2 "no input files" -c
check 2 "no input files" -lm
check 2 "unknown option '-bogus'" -bogus a.c
check 2 "unknown option '--bogus'" --bogus a.c
check 2 "unknown option '-V'" -V
check 2 "unknown option '-Oz1'" -Oz1 -c a.c
check 2 "unknown option '-fhcc-bogus'" -fhcc-bogus -c a.c
check 2 "unknown option '-fhcc-migrate='" -fhcc-migrate= -c a.c
check 2 "-fhcc-polls=never: expected patched or flag" -fhcc-polls=never -c a.c
check 2 "-fhcc-migrate=some: expected full, calls, none or leaf" -fhcc-migrate=some -c a.c
check 1 "unknown argument: '-fbogus'" -fbogus -c a.c
check 2 "option '-o' needs an argument" a.c -o
check 2 "option '-I' needs an argument" a.c -I
check 2 "-m32: every ISA of hcc is 64-bit" -m32 a.c
check 2 "-shared: hcc links static executables only" -shared a.c
check 2 "-pie: executables are at fixed addresses, the same on all ISAs" -pie a.c
check 2 "-fsanitize=address: sanitizers are not supported" -fsanitize=address a.c
check 2 "-march=native: a program must run on any machine of its ISAs" -march=native a.c
check 2 "-mavx2: an option of one ISA; hcc compiles for several" -mavx2 a.c
check 2 "-Wa,-x: an assembler knows one ISA only" -Wa,-x a.c
check 2 "-x c++: hcc compiles C only" -x c++ a.c
check 2 "-x pascal: unknown language" -x pascal a.c
check 1 "a.cc: hcc compiles C only" -c a.cc
check 1 "a.s: assembly is for one ISA only" -c a.s
check 1 "libx.so: hcc links static executables only" a.c libx.so
check 1 "libx.so.1: hcc links static executables only" a.c libx.so.1
check 1 "a.h: precompiled headers are not supported" -c a.h
check 1 "cannot open 'no.c': No such file or directory" -c no.c
check 1 "cannot open 'no.o': No such file or directory" a.c no.o
check 1 "cannot open '@no': No such file or directory" -c @no
# Response files: one that names itself, and a few that each name the next one often.
echo @self >self
check 2 "@self: response files are nested too deep" @self
for i in 1 2 3 4 5 6 7 8 9; do
	echo "@r$((i + 1)) @r$((i + 1)) @r$((i + 1)) @r$((i + 1))" >r$i
done
: >r10
check 2 "@r9: too many response files" @r1
rm -f self r?*
check 2 "-: what is in standard input: -E or -x is needed" -
check 2 "-o x.o: one output for 2 files with -c, -S or -E" -c a.c b.c -o x.o
check 2 "--hcc-targets: ISA 'sparc' is not one of $known" --hcc-targets=sparc -c a.c
check 2 "--hcc-targets: ISA '' is not one of $known" --hcc-targets="${ISAS%% *}," -c a.c
check 2 "--hcc-targets: ISA '${ISAS%% *}' is named twice" \
	--hcc-targets="${ISAS%% *},${ISAS%% *}" -c a.c
HCC_TARGETS=vax check 2 "HCC_TARGETS: ISA 'vax' is not one of $known" -c a.c

# The compiler's own words, once.
cat >expected <<'END'
bad.c:1:9: error: expected expression
    1 | int x = ;
      |         ^
1 error generated.
END
"$HCC" -c bad.c >out 2>&1
if [ $? != 1 ] || ! cmp -s expected out; then
	echo "bad.c:"
	cat out
	failed=1
fi
for file in bad.o a.out a.o; do
	if [ -e $file ]; then
		echo "$file was left behind"
		failed=1
	fi
done
exit $failed
