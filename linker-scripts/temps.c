/* The temporary folder and the pending outputs. */
#include "temps.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"

/* For a signal that ends the program: what is to be removed. */
static struct temps *at_signal;
static const int signals[] = { SIGHUP, SIGINT, SIGTERM, SIGABRT };
#define N_SIGNALS (sizeof signals / sizeof *signals)

static void remove_and_die(int signal_number)
{
	for (size_t i = 0; i < HCC_MAX_ISAS; i++)
		if (at_signal->pending[i])
			unlink(at_signal->pending[i]);
	if (!at_signal->keep && fork() == 0) {
		execl("/bin/rm", "rm", "-rf", at_signal->dir, (char *)NULL);
		_exit(127);
	}
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void catch_signals(struct temps *temps)
{
	at_signal = temps;
	for (size_t i = 0; i < N_SIGNALS; i++)
		if (signal(signals[i], remove_and_die) == SIG_IGN)
			signal(signals[i], SIG_IGN);
}

static int make_dir(const char *path)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		return hcc_error("%s: %s", path, strerror(errno));
	return 0;
}

/* Can the output be made? Better to know before than after. */
static int check_output(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? hcc_format("%.*s/", (int)(slash - path), path) : hcc_format(".");
	struct stat status;
	int result = 0;

	if (access(dir, W_OK | X_OK))
		result = hcc_error("%s: %s", path, strerror(errno));
	else if (!stat(path, &status) && S_ISDIR(status.st_mode))
		result = hcc_error("%s: %s", path, strerror(EISDIR));
	free(dir);
	return result;
}

int temps_make(struct temps *temps, const struct options *options)
{
	const char *tmp = getenv("TMPDIR");

	if (check_output(options->output) < 0)
		return -1;
	*temps = (struct temps){ .keep = options->keep_temps };
	if (options->keep_temps) {
		temps->dir = hcc_format("%s", options->keep_temps);
		if (make_dir(temps->dir) < 0)
			return -1;
	} else {
		temps->dir = hcc_format("%s/hcc-ld.XXXXXX", tmp && *tmp ? tmp : "/tmp");
		if (!mkdtemp(temps->dir)) {
			hcc_error("%s: %s", temps->dir, strerror(errno));
			free(temps->dir);
			temps->dir = NULL;
			return -1;
		}
	}
	for (size_t i = 0; i < options->n_isas; i++) {
		const char *isa = options->isas[i]->name;

		temps->outputs[i] = i ? hcc_format("%s.%s", options->output, isa) :
					hcc_format("%s", options->output);
		temps->pending[i] = hcc_format("%s.hcc-%ld.tmp", temps->outputs[i], (long)getpid());
	}
	catch_signals(temps);
	return 0;
}

int temps_commit(struct temps *temps, const struct options *options)
{
	mode_t mask = umask(0);
	size_t n_done = 0;

	umask(mask);
	for (size_t i = 0; i < options->n_isas; i++)
		if (chmod(temps->pending[i], 0777 & ~mask))
			return hcc_error("%s: %s", temps->pending[i], strerror(errno));
	/* The host's comes last: who sees it sees all. */
	for (size_t i = options->n_isas; i-- > 0; n_done++)
		if (rename(temps->pending[i], temps->outputs[i])) {
			hcc_error("%s: %s", temps->outputs[i], strerror(errno));
			for (size_t done = options->n_isas; n_done-- > 0;)
				unlink(temps->outputs[--done]);
			return -1;
		}
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

void temps_remove(struct temps *temps, const struct options *options)
{
	for (size_t i = 0; i < options->n_isas; i++)
		if (temps->pending[i])
			unlink(temps->pending[i]);
	if (temps->dir && !temps->keep)
		nftw(temps->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	if (at_signal)
		for (size_t i = 0; i < N_SIGNALS; i++)
			signal(signals[i], SIG_DFL);
	for (size_t i = 0; i < options->n_isas; i++) {
		free(temps->pending[i]);
		free(temps->outputs[i]);
	}
	free(temps->dir);
}
