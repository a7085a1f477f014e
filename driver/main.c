/* hcc: argv -> options -> plan -> run. */
#include "diag.h"
#include "options.h"
#include "plan.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The tree this program is in: /tree for /tree/bin/hcc, whatever link it was called by. */
static char *find_root(void)
{
	char *path = realpath("/proc/self/exe", NULL);

	for (int i = 0; path && i < 2; i++) {
		char *slash = strrchr(path, '/');

		if (slash)
			*slash = 0;
	}
	if (!path)
		diag_error("cannot find where hcc is: /proc/self/exe is needed");
	return path;
}

static int run(const struct options *options, const char *root)
{
	char *scratch = options->dry_run ? run_scratch_template() : run_make_scratch();
	struct plan plan;
	int status;

	if (!scratch)
		return 1;
	status = plan_make(&plan, options, root, scratch);
	if (!status && options->dry_run)
		run_show(&plan);
	else if (!status)
		status = run_plan(&plan, options->verbose, scratch);
	if (!options->dry_run)
		run_clean(scratch);
	plan_free(&plan);
	free(scratch);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = {0};
	char *root = find_root();
	int status = 1, error;

	if (root)
		status = options_read(&options, argc, argv, root);
	if (root && !status && options.mode != MODE_ANSWER)
		status = run(&options, root);
	error = diag_flush();
	if (error && !status) {
		diag_error("cannot write to standard output: %s", strerror(-error));
		status = 1;
	}
	options_free(&options);
	free(root);
	return status;
}
