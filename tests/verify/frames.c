/* Functions whose frames are unusual. Each waits in calls that can be recorded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))
#define LIST8(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7)
#define LIST64(X, n) LIST8(X, n##0) LIST8(X, n##1) LIST8(X, n##2) LIST8(X, n##3) \
	LIST8(X, n##4) LIST8(X, n##5) LIST8(X, n##6) LIST8(X, n##7)
#define LIST512(X, n) LIST64(X, n##0) LIST64(X, n##1) LIST64(X, n##2) LIST64(X, n##3) \
	LIST64(X, n##4) LIST64(X, n##5) LIST64(X, n##6) LIST64(X, n##7)

typedef float vector __attribute__((vector_size(16)));
struct aligned {
	_Alignas(64) char bytes[64];
};

volatile long n_turns;

/* Can be stopped in. */
NOINLINE long wait_for(long n)
{
	for (long i = 0; i < n_turns; i++)
		n_turns--;
	return n;
}

NOINLINE void touch(void *p)
{
	*(volatile char *)p += (char)wait_for(0);
}

NOINLINE long vla(int n)
{
	long a[n];

	memset(a, 0, sizeof a);
	touch(a);
	a[n - 1] = wait_for(n);
	return a[n - 1];
}

NOINLINE long alloca_in_loop(int n)
{
	char *p = NULL;

	for (int i = 0; i < n; i++) {
		p = __builtin_alloca((size_t)i + 40);
		*p = (char)wait_for(i);
		touch(p);
	}
	return p ? *p : 0;
}

NOINLINE long over_aligned(int n)
{
	struct aligned a = { { 1 } };
	long b[n];

	touch(&a);
	b[0] = wait_for(n);
	touch(b);
	return a.bytes[0] + b[0] + (long)((size_t)&a & 63);
}

NOINLINE long large_local(int n)
{
	char a[100000];

	memset(a, n, sizeof a);
	touch(a);
	return a[wait_for(n)];
}

/* Values in spill slots, past what one instruction's displacement reaches. */
#define DECLARE(i) double v##i = in[0##i];
#define ADD(i) sum += v##i * (double)n;
NOINLINE double spills_4k(const double *in, long n)
{
	double sum = 0;
	LIST512(DECLARE, )
	n = wait_for(n);
	LIST512(ADD, )
	return sum;
}

#define DECLARE_VECTOR(i) vector v##i = in[0##i];
#define ADD_VECTOR(i) sum += v##i * (float)n;
NOINLINE float spills_vectors(const vector *in, long n)
{
	vector sum = { 0 };
	LIST512(DECLARE_VECTOR, )
	n = wait_for(n);
	LIST512(ADD_VECTOR, )
	return sum[0] + sum[3];
}

NOINLINE long many(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j,
	long double k, vector l, double m, char n)
{
	long s = wait_for(a + b) + c + d + e + f;

	return s + wait_for(g) + h + i + j + (long)k + (long)l[1] + (long)m + n;
}

NOINLINE long pushes(long n)
{
	vector v = { 1, 2, 3, 4 };
	long s = many(n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.5L, v, 2.5, 3);

	s += many(1, n, 3, 4, 5, 6, 7, 8, s, 10, 1.5L, v * 2, 3.5, 4);
	return s + many(1, 2, n, s, 5, 6, 7, 8, 9, 10, 11.5L, v, 2.5, 3);
}

NOINLINE long double quad(long double x, int n)
{
	long double y = x;

	for (int i = 0; i < n; i++)
		y = y * x + wait_for(i);
	return y;
}

NOINLINE __int128 wide(__int128 x, int n)
{
	for (int i = 0; i < n; i++)
		x = x * 3 + wait_for(i);
	return x;
}

NOINLINE double floats(double a, double b, int n)
{
	double c = a * b, d = a / b, e = a - b;

	for (int i = 0; i < n; i++) {
		c += d * (double)wait_for(i);
		e *= c;
	}
	return c + d + e;
}

static jmp_buf jump;

NOINLINE long jumps(long n)
{
	volatile long k = n;

	if (setjmp(jump))
		return k + wait_for(k);
	k++;
	wait_for(k);
	if (k > 3)
		longjmp(jump, 1);
	return wait_for(k);
}

_Noreturn NOINLINE void dies(long n)
{
	wait_for(n);
	exit((int)n);
}

NOINLINE long may_die(long n)
{
	if (n == 1234)
		dies(1);
	if (n == 1235) {
		touch(&n);
		dies(2);
	}
	return wait_for(n) + n;
}

NOINLINE long tail(long n)
{
	return wait_for(n + 1);
}

NOINLINE long early(long n)
{
	long s = 0;

	if (n < 3)
		return 1;
	for (long i = 0; i < n; i++)
		s += wait_for(i) * wait_for(s);
	return s;
}

NOINLINE long table(long n, long k)
{
	switch (n) {
	case 0: return wait_for(1);
	case 1: touch(&k); return k;
	case 2: k = wait_for(k); /* fall through */
	case 3: return wait_for(k) + k;
	case 4: touch(&n); return n;
	case 5: return 77;
	case 6: dies(3);
	case 7: return wait_for(9) * wait_for(k);
	default: return 0;
	}
}

NOINLINE long interpret(const char *s)
{
	static const void *const labels[] = { &&add, &&multiply, &&stop, &&swap };
	long a = 0, b = 1, c;

	goto *labels[*s++ & 3];
add:	a += wait_for(b);
	goto *labels[*s++ & 3];
multiply:
	b = b * wait_for(a) + 1;
	goto *labels[*s++ & 3];
swap:	c = a;
	a = wait_for(b);
	b = c;
	goto *labels[*s++ & 3];
stop:	return a + b;
}

NOINLINE long variadic(int n, ...)
{
	va_list args;
	long s = 0;

	va_start(args, n);
	for (int i = 0; i < n; i++)
		s += wait_for(va_arg(args, long));
	va_end(args);
	return s;
}

NOINLINE long recurses(long n, struct aligned a)
{
	if (n == 0)
		return a.bytes[3];
	a.bytes[3]++;
	return recurses(n - 1, a) + n;
}

int main(void)
{
	static double in[512];
	static vector vectors[512];
	struct aligned a = { { 0 } };

	for (int i = 0; i < 512; i++)
		in[i] = i, vectors[i] = (vector){ (float)i, 1, 2, 3 };
	printf("%ld %ld %ld %ld\n", vla(5), alloca_in_loop(4), over_aligned(3), large_local(7));
	printf("%g %g\n", spills_4k(in, 2), (double)spills_vectors(vectors, 2));
	printf("%ld %d %d %g\n", pushes(3), (int)quad(2, 3), (int)wide(2, 3), floats(1, 2, 3));
	printf("%ld %ld %ld %ld\n", jumps(5), may_die(5), tail(2), early(4));
	printf("%ld %ld %ld\n", table(2, 5), interpret("\4\1\3\4\2"), variadic(3, 1l, 2l, 3l));
	printf("%ld\n", recurses(20, a));
	return 0;
}
