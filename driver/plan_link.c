/* Objects -> executables, or one object more. */
#include "config.h"
#include "file.h"
#include "planner.h"

#include <stdlib.h>

void plan_linker_question(struct planner *planner)
{
	struct step *step = add_step(planner, STEP_SPAWN, STEP_FINAL);

	words_add(&step->argv, HCC_LLD);
	words_add(&step->argv, "--version");
}

/* `install app DIR` copies one file: the host's executable carries the others in sections that are not
 * loaded, and hcc-migrate gets them from there where app.<isa> is not beside it. The price is the size
 * of the file; its pages are never read. (The others carry none: which is installed is the build
 * host's business, and the whole would grow by the square.) */
static void plan_embed(struct planner *planner, const char *output)
{
	const struct targets *targets = &planner->options->targets;
	struct words parts = {0};

	if (targets->n_isas < 2 || planner->options->no_embed)
		return;
	for (size_t i = 0; i < targets->n_isas; i++)
		words_addf(&parts, "%s:%s%s%s", targets->isa[i]->name, output, i ? "." : "",
			i ? targets->isa[i]->name : "");
	add_join(planner, &parts, STEP_FINAL, output);
	words_free(&parts);
}

void plan_link(struct planner *planner)
{
	const struct options *options = planner->options;
	struct step *step = add_step(planner, STEP_SPAWN, STEP_FINAL);
	struct words *argv = &step->argv;
	const char *output = options->output ? options->output : "a.out";
	/* A link writes several files beside each other: not what -o /dev/null is for. */
	bool special = file_is_special(output);

	words_addf(argv, "%s/libexec/hcc/hcc-ld", planner->root);
	words_addf(argv, "--targets=%s", planner->targets);
	words_add(argv, "-o");
	if (special)
		words_addf(argv, "%s/a.out", planner->scratch);
	else
		words_add(argv, output);
	if (options->verbose)
		words_add(argv, "--verbose");
	if (!options->no_verify)
		words_addf(argv, "--verify=%s/bin/hcc-verify", planner->root);
	if (!options->no_compress)
		words_add(argv, "--compress-clones");
	words_add_all(argv, &options->ld);
	words_addf(argv, "-L%s/lib/hcc", planner->root);
	words_add_all(argv, &options->ld_last);
	if (!options->no_startfiles)
		words_addf(argv, "%s/lib/hcc/crt1.o", planner->root);
	words_add_all(argv, &planner->link);
	/* libc calls the runtime and is called by it. */
	if (!options->no_libc) {
		words_add(argv, "--start-group");
		words_add(argv, "-lc");
		words_add(argv, "-lhccrt");
		words_add(argv, "--end-group");
	}
	for (size_t i = 0; !options->no_builtins && i < options->targets.n_isas; i++)
		words_addf(argv, "--builtins=%s:%s/lib/hcc/builtins/%s.a",
			options->targets.isa[i]->name, planner->root,
			options->targets.isa[i]->name);
	if (special) {
		char *linked = text_format("%s/a.out", planner->scratch);

		add_copy(planner, STEP_FINAL, linked, output);
		free(linked);
	} else {
		plan_embed(planner, output);
	}
}

/* ld -r keeps the other ISAs' sections and joins them end to end, as the format wants it. */
void plan_relocatable(struct planner *planner)
{
	const struct options *options = planner->options;
	struct step *step = add_step(planner, STEP_SPAWN, STEP_FINAL);

	words_add(&step->argv, HCC_LLD);
	words_add(&step->argv, "-r");
	words_add(&step->argv, "-o");
	words_add(&step->argv, options->output ? options->output : "a.out");
	words_add_all(&step->argv, &options->ld);
	words_add_all(&step->argv, &planner->link);
}

void plan_print_layout(struct planner *planner)
{
	const struct options *options = planner->options;

	for (size_t i = 0; i < options->n_inputs; i++) {
		struct step *step = add_step(planner, STEP_SPAWN, (int)i);

		words_addf(&step->argv, "%s/libexec/hcc/hcc-ld", planner->root);
		words_addf(&step->argv, "--targets=%s", planner->targets);
		words_add(&step->argv, "--print-layout");
		words_add(&step->argv, options->inputs[i].text);
	}
}
