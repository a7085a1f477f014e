/* Executables as hcc-verify reads them: what it opens, and every check of one.
 * Seed 0 is right.
 * runs: 5000 */
#include <stdio.h>
#include <stdlib.h>

#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_program.h"
#include "verify/verify.h"

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	return n < 2 ? program_executable(out, n ? EM_AARCH64 : EM_X86_64) : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return elf_mutate(data, bytes, most_bytes, seed);
}

static void check(const struct image *image)
{
	struct report report = {0};
	struct unwinder *unwinder;
	struct calls calls;
	struct code code;

	calls_init(&calls, image);
	fuzz_check(!code_init(&code, image), "no decoder");
	unwinder = unwind_new(image);
	for (size_t i = 0; i < image->n_functions; i++) {
		code_decode(&code, &image->functions[i]);
		calls_add(&calls, &code);
		verify_records(&report, image, &code);
		verify_resume(&report, image, &code);
		verify_native_frame(&report, image, &code);
		verify_unwind(&report, unwinder, &code);
	}
	unwind_free(unwinder);
	code_free(&code);
	verify_sites(&report, &calls);
	verify_reach(&report, &calls, NULL, 0);
	verify_tables_agree(&report, &calls, &calls);
	verify_symbols_agree(&report, image, image);
	verify_data_agree(&report, image, image);
	report_print(&report);
	report_free(&report);
	calls_free(&calls);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const char *file;
	char *problem = NULL;
	struct image image;
	int status;

	if (!file) {
		elf_version(EV_CURRENT);
		file = fuzz_path("app");
	}
	fuzz_write(file, data, bytes);
	fuzz_begin(bytes);
	status = image_open(&image, file, "app", NULL, &problem);
	if (status)
		fuzz_message(problem ? problem : "");
	else
		check(&image);
	free(problem);
	image_close(&image);
	if (status)
		fuzz_end(status, "app");
	else
		fuzz_end_verbose();
	return 0;
}
