/* Loops unrolled round inner ones, whose guards ask what is known by then: what they leave out had records and no
 * code, so that hcc-verify refused the program (passes/pipeline.c, reduce_strength). */
/* levels: -O2 */
#include "../../programs/c/moved.h"
#include <stdarg.h>

struct {
	int size;
} state = { 1 };

__attribute__((weak)) void say(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
}

__attribute__((weak)) int count(int i)
{
	static int n;

	if (n++ % 50 == 0)
		printf("%d\n", i);
	return i;
}

__attribute__((weak)) void change(void)
{
	state.size += !state.size;
}

void rounds(void)
{
	int n = state.size * 100, i, k;

	say("begin");
	for (k = 1; k <= 3; k++) {
		say("round %d\n", k);
		for (i = 0; i < n; i += 3) {
			count(i * 3);
			change();
		}
	}
	change();
	say("between");
	for (k = 1; k <= 3; k++) {
		say("round %d\n", k);
		for (i = 0; i < n; i += 3) {
			count(i * 3);
			change();
		}
	}
	change();
}

int main(void)
{
	rounds();
	wait_for_move();
	rounds();
	return done();
}
