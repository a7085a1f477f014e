/* Findings and counts. */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* "app: function 'f' at 0x10c0130 (f.c:12)", as far as known. */
static char *place(const struct image *image, const struct function *function, uint64_t va)
{
	const char *file = "";
	uint32_t line = image && va ? image_line(image, va, &file) : 0;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (!out)
		return memory_format("?");
	if (image)
		fprintf(out, "%s:", image->path);
	if (function)
		fprintf(out, " function '%s'", function->name);
	if (va)
		fprintf(out, " at 0x%llx", (unsigned long long)va);
	if (line)
		fprintf(out, " (%s:%u)", file, line);
	if (function || va)
		putc(':', out);
	fclose(out);
	return text;
}

void report_finding(struct report *report, const struct image *image,
		    const struct function *function, uint64_t va, const char *format, ...)
{
	char *where = place(image, function, va), *what;
	va_list args;

	va_start(args, format);
	if (vasprintf(&what, format, args) < 0)
		what = NULL;
	va_end(args);
	report->findings = memory_grow(report->findings, &report->capacity,
				       report->n_findings + 1, sizeof *report->findings);
	report->findings[report->n_findings++] = (struct finding){
		va, memory_format("%s %s", where, what ? what : format)};
	free(where);
	free(what);
}

void report_count(struct report *report, enum report_count what, uint64_t n)
{
	report->counts[what] += n;
}

static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	return x->va != y->va ? (x->va > y->va) - (x->va < y->va) : strcmp(x->text, y->text);
}

size_t report_print(struct report *report)
{
	enum { MAX_LINES = 100 };
	size_t n = 0;

	if (report->n_findings)
		qsort(report->findings, report->n_findings, sizeof *report->findings, compare);
	for (size_t i = 0; i < report->n_findings; i++) {
		if (i && !strcmp(report->findings[i].text, report->findings[i - 1].text))
			continue;
		if (n++ < MAX_LINES)
			fprintf(stderr, "hcc: error: %s\n", report->findings[i].text);
	}
	if (n > MAX_LINES)
		fprintf(stderr, "hcc: error: and %zu more\n", n - MAX_LINES);
	return n;
}

void report_declining(struct report *report, const char *name, const char *why)
{
	report->declining = memory_grow(report->declining, &report->declining_capacity,
					report->n_declining + 1, sizeof *report->declining);
	report->declining[report->n_declining++] = 
		memory_format(*why ? "%s: calls %s" : "%s", name, why);
	report_count(report, COUNT_declining, 1);
}

void report_summary(const struct report *report, const struct image *image)
{
	static const char *const texts[] = {
#define COUNT(name, text) text,
		VERIFY_COUNTS(COUNT)
#undef COUNT
	};

	printf("%s (%s)\n", image->path, image->isa->name);
	for (unsigned i = 0; i < N_COUNTS; i++)
		printf("%10llu %s\n", (unsigned long long)report->counts[i], texts[i]);
	for (size_t i = 0; i < report->n_declining; i++)
		printf("           %s\n", report->declining[i]);
}

void report_free(struct report *report)
{
	for (size_t i = 0; i < report->n_findings; i++)
		free(report->findings[i].text);
	free(report->findings);
	for (size_t i = 0; i < report->n_declining; i++)
		free(report->declining[i]);
	free(report->declining);
	*report = (struct report){ 0 };
}
