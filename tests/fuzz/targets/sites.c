/* What hcc-ld reads of the first link: .hcc.sites, .llvm_stackmaps and .eh_frame, which come from the
 * objects, and the table that it makes of them. The input is an object and, read as an image, what
 * lld would have made of it.
 * Seed 0 is right.
 * runs: 12000 */
#include <elf.h>
#include <string.h>

#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_link.h"
#include "lib_objects.h"
#include "lib_tracked.h"
#include "linker-scripts/table.h"
#include "runtime/hcc_unpack.h"

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	return n < 2 ? objects_native(out, n ? EM_AARCH64 : EM_X86_64) : 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return elf_mutate(data, bytes, most_bytes, seed);
}

/* ---- The table that comes out ----------------------------------------------------------------- */

static uint64_t leb(const uint8_t **at, const uint8_t *end)
{
	uint64_t v = 0;
	unsigned shift = 0;

	for (;; shift += 7) {
		fuzz_check(*at < end && shift < 70, "a number does not end");
		if (shift < 64)
			v |= (uint64_t)(**at & 0x7f) << shift;
		if (!(*(*at)++ & 0x80))
			return v;
	}
}

static void check_unwind(const uint8_t *at, const uint8_t *end)
{
	uint64_t n;

	leb(&at, end), leb(&at, end), leb(&at, end);
	for (n = leb(&at, end); n; n--)
		leb(&at, end), leb(&at, end);
}

static void check_blob(const struct buffer *blob)
{
	const struct hcc_meta_header *m = (const void *)blob->data;
	const char *problem = hcc_meta_check(m);
	struct hcc_meta_walk walk = {0};

	fuzz_check(m->bytes == blob->bytes, "%zu bytes", blob->bytes);
	fuzz_check(!problem, "%s", problem);
	while (hcc_meta_next(m, &walk) > 0)
		check_unwind((const uint8_t *)m + m->unwind_off + walk.ret.unwind_off,
			(const uint8_t *)m + m->unwind_off + m->unwind_bytes);
}

/* ---- The target ------------------------------------------------------------------------------- */

static size_t n_returns;

static int read_tables(const struct options *options, uint8_t *copy, size_t bytes)
{
	static const uint8_t build_id[HCC_BUILD_ID_BYTES] = {1};
	struct resolution resolution = {0};
	struct layout layout = {0};
	struct table first, second;
	struct buffer blob = {0};
	struct image image = {.path = (char *)"first"};

	if (resolve_inputs(&resolution, options) < 0 ||
		layout_make(&layout, &resolution, options) < 0)
		return -1;
	image.elf = elf_memory((char *)copy, bytes);
	fuzz_check(image.elf && elf_getshdrstrndx(image.elf, &image.names_idx) == 0,
		"was read before");
	image.header = elf64_getehdr(image.elf);
	if (table_read(&first, &image, &resolution, &layout, options, 0) < 0 ||
		table_read(&second, &image, &resolution, &layout, options, 0) < 0)
		return -1;
	fuzz_check(!table_compare(&first, &second), "the table differs from itself");
	if (table_write(&blob, &first, &layout, build_id) < 0)
		return -1;
	check_blob(&blob);
	n_returns = first.n_returns;
	return 0;
}

static int run(const uint8_t *data, size_t bytes)
{
	static uint8_t copy[FUZZ_MOST_BYTES] __attribute__((aligned(8)));
	static const char *input;
	static struct input_arg arg;
	struct options options;
	Elf64_Ehdr header;
	int status;

	if (!input) {
		elf_version(EV_CURRENT);
		input = fuzz_path("input.o");
		arg = (struct input_arg){INPUT_FILE, input};
	}
	if (bytes < sizeof header || bytes > sizeof copy)
		return -1;
	memcpy(&header, data, sizeof header);
	if (memcmp(header.e_ident, ELFMAG, SELFMAG))
		return -1;
	link_options(&options);
	if (header.e_machine == EM_AARCH64)
		options.isas[0] = options.isas[1];
	options.n_isas = 1;
	options.inputs = &arg;
	options.n_inputs = 1;
	fuzz_write(input, data, bytes);
	memcpy(copy, data, bytes);
	fuzz_begin(bytes);
	status = read_tables(&options, copy, bytes);
	fuzz_end(status, NULL);
	return 0;
}

/* The seeds must be right through and through, or nothing that follows is reached. */
static void check_seeds(void)
{
	static uint8_t seed[FUZZ_MOST_BYTES];
	size_t bytes;

	for (unsigned n = 0; (bytes = fuzz_seed(n, seed)); n++) {
		n_returns = 0;
		run(seed, bytes);
		fuzz_check(n_returns == 3, "seed %u has %zu return addresses", n, n_returns);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static bool is_checked;

	if (!is_checked)
		check_seeds();
	is_checked = true;
	return run(data, bytes);
}
