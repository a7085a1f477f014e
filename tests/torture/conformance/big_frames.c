/* C11 5.2.4.1, 6.2.4: large frames: arrays of a megabyte, many arrays, over-aligned ones, frames of all sizes in a
 * recursion, large and small alternating, all written and read after calls. */
#include "lib_conformance.h"

static NOINLINE unsigned long megabyte(int n)
{
	unsigned char big[1 << 20];
	int last = (int)sizeof big - 1;

	for (int i = 0; i <= last; i += 4093)
		big[i] = (unsigned char)(i * n);
	big[last] = (unsigned char)n;
	tick();
	unsigned long h = 0;
	for (int i = 0; i <= last; i += 4093)
		h = h * 31 + big[i];
	tick();
	return h + big[last] + (n > 0 ? megabyte(n - 1) : 0);
}

#define FRAME(n, next, T) \
	static NOINLINE unsigned long frame_##n(int depth, unsigned long h) \
	{ \
		T a[n]; \
		_Alignas(1 << (n % 7)) char b[n * 3 + 1]; \
		for (int i = 0; i < n; i++) \
			a[i] = (T)(h >> (i % 8)), b[i * 3] = (char)depth; \
		tick(); \
		h = h * 7 + (depth > 0 ? next(depth - 1, h + (unsigned long)a[n - 1]) : 1); \
		for (int i = 0; i < n; i++) \
			h = h * 3 + (unsigned long)(long)a[i] + (unsigned long)b[i * 3] + (uintptr_t)b % (1 << (n % 7)); \
		return h; \
	}

static NOINLINE unsigned long frame_300(int depth, unsigned long h);
FRAME(1, frame_300, int) FRAME(2, frame_1, char) FRAME(5, frame_2, long) FRAME(13, frame_5, short)
FRAME(40, frame_13, int) FRAME(100, frame_40, long) FRAME(300, frame_100, signed char)

static NOINLINE unsigned long many_arrays(int n)
{
	int a[3] = {n}, b[3] = {n + 1}, c[3] = {n + 2}, d[3] = {n}, e[3] = {n}, f[3] = {n}, g[3] = {n}, h[3] = {n}, sum = 0;
	int *all[] = {a, b, c, d, e, f, g, h};

	for (int i = 0; i < 8; i++) {
		for (int k = 0; k < 3; k++)
			all[i][k] += all[(i + 3) % 8][(k + 1) % 3] + k;
		tick();
	}
	for (int i = 0; i < 8; i++)
		sum = sum * 3 + a[i % 3] + all[i][1] - h[2] + (int)(all[i] == g);
	return (unsigned long)sum;
}

int main(void)
{
	SHOW(megabyte(slowly(3)));
	for (int i = 0; i < 4; i++)
		SHOW(frame_300(i * 6, (unsigned long)i)), SHOW(many_arrays(i));
	return 0;
}
