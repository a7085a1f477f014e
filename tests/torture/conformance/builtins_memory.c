/* GNU: __builtin_memcpy, memmove, memset, memcmp, strlen and others with constant and variable sizes, overlaps,
 * object_size, prefetch, frame and return addresses (not shown), alloca, offsetof, trap not reached. */
#include "lib_conformance.h"

static NOINLINE unsigned long copies(int n)
{
	char a[80], b[80];
	unsigned long h = 0;

	for (int i = 0; i < 80; i++)
		a[i] = (char)(i * n), b[i] = 0;
	tick();
	__builtin_memcpy(b, a, 7), __builtin_memcpy(b + 9, a + 1, 16), __builtin_memcpy(b + 30, a, (size_t)n);
	h = sum_bytes(b, 80);
	tick();
	__builtin_memmove(a + 3, a, 40), __builtin_memmove(a, a + 1, (size_t)n);
	h ^= sum_bytes(a, 80) << 1;
	tick();
	__builtin_memset(b + 5, n, 33), __builtin_memset(b + 50, 0, (size_t)n);
	h += sum_bytes(b, 80);
	return h * 10 + (unsigned long)(__builtin_memcmp(a, b, 8) > 0) + (unsigned long)__builtin_strlen(a) % 3;
}

struct block { char bytes[133]; };

static NOINLINE struct block assign(const struct block *from, int n)
{
	struct block a = *from, b;

	b = a;
	tick();
	b.bytes[n] ^= 0x55, a.bytes[0] = b.bytes[n];
	return n & 1 ? a : b;
}

static NOINLINE unsigned long grow(int n)
{
	unsigned long h = 1;
	char *last = NULL;

	for (int i = 1; i <= n; i++) {
		char *p = __builtin_alloca((size_t)i * 5);
		__builtin_memset(p, i, (size_t)i * 5);
		tick();
		h = h * 7 + sum_bytes(p, (size_t)i * 5) + (last ? (unsigned long)last[0] : 0);
		last = p;
	}
	char *aligned = __builtin_alloca_with_align(24, 512);
	tick();
	return h + (unsigned long)((uintptr_t)aligned % 64);
}

int main(void)
{
	struct block block;
	char text[20] = "some text";
	unsigned char *volatile hidden = (unsigned char *)&block;

	for (int i = 0; i < 133; i++)
		block.bytes[i] = (char)i;
	for (int n = 1; n < 6; n++) {
		SHOW(copies(n * 6)), SHOW(grow(n));
		block = assign(&block, n);
		SHOW(sum_bytes(&block, sizeof block)), SHOW(__builtin_object_size(text, 0)), SHOW(__builtin_strcmp(text, "some"));
		SHOW(__builtin_strchr(VIA(text + 0), 't') - text), SHOW(__builtin_object_size(hidden, 0) == (size_t)-1);
		__builtin_prefetch(hidden), __builtin_prefetch(hidden, 1, 0);
		SHOW(__builtin_offsetof(struct { char c; struct { int i; long l[3]; } s; }, s.l[2])), SHOW(hidden[VIA(n)]);
		SHOW(__builtin_strncmp(VIA(text + 0), "somE", 3)), SHOW(__builtin_memchr(text, 'x', 9) == (void *)(text + 7));
		if (n > 100)
			__builtin_trap();
		SHOW(__builtin_frame_address(0) != NULL || 1);
	}
	return 0;
}
