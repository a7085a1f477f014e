/* options -> steps. Decides file names and the arguments of every program; runs nothing.
 *
 * A source goes through three steps: clang's front end makes bitcode for the neutral ABI, hcc-cc1
 * makes an object per ISA of it, and the objects are joined. */
#include "plan.h"

#include "diag.h"
#include "planner.h"

#include <stdlib.h>
#include <string.h>

/* ---- steps ---------------------------------------------------------------------------------- */

struct step *add_step(struct planner *planner, enum step_kind kind, int unit)
{
	struct plan *plan = planner->plan;
	struct step *step;

	plan->steps = array_grow(plan->steps, &plan->capacity, plan->n_steps, sizeof *plan->steps);
	step = &plan->steps[plan->n_steps++];
	step->kind = kind;
	step->unit = unit;
	return step;
}

void add_part(struct step *step, const struct hcc_isa *isa, const char *path)
{
	step->parts[step->n_parts++] = (struct fat_part){isa, text_copy(path)};
}

void add_copy(struct planner *planner, int unit, const char *from, const char *to)
{
	struct step *step = add_step(planner, STEP_COPY, unit);

	words_add(&step->argv, "cp");
	words_add(&step->argv, from);
	words_add(&step->argv, to);
	add_part(step, NULL, from);
	step->output = text_copy(to);
}

void add_join(struct planner *planner, const struct words *parts, int unit,
	const char *output)
{
	struct step *step = add_step(planner, STEP_JOIN, unit);

	words_addf(&step->argv, "%s/libexec/hcc/hcc-fat", planner->root);
	for (size_t i = 0; i < parts->n_words; i++) {
		words_add(&step->argv, parts->word[i]);
		add_part(step, planner->options->targets.isa[i], strchr(parts->word[i], ':') + 1);
	}
	words_add(&step->argv, "-o");
	words_add(&step->argv, output);
	step->output = text_copy(output);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static int plan_input(struct planner *planner, const struct input *input, int unit)
{
	enum mode mode = planner->options->mode;
	bool links = mode == MODE_LINK || mode == MODE_RELOCATABLE;
	/* What -E reads need not have a name that says what it is. */
	bool text = !strcmp(input->text, "-") && mode == MODE_PREPROCESS;

	if (input->kind == KIND_LD_WORD || (input->kind == KIND_OBJECT && !text)) {
		if (links)
			words_add(&planner->link, input->text);
		else if (input->kind == KIND_OBJECT)
			diag_warning("%s: not used, as nothing is linked", input->text);
		return 0;
	}
	if (mode != MODE_PREPROCESS && mode != MODE_SYNTAX)
		return plan_source(planner, input, unit);
	plan_preprocess(planner, input, unit);
	return 0;
}

int plan_make(struct plan *plan, const struct options *options, const char *root,
	const char *scratch)
{
	struct planner planner = {
		.plan = plan,
		.options = options,
		.root = root,
		.scratch = scratch,
		.targets = targets_text(&options->targets),
	};
	int status = 0;

	*plan = (struct plan){0};
	for (size_t i = 0; i < options->n_inputs; i++)
		planner.n_sources += options->inputs[i].kind < KIND_OBJECT;
	if (options->mode == MODE_PRINT_LAYOUT)
		plan_print_layout(&planner);
	else
		for (size_t i = 0; i < options->n_inputs && !status; i++)
			status = plan_input(&planner, &options->inputs[i], (int)i);
	if (options->mode == MODE_LINK && options->linker_question)
		plan_linker_question(&planner);
	else if (options->mode == MODE_LINK)
		plan_link(&planner);
	else if (options->mode == MODE_RELOCATABLE)
		plan_relocatable(&planner);
	words_free(&planner.link);
	free(planner.targets);
	return status;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_steps; i++) {
		struct step *step = &plan->steps[i];

		words_free(&step->argv);
		for (size_t j = 0; j < step->n_parts; j++)
			free(step->parts[j].path);
		free(step->input);
		free(step->failure);
		free(step->output);
	}
	free(plan->steps);
}
