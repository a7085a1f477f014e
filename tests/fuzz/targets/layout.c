/* Executables as hcc --print-layout reads them.
 * Seed 0 is right.
 * runs: 12000 */
#include <elf.h>

#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_link.h"
#include "lib_program.h"
#include "linker-scripts/print_layout.h"

#include <libelf.h>

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	return n < 2 ? program_executable(out, n ? EM_AARCH64 : EM_X86_64) : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return elf_mutate(data, bytes, most_bytes, seed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const char *file;
	struct options options;
	size_t output_bytes;
	int status;

	if (!file) {
		static uint8_t other[65536];
		const char *path = fuzz_path("app.aarch64");

		elf_version(EV_CURRENT);
		file = fuzz_path("app");
		fuzz_write(path, other, program_executable(other, EM_AARCH64));
	}
	link_options(&options);
	options.print_layout = file;
	fuzz_write(file, data, bytes);
	fuzz_begin(bytes);
	status = print_layout(&options);
	fuzz_output(&output_bytes);
	fuzz_check(output_bytes < 4096 + 2 * bytes * bytes, "%zu bytes shown", output_bytes);
	fuzz_end(status, file);
	return 0;
}
