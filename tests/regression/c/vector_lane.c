/* levels: -O0 -O2 */
/* A lane of a vector by a variable number: on aarch64 code generation puts the vector into the native
 * frame and inserts the number into its address, which hcc-verify took for one that is kept. */
#include "../../programs/c/moved.h"

typedef uint16_t v8h __attribute__((vector_size(16)));

static NOINLINE unsigned combine(unsigned a, unsigned b, int kind)
{
	return kind & 1 ? a + b : a ^ b;
}

static NOINLINE v8h each(v8h a, v8h b, int kind)
{
	v8h r = { 0 };

	for (int i = 0; i < 8; i++)
		r[i] = (uint16_t)(combine(a[i], b[7 - i], kind + i) * a[(i * 3 + kind) & 7]);
	return r;
}

int main(void)
{
	v8h a = { 1, 2, 3, 4, 5, 6, 7, 8 }, b = { 9, 8, 7, 6, 5, 4, 3, 2 };
	unsigned sum = 0;

	for (int i = 0; i < 5; i++) {
		a = each(a, b, OPAQUE(i));
		if (i == 2)
			wait_for_move();
		b[i & 7] += a[OPAQUE(i) & 7];
	}
	for (int i = 0; i < 8; i++)
		sum = sum * 31 + a[i] + b[i];
	printf("%u\n", sum);
	return done();
}
