/* hcc-verify app app.aarch64 ...: checks the executables of one program, an ISA each. Prints a
 * summary, or one line for each finding. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "verify.h"

#define MAX_IMAGES 8

static int usage(void)
{
	fputs("usage: hcc-verify [-q] EXECUTABLE...\n", stderr);
	return 2;
}

static void verify_image(struct report *report, const struct image *image)
{
	struct unwinder *unwinder = unwind_new(image);
	struct code code;

	if (code_init(&code, image))
		report_finding(report, image, NULL, 0, "Capstone cannot decode %s",
			       image->isa->name);
	for (size_t i = 0; code.scratch && i < image->n_functions; i++) {
		code_decode(&code, &image->functions[i]);
		report_count(report, COUNT_functions, 1);
		report_count(report, COUNT_recorded, image->functions[i].meta != NULL);
		report_count(report, COUNT_instructions, code.n_insns);
		verify_unwind(report, unwinder, &code);
	}
	unwind_free(unwinder);
	code_free(&code);
}

static void print_summary(const struct report *report, const struct image *image)
{
	static const char *const texts[] = {
#define COUNT(name, text) text,
		VERIFY_COUNTS(COUNT)
#undef COUNT
	};

	printf("%s (%s)\n", image->path, image->isa->name);
	for (unsigned i = 0; i < N_COUNTS; i++)
		printf("%10llu %s\n", (unsigned long long)report->counts[i], texts[i]);
}

int main(int argc, char **argv)
{
	struct report reports[MAX_IMAGES] = { 0 };
	struct image images[MAX_IMAGES] = { 0 };
	int first = argc > 1 && !strcmp(argv[1], "-q") ? 2 : 1, n = argc - first;
	size_t n_findings = 0;
	char *problem = NULL;

	if (n < 1 || n > MAX_IMAGES || argv[first][0] == '-')
		return usage();
	for (int i = 0; i < n; i++)
		if (image_open(&images[i], argv[first + i], &problem)) {
			fprintf(stderr, "hcc: error: %s\n", problem);
			return 1;
		}
	for (int i = 0; i < n; i++)
		verify_image(&reports[i], &images[i]);
	for (int i = 0; i < n; i++)
		n_findings += report_print(&reports[i]);
	for (int i = 0; i < n && !n_findings && first == 1; i++)
		print_summary(&reports[i], &images[i]);
	for (int i = 0; i < n; i++) {
		report_free(&reports[i]);
		image_close(&images[i]);
	}
	return n_findings != 0;
}
