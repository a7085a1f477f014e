/* A source -> bitcode -> an object for each ISA -> one file, or assembly of one ISA. */
#include "assembly.h"
#include "config.h"
#include "diag.h"
#include "file.h"
#include "object_name.h"
#include "planner.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether the user asked for debugging information. Without, line tables are made all the same, for
 * the records' source lines, and do not reach the object. */
static bool wants_debug(const struct options *options)
{
	static const char *const asks[] = {
		"-g", "-g1", "-g2", "-g3", "-ggdb", "-ggdb1", "-ggdb2", "-ggdb3", "-glldb",
		"-gline-tables-only", "-gmlt", "-gfull", "-gused",
	};
	bool wants = false;

	for (size_t i = 0; i < options->cc.n_words; i++) {
		const char *word = options->cc.word[i];

		if (!strcmp(word, "-g0") || !strcmp(word, "-ggdb0"))
			wants = false;
		for (size_t k = 0; k < sizeof asks / sizeof *asks; k++)
			wants |= !strcmp(word, asks[k]);
		wants |= !strncmp(word, "-gdwarf", strlen("-gdwarf"));
	}
	return wants;
}

/* The bytes of a source; those of standard input are put into scratch, for clang to read. What else
 * can be read once only is left to clang, and its object named by the other things. */
static int read_source(const struct planner *planner, const char *path, void **text,
	size_t *text_bytes, char **spooled)
{
	bool standard = !strcmp(path, "-");
	int error;

	if (standard ? planner->options->dry_run : file_is_special(path))
		return 0;
	error = standard ? file_read_fd(STDIN_FILENO, text, text_bytes)
			 : file_read(path, text, text_bytes);
	if (!error && standard) {
		*spooled = text_format("%s/stdin", planner->scratch);
		error = file_write(*spooled, *text, *text_bytes);
	}
	if (error)
		diag_error("cannot read '%s': %s", path, strerror(-error));
	return error;
}

/* What -W says of a warning that the front end leaves to hcc-cc1: "error", "none", or NULL. */
static const char *warning(const struct options *options, const char *name)
{
	bool shown = true, all_fail = false, fails = false, allowed = false;

	for (size_t i = 0; i < options->cc.n_words; i++) {
		const char *word = options->cc.word[i], *which;

		if (!strcmp(word, "-w"))
			return "none";
		if (!strcmp(word, "-Werror") || !strcmp(word, "-Wno-error"))
			all_fail = word[2] == 'e';
		else if ((which = text_after(word, "-Werror=")) && !strcmp(which, name))
			fails = true, allowed = false;
		else if ((which = text_after(word, "-Wno-error=")) && !strcmp(which, name))
			fails = false, allowed = true;
		else if ((which = text_after(word, "-Wno-")) && !strcmp(which, name))
			shown = false;
		else if ((which = text_after(word, "-W")) && !strcmp(which, name))
			shown = true;
	}
	return !shown ? "none" : fails || (all_fail && !allowed) ? "error" : NULL;
}

static const char *const late_warnings[] = {"attribute-warning", "pass-failed"};

static struct step *add_cc1(struct planner *planner, const char *bitcode, uint64_t name, int unit)
{
	const struct options *options = planner->options;
	struct step *step = add_step(planner, STEP_SPAWN, unit);
	char *list = text_format("%s/lib/hcc/no-reach.list", planner->root);
	bool one = options->mode == MODE_ASSEMBLY;
	const char *targets = one ? options->targets.isa[0]->name : planner->targets;

	words_addf(&step->argv, "%s/libexec/hcc/hcc-cc1", planner->root);
	words_addf(&step->argv, "--targets=%s", targets);
	words_addf(&step->argv, "-O%s", options->level);
	words_addf(&step->argv, "--migrate=%s", options->migrate);
	if (strcmp(options->polls, "patched"))
		words_addf(&step->argv, "--polls=%s", options->polls);
	if (options->keep_out)
		words_addf(&step->argv, "--no-migrate=%s", options->keep_out);
	if (file_exists(list))
		words_addf(&step->argv, "--no-reach-list=%s", list);
	words_addf(&step->argv, "--tu-id=%016llx", (unsigned long long)name);
	if (!wants_debug(options))
		words_add(&step->argv, "--strip-debug");
	for (size_t i = 0; i < sizeof late_warnings / sizeof *late_warnings; i++)
		if (warning(options, late_warnings[i]))
			words_addf(&step->argv, "--warning=%s:%s", late_warnings[i],
				warning(options, late_warnings[i]));
	if (one)
		words_add(&step->argv, "-S");
	words_add(&step->argv, bitcode);
	free(list);
	return step;
}

