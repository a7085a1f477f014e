/* Spawns ld.lld with a response file for each ISA and passes on what it says. */
#include "lld.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "diag.h"
#include "extract.h"

extern char **environ;

/* A line of a response file: quoted as lld's tokenizer wants it. */
static void add_arg(struct buffer *out, const char *arg)
{
	buffer_printf(out, "\"");
	for (; *arg; arg++)
		buffer_printf(out, strchr("\"\\", *arg) ? "\\%c" : "%c", *arg);
	buffer_printf(out, "\"\n");
}

static void add_format(struct buffer *out, const char *prefix, const char *value)
{
	char *arg = hcc_format("%s%s", prefix, value);

	add_arg(out, arg);
	free(arg);
}

static void make_args(struct buffer *out, const struct lld_run *run,
		      const struct options *options, const struct temps *temps, size_t isa_idx)
{
	char *objects = extract_path(temps, options->isas[isa_idx]);
	const char *const fixed[] = {
		"-m", options->isas[isa_idx]->emulation, "-static", "-no-pie", "-z", "norelro",
		"-z", "noexecstack", "-z", "max-page-size=65536", "-z", "common-page-size=4096",
		"-z", "nostart-stop-gc", "--no-gc-sections", "--icf=none", "--no-eh-frame-hdr",
		"-T", run->script, "-o", run->outputs[isa_idx],
	};

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		add_arg(out, fixed[i]);
	add_format(out, "--build-id=0x", run->build_id);
	add_format(out, "--entry=", options->entry);
	for (size_t i = 0; i < options->undefined.n; i++)
		add_format(out, "--undefined=", options->undefined.items[i]);
	for (size_t i = 0; i < options->lld_args.n; i++)
		add_arg(out, options->lld_args.items[i]);
	if (!run->meta[isa_idx])
		add_arg(out, "--strip-debug");
	else if (options->strip)
		add_arg(out, "--strip-all");
	if (run->meta[isa_idx] && options->map) {
		add_format(out, "-Map=", options->map);
		if (isa_idx) {
			out->bytes -= 2; /* the quote and the newline */
			buffer_printf(out, ".%s\"\n", options->isas[isa_idx]->name);
		}
	}
	if (run->meta[isa_idx])
		add_arg(out, run->meta[isa_idx]);
	add_arg(out, "--whole-archive");
	add_arg(out, objects);
	free(objects);
}

static void print_command(const char *lld, const struct buffer *args)
{
	fprintf(stderr, "%s", lld);
	for (const char *arg = args->data; *arg; arg += strcspn(arg, "\n") + 1)
		fprintf(stderr, " %.*s", (int)strcspn(arg, "\n"), arg);
	putc('\n', stderr);
}

static int spawn_lld(pid_t *pid, const char *lld, const char *args_path, const char *messages_path)
{
	char *at = hcc_format("@%s", args_path);
	char *argv[] = { (char *)lld, at, NULL };
	posix_spawn_file_actions_t actions;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, messages_path,
					 O_WRONLY | O_CREAT | O_TRUNC, 0666);
	error = posix_spawnp(pid, lld, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	free(at);
	return error ? hcc_error("%s: %s", lld, strerror(error)) : 0;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			hcc_bug("waitpid: %s", strerror(errno));
	return status;
}

/* The user's name of the input whose member's name a text begins with. */
static const char *original_name(const struct resolution *resolution, size_t isa_idx,
				 const char *text, size_t *bytes)
{
	for (size_t o = 0; o < resolution->n_objects; o++) {
		const struct piece *piece = resolution->objects[o]->pieces[isa_idx];

		for (; piece; piece = piece->next) {
			*bytes = strlen(piece->member);
			if (!strncmp(text, piece->member, *bytes))
				return resolution->objects[o]->name;
		}
	}
	return NULL;
}

/* Print a line with the users' names of inputs in place of our archive's members: lld has
 * "ARCHIVE(MEMBER)" and "MEMBER:(SECTION) in archive ARCHIVE". */
static void print_line(const char *text, const struct resolution *resolution, size_t isa_idx,
		       const char *archive)
{
	static const char in_archive[] = " in archive ";
	size_t archive_bytes = strlen(archive), bytes;

	while (*text) {
		const char *name;

		if (!strncmp(text, archive, archive_bytes) && text[archive_bytes] == '(' &&
		    (name = original_name(resolution, isa_idx, text + archive_bytes + 1, &bytes))) {
			fputs(name, stderr);
			text += archive_bytes + bytes + 2;
		} else if (!strncmp(text, in_archive, strlen(in_archive)) &&
			   !strncmp(text + strlen(in_archive), archive, archive_bytes)) {
			text += strlen(in_archive) + archive_bytes;
		} else if (isdigit((unsigned char)*text) &&
			   (name = original_name(resolution, isa_idx, text, &bytes))) {
			fputs(name, stderr);
			text += bytes;
		} else {
			putc(*text++, stderr);
		}
	}
}

static void print_messages(const char *path, const struct resolution *resolution, size_t isa_idx,
			   const char *archive)
{
	FILE *file = fopen(path, "re");
	size_t capacity = 0;
	char *line = NULL;

	while (file && getline(&line, &capacity, file) > 0) {
		const char *text = line;

		/* lld calls itself by the last part of its path: ld.lld-19. */
		if (!strncmp(text, "ld.lld", 6) && strstr(text, ": ")) {
			fputs("hcc: ", stderr);
			text = strstr(text, ": ") + 2;
		}
		print_line(text, resolution, isa_idx, archive);
	}
	free(line);
	if (file)
		fclose(file);
}

int lld_link(const struct lld_run *run, const struct resolution *resolution,
	     const struct options *options, const struct temps *temps)
{
	char *messages[HCC_MAX_ISAS] = { 0 };
	pid_t pids[HCC_MAX_ISAS];
	size_t n_running = 0, failed = options->n_isas;
	int result = 0;

	for (size_t i = 0; i < options->n_isas && !result; i++) {
		const char *isa = options->isas[i]->name;
		char *args_path = hcc_format("%s/%s.args", temps->dir, isa);
		struct buffer args = { 0 };

		messages[i] = hcc_format("%s/%s.messages", temps->dir, isa);
		make_args(&args, run, options, temps, i);
		if (options->verbose || options->plan_only)
			print_command(options->lld, &args);
		if (!options->plan_only) {
			result = buffer_write(&args, args_path);
			if (!result)
				result = spawn_lld(&pids[i], options->lld, args_path, messages[i]);
			n_running += !result;
		}
		buffer_free(&args);
		free(args_path);
	}
	for (size_t i = 0; i < n_running; i++)
		if (wait_for(pids[i]) != 0 && failed == options->n_isas)
			failed = i;
	if (n_running && (failed < options->n_isas || run->meta[0])) { /* warnings: once */
		size_t i = failed < options->n_isas ? failed : 0;
		char *archive = extract_path(temps, options->isas[i]);

		print_messages(messages[i], resolution, i, archive);
		free(archive);
	}
	if (failed < options->n_isas)
		result = hcc_error("%s: the link for %s failed", options->output,
				   options->isas[failed]->name);
	for (size_t i = 0; i < options->n_isas; i++)
		free(messages[i]);
	return result;
}
