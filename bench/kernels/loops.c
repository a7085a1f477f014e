/* Small loops: over strings, lists, bits and tables; few instructions round each. */
#include <string.h>

#include "kernel.h"

enum { N = 1 << 12 };

struct node {
	struct node *next;
	uint32_t value;
};

static struct node nodes[N];
static unsigned char text[1 << 14];

static __attribute__((noinline)) uint32_t hash(const unsigned char *s)
{
	uint32_t h = 5381;

	while (*s)
		h = h * 33 + *s++;
	return h;
}

static __attribute__((noinline)) uint32_t walk(const struct node *n)
{
	uint32_t sum = 0;

	for (; n; n = n->next)
		sum += n->value;
	return sum;
}

static __attribute__((noinline)) unsigned collatz(uint64_t n)
{
	unsigned steps = 0;

	for (; n != 1; steps++)
		n = n & 1 ? 3 * n + 1 : n / 2;
	return steps;
}

static __attribute__((noinline)) unsigned bits(uint64_t n)
{
	unsigned count = 0;

	for (; n; n &= n - 1)
		count++;
	return count;
}

static __attribute__((noinline)) int64_t sum_of(const unsigned char *s, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += s[i];
	return sum;
}

int main(int argc, char **argv)
{
	int n = rounds(argc, argv, 10000);
	uint64_t state = 244948974, sum = 0;

	for (int i = 0; i < N; i++)
		nodes[i] = (struct node){ i + 1 < N ? &nodes[i + 1] : NULL, (uint32_t)i };
	for (size_t i = 0; i + 1 < sizeof text; i++)
		text[i] = (unsigned char)(random_bits(&state) % 255 + 1);
	for (int round = 0; round < n; round++) {
		text[round % 1000] = (unsigned char)(round % 255 + 1);
		sum += hash(text) + walk(nodes) + (uint64_t)sum_of(text, sizeof text);
		for (uint64_t i = 1; i < 200; i++)
			sum += collatz(i + (uint64_t)round) + bits(sum);
	}
	printf("%llu\n", (unsigned long long)sum);
	return 0;
}
