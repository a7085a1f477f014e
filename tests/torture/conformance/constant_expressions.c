/* C11 6.6, 6.7.9: constant expressions in initialisers of static objects: address arithmetic, casts,
 * sizeof, offsetof, floating folding, &array[i], function pointers, differences. */
#include "lib_conformance.h"

struct inner { short a; int b[3]; };
struct outer { char tag; struct inner in[2]; double d; };

static struct outer object = {'t', {{1, {2, 3, 4}}, {5, {6, 7, 8}}}, 9.5};
static int *const into = &object.in[1].b[2], *past = object.in[0].b + 3;
static char *const bytes = (char *)&object + offsetof(struct outer, in[1].a);
static long distance = (char *)&((struct outer *)0)->in[1].b[1] - (char *)0;
static int (*const function)(const char *, ...) = &printf;
static unsigned folded = (unsigned char)(-1) * 3u + sizeof(struct outer) / (1 ? 2 : 0);
static double real = 1. / 3 * 3 - 1e300 / 1e299 + (float)0.1, negative_zero = -0.0;
static _Bool truth = 0.1 && &object != 0;
static const void *self = &self, *array[3] = {array, array + 1, &array[2]};
static enum { A = 5, B = A << 2 | 1, C = -A, D = sizeof(int[B]) } e = D;
static char text[] = {"text"}, letters[] = {'a', 'b', [5] = 'f'};
static uintptr_t number = (uintptr_t)&object.d;
static int length = sizeof letters, bits = 0x80000000 >> 3 ^ ~7u >> 28;

int main(void)
{
	for (int i = 0; i < 3; i++) {
		SHOW(*VIA(into)), SHOW(past == &object.in[0].b[2] + 1), SHOW(*(short *)VIA(bytes)), SHOW(distance);
		SHOW(VIA(folded)), SHOW(VIA(real)), SHOW(__builtin_signbit(VIA(negative_zero)) != 0), SHOW(truth);
		SHOW(VIA(self) == &self), SHOW(array[i] == &array[VIA(i)]), SHOW((int)e), SHOW((int)C), SHOW(length);
		SHOW(*(double *)VIA(number)), SHOW(bits), SHOW(text[VIA(i)]), SHOW(letters[i * 2]);
		object.in[1].b[2] += VIA(i), object.d /= 2;
		function("%s %d\n", text, i);
	}
	return 0;
}
