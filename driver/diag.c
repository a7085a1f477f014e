/* Printing: messages, commands, answers. Does not exit, but for bugs, which abort. */
#include "diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *diag_program = "hcc";

static void print(const char *kind, const char *format, va_list args)
{
	char *text = NULL;

	/* In one call, so that lines of parallel compiles do not mix. */
	if (vasprintf(&text, format, args) < 0)
		abort();
	/* Names come from files: the message stays one line. */
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	fprintf(stderr, "%s: %s: %s\n", diag_program, kind, text);
	free(text);
}

void diag_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("error", format, args);
	va_end(args);
}

void diag_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print("warning", format, args);
	va_end(args);
}

void diag_bug_at(const char *file, int line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: bug: %s:%d: ", diag_program, file, line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

void diag_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

void diag_out(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
}

void diag_command(char *const *argv)
{
	char *text = NULL;
	size_t n_bytes;
	FILE *line = open_memstream(&text, &n_bytes);

	if (!line)
		abort();
	for (; *argv; argv++) {
		fputs(" \"", line);
		for (const char *c = *argv; *c; c++) {
			if (strchr("\"\\$`", *c))
				fputc('\\', line);
			fputc(*c, line);
		}
		fputc('"', line);
	}
	if (fclose(line))
		abort();
	fprintf(stderr, "%s\n", text);
	free(text);
}

int diag_flush(void)
{
	if (fflush(stdout) || ferror(stdout))
		return errno ? -errno : -EIO;
	return 0;
}
