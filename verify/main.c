/* hcc-verify app app.aarch64 ...: checks the executables of one program, an ISA each. Prints a
 * summary, or one line for each finding. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "continuity.h"
#include "memory.h"
#include "verify.h"

#define MAX_IMAGES 8

struct names {
	char **items, *text;
	size_t n, capacity;
};

/* One executable, and the thread that checks it. */
struct job {
	struct image image;
	struct calls calls;
	struct passages passages;
	struct report report;
	const struct names *no_reach;
	pthread_t thread;
};

static int usage(void)
{
	fputs("usage: hcc-verify [-q] [--no-reach-list=FILE] "
	      "[--name=NAME] [--symbols=FILE] EXECUTABLE...\n",
	      stderr);
	return 2;
}

/* ---- the list of functions that reach no migration point ------------------------------------- */

static char *default_list(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	char *slash;

	if (n < 0)
		return NULL;
	path[n] = 0;
	for (int i = 0; i < 2; i++)
		if ((slash = strrchr(path, '/')))
			*slash = 0;
	return memory_format("%s/lib/hcc/no-reach.list", path);
}

/* Its lines, which are in order. A missing default list is an empty one. */
static int read_names(struct names *names, const char *path, bool required)
{
	FILE *file = fopen(path, "re");
	size_t bytes = 0;

	if (!file && !required)
		return 0;
	if (!file || getdelim(&names->text, &bytes, 0, file) < 0) {
		if (file && feof(file)) { /* empty */
			fclose(file);
			return 0;
		}
		fprintf(stderr, "hcc: error: %s: %s\n", path, strerror(errno));
		if (file)
			fclose(file);
		return -1;
	}
	fclose(file);
	for (char *name = strtok(names->text, "\n"); name; name = strtok(NULL, "\n")) {
		names->items = memory_grow(names->items, &names->capacity, names->n + 1,
					   sizeof *names->items);
		names->items[names->n++] = name;
	}
	return 0;
}

/* ---- one executable -------------------------------------------------------------------------- */

static void *run(void *user)
{
	struct job *job = user;
	const struct image *image = &job->image;
	struct unwinder *unwinder;
	struct code code;

	if (code_init(&code, image)) {
		report_finding(&job->report, image, NULL, 0, "Capstone cannot decode %s",
			       image->isa->name);
		code_free(&code);
		return NULL;
	}
	unwinder = unwind_new(image);
	for (size_t i = 0; i < image->n_functions; i++) {
		code_decode(&code, &image->functions[i]);
		calls_add(&job->calls, &code);
		verify_records(&job->report, image, &code);
		verify_resume(&job->report, image, &code);
		verify_continuity(&job->report, &job->passages, &code);
		verify_polls(&job->report, image, &code);
		verify_native_frame(&job->report, image, &code);
		verify_unwind(&job->report, unwinder, &code);
		report_count(&job->report, COUNT_functions, 1);
		report_count(&job->report, COUNT_recorded,
			     image->functions[i].meta && !image->functions[i].is_resume);
		report_count(&job->report, COUNT_instructions, code.n_insns);
	}
	unwind_free(unwinder);
	code_free(&code);
	verify_stray_polls(&job->report, image);
	verify_sites(&job->report, &job->calls);
	verify_reach(&job->report, &job->calls, job->no_reach->items, job->no_reach->n);
	return NULL;
}

static void run_all(struct job *jobs, size_t n)
{
	size_t started = 1;

	for (; started < n; started++)
		if (pthread_create(&jobs[started].thread, NULL, run, &jobs[started]))
			break;
	run(&jobs[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(jobs[i].thread, NULL);
	for (size_t i = started; i < n; i++)
		run(&jobs[i]);
	for (size_t i = 1; i < n; i++) {
		verify_tables_agree(&jobs[i].report, &jobs[0].calls, &jobs[i].calls);
		verify_passages_agree(&jobs[i].report, &jobs[0].passages, &jobs[i].passages);
		verify_symbols_agree(&jobs[i].report, &jobs[0].image, &jobs[i].image);
		verify_data_agree(&jobs[i].report, &jobs[0].image, &jobs[i].image);
	}
}

/* ---- the command line ------------------------------------------------------------------------ */

struct arguments {
	bool quiet;
	const char *list;
	struct { const char *path, *name, *symbols; } images[MAX_IMAGES];
	size_t n;
};

/* The value of an option of that name. */
static const char *value_of(const char *arg, const char *option)
{
	size_t n = strlen(option);

	return strncmp(arg, option, n) ? NULL : arg + n;
}

static int parse(struct arguments *out, int argc, char **argv)
{
	const char *name = NULL, *symbols = NULL, *value;

	*out = (struct arguments){ 0 };
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-q")) {
			out->quiet = true;
		} else if ((value = value_of(argv[i], "--no-reach-list="))) {
			out->list = value;
		} else if ((value = value_of(argv[i], "--name="))) {
			name = value;
		} else if ((value = value_of(argv[i], "--symbols="))) {
			symbols = value;
		} else if (argv[i][0] == '-' || out->n == MAX_IMAGES) {
			return -1;
		} else {
			out->images[out->n].path = argv[i];
			out->images[out->n].name = name ? name : argv[i];
			out->images[out->n++].symbols = symbols;
			name = symbols = NULL;
		}
	}
	return out->n && !name && !symbols ? 0 : -1;
}

static int open_images(struct job *jobs, const struct arguments *arguments,
		       const struct names *no_reach)
{
	char *problem = NULL;

	for (size_t i = 0; i < arguments->n; i++) {
		jobs[i].no_reach = no_reach;
		if (image_open(&jobs[i].image, arguments->images[i].path,
			       arguments->images[i].name, arguments->images[i].symbols, &problem)) {
			fprintf(stderr, "hcc: error: %s\n", problem);
			free(problem);
			return -1;
		}
		calls_init(&jobs[i].calls, &jobs[i].image);
		passages_init(&jobs[i].passages, &jobs[i].image);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct job jobs[MAX_IMAGES] = { 0 };
	struct names no_reach = { 0 };
	struct arguments arguments;
	size_t n_findings = 0;
	char *list;

	if (parse(&arguments, argc, argv))
		return usage();
	list = arguments.list ? memory_format("%s", arguments.list) : default_list();
	if ((list && read_names(&no_reach, list, arguments.list != NULL)) ||
	    open_images(jobs, &arguments, &no_reach))
		return 1;
	run_all(jobs, arguments.n);
	for (size_t i = 0; i < arguments.n; i++)
		n_findings += report_print(&jobs[i].report);
	for (size_t i = 0; i < arguments.n && !n_findings && !arguments.quiet; i++)
		report_summary(&jobs[i].report, &jobs[i].image);
	for (size_t i = 0; i < arguments.n; i++) {
		report_free(&jobs[i].report);
		calls_free(&jobs[i].calls);
		passages_free(&jobs[i].passages);
		image_close(&jobs[i].image);
	}
	free(no_reach.items);
	free(no_reach.text);
	free(list);
	return n_findings != 0;
}
