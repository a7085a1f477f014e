#!/bin/sh
# -g: gdb breaks at a line, steps, walks the stack and prints parameters and locals, also of those that
# have moved to the portable stack.

set -u
command -v gdb >/dev/null || { echo "# SKIP no gdb"; exit 77; }
cat >g.c <<'END'
#include <stdio.h>
#include <stddef.h>
struct node { int value; struct node *next; };
static int sum(const struct node *list, int bias)
{
	int total = bias;
	for (; list; list = list->next)
		total += list->value;
	return total;
}
int deep(int n, struct node *list)
{
	int local = n * 2;
	if (n == 0)
		return sum(list, 100);
	return deep(n - 1, list) + local;
}
int main(int argc, char **argv)
{
	struct node b = {2, NULL}, a = {1, &b};
	(void)argv;
	printf("%d\n", deep(argc + 2, &a));
	return 0;
}
END
"$HCC" -g -O0 g.c -o g || exit 1
gdb -nx -q -batch -ex 'break g.c:8' -ex run -ex 'print bias' -ex 'print *list' -ex next -ex 'print total' \
	-ex 'up 2' -ex 'print n' -ex 'print local' -ex 'print list->next->value' -ex 'up 3' \
	-ex 'print argc' -ex 'print a' -ex bt -ex 'delete' -ex finish -ex 'break g.c:23' -ex continue g \
	</dev/null 2>&1 | sed -e 's/0x[0-9a-f]*/ADDRESS/g' |
	grep -E '^(\$|#|Breakpoint [12],|115|[0-9]+	)' >got
if ! diff -u - got <<'END'; then exit 1; fi
Breakpoint 1, sum (list=ADDRESS, bias=100) at g.c:8
8			total += list->value;
$1 = 100
$2 = {value = 1, next = ADDRESS}
7		for (; list; list = list->next)
$3 = 101
#2  ADDRESS in deep (n=1, list=ADDRESS) at g.c:16
16		return deep(n - 1, list) + local;
$4 = 1
$5 = 2
$6 = 2
#5  ADDRESS in main (argc=1, argv=ADDRESS) at g.c:22
22		printf("%d\n", deep(argc + 2, &a));
$7 = 1
$8 = {value = 1, next = ADDRESS}
#0  sum (list=ADDRESS, bias=100) at g.c:7
#1  ADDRESS in deep (n=0, list=ADDRESS) at g.c:15
#2  ADDRESS in deep (n=1, list=ADDRESS) at g.c:16
#3  ADDRESS in deep (n=2, list=ADDRESS) at g.c:16
#4  ADDRESS in deep (n=3, list=ADDRESS) at g.c:16
#5  ADDRESS in main (argc=1, argv=ADDRESS) at g.c:22
115
Breakpoint 2, main (argc=1, argv=ADDRESS) at g.c:23
23		return 0;
END
# With optimisation: a parameter where the function begins, a step, the stack, and what has an address.
cat >o.c <<'END'
#include <stdio.h>
struct node { int value; struct node *next; };
static int __attribute__((noinline)) sum(const struct node *list, int bias)
{
	int total = bias;
	for (; list; list = list->next) {
		total += list->value;
		printf("at %d\n", total);
	}
	return total;
}
static int __attribute__((noinline)) deep(int n, struct node *list)
{
	if (n == 0)
		return sum(list, 100);
	return deep(n - 1, list) * 3 + n;
}
int main(int argc, char **argv)
{
	struct node b = {2, NULL}, a = {1, &b};
	(void)argv;
	printf("%d\n", deep(argc + 1, &a));
	return 0;
}
END
"$HCC" -g -O2 o.c -o o || exit 1
gdb -nx -q -batch -ex 'break sum' -ex run -ex 'print bias' -ex 'print *list' -ex next -ex next \
	-ex 'print total' -ex bt -ex 'frame function main' -ex 'print a' o </dev/null 2>&1 |
	sed -e 's/0x[0-9a-f]*/ADDRESS/g' -e 's/\(list\|bias\|argc\|argv\|n\)=[^,)]*/\1/g' |
	grep -E '^(\$|#|Breakpoint 1,|[0-9]+	)' >got
diff -u - got <<'END'
Breakpoint 1, sum (list, bias) at o.c:6
6		for (; list; list = list->next) {
$1 = 100
$2 = {value = 1, next = ADDRESS}
7			total += list->value;
8			printf("at %d\n", total);
$3 = 101
#0  sum (list, bias) at o.c:8
#1  ADDRESS in deep (n, list) at o.c:15
#2  ADDRESS in deep (n, list) at o.c:16
#3  ADDRESS in deep (n, list) at o.c:16
#4  ADDRESS in main (argc, argv) at o.c:22
#4  ADDRESS in main (argc, argv) at o.c:22
22		printf("%d\n", deep(argc + 1, &a));
$4 = {value = 1, next = ADDRESS}
END
