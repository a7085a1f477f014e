/* hcc-ld keeps its inputs to the end of the process. Included before its sources, this makes what they
 * allocate and open end with the run instead. */
#ifndef HCC_FUZZ_TRACKED_H
#define HCC_FUZZ_TRACKED_H

#include <libelf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib_fuzz.h"

int fuzz_vasprintf(char **out, const char *format, va_list args);
Elf *fuzz_elf(Elf *elf);
int fuzz_elf_end(Elf *elf);

#define calloc          fuzz_alloc
#define reallocarray    fuzz_realloc
#define free            fuzz_free
#define vasprintf       fuzz_vasprintf
#define elf_begin(...)  fuzz_elf(elf_begin(__VA_ARGS__))
#define elf_memory(...) fuzz_elf(elf_memory(__VA_ARGS__))
#define elf_end         fuzz_elf_end

#endif
