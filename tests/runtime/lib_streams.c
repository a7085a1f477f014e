/* Reads a line of stdin without buffering before the move and one after it; keeps a copy of stdout,
 * redirects stdout to a file of its own, closes stderr. Waits until the file `go` is there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *line(char *buffer)
{
	char *at = buffer;

	while (read(0, at, 1) == 1 && *at != '\n')
		at++;
	*at = 0;
	return buffer;
}

int main(void)
{
	char buffer[64];
	int copy = dup(1), ready;

	puts(line(buffer));
	fflush(stdout);
	close(2);
	if (!freopen("own.txt", "w", stdout) || fileno(stdout) != 1)
		return 2;
	puts("own 1");
	ready = open("ready", O_WRONLY);
	if (write(ready, "ready\n", 6) != 6 || close(ready))
		return 3;
	while (access("go", F_OK))
		continue;
	printf("own 2 %s\n", line(buffer));
	if (write(copy, "copy\n", 5) != 5 || fcntl(2, F_GETFD) >= 0 || errno != EBADF)
		return 4;
	return 0;
}
