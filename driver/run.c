/* Running steps: processes, temporary files, signals. */
#include "run.h"

#include "diag.h"
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const int ending_signals[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
static volatile sig_atomic_t caught;
static volatile sig_atomic_t child; /* the process that runs for us, or 0 */

char *run_scratch_template(void)
{
	const char *folder = getenv("TMPDIR");

	return text_format("%s/hcc-XXXXXX", folder && *folder ? folder : "/tmp");
}

char *run_make_scratch(void)
{
	char *scratch = run_scratch_template();

	if (mkdtemp(scratch))
		return scratch;
	diag_error("cannot make the folder '%s': %s", scratch, strerror(errno));
	free(scratch);
	return NULL;
}

/* There are only files in it. */
void run_clean(const char *scratch)
{
	DIR *folder = opendir(scratch);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder)
		closedir(folder);
	rmdir(scratch);
}

/* A signal that is meant for us ends our child too, whoever it was sent to. */
static void catch_signal(int signal)
{
	int error = errno;

	caught = signal;
	if (child)
		kill(child, signal);
	errno = error;
}

/* What a shell ignores for us stays ignored. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = catch_signal}, old;

	for (size_t i = 0; i < sizeof ending_signals / sizeof *ending_signals; i++)
		if (!sigaction(ending_signals[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(ending_signals[i], &action, NULL);
}

/* End as if the signal had never been caught. */
static void end_by_signal(const char *scratch)
{
	int signal = caught;

	if (scratch)
		run_clean(scratch);
	diag_flush();
	sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
	raise(signal);
}

static int wait_for(pid_t pid, int *status)
{
	int error = 0;

	/* A signal either finds the child named or was caught before we look. */
	child = pid;
	if (caught)
		kill(pid, caught);
	while (!error && waitpid(pid, status, 0) < 0)
		error = errno == EINTR ? 0 : errno;
	child = 0;
	return error;
}

static int exit_status(const char *program, int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (!caught)
		diag_error("%s: ended by signal %d (%s)", program, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	return 1;
}

static int run_spawn(struct step *step)
{
	char *const *argv = words_argv(&step->argv);
	char *program = step->argv.word[0], *name = step->argv.word[0];
	posix_spawn_file_actions_t actions;
	int error, status = 1;
	pid_t pid;

	error = posix_spawn_file_actions_init(&actions);
	if (!error && step->input)
		error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, step->input,
			O_RDONLY, 0);
	if (step->argv0)
		name = (char *)step->argv0;
	step->argv.word[0] = name;
	if (!error)
		error = posix_spawn(&pid, program, &actions, NULL, argv, environ);
	step->argv.word[0] = program;
	if (error) {
		diag_error("cannot run '%s': %s", program, strerror(error));
		return 1;
	}
	posix_spawn_file_actions_destroy(&actions);
	error = wait_for(pid, &status);
	if (error) {
		diag_error("cannot wait for '%s': %s", program, strerror(error));
		return 1;
	}
	return exit_status(program, status);
}

static int run_copy(const struct step *step)
{
	size_t n_bytes;
	void *bytes;
	int error = file_read(step->parts[0].path, &bytes, &n_bytes);

	if (error) {
		diag_error("cannot read '%s': %s", step->parts[0].path, strerror(-error));
		return 1;
	}
	if (!strcmp(step->output, "-"))
		error = file_write_fd(STDOUT_FILENO, bytes, n_bytes);
	else
		error = file_write(step->output, bytes, n_bytes);
	free(bytes);
	/* SIGPIPE says by itself that nobody reads. */
	if (error && !caught)
		diag_error("cannot write '%s': %s", step->output, strerror(-error));
	return error ? 1 : 0;
}

static int run_step(struct step *step)
{
	switch (step->kind) {
	case STEP_SPAWN:
		return run_spawn(step);
	case STEP_JOIN:
		return fat_join(step->parts, step->n_parts, step->output) ? 1 : 0;
	case STEP_COPY:
		return run_copy(step);
	}
	diag_bug("step of kind %d", step->kind);
}

void run_show(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++)
		diag_command(words_argv(&plan->steps[i].argv));
}

int run_plan(struct plan *plan, bool verbose, const char *scratch)
{
	int first = 0, failed_unit = 0;

	catch_signals();
	for (size_t i = 0; i < plan->n_steps; i++) {
		struct step *step = &plan->steps[i];
		int status;

		if (first && (step->unit == failed_unit || step->unit == STEP_FINAL))
			continue;
		if (verbose)
			diag_command(words_argv(&step->argv));
		status = run_step(step);
		if (caught)
			end_by_signal(scratch);
		if (status && step->failure)
			diag_error("%s", step->failure);
		if (status) {
			failed_unit = step->unit;
			first = first ? first : status;
		}
	}
	return first;
}
