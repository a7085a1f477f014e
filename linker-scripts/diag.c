/* Messages of hcc-ld, and allocation that ends the program when there is no memory. */
#include "diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(void)
{
	fputs("hcc: error: out of memory\n", stderr);
	exit(1);
}

int hcc_error(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		out_of_memory();
	va_end(args);
	/* Names come from files: the message stays one line. */
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	fprintf(stderr, "hcc: error: %s\n", text);
	free(text);
	return -1;
}

_Noreturn void hcc_bug_at(const char *file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "hcc: bug: %s:%d: ", file, line);
	vfprintf(stderr, format, args);
	putc('\n', stderr);
	va_end(args);
	abort();
}

void *hcc_alloc(size_t bytes)
{
	void *block = calloc(1, bytes ? bytes : 1);

	if (!block)
		out_of_memory();
	return block;
}

void *hcc_grow(void *array, size_t *capacity, size_t n, size_t element_bytes)
{
	size_t wanted = *capacity ? *capacity : 16;
	void *grown;

	if (n <= *capacity)
		return array;
	while (wanted < n)
		wanted *= 2;
	grown = reallocarray(array, wanted, element_bytes);
	if (!grown)
		out_of_memory();
	memset((char *)grown + *capacity * element_bytes, 0, (wanted - *capacity) * element_bytes);
	*capacity = wanted;
	return grown;
}

char *hcc_format(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		out_of_memory();
	va_end(args);
	return text;
}
