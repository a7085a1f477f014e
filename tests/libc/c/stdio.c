/* Streams: files, seeking, buffering, memory streams, wide characters. */
#define _GNU_SOURCE
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>
#include "lib_check.h"

static void files(void)
{
	char line[100];
	char *long_line = NULL;
	size_t room = 0;
	FILE *f = fopen("file", "w+");
	int i;

	CHECK(f != NULL);
	for (i = 0; i < 10000; i++)
		fprintf(f, "line %d\n", i);
	CHECK_LONG(ftell(f), 10 * 7 + 90 * 8 + 900 * 9 + 9000 * 10);
	rewind(f);
	for (i = 0; fgets(line, sizeof(line), f) != NULL; i++)
		;
	CHECK_LONG(i, 10000);
	CHECK_STRING(line, "line 9999\n");
	CHECK(feof(f) && !ferror(f));
	CHECK(fseek(f, 7, SEEK_SET) == 0 && getline(&long_line, &room, f) == 7);
	CHECK_STRING(long_line, "line 1\n");
	CHECK(ungetc('x', f) == 'x' && getc(f) == 'x');
	CHECK(fclose(f) == 0);
	f = fopen("file", "r");
	CHECK(fread(line, 1, 6, f) == 6 && memcmp(line, "line 0", 6) == 0);
	CHECK(putc('x', f) == EOF && ferror(f));
	fclose(f);
	CHECK(fopen("no such file", "r") == NULL && errno == ENOENT);
	CHECK_STRING(strerror(ENOENT), "No such file or directory");
	CHECK(remove("file") == 0 && access("file", F_OK) != 0);
	free(long_line);
}

static ssize_t cookie_write(void *cookie, const char *data, size_t bytes)
{
	(void)data;
	*(size_t *)cookie += bytes;
	return (ssize_t)bytes;
}

static void memory(void)
{
	char *text = NULL;
	size_t bytes = 0, total = 0;
	FILE *f = open_memstream(&text, &bytes);

	fprintf(f, "%d-%s", 42, "text");
	fclose(f);
	CHECK(bytes == 7);
	CHECK_STRING(text, "42-text");
	free(text);
	f = fmemopen("abc def", 7, "r");
	char word[8];
	CHECK(fscanf(f, "%7s", word) == 1);
	CHECK_STRING(word, "abc");
	fclose(f);
	f = fopencookie(&total, "w", (cookie_io_functions_t){ .write = cookie_write });
	fprintf(f, "%1000d", 1);
	fclose(f);
	CHECK_LONG(total, 1000);
	CHECK(asprintf(&text, "%s/%s", "a", "b") == 3);
	CHECK_STRING(text, "a/b");
	free(text);
}

static void wide(void)
{
	wchar_t w[20];
	char text[20];

	setlocale(LC_ALL, "C.UTF-8");
	CHECK(mbstowcs(w, "\xc3\xa4\xe2\x82\xac", 20) == 2 && w[0] == 0xe4 && w[1] == 0x20ac);
	CHECK(snprintf(text, sizeof(text), "%ls", L"\x20ac") == 3);
	CHECK_STRING(text, "\xe2\x82\xac");
	CHECK(swprintf(w, 20, L"%d %s", 5, "x") == 3 && wcscmp(w, L"5 x") == 0);
}

int main(void)
{
	files();
	memory();
	wide();
	return check_failures();
}
