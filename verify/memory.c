/* Memory that cannot fail. */
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void out_of_memory(void)
{
	fputs("hcc: error: out of memory\n", stderr);
	exit(1);
}

void *memory_alloc(size_t bytes)
{
	void *block = calloc(1, bytes ? bytes : 1);

	if (!block)
		out_of_memory();
	return block;
}

void *memory_grow(void *array, size_t *capacity, size_t n, size_t element_bytes)
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
	*capacity = wanted;
	return grown;
}

char *memory_format(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		out_of_memory();
	va_end(args);
	return text;
}
