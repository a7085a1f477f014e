/* Command lines and response files of hcc, up to its list of options.
 * runs: 12000 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/options.h"
#include "lib_fuzz.h"

size_t fuzz_seed(unsigned n, uint8_t *out)
{
	static const char *const seeds[] = {
		"-O2 -g -c input.c -o 'out put.o' -DX=\"a b\" -I/usr/include -Wl,-Map,m -lm",
		"-E -x c - -MD -MF deps -MT target -Wp,-DX -isystem dir",
		"--hcc-targets=x86_64,aarch64 -fhcc-migrate=calls -S a.c b.c -v",
		"--print-layout app -### -print-search-dirs -dumpversion --version --help",
		"-o a.out input.o -Wl,--start-group -l:libx.a -Wl,--end-group -static -nostdlib -L.",
		"@@ @@ a\\ b \"c\\\"d\" 'e'",
	};

	if (n >= sizeof seeds / sizeof *seeds)
		return 0;
	memcpy(out, seeds[n], strlen(seeds[n]));
	return strlen(seeds[n]);
}

/* The input is the response file; a word "@@" in it names the file itself. Other names of response
 * files are broken: they would lead to files of this machine. */
static size_t expand(char *out, const uint8_t *data, size_t bytes, const char *self)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes; i++) {
		if (data[i] != '@') {
			out[n++] = (char)data[i];
		} else if (i + 1 < bytes && data[i + 1] == '@') {
			n += (size_t)snprintf(out + n, 128, "@%s ", self);
			i++;
		} else {
			out[n++] = '%';
		}
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static char text[FUZZ_MOST_BYTES], response[256];
	static const char *file;
	char *argv[] = {"hcc", response, NULL};
	struct options options = {0};
	size_t n;
	int status;

	if (!file) {
		file = fuzz_path("words");
		response[0] = '@';
		strcpy(response + 1, file);
		unsetenv("HCC_TARGETS");
	}
	if (bytes > sizeof text / 64)
		return -1;
	n = expand(text, data, bytes, file);
	fuzz_write(file, text, n);
	fuzz_begin(n);
	status = options_read(&options, 2, argv, "/nowhere");
	options_free(&options);
	if (options.verbose)
		fuzz_end_verbose();
	else
		fuzz_end(status, NULL);
	return 0;
}
