/* A source -> bitcode: clang's front end for the neutral ABI. -E, -M and -fsyntax-only end here. */
#include "config.h"
#include "diag.h"
#include "file.h"
#include "planner.h"

#include <stdlib.h>
#include <string.h>

/* The neutral ABI is clang's riscv64 lp64d without the name (see front_end_last[] for what must win
 * over the user's options). No position-independent code, no relaxation, no small data: the
 * linker places everything itself. */
static const char *const front_end_first[] = {
	"--target=riscv64-linux-musl", "--no-default-config", "-march=rv64gc", "-mabi=lp64d",
	"-mno-relax", "-msmall-data-limit=0", "-fno-pic", "-ftls-model=local-exec",
	"-fno-stack-protector", "-fsigned-char", "-Wno-unused-command-line-argument",
	/* -ffp-model may choose a contraction of its own; front_end_last[] has the last word. */
	"-Wno-overriding-option", "-D__hcc__=1",
	/* All that clang 19 defines by that name; tests/driver/macros.sh would find more. */
	"-U__riscv", "-U__riscv_a", "-U__riscv_arch_test", "-U__riscv_atomic", "-U__riscv_c",
	"-U__riscv_cmodel_medlow", "-U__riscv_compressed", "-U__riscv_d", "-U__riscv_div",
	"-U__riscv_f", "-U__riscv_fdiv", "-U__riscv_flen", "-U__riscv_float_abi_double",
	"-U__riscv_fsqrt", "-U__riscv_i", "-U__riscv_m", "-U__riscv_misaligned_avoid",
	"-U__riscv_mul", "-U__riscv_muldiv", "-U__riscv_xlen", "-U__riscv_zicsr",
	"-U__riscv_zifencei", "-U__riscv_zmmul",
};

/* -ffast-math would turn contraction on, which rounds differently on ISAs with and without fma. */
static const char *const front_end_last[] = {
	"-ffp-contract=off",
};

void add_dependencies(const struct planner *planner, struct step *step, const char *source)
{
	const struct options *options = planner->options;
	bool linked = options->mode == MODE_LINK || options->mode == MODE_RELOCATABLE;
	bool of_output = options->output && (!linked || planner->n_sources == 1);
	char *stem = file_stem(source);
	char *target = of_output ? text_copy(options->output) : text_format("%s.o", stem);
	const char *slash = strrchr(target, '/'), *dot = strrchr(target, '.');
	size_t n = dot && (!slash || dot > slash + 1) ? (size_t)(dot - target) : strlen(target);

	words_add(&step->argv, options->deps == DEPS_ALL ? "-MD" : "-MMD");
	words_add(&step->argv, "-MF");
	if (options->deps_file)
		words_add(&step->argv, options->deps_file);
	else
		words_addf(&step->argv, "%.*s.d", (int)n, target);
	if (!options->deps_target) {
		words_add(&step->argv, "-MQ");
		words_add(&step->argv, target);
	}
	free(target);
	free(stem);
}

void add_headers(const struct planner *planner, struct step *step)
{
	if (planner->options->no_headers)
		return;
	words_add(&step->argv, "-nostdlibinc");
	words_add(&step->argv, "-isystem");
	words_addf(&step->argv, "%s/lib/hcc/include", planner->root);
}

struct step *add_front_end(struct planner *planner, const struct input *input, int unit)
{
	const struct options *options = planner->options;
	struct step *step = add_step(planner, STEP_SPAWN, unit);
	struct words *argv = &step->argv;

	words_add(argv, HCC_CLANG);
	step->argv0 = diag_program;
	for (size_t i = 0; i < sizeof front_end_first / sizeof *front_end_first; i++)
		words_add(argv, front_end_first[i]);
	words_addf(argv, "-O%s", options->level);
	words_add_all(argv, &options->cc);
	for (size_t i = 0; i < sizeof front_end_last / sizeof *front_end_last; i++)
		words_add(argv, front_end_last[i]);
	add_headers(planner, step);
	words_add(argv, "-x");
	words_add(argv, input->kind == KIND_PREPROCESSED ? "cpp-output"
		: input->kind == KIND_HEADER ? "c-header"
		: input->kind == KIND_ASSEMBLY ? "assembler-with-cpp" : "c");
	words_add(argv, input->text);
	return step;
}

void plan_preprocess(struct planner *planner, const struct input *input, int unit)
{
	const struct options *options = planner->options;
	struct step *step = add_front_end(planner, input, unit);

	words_add(&step->argv, options->mode == MODE_SYNTAX ? "-fsyntax-only" : "-E");
	if (options->deps)
		words_add(&step->argv, options->deps == DEPS_ALL ? "-MD" : "-MMD");
	if (options->deps_file) {
		words_add(&step->argv, "-MF");
		words_add(&step->argv, options->deps_file);
	}
	if (options->output && options->mode == MODE_PREPROCESS) {
		words_add(&step->argv, "-o");
		words_add(&step->argv, options->output);
	}
}
