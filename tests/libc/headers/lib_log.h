/* A test prints what libc's functions do, as a log that must not depend on the ISA, the time, the
 * process or an address. `each` compares it with that of the same program by clang against musl's
 * own port. The first comment of a test names the headers it covers: "Headers: stdio.h sys/stat.h".
 *
 *   SHOW(e)         prints e and its value: integer, double (as %a), string, or whether a pointer is
 *                   set; after -1 or NULL also errno
 *   HOST_SHOW(e)    not compared where an emulator runs the program (a line with '!')
 *   CHECK(c)        prints nothing unless c is false: for what may differ between ABIs
 *   SAY(format...)  printf of a line
 *   HASH_*(h, x)    add to a uint64_t, for results that are too many to print
 *
 * A line that begins with '!' is not compared where an emulator runs the program. One with '~' is
 * compared between ISAs only: musl does not promise it. */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <complex.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SHOW(e) \
	do { \
		__typeof__(1 ? (e) : (e)) value_; \
		int error_; \
		errno = 0; \
		value_ = (e); \
		error_ = errno; \
		show_name(#e); \
		_Generic(value_, int: show_long, unsigned: show_ulong, long: show_long, \
			unsigned long: show_ulong, long long: show_long, \
			unsigned long long: show_ulong, float: show_double, double: show_double, \
			float _Complex: show_complex, double _Complex: show_complex, \
			char *: show_string, const char *: show_string, int *: show_wide, \
			const int *: show_wide, default: show_pointer)(value_, error_); \
	} while (0)

/* Where an emulator has other limits. */
#define HOST_SHOW(e) \
	do { \
		putchar('!'); \
		SHOW(e); \
	} while (0)

#define CHECK(condition) \
	((condition) ? (void)0 : (void)printf("%s:%d: false: %s\n", __FILE__, __LINE__, #condition))

#define SAY(...) (printf(__VA_ARGS__), putchar('\n'))

#define HASH_START 14695981039346656037u
#define HASH_LONG(h, x) ((h) = hash_long((h), (uint64_t)(x)))
#define HASH_DOUBLE(h, x) ((h) = hash_double((h), (x)))
#define HASH_BYTES(h, p, n) ((h) = hash_bytes((h), (p), (n)))
#define HASH_STRING(h, s) ((h) = hash_bytes((h), (s), strlen(s) + 1))

static inline uint64_t hash_bytes(uint64_t h, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	while (n-- > 0)
		h = (h ^ *p++) * 1099511628211u;
	return h;
}

static inline uint64_t hash_long(uint64_t h, uint64_t x)
{
	return hash_bytes(h, &x, sizeof(x));
}

/* A NaN that an operation makes has its sign from the ISA. */
static inline uint64_t hash_double(uint64_t h, double x)
{
	uint64_t bits = 0x7ff8000000000000u;

	if (x == x)
		memcpy(&bits, &x, sizeof(bits));
	return hash_long(h, bits);
}

static inline void show_name(const char *text)
{
	printf("%s = ", text);
}

static inline void show_error(int failed, int error)
{
	if (failed && error != 0)
		printf(" (%s)", strerror(error));
	putchar('\n');
}

static inline void show_long(long long value, int error)
{
	printf("%lld", value);
	show_error(value == -1, error);
}

static inline void show_ulong(unsigned long long value, int error)
{
	printf("%llu", value);
	show_error(value + 1 == 0, error);
}

static inline void show_double(double value, int error)
{
	(void)error;
	if (value != value)
		puts("nan");
	else
		printf("%a\n", value);
}

static inline void show_complex(double _Complex value, int error)
{
	(void)error;
	if (creal(value) != creal(value))
		printf("nan ");
	else
		printf("%a ", creal(value));
	show_double(cimag(value), 0);
}

static inline void show_string(const char *value, int error)
{
	if (value == NULL) {
		printf("null");
		show_error(1, error);
		return;
	}
	putchar('"');
	for (; *value != '\0'; value++) {
		unsigned char c = *value;

		if (c >= ' ' && c < 127 && c != '"' && c != '\\')
			putchar(c);
		else
			printf("\\%03o", c);
	}
	puts("\"");
}

static inline void show_wide(const int *value, int error)
{
	if (value == NULL) {
		printf("null");
		show_error(1, error);
		return;
	}
	printf("L\"");
	for (; *value != 0; value++)
		if (*value >= ' ' && *value < 127 && *value != '"' && *value != '\\')
			putchar(*value);
		else
			printf("\\x%x;", (unsigned)*value);
	puts("\"");
}

static inline void show_pointer(const void *value, int error)
{
	printf(value == NULL ? "null" : "set");
	show_error(value == NULL, error);
}

__attribute__((constructor)) static void lines_at_once(void)
{
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

#endif