static void plan_assembly(struct planner *planner, const char *bitcode, uint64_t name, int unit,
	const char *output)
{
	struct step *step = add_cc1(planner, bitcode, name, unit);
	char *path = text_format("%s/%d.s", planner->scratch, unit);

	words_addf(&step->argv, "--out=%s:%s", planner->options->targets.isa[0]->name, path);
	add_copy(planner, unit, path, output);
	free(path);
}
static void plan_object(struct planner *planner, const char *bitcode, uint64_t name, int unit,
	const char *output)
{
	const struct targets *targets = &planner->options->targets;
	struct step *step = add_cc1(planner, bitcode, name, unit);
	struct words *argv = &step->argv;
	struct words parts = {0};

	for (size_t i = 0; i < targets->n_isas; i++) {
		words_addf(&parts, "%s:%s/%d-%s.o", targets->isa[i]->name, planner->scratch, unit,
			targets->isa[i]->name);
		words_addf(argv, "--out=%s", parts.word[i]);
	}
	add_join(planner, &parts, unit, output);
	words_free(&parts);
}

/* Assembly is each ISA's own from the start: no front end of the neutral ABI, no passes. */
static void plan_assemble(struct planner *planner, const struct input *input, int unit,
	const char *output)
{
	const struct options *options = planner->options;
	const struct targets *targets = &options->targets;
	struct words parts = {0};
	struct step *step;

	for (size_t i = 0; i < targets->n_isas; i++) {
		const char *isa = targets->isa[i]->name;
		char *source = assembly_part(input->text, targets->isa[i]);

		step = add_step(planner, STEP_SPAWN, unit);
		step->argv0 = diag_program;
		if (assembly_is_common(source))
			step->failure = text_format("%s: %s: not for %s", source, assembly_refusal, isa);
		words_add(&step->argv, HCC_CLANG);
		words_addf(&step->argv, "--target=%s", targets->isa[i]->triple);
		words_add(&step->argv, "--no-default-config");
		words_add(&step->argv, "-Wno-unused-command-line-argument");
		words_add(&step->argv, "-D__hcc__=1");
		words_add_all(&step->argv, &options->cc);
		add_headers(planner, step);
		if (options->deps && !i)
			add_dependencies(planner, step, input->text);
		words_addf(&parts, "%s:%s/%d-%s.o", isa, planner->scratch, unit, isa);
		words_add(&step->argv, "-c");
		words_add(&step->argv, source);
		words_add(&step->argv, "-o");
		words_add(&step->argv, strchr(parts.word[i], ':') + 1);
		free(source);
	}
	add_join(planner, &parts, unit, output);
	words_free(&parts);
}

/* From a source to its object or assembly at output; final is what that will be part of at last. */
static int plan_compile(struct planner *planner, const struct input *input, int unit,
	const char *output, const char *final)
{
	const struct options *options = planner->options;
	char *bitcode, *spooled = NULL;
	size_t text_bytes = 0;
	void *text = NULL;
	uint64_t name;

	if (input->kind == KIND_ASSEMBLY) {
		plan_assemble(planner, input, unit, output);
		return 0;
	}
	if (read_source(planner, input->text, &text, &text_bytes, &spooled)) {
		free(spooled);
		return 1;
	}
	name = object_name(options, input->text, final, text, text_bytes);
	free(text);
	if (input->kind == KIND_BITCODE) {
		bitcode = text_copy(spooled ? spooled : input->text);
		free(spooled);
	} else {
		struct step *step = add_front_end(planner, input, unit);

		bitcode = text_format("%s/%d.bc", planner->scratch, unit);
		step->input = spooled;
		words_add(&step->argv, "-Xclang");
		words_add(&step->argv, "-disable-llvm-passes");
		words_add(&step->argv, "-emit-llvm");
		words_add(&step->argv, "-c");
		if (!wants_debug(options))
			words_add(&step->argv, "-gline-tables-only");
		if (options->deps)
			add_dependencies(planner, step, input->text);
		words_add(&step->argv, "-o");
		words_add(&step->argv, bitcode);
	}
	if (options->mode == MODE_ASSEMBLY)
		plan_assembly(planner, bitcode, name, unit, output);
	else
		plan_object(planner, bitcode, name, unit, output);
	free(bitcode);
	return 0;
}

int plan_source(struct planner *planner, const struct input *input, int unit)
{
	const struct options *options = planner->options;
	char *stem = file_stem(strcmp(input->text, "-") ? input->text : "-.c");
	char *output;
	int status;

	if (options->mode == MODE_OBJECT || options->mode == MODE_ASSEMBLY) {
		output = options->output ? text_copy(options->output)
			: text_format("%s.%c", stem, options->mode == MODE_OBJECT ? 'o' : 's');
		status = plan_compile(planner, input, unit, output, output);
	} else {
		output = text_format("%s/%d-%s.o", planner->scratch, unit, stem);
		status = plan_compile(planner, input, unit, output,
			options->output ? options->output : "a.out");
		words_add(&planner->link, output);
	}
	free(output);
	free(stem);
	return status;
}
