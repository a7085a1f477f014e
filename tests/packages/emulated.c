/* Stands in the place of a program: runs PROGRAM.ISA beside it by EMULATOR, under the name that it was called
 * by, which a script would not get to know. EMULATOR and ISA are given when it is compiled. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char twin[PATH_MAX + sizeof "." ISA];
	ssize_t bytes = readlink("/proc/self/exe", twin, PATH_MAX);
	char **args = calloc((size_t)argc + 4, sizeof *args);

	if (bytes < 0 || bytes == PATH_MAX || !args)
		return 127;
	snprintf(twin + bytes, sizeof "." ISA, "." ISA);
	args[0] = EMULATOR;
	args[1] = "-0";
	args[2] = argc ? argv[0] : "";
	args[3] = twin;
	for (int i = 1; i < argc; i++)
		args[i + 3] = argv[i];
	execvp(args[0], args);
	perror(EMULATOR);
	return 127;
}
