/* Native objects that hcc joins into fat ones. What it writes must be readable by hcc-ld.
 * Seed 0 is right.
 * runs: 9000 */
#include <elf.h>
#include <fcntl.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

#include "driver/fat.h"
#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_objects.h"
#include "runtime/hcc_format.h"

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	return n < 2 ? objects_native(out, n ? EM_AARCH64 : EM_X86_64) : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return elf_mutate(data, bytes, most_bytes, seed);
}

/* Whether the section for aarch64 of a fat object begins with this object. */
static int fat_holds(const char *path, const void *data, size_t bytes)
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

		if (!name || strcmp(name, HCC_FAT_SECTION_PREFIX "aarch64"))
			continue;
		contents = elf_rawdata(section, NULL);
		found = contents && contents->d_size >= 16 + bytes &&
			!memcmp((char *)contents->d_buf + 16, data, bytes);
	}
	elf_end(elf);
	close(fd);
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static uint8_t other[65536];
	static size_t other_bytes;
	static const char *file, *other_file, *output;
	struct fat_part parts[2];
	bool is_host;
	int status;

	if (!file) {
		file = fuzz_path("input.o");
		other_file = fuzz_path("other.o");
		output = fuzz_path("output.o");
		other_bytes = objects_native(other, EM_AARCH64);
		fuzz_write(other_file, other, other_bytes);
	}
	/* Of the other ISA it is an object by itself. */
	is_host = bytes < 20 || data[18] != EM_AARCH64;
	parts[0] = (struct fat_part){hcc_isa_find("x86_64", 6), (char *)file};
	parts[1] = (struct fat_part){hcc_isa_find("aarch64", 7), (char *)other_file};
	if (!is_host)
		parts[0] = (struct fat_part){parts[1].isa, (char *)file};
	fuzz_write(file, data, bytes);
	fuzz_begin(bytes + other_bytes);
	status = fat_join(parts, is_host ? 2 : 1, output);
	fuzz_end(status, file);
	if (!status && is_host)
		fuzz_check(fat_holds(output, other, other_bytes), "the other object is lost");
	return 0;
}
