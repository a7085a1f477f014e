/* Short text and memory without libc. Async-signal-safe. */
#include "migrate.h"

void hcc_text_start(struct hcc_text *t, char *buffer, size_t bytes)
{
	t->at = buffer;
	t->end = buffer + bytes - 1;
	*buffer = 0;
}

static void add_char(struct hcc_text *t, char c)
{
	if (t->at < t->end)
		*t->at++ = c;
	*t->at = 0;
}

void hcc_text_add(struct hcc_text *t, const char *s)
{
	while (*s)
		add_char(t, *s++);
}

static void add_number(struct hcc_text *t, uint64_t v, unsigned base)
{
	char digits[20];
	int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	while (n)
		add_char(t, digits[--n]);
}

void hcc_text_decimal(struct hcc_text *t, uint64_t v)
{
	add_number(t, v, 10);
}

void hcc_text_hex(struct hcc_text *t, uint64_t v)
{
	add_number(t, v, 16);
}

size_t hcc_string_bytes(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

/* The compiler must not turn this loop into a call of neutral memcpy. */
void hcc_copy(void *to, const void *from, size_t bytes)
{
	char *t = to;
	const char *f = from;

	for (; bytes >= 8; bytes -= 8, t += 8, f += 8) {
		uint64_t v;

		__builtin_memcpy(&v, f, 8);
		__builtin_memcpy(t, &v, 8);
		__asm__ volatile("");
	}
	for (; bytes; bytes--) {
		*t++ = *f++;
		__asm__ volatile("");
	}
}

uint64_t hcc_now_ns(int clock)
{
	struct sys_timespec now = {0, 0};

	hcc_sys(SYS_clock_gettime, clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
