#!/bin/sh
# What goes where: names of outputs and of dependency files, pipes and devices, nothing left behind.

set -u
failed=0
TMPDIR=$PWD/tmp
export TMPDIR
mkdir tmp x

wrong()
{
	echo "$@"
	failed=1
}

echo '#include "a.h"' >a.c
echo 'int main(void) { return 0; }' >>a.c
: >a.h
cp a.c 'b c.c'

# deps ARGS -- FILE TEXT: hcc ARGS writes FILE, which says TEXT
deps()
{
	args=
	while [ "$1" != -- ]; do
		args="$args $1"
		shift
	done
	rm -rf ./*.d ./*.o x/*
	# shellcheck disable=SC2086
	"$HCC" $args || wrong "hcc$args failed"
	[ "$(cat "$2" 2>&1)" = "$3" ] || wrong "hcc$args: $2 is '$(cat "$2" 2>&1)', expected '$3'"
	[ "$(find . -name '*.d')" = "./$2" ] || wrong "hcc$args wrote" ./*.d x/*.d
}
deps -c -MD a.c -- a.d 'a.o: a.c a.h'
deps -c -MMD a.c -o x/y.o -- x/y.d 'x/y.o: a.c a.h'
deps -c -MD -MF q.d -MT t a.c -- q.d 't: a.c a.h'
deps -c -MD -MP a.c -- a.d 'a.o: a.c a.h
a.h:'
deps -c -Wp,-MMD,w.d a.c -o y.o -- w.d 'y.o: a.c a.h'
deps -S -MD a.c -o x/a.s -- x/a.d 'x/a.s: a.c a.h'
deps -M -MF m.d a.c -- m.d 'a.o: a.c a.h'
"$HCC" -MM a.c | grep -qx 'a.o: a.c a.h' || wrong "-MM does not print"

rm -f ./*.o ./*.s
"$HCC" -c a.c 'b c.c' && [ -f a.o ] && [ -f 'b c.o' ] || wrong "no output beside two inputs"
"$HCC" -S a.c && grep -q main a.s || wrong "-S writes no assembly"
# But for the object's name, which is of its output.
sed 's/[0-9a-f]\{16\}//' a.s >expected
"$HCC" -S -o - a.c | sed 's/[0-9a-f]\{16\}//' | cmp - expected ||
	wrong "-S -o - writes something else"
"$HCC" -E a.c >a.i && "$HCC" -c a.i -o i.o || wrong "no compile of -E's output"
"$HCC" -c -x c - -o stdin.o <a.i || wrong "no compile of standard input"
"$HCC" -c a.c -o /dev/null && [ -c /dev/null ] || wrong "-o /dev/null"
ln -s target.o link.o
"$HCC" -c a.c -o link.o && [ -L link.o ] && [ -f target.o ] || wrong "-o of a link"

# The same words give the same object; another output is another object of a program.
cp a.o first.o
"$HCC" -c a.c && cmp a.o first.o || wrong "two compiles differ"
"$HCC" -c a.c -o other.o && ! cmp -s a.o other.o || wrong "two objects have one name"

echo 'int x = ;' >bad.c
"$HCC" -c bad.c a.c -o a.o 2>/dev/null && wrong "two inputs for one output"
"$HCC" -c bad.c 2>/dev/null && wrong "bad.c compiles"
"$HCC" -c a.c -o no/a.o 2>err && wrong "output into a folder that is not there"
[ "$(cat err)" = "hcc: error: cannot write 'no/a.o': No such file or directory" ] || cat err
[ -z "$(ls tmp)" ] || wrong "left in TMPDIR: $(ls tmp)"
! ls ./*.hcc-* 2>/dev/null || wrong "left beside the outputs"
exit $failed
