/* C11 6.8.5: nested loops with induction variables of every type, several exits, reductions carried round, pointers that
 * advance, loops that optimisers unroll, vectorise, interchange or turn into calls of memset and memcpy. */
#include "lib_conformance.h"

static NOINLINE long induction(int n)
{
	long h = 0;

	for (unsigned char c = 250; c != 4; c++)
		for (signed char s = 3; s >= -3; s -= 2) {
			if (c == 252 && s < n)
				continue;
			h = h * 3 + c * s;
			tick();
		}
	for (float f = 0; f < 2; f += .375f)
		for (double d = f; d < 3; d *= 1.5, d += 1)
			h += (long)(f * 8 + (float)d), tick();
	for (unsigned long u = 1; u; u <<= 7)
		h ^= (long)u, tick();
	for (short s = 32700; s > 0; s = (short)(s + 11))
		h += s;
	for (char *p = (char[]){"pointer"}, *q = p + 6; p < q; p++, q--)
		h = h * 5 + *p - *q, tick();
	return h;
}

static NOINLINE unsigned sieve(unsigned n)
{
	char composite[n];
	unsigned count = 0;

	memset(composite, 0, n);
	for (unsigned i = 2; i < n; i++) {
		if (composite[i])
			continue;
		count++;
		for (unsigned k = i * i; k < n; k += i)
			composite[k] = 1;
	}
	return count;
}

static NOINLINE int collatz(unsigned long n)
{
	int steps = 0;

	while (n != 1) {
		n = n & 1 ? 3 * n + 1 : n / 2;
		steps++;
	}
	return steps;
}

static NOINLINE long sums(const int *a, int n)
{
	long sum = 0, product = 1, prefix[20];
	int max = a[0], copy[20];

	for (int i = 0; i < n; i++)
		sum += a[i], max = a[i] > max ? a[i] : max;
	for (int i = 0; i < n; i++)
		copy[i] = a[n - 1 - i];
	for (int i = 0; i < n; i++)
		prefix[i] = (i ? prefix[i - 1] : 0) + copy[i];
	for (int i = n; i-- > 0;)
		product = product * 31 + prefix[i];
	tick();
	for (int i = 0; i < n; i++)
		copy[i] = 0;
	return sum * max + product + copy[n / 2];
}

static NOINLINE int triangle(int n)
{
	int count = 0, first = 0, last = 0;

	for (int i = 0; i < n; i++) {
		for (int k = i; k < n; k++) {
			for (int m = k; m < n; m++) {
				count++;
				if (count % 17 == 0)
					goto skip;
				last = i * 100 + k * 10 + m;
			}
			first += k;
		}
skip:
		first ^= i;
	}
	return count * 1000 + first + last;
}

int main(void)
{
	int a[20];

	for (int i = 0; i < 20; i++)
		a[i] = i * 7919 % 101 - 50;
	for (int i = 0; i < 3; i++)
		SHOW(induction(i)), SHOW(sieve(100u * (unsigned)(i + 1))), SHOW(collatz(27ul + (unsigned long)i)), SHOW(sums(a, 20 - i)), SHOW(triangle(i * 3 + 2));
	return 0;
}
