/* Native objects, and executables, that hcc joins into fat ones. What it writes must be readable.
 * Seed 0 is right.
 * runs: 9000 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

#include "driver/fat.h"
#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_objects.h"
#include "lib_program.h"
#include "runtime/hcc_format.h"

/* One that carries nothing yet. */
static size_t make_executable(uint8_t *out, uint16_t machine)
{
	size_t bytes = program_executable(out, machine);
	char *name = memmem(out, bytes, HCC_EXE_SECTION_PREFIX, strlen(HCC_EXE_SECTION_PREFIX));

	name[1] = 'x';
	return bytes;
}

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	if (n == 2)
		return make_executable(out, EM_X86_64);
	return n < 2 ? objects_native(out, n ? EM_AARCH64 : EM_X86_64) : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return elf_mutate(data, bytes, most_bytes, seed);
}

/* Whether the section of that name begins with this file. */
static int fat_holds(const char *path, const char *wanted, const void *data, size_t bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), found = 0;
	Elf_Scn *section = NULL;
	size_t names;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf_getshdrstrndx(elf, &names))
		names = 0;
	while ((section = elf_nextscn(elf, section))) {
		const Elf64_Shdr *header = elf64_getshdr(section);
		const char *name = header ? elf_strptr(elf, names, header->sh_name) : NULL;
		Elf_Data *contents;

		if (!name || strcmp(name, wanted))
			continue;
		contents = elf_rawdata(section, NULL);
		found = contents && contents->d_size >= 16 + bytes &&
			!memcmp((char *)contents->d_buf + 16, data, bytes);
	}
	elf_end(elf);
	close(fd);
	return found;
}

/* The host's file with another one of aarch64. */
static void join(const char *file, size_t bytes, const char *wanted, const char *other_file,
	const uint8_t *other, size_t other_bytes)
{
	const char *output = fuzz_path("output.o");
	struct fat_part parts[] = {
		{hcc_isa_find("x86_64", 6), (char *)file},
		{hcc_isa_find("aarch64", 7), (char *)other_file},
	};
	int status;

	fuzz_begin(bytes + other_bytes);
	status = fat_join(parts, 2, output);
	fuzz_end(status, "put.o");
	fuzz_check(status || fat_holds(output, wanted, other, other_bytes), "the other one is lost");
}

/* By itself. */
static void copy(const char *file, size_t bytes)
{
	struct fat_part part = {hcc_isa_find("aarch64", 7), (char *)file};
	int status;

	fuzz_begin(bytes);
	status = fat_join(&part, 1, fuzz_path("output.o"));
	fuzz_end(status, file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static uint8_t object[65536], executable[65536];
	static size_t object_bytes, executable_bytes;
	static const char *file, *object_file, *executable_file;

	if (!file) {
		file = fuzz_path("input.o");
		object_file = fuzz_path("object-output.o");
		executable_file = fuzz_path("executable-output.o");
		object_bytes = objects_native(object, EM_AARCH64);
		executable_bytes = make_executable(executable, EM_AARCH64);
		fuzz_write(object_file, object, object_bytes);
		fuzz_write(executable_file, executable, executable_bytes);
	}
	fuzz_write(file, data, bytes);
	if (bytes >= 20 && data[18] == EM_AARCH64)
		copy(file, bytes);
	else if (bytes >= 20 && data[16] == ET_EXEC)
		join(file, bytes, HCC_EXE_SECTION_PREFIX "aarch64", executable_file, executable,
			executable_bytes);
	else
		join(file, bytes, HCC_FAT_SECTION_PREFIX "aarch64", object_file, object, object_bytes);
	return 0;
}
