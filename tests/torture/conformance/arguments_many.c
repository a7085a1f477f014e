/* C11 6.5.2.2, 6.9.1: many parameters of all types, in registers and on the stack, all alive across calls in the
 * callee; narrow ones promoted; recursion with them; calls through pointers and casts. */
#include "lib_conformance.h"

typedef signed char i8;
typedef float v4f __attribute__((vector_size(16)));
struct s3 { char c[3]; };
struct s24 { long a, b; double c; };

static NOINLINE double all(i8 a, unsigned char b, short c, unsigned short d, int e, unsigned f, long g,
	unsigned long h, float i, double j, long double k, __int128 l, _Bool m, char *n, struct s3 o, struct s24 p,
	v4f q, float r, double s, int t, i8 u, short v, double w, double x, double y, double z, float last)
{
	double sum = a + b + c + d;

	tick();
	sum += e + f + g + h;
	tick();
	sum += i + j + (double)k + (double)(long)(l >> 64);
	if (e > 0)
		sum += all((i8)(a + 1), b, d < 9 ? 1 : c, d, e - 1, f, g, h, j, i, k / 2, l << 1, !m, n + 1, o, p, q * 2,
			last, r, u, v, a, z, w, x, y, s);
	sum += m + n[0] + o.c[2] + p.a - p.b + p.c;
	tick();
	for (int lane = 0; lane < 4; lane++)
		sum = sum * 1.5 + q[lane];
	tick();
	return sum + r * 2 + s * 3 + t * 4 + u * 5 + v * 6 + w * 7 + x * 8 + y * 9 + z * 10 + last;
}

static NOINLINE long integers(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l)
{
	long r = 0;

	for (int n = 0; n < 2; n++) {
		r = r * 3 + a - b + c - d + e - f;
		tick();
		r = r * 5 + g - h + i - j + k - l;
	}
	return r;
}

static NOINLINE long pushed(long a, long b, long c, long d, long e, long f, i8 g, short h, char i, _Bool j)
{
	tick();
	return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j;
}

static NOINLINE int no_prototype();

int main(void)
{
	struct s3 o = {{1, 2, 3}};
	struct s24 p = {4, 5, .5};
	long (*volatile indirect)(int, int, int, int, int, int, int, int, int, int, int, int) = integers;

	for (int n = 0; n < 3; n++) {
		SHOW(all(-5, 250, -300, 65000, n, 4000000000u, -5000000000, 6000000000, 1.5f, 2.5, 3.5L,
			(__int128)7 << 64, n & 1, "text", o, p, (v4f){1, 2, 3, 4}, 5.5f, 6.5, 7, -8, -9, 10.25, 11.5, 12.75,
			13., 14.f));
		SHOW(indirect(n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, integers(1, n, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0)));
		SHOW(pushed(n, 2, 3, 4, 5, 6, (i8)-n, (short)VIA(-300), 'x', n));
		SHOW(no_prototype(n, 2.5, "k"));
	}
	return 0;
}

/* Old style, 6.9.1p6. */
static NOINLINE int no_prototype(a, b, c)
	int a;
	double b;
	const char *c;
{
	tick();
	return a + (int)(b * 2) + c[0];
}
