/* 128-bit vectors live across the move, and what the vectoriser makes of ordinary loops. */
#include "moved.h"

typedef int v4i __attribute__((vector_size(16)));
typedef float v4f __attribute__((vector_size(16)));
typedef double v2d __attribute__((vector_size(16)));
typedef unsigned char v16b __attribute__((vector_size(16)));
typedef long v2l __attribute__((vector_size(16)));
typedef short v8s __attribute__((vector_size(16)));

static v4i global = { 1, 2, 3, 4 };

static NOINLINE v4i work(v4i a, v4f b, v2d c, v16b d, v2l e, v8s f)
{
	v4i g = a * a;
	v4f h = b * 0.5f;

	wait_for_move();
	g += __builtin_convertvector(b + h, v4i);
	g[0] += (int)(c[0] * 10) + d[5];
	g[1] += (int)(c[1] * 10) + d[15];
	g[2] += (int)e[0] + f[0];
	g[3] += (int)e[1] + f[7];
	return g;
}

static NOINLINE v4f accumulate(const v4f *x, int n)
{
	v4f s = { 0 }, m = { 1, 1, 1, 1 };
	for (int i = 0; i < n; i++) {
		if (i == n / 2)
			wait_for_move();
		s += x[i] * m;
		m = __builtin_shufflevector(m + 0.5f, m, 1, 2, 3, 0);
	}
	return s;
}

static NOINLINE int plain_loops(int *a, const int *b, int n)
{
	int s = 0;
	for (int i = 0; i < n; i++)
		a[i] += b[i] * 3;
	wait_for_move();
	for (int i = 0; i < n; i++)
		s += a[i] ^ b[i];
	return s;
}

int main(void)
{
	v4i a = { 1, -2, 3, -4 }, r;
	v4f b = { 1.5f, 2.5f, -3.5f, 4.5f }, s, *heap;
	v2d c = { 0.5, -1.5 };
	v16b d;
	v2l e = { 1000000, -1 };
	v8s f = { 7, 6, 5, 4, 3, 2, 1, -9 };
	static int x[1000], y[1000];

	for (int i = 0; i < 16; i++)
		d[i] = i * 17;
	r = work(a, b, c, d, e, f);
	printf("%d %d %d %d\n", r[0], r[1], r[2], r[3]);
	heap = aligned_alloc(16, 32 * sizeof *heap);
	for (int i = 0; i < 32; i++)
		heap[i] = (v4f){ i, -i, i * 0.25f, 1 };
	s = accumulate(heap, OPAQUE(32));
	printf("%.3f %.3f %.3f %.3f\n", s[0], s[1], s[2], s[3]);
	for (int i = 0; i < 1000; i++)
		x[i] = i * i, y[i] = 1000 - i;
	printf("%d\n", plain_loops(x, y, OPAQUE(1000)));
	global += r;
	printf("%d %d %d %d\n", global[0], global[1], global[2], global[3]);
	return done();
}
