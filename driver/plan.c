/* options -> steps. Decides file names and the arguments of every program; runs nothing.
 *
 * A source goes through three steps: clang's front end makes bitcode for the neutral ABI, hcc-cc1
 * makes an object per ISA of it, and the objects are joined. */
#include "plan.h"

#include "assembly.h"
#include "config.h"
#include "diag.h"
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct planner {
	struct plan *plan;
	const struct options *options;
	const char *root, *scratch;
	size_t n_sources;
	char *targets;
	struct words link; /* inputs of the link, in order */
};

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

/* ---- steps ---------------------------------------------------------------------------------- */

static struct step *add_step(struct planner *planner, enum step_kind kind, int unit)
{
	struct plan *plan = planner->plan;
	struct step *step;

	plan->steps = array_grow(plan->steps, &plan->capacity, plan->n_steps, sizeof *plan->steps);
	step = &plan->steps[plan->n_steps++];
	step->kind = kind;
	step->unit = unit;
	return step;
}

static void add_part(struct step *step, const struct hcc_isa *isa, const char *path)
{
	step->parts[step->n_parts++] = (struct fat_part){isa, text_copy(path)};
}

static void add_copy(struct planner *planner, int unit, const char *from, const char *to)
{
	struct step *step = add_step(planner, STEP_COPY, unit);

	words_add(&step->argv, "cp");
	words_add(&step->argv, from);
	words_add(&step->argv, to);
	add_part(step, NULL, from);
	step->output = text_copy(to);
}

/* ---- front end ------------------------------------------------------------------------------ */

/* Where the compiler writes dependencies, and for what target: what gcc names them. */
static void add_dependencies(const struct planner *planner, struct step *step, const char *source)
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

static struct step *add_front_end(struct planner *planner, const struct input *input, int unit)
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
	if (!options->no_headers) {
		words_add(argv, "-nostdlibinc");
		words_add(argv, "-isystem");
		words_addf(argv, "%s/lib/hcc/include", planner->root);
	}
	words_add(argv, "-x");
	words_add(argv, input->kind == KIND_PREPROCESSED ? "cpp-output"
		: input->kind == KIND_HEADER ? "c-header"
		: input->kind == KIND_ASSEMBLY ? "assembler-with-cpp" : "c");
	words_add(argv, input->text);
	return step;
}

/* -E, -M and -fsyntax-only: all of it is clang's. */
static void plan_preprocess(struct planner *planner, const struct input *input, int unit)
{
	const struct options *options = planner->options;
	struct step *step = add_front_end(planner, input, unit);

	words_add(&step->argv, options->mode == MODE_SYNTAX ? "-fsyntax-only" : "-E");
	if (options->deps) {
		words_add(&step->argv, options->deps == DEPS_ALL ? "-MD" : "-MMD");
		if (options->deps_file) {
			words_add(&step->argv, "-MF");
			words_add(&step->argv, options->deps_file);
		}
	} else if (options->deps_file) {
		words_add(&step->argv, "-MF");
		words_add(&step->argv, options->deps_file);
	}
	if (options->output && options->mode == MODE_PREPROCESS) {
		words_add(&step->argv, "-o");
		words_add(&step->argv, options->output);
	}
}

/* ---- the name of an object ------------------------------------------------------------------ */

/* FNV-1a, 64 bits, then the finaliser of MurmurHash3: the first alone leaves the last byte's bits
 * where they are. */
static void hash(uint64_t *state, const void *bytes, size_t n_bytes)
{
	for (const unsigned char *byte = bytes; n_bytes--; byte++)
		*state = (*state ^ *byte) * 0x100000001b3u;
}

static void hash_text(uint64_t *state, const char *text)
{
	hash(state, text, strlen(text) + 1);
}

static uint64_t hash_end(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdu;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

/* Sixteen digits that no other object of a program has, and that a second compile makes again: a
 * program may hold two compiles of one file, or two files that say the same. */
static uint64_t name_object(const struct options *options, const char *source, const char *output,
	const void *text, size_t text_bytes)
{
	uint64_t state = 0xcbf29ce484222325u;
	char *source_path = realpath(source, NULL);
	char *output_path = file_absolute(output);

	hash_text(&state, HCC_VERSION);
	hash_text(&state, source_path ? source_path : source);
	hash_text(&state, output_path);
	hash_text(&state, options->level);
	hash_text(&state, options->migrate);
	hash_text(&state, options->polls);
	hash_text(&state, options->keep_out ? options->keep_out : "");
	for (size_t i = 0; i < options->cc.n_words; i++)
		hash_text(&state, options->cc.word[i]);
	hash(&state, text, text_bytes);
	free(source_path);
	free(output_path);
	return hash_end(state);
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

/* ---- compile -------------------------------------------------------------------------------- */

/* What -W says of the one warning that the front end leaves to hcc-cc1: "error", "none", or NULL. */
static const char *attribute_warning(const struct options *options)
{
	bool shown = true, all_fail = false, fails = false, allowed = false;

	for (size_t i = 0; i < options->cc.n_words; i++) {
		const char *word = options->cc.word[i];

		if (!strcmp(word, "-w"))
			return "none";
		if (!strcmp(word, "-Wattribute-warning") || !strcmp(word, "-Wno-attribute-warning"))
			shown = word[2] != 'n';
		else if (!strcmp(word, "-Werror") || !strcmp(word, "-Wno-error"))
			all_fail = word[2] == 'e';
		else if (!strcmp(word, "-Werror=attribute-warning"))
			fails = true, allowed = false;
		else if (!strcmp(word, "-Wno-error=attribute-warning"))
			fails = false, allowed = true;
	}
	return !shown ? "none" : fails || (all_fail && !allowed) ? "error" : NULL;
}

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
	if (attribute_warning(options))
		words_addf(&step->argv, "--warnings=%s", attribute_warning(options));
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

/* Join parts, an ISA:FILE for each ISA. */
static void add_join(struct planner *planner, const struct words *parts, int unit,
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
		words_add(&step->argv, HCC_CLANG);
		words_addf(&step->argv, "--target=%s", targets->isa[i]->triple);
		words_add(&step->argv, "--no-default-config");
		words_add(&step->argv, "-Wno-unused-command-line-argument");
		words_add(&step->argv, "-D__hcc__=1");
		words_add_all(&step->argv, &options->cc);
		if (!options->no_headers) {
			words_add(&step->argv, "-nostdlibinc");
			words_add(&step->argv, "-isystem");
			words_addf(&step->argv, "%s/lib/hcc/include", planner->root);
		}
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
	name = name_object(options, input->text, final, text, text_bytes);
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

static int plan_source(struct planner *planner, const struct input *input, int unit)
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

/* ---- link ----------------------------------------------------------------------------------- */

static void plan_linker_question(struct planner *planner)
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

static void plan_link(struct planner *planner)
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
static void plan_relocatable(struct planner *planner)
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

static void plan_print_layout(struct planner *planner)
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
		free(step->output);
	}
	free(plan->steps);
}
