/* Executables as hcc-migrate reads them: their table, and names for addresses.
 * Seed 0 is right.
 * runs: 12000 */
#include <elf.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_program.h"
#include "migrate/migrate.h"

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	return n < 2 ? program_executable(out, n ? EM_AARCH64 : EM_X86_64) : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return elf_mutate(data, bytes, most_bytes, seed);
}

/* Whatever the commands follow. */
static void use(const struct image *image)
{
	const struct hcc_meta_header *m = image->meta;
	size_t n = 0;

	for (uint32_t i = 0; i < m->n_sites; i++) {
		const struct hcc_meta_site site = image_site(image, i);
		const struct hcc_meta_function *f = image_function(image, hcc_meta_function_of(m, i));

		n += strlen(image_string(image, f->name_off)) +
		     strlen(image_string(image, f->file_off));
		for (uint32_t v = 0; v < site.n_values; v++)
			n += hcc_value_bits(
				((const uint8_t *)m)[m->types_off + site.types_off + v]);
	}
	for (uint64_t pc = 0x100fff0; pc < 0x1010100; pc += 24)
		n += strlen(image_function_at(image, pc));
	fuzz_check(n < 1u << 30, "%zu bytes of names", n);
}

/* The executable of another ISA that it carries. */
static void extract(const struct image *image, const char *path, size_t bytes)
{
	struct error e = {0};
	struct stat st;

	if (image_extract(image, isa_by_name("aarch64"), path, &e) <= 0) {
		fuzz_check(strstr(e.text, ": "), "message '%s'", e.text);
		return;
	}
	fuzz_check(!stat(path, &st) && (size_t)st.st_size <= bytes, "%s", path);
	unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const char *file, *carried;
	struct error e = {0};
	struct image image;
	int result;

	if (!file)
		file = fuzz_path("app"), carried = fuzz_path("carried");
	fuzz_write(file, data, bytes);
	fuzz_begin(bytes);
	result = image_open(&image, file, &e);
	if (result > 0) {
		use(&image);
		extract(&image, carried, bytes);
		image_close(&image);
	} else {
		fuzz_message(e.text);
	}
	fuzz_end(result <= 0, file);
	return 0;
}
