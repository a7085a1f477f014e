/* What files hold, by their names or -x, and whether they are there. */
#include "inputs.h"

#include "assembly.h"
#include "diag.h"
#include "file.h"

#include <errno.h>
#include <string.h>

static const char cxx[] = "hcc compiles C only";
static const char shared[] = "hcc links static executables only";

/* File suffixes and languages of -x: what is in the file, or why we do not take it. */
static const struct {
	const char *suffix, *language;
	enum kind kind;
	const char *reason;
} kinds[] = {
	{".c", "c", KIND_C, NULL},
	{".i", "cpp-output", KIND_PREPROCESSED, NULL},
	{".bc", "ir", KIND_BITCODE, NULL},
	{".h", "c-header", KIND_HEADER, NULL},
	/* Whether every ISA has its part is seen when all ISAs are known. */
	{".s", "assembler", KIND_ASSEMBLY, NULL},
	{".S", "assembler-with-cpp", KIND_ASSEMBLY, NULL},
	{".sx", NULL, KIND_ASSEMBLY, NULL},
	{".asm", NULL, KIND_ASSEMBLY, NULL},
	{".so", NULL, KIND_REFUSED, shared},
	{".C", "c++", KIND_REFUSED, cxx},
	{".cc", "c++-header", KIND_REFUSED, cxx},
	{".cp", "c++-cpp-output", KIND_REFUSED, cxx},
	{".cpp", NULL, KIND_REFUSED, cxx},
	{".CPP", NULL, KIND_REFUSED, cxx},
	{".cxx", NULL, KIND_REFUSED, cxx},
	{".c++", NULL, KIND_REFUSED, cxx},
	{".ii", NULL, KIND_REFUSED, cxx},
	{".hh", NULL, KIND_REFUSED, cxx},
	{".hpp", NULL, KIND_REFUSED, cxx},
	{".m", "objective-c", KIND_REFUSED, cxx},
	{".mm", "objective-c++", KIND_REFUSED, cxx},
	{".f", "f77", KIND_REFUSED, cxx},
	{".f90", "f95", KIND_REFUSED, cxx},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

void input_add(struct options *options, enum kind kind, const char *format, const char *text)
{
	options->inputs = array_grow(options->inputs, &options->inputs_capacity, options->n_inputs,
		sizeof *options->inputs);
	options->inputs[options->n_inputs++] = (struct input){
		.kind = kind,
		.text = text_format(format, text),
	};
}

/* The row of kinds[] for a file, or N_KINDS for the link's. libfoo.so.1 is a .so as well. */
static size_t find_kind(const char *path, const char *language)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < N_KINDS; i++) {
		if (language ? kinds[i].language && !strcmp(language, kinds[i].language)
			     : text_ends(name, kinds[i].suffix))
			return i;
		if (!language && kinds[i].reason == shared && strstr(name, ".so."))
			return i;
	}
	return N_KINDS;
}

int input_add_file(struct options *options, const char *path, const char *language)
{
	size_t i = find_kind(path, language);

	/* hcc-ld takes it as it is: an executable. */
	if (options->mode == MODE_PRINT_LAYOUT)
		i = N_KINDS;
	if (i < N_KINDS && kinds[i].kind == KIND_REFUSED) {
		diag_error("%s: %s", path, kinds[i].reason);
		return 1;
	}
	/* A name after "--" must not be an option to those who get it next. */
	input_add(options, i < N_KINDS ? kinds[i].kind : KIND_OBJECT,
		*path == '-' && path[1] ? "./%s" : "%s", path);
	return 0;
}

int input_language(const char *name, const char **language)
{
	size_t i = find_kind("", name);

	if (!strcmp(name, "none")) {
		*language = NULL;
		return 0;
	}
	if (i == N_KINDS || kinds[i].kind == KIND_REFUSED) {
		diag_error("-x %s: %s", name,
			i == N_KINDS ? "unknown language" : kinds[i].reason);
		return 2;
	}
	*language = kinds[i].language;
	return 0;
}

int inputs_check(const struct options *options)
{
	size_t n_files = 0, n_sources = 0;

	for (size_t i = 0; i < options->n_inputs; i++) {
		const struct input *input = &options->inputs[i];

		n_files += input->kind != KIND_LD_WORD;
		n_sources += input->kind != KIND_LD_WORD && input->kind != KIND_OBJECT;
		if (input->kind == KIND_LD_WORD)
			continue;
		if (!strcmp(input->text, "-")) {
			if (options->mode == MODE_PREPROCESS ||
				(input->kind != KIND_OBJECT && input->kind != KIND_ASSEMBLY))
				continue;
			if (input->kind == KIND_ASSEMBLY) {
				diag_error("-: %s", assembly_refusal);
				return 1;
			}
			diag_error("-: what is in standard input: -E or -x is needed");
			return 2;
		}
		/* -E needs no part of an ISA: other things than programs are made so. */
		if (input->kind == KIND_ASSEMBLY &&
			!(options->mode == MODE_PREPROCESS && file_exists(input->text))) {
			if (assembly_check(options, input->text))
				return 1;
			continue;
		}
		if (!file_exists(input->text)) {
			diag_error("cannot open '%s': %s", input->text, strerror(errno));
			return 1;
		}
		if (input->kind == KIND_HEADER && options->mode != MODE_PREPROCESS &&
			options->mode != MODE_SYNTAX) {
			diag_error("%s: precompiled headers are not supported", input->text);
			return 1;
		}
	}
	/* Meson asks the linker who it is. */
	if (!n_files && options->mode == MODE_LINK && options->linker_question)
		return 0;
	if (!n_files) {
		diag_error("no input files");
		return 2;
	}
	if (options->output && n_sources > 1 && options->mode >= MODE_OBJECT &&
		options->mode <= MODE_PREPROCESS) {
		diag_error("-o %s: one output for %zu files with -c, -S or -E", options->output,
			n_sources);
		return 2;
	}
	return 0;
}
