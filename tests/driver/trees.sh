#!/bin/sh
# What a build does beside compiling: paths with blanks, a source tree that cannot be written, response
# files, several jobs.

set -u
mkdir 'my sources' 'my build'
echo '#include "greet.h"' >'my sources/hello.c'
echo 'int main(void) { return greet(); }' >>'my sources/hello.c'
echo '#include <stdio.h>' >'my sources/greet.c'
echo 'int greet(void) { return puts("hello") < 0; }' >>'my sources/greet.c'
echo 'int greet(void);' >'my sources/greet.h'
cat >'my build/Makefile' <<'END'
src = ../my\ sources
hello\ there: hello.o greet.o
	@echo "'hello.o' greet.o" >objects
	$(CC) $(CFLAGS) -o "$@" @objects
%.o: $(src)/%.c
	$(CC) $(CFLAGS) -MMD -c "$<" -o $@
-include hello.d greet.d
END
chmod -R a-w 'my sources'
(cd 'my build' && make -s -j4 CC="$HCC" CFLAGS='-O2 -Wall -Werror' && make -q CC="$HCC") >log 2>&1 ||
	{ cat log; exit 1; }
[ "$('my build/hello there')" = hello ] || exit 1
for isa in $ISAS; do
	[ "$isa" = "$HOST_ISA" ] || [ -x "my build/hello there.$isa" ] || exit 1
done
chmod -R u+w 'my sources'
grep -q 'my\\ sources/greet.h' 'my build/hello.d' || { cat 'my build/hello.d'; exit 1; }
[ "$(ls 'my sources')" = "$(printf 'greet.c\ngreet.h\nhello.c')" ]
