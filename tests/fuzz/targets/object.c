/* What hcc-ld reads of objects and archives before the first link: fat sections, sections, symbols,
 * relocations, and the layout; and the copies that it extracts.
 * Seed 0 is right.
 * runs: 9000 */
#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib_elf.h"
#include "lib_fuzz.h"
#include "lib_link.h"
#include "lib_objects.h"
#include "linker-scripts/extract.h"
#include "linker-scripts/layout.h"
#include "linker-scripts/resolve.h"

static size_t add_member(uint8_t *out, size_t at, const char *name, const void *data, size_t bytes)
{
	char header[61];

	snprintf(header, sizeof header, "%-16s%-12u%-6u%-6u%-8s%-10zu`\n", name, 0, 0, 0, "644",
		bytes);
	memcpy(out + at, header, 60);
	memcpy(out + at + 60, data, bytes);
	at += 60 + bytes;
	if (bytes & 1)
		out[at++] = '\n';
	return at;
}

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	static const char names[] = "input.o/\nother.o/\n";
	static uint8_t object[65536];
	size_t bytes;

	switch (n) {
	case 0:
		return objects_fat(out);
	case 1:
		return objects_native(out, EM_X86_64);
	case 2:
		bytes = objects_fat(object);
		memcpy(out, "!<arch>\n", 8);
		return add_member(
			out, add_member(out, 8, "one.o/", object, bytes), "text/", "text\n", 5);
	case 3:
		memcpy(out, "!<thin>\n", 8);
		bytes = add_member(out, 8, "//", names, sizeof names - 1);
		return add_member(out, bytes, "/0", "", 0);
	default:
		return 0;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t bytes, size_t most_bytes, unsigned seed)
{
	return elf_mutate(data, bytes, most_bytes, seed);
}

static void check_copies(const struct resolution *resolution, const struct options *options,
			 const struct temps *temps)
{
	for (size_t i = 0; i < options->n_isas; i++) {
		char *path = extract_path(temps, options->isas[i]);
		size_t bytes = 0;
		struct stat st;

		for (size_t o = 0; o < resolution->n_objects; o++)
			for (const struct piece *piece = resolution->objects[o]->pieces[i]; piece;
			     piece = piece->next)
				bytes += piece->bytes;
		fuzz_check(!stat(path, &st) && (size_t)st.st_size > bytes, "%s", path);
	}
}

static int read_input(const struct options *options, struct temps *temps)
{
	struct resolution resolution = {0};
	struct layout layout = {0};
	int result = resolve_inputs(&resolution, options);

	if (!result)
		result = layout_make(&layout, &resolution, options);
	if (!result)
		result = extract_objects(&resolution, &layout, options, temps);
	if (!result)
		check_copies(&resolution, options, temps);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static struct temps temps;
	static const char *input;
	static struct input_arg inputs[2];
	static struct options options;
	int status;

	if (!input) {
		elf_version(EV_CURRENT);
		input = fuzz_path("input.o");
		temps.dir = (char *)fuzz_path("temps");
		fuzz_make_folder(fuzz_path("temps"));
		link_options(&options);
		/* All members of an archive. */
		inputs[0].kind = INPUT_WHOLE;
		inputs[1] = (struct input_arg){INPUT_FILE, input};
		options.inputs = inputs;
		options.n_inputs = 2;
	}
	fuzz_write(input, data, bytes);
	fuzz_begin(bytes);
	status = read_input(&options, &temps);
	fuzz_end(status, NULL);
	return 0;
}
