#define _GNU_SOURCE
#include "lib_tracked.h"

#include <string.h>

#undef free
#undef vasprintf
#undef elf_end

int fuzz_vasprintf(char **out, const char *format, va_list args)
{
	char *text;
	int bytes = vasprintf(&text, format, args);

	if (bytes < 0)
		return bytes;
	*out = fuzz_alloc((size_t)bytes + 1, 1);
	memcpy(*out, text, (size_t)bytes + 1);
	free(text);
	return bytes;
}

static void end(void *elf)
{
	elf_end(elf);
}

Elf *fuzz_elf(Elf *elf)
{
	if (elf)
		fuzz_at_end(end, elf);
	return elf;
}

int fuzz_elf_end(Elf *elf)
{
	if (elf && fuzz_not_at_end(end, elf))
		return elf_end(elf);
	return 0;
}
