/* Runs hcc-verify on what has been linked, before it gets its name. */
#include "checker.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "diag.h"

extern char **environ;

enum { MAX_ARGS = 2 + 3 * HCC_MAX_ISAS + 1 };

static int run(const char *program, char **argv)
{
	pid_t pid;
	int status, error = posix_spawn(&pid, program, NULL, NULL, argv, environ);

	if (error)
		return hcc_error("%s: %s", program, strerror(error));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			hcc_bug("waitpid: %s", strerror(errno));
	if (WIFSIGNALED(status))
		return hcc_error("%s: killed by signal %d", program, WTERMSIG(status));
	return WEXITSTATUS(status) ? -1 : 0;
}

int check_outputs(const struct temps *temps, const struct options *options, char *const *symbols)
{
	char *argv[MAX_ARGS];
	size_t n = 0;
	int result;

	argv[n++] = hcc_format("%s", options->verify);
	if (!options->verbose)
		argv[n++] = hcc_format("-q");
	for (size_t i = 0; i < options->n_isas; i++) {
		if (symbols)
			argv[n++] = hcc_format("--symbols=%s", symbols[i]);
		argv[n++] = hcc_format("--name=%s", temps->outputs[i]);
		argv[n++] = hcc_format("%s", temps->pending[i]);
	}
	argv[n] = NULL;
	result = run(options->verify, argv);
	if (result)
		hcc_error("%s: the program could not be moved as it is; -fno-hcc-verify links it "
			  "all the same",
			  options->output);
	while (n)
		free(argv[--n]);
	return result;
}
