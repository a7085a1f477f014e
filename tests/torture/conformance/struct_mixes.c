/* C11 6.5.2.2: structs of mixed members by value: each class a calling convention may know (two floats,
 * float and integer, nested, arrays, unions, over-aligned, quad, int128, complex, vectors, pointers). */
#include <complex.h>
#include <stdarg.h>
#include "lib_conformance.h"

typedef int v4 __attribute__((vector_size(16)));

#define MIX(name, members, ...) \
	struct name { members }; \
	static NOINLINE struct name pass_##name(int n, struct name a, struct name b) \
	{ \
		struct name kept = n & 1 ? a : b; \
		tick(); \
		if (n > 0) \
			kept = pass_##name(n - 1, b, kept); \
		tick(); \
		return kept; \
	} \
	static NOINLINE struct name variadic_##name(int n, ...) \
	{ \
		va_list args; \
		struct name s; \
		va_start(args, n); \
		do { \
			s = va_arg(args, struct name); \
			tick(); \
		} while (n-- > 0); \
		va_end(args); \
		return s; \
	} \
	static NOINLINE void test_##name(void) \
	{ \
		struct name a, b, c; \
		struct name (*volatile f)(int, struct name, struct name) = pass_##name; \
		memset(&a, 0, sizeof a), memset(&b, 0, sizeof b), memset(&c, 0, sizeof c); \
		int k = slowly(1); \
		a = (struct name){__VA_ARGS__}; \
		k++; \
		b = (struct name){__VA_ARGS__}; \
		c = f(2, a, b); \
		struct name d = variadic_##name(1, b, a), e = f(1, d, c); \
		printf(#name " %zu", sizeof c); \
		PRINT_##name(a) PRINT_##name(b) PRINT_##name(c) PRINT_##name(d) PRINT_##name(e) \
		puts(""); \
	}

#define PRINT_ff(V) printf(" %g %g,", V.x, V.y);
#define PRINT_dd(V) printf(" %g %g,", V.x, V.y);
#define PRINT_fi(V) printf(" %g %d,", V.x, V.i);
#define PRINT_dc(V) printf(" %g %d,", V.x, V.c);
#define PRINT_ld(V) printf(" %ld %g,", V.l, V.x);
#define PRINT_fff(V) printf(" %g %g %g,", V.x, V.y, V.z);
#define PRINT_nest(V) printf(" %g %d %d,", V.in.x, V.in.c, V.s);
#define PRINT_af(V) printf(" %g %g,", V.x[0], V.x[1]);
#define PRINT_as(V) printf(" %d %d %d,", V.s[0], V.s[1], V.s[2]);
#define PRINT_un(V) printf(" %ld %d,", V.u.l, V.c);
#define PRINT_q(V) printf(" %g,", (double)V.q);
#define PRINT_qc(V) printf(" %g %d,", (double)V.q, V.c);
#define PRINT_w(V) printf(" %lx %lx,", (long)(V.w >> 64), (long)V.w);
#define PRINT_wi(V) printf(" %lx %lx %d,", (long)(V.w >> 64), (long)V.w, V.i);
#define PRINT_z(V) printf(" %g %g,", (double)crealf(V.z), (double)cimagf(V.z));
#define PRINT_zd(V) printf(" %g %g %d,", creal(V.z), cimag(V.z), V.i);
#define PRINT_v(V) printf(" %d %d,", V.v[0], V.v[3]);
#define PRINT_pf(V) printf(" %d %d,", *V.p, V.f(3));
#define PRINT_al(V) printf(" %d %d,", V.a, (int)((uintptr_t)&V % 32));
#define PRINT_bits(V) printf(" %d %d %ld,", V.a, V.b, (long)V.c);
#define PRINT_big(V) printf(" %g %d %ld,", V.x[4], V.c, V.l[2]);

MIX(ff, float x; float y;, 1.5f * k, k)
MIX(dd, double x; double y;, 2.5 * k, -k)
MIX(fi, float x; int i;, .5f * k, k * 3)
MIX(dc, double x; char c;, .125 * k, (char)(k + 'a'))
MIX(ld, long l; double x;, k * 7l, k / 4.)
MIX(fff, float x; float y; float z;, k, k + 1, k + 2)
MIX(nest, struct { float x; char c; } in; short s;, {k, (char)k}, (short)-k)
MIX(af, float x[2];, {k, k * .5f})
MIX(as, short s[3];, {(short)k, 2, (short)-k})
MIX(un, union { long l; double d; } u; char c;, {k * 1000000007l}, (char)k)
MIX(q, long double q;, k * 1.5L)
MIX(qc, char c; long double q;, (char)k, k / 2.L)
MIX(w, __int128 w;, (__int128)k << 100 | 5)
MIX(wi, int i; __int128 w;, k, -((__int128)k << 70))
MIX(z, float complex z;, k + 2.f * k * I)
MIX(zd, double complex z; int i;, k - .5 * I, k)
MIX(v, v4 v;, {k, 2, 3, k * 4})
static int numbers[3] = {5, 6, 7};
static NOINLINE int plus(int x) { tick(); return x + 1; }
MIX(pf, int *p; int (*f)(int);, &numbers[k], plus)
MIX(al, _Alignas(32) int a;, k)
MIX(bits, int a : 5; unsigned b : 9; long c : 47;, k, 300 + k, -1000000l * k)
MIX(big, double x[5]; char c; long l[3];, {[4] = k * .1}, (char)k, {1, 2, k})

int main(void)
{
	test_ff(), test_dd(), test_fi(), test_dc(), test_ld(), test_fff(), test_nest(), test_af(), test_as();
	test_un(), test_q(), test_qc(), test_w(), test_wi(), test_z(), test_zd(), test_v(), test_pf(), test_al();
	test_bits(), test_big();
	return 0;
}
