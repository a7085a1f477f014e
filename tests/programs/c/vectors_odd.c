/* Vectors of 8 and 32 bytes, and of odd lengths, live across the move. */
#include "moved.h"

typedef short v4s __attribute__((vector_size(8)));
typedef int v8i __attribute__((vector_size(32)));
typedef float v3f __attribute__((ext_vector_type(3)));

static NOINLINE int work(v4s a, const v8i *b_in, v3f c)
{
	v8i b = *b_in;
	v4s p = a * 3;
	v8i q = b + 1, m = b > 3;
	v3f r = c * 2;

	wait_for_move();
	return p[0] + p[3] + q[0] * q[7] + m[2] - m[5] + (int)(r[0] + r[2]);
}

int main(void)
{
	v4s a = { 1, 2, 3, -4 };
	v8i b = { 0, 1, 2, 3, 4, 5, 6, 7 };
	v3f c = { 1.5f, 2.5f, 3.5f };

	printf("%d\n", work(a, &b, c));
	return done();
}
