/* Regular files open across the move: positions, flags and buffers of descriptors and streams. */
#include "moved.h"
#include <sys/stat.h>

int main(void)
{
	FILE *in, *out, *both;
	char line[64], *read_line = NULL;
	size_t line_bytes = 0;
	int fd, appending;
	struct stat st;
	long at;

	out = fopen("lines", "w");
	for (int i = 0; i < 3000; i++)
		fprintf(out, "line %d of the file\n", i);
	fclose(out);

	in = fopen("lines", "r");
	for (int i = 0; i < 1000; i++)
		CHECK(fgets(line, sizeof line, in) != NULL);
	fputs(line, stdout);
	ungetc('#', in);
	out = fopen("written", "w");
	fprintf(out, "before the move\n");
	both = fopen("both", "w+");
	fputs("0123456789abcdef", both);
	fseek(both, 5, SEEK_SET);
	CHECK(getc(both) == '5');
	fd = open("raw", O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(write(fd, "raw bytes", 9) == 9);
	lseek(fd, 4, SEEK_SET);
	appending = open("raw", O_WRONLY | O_APPEND);
	at = ftell(in);
	wait_for_move();
	CHECK(getc(in) == '#');
	CHECK(ftell(in) == at + 1);
	for (int i = 1000; i < 2000; i++)
		CHECK(getline(&read_line, &line_bytes, in) > 0);
	fputs(read_line, stdout);
	fseek(in, -20, SEEK_END);
	CHECK(fgets(line, sizeof line, in) != NULL);
	fprintf(out, "after the move\n");
	fclose(out);
	CHECK(fgetc(both) == '6');
	fseek(both, 0, SEEK_CUR);
	fputc('!', both);
	rewind(both);
	CHECK(fgets(line, sizeof line, both) && strcmp(line, "0123456!89abcdef") == 0);
	CHECK(read(fd, line, 5) == 5 && memcmp(line, "bytes", 5) == 0);
	CHECK(write(appending, "++", 2) == 2);
	CHECK(pwrite(fd, "RAW", 3, 0) == 3);
	CHECK((fcntl(appending, F_GETFL) & O_APPEND) && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
	CHECK(fstat(fd, &st) == 0 && st.st_size == 11 && (st.st_mode & 0777) == 0600);
	close(appending);
	wait_for_move();
	lseek(fd, 0, SEEK_SET);
	memset(line, 0, sizeof line);
	CHECK(read(fd, line, sizeof line) == 11);
	puts(line);
	out = fopen("written", "r");
	while (fgets(line, sizeof line, out))
		fputs(line, stdout);
	CHECK(feof(out));
	return done();
}
