#!/bin/sh
# Functions whose frames decline migration are counted and named: those kept out of it by
# -fhcc-migrate=none, and those that call a function which the program has in libc's place.
set -u
failed=0

cat >out_of_it.c <<'END'
int call(int (*f)(int), int x) { return f(x) + 1; }
int leaf(int x) { return x + 1; }
END
cat >own.c <<'END'
/* libc's is declared not to reach a migration point. */
unsigned long strlen(const char *s)
{
	unsigned long n = 0;

	while (*(volatile const char *)s++)
		n++;
	return n;
}
END
cat >main.c <<'END'
unsigned long strlen(const char *);
int call(int (*f)(int), int x);
int leaf(int x);
int back(int x) { return x ? back(x - 1) + leaf(x) : 0; }
int main(int argc, char **argv) { return call(back, argc) + (int)strlen(argv[0]); }
END

"$HCC" -O2 -fno-builtin -fhcc-migrate=none -c out_of_it.c &&
	"$HCC" -O2 -fno-builtin -c own.c main.c &&
	"$HCC" -o app main.o out_of_it.o own.o || exit 1
"$BUILD/bin/hcc-verify" app >out 2>err || { cat err; failed=1; }
sed -n '/that decline/,$p' out >got
diff -u - got <<'END' || failed=1
         2 functions that decline
           main: calls 'strlen' -> '__hcc_poll'
           call: calls a function pointer
END
"$HCC" -v -o app main.o out_of_it.o own.o >got 2>&1
grep -q '2 functions that decline' got || { echo "hcc -v: no summary"; failed=1; }
exit $failed
