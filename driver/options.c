/* argv -> struct options, by the table in options.def. Looks at no file but for whether inputs are
 * there; runs nothing. */
#include "options.h"

#include "assembly.h"
#include "config.h"
#include "diag.h"
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum form { EXACT, JOINED, SEPARATE, EITHER };

enum action {
	ACTION_MODE,
	ACTION_OUTPUT,
	ACTION_LANGUAGE,
	ACTION_DRY_RUN,
	ACTION_VERBOSE,
	ACTION_TARGETS,
	ACTION_MIGRATE,
	ACTION_POLLS,
	ACTION_VERIFY,
	ACTION_EMBED,
	ACTION_NO_MIGRATE,
	ACTION_LEVEL,
	ACTION_HELP,
	ACTION_VERSION,
	ACTION_SAY,
	ACTION_PRINT_LIBS,
	ACTION_PRINT_SEARCH_DIRS,
	ACTION_PRINT_BUILTINS,
	ACTION_PRINT_FILE,
	ACTION_PRINT_PROGRAM,
	ACTION_CC,
	ACTION_NO_HEADERS,
	ACTION_DEPS_ONLY,
	ACTION_DEPS_ALL,
	ACTION_DEPS_USER,
	ACTION_DEPS_FILE,
	ACTION_DEPS_TARGET,
	ACTION_PREPROCESSOR_WORDS,
	ACTION_LIBRARY_DIR,
	ACTION_LIBRARY,
	ACTION_LD_WORDS,
	ACTION_LD_PAIR,
	ACTION_NO_LIBRARIES,
	ACTION_NO_DEFAULT_LIBS,
	ACTION_NO_STARTFILES,
	ACTION_NO_LIBC,
	ACTION_IGNORE,
	ACTION_REFUSE,
	ACTION_UNKNOWN,
};

struct option {
	const char *name;
	enum form form;
	enum action action;
	const char *value;
};

static const struct option table[] = {
#define OPTION(name, form, action, value) {name, form, ACTION_##action, value},
#include "options.def"
#undef OPTION
};

static const struct {
	const char *name;
	enum mode mode;
} modes[] = {
	{"object", MODE_OBJECT},
	{"assembly", MODE_ASSEMBLY},
	{"preprocess", MODE_PREPROCESS},
	{"syntax", MODE_SYNTAX},
	{"relocatable", MODE_RELOCATABLE},
	{"layout", MODE_PRINT_LAYOUT},
};

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
	{".s", "assembler", KIND_REFUSED, assembly_refusal},
	{".S", "assembler-with-cpp", KIND_REFUSED, assembly_refusal},
	{".sx", NULL, KIND_REFUSED, assembly_refusal},
	{".asm", NULL, KIND_REFUSED, assembly_refusal},
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

/* What reading has to remember from one argument to the next. */
struct reader {
	struct options *options;
	const char *root;
	const char *language; /* of -x; NULL: by suffix */
};

/* ---- @file ---------------------------------------------------------------------------------- */

/* Take one word off text, as GNU's libiberty does: blanks separate, quotes and backslashes quote.
 * Returns where the next may begin, or NULL at the end. */
static const char *take_word(const char *text, char *word)
{
	char quote = 0;

	while (*text && strchr(" \t\n\r\f\v", *text))
		text++;
	if (!*text)
		return NULL;
	for (; *text && (quote || !strchr(" \t\n\r\f\v", *text)); text++) {
		if (*text == '\\' && text[1])
			*word++ = *++text;
		else if (quote && *text == quote)
			quote = 0;
		else if (!quote && (*text == '\'' || *text == '"'))
			quote = *text;
		else
			*word++ = *text;
	}
	*word = 0;
	return text;
}

/* Files that name each other several times could make a list without end. */
enum { MOST_DEPTH = 20, MOST_RESPONSE_FILES = 2000 };

/* As gcc does, a file that cannot be read leaves the argument as it is. */
static int add_arg(struct words *args, const char *arg, int depth, unsigned *n_files)
{
	const char *next;
	size_t n_bytes;
	void *bytes;
	char *text, *word;
	int status = 0;

	if (*arg != '@' || file_read(arg + 1, &bytes, &n_bytes)) {
		words_add(args, arg);
		return 0;
	}
	if (depth == MOST_DEPTH || ++*n_files > MOST_RESPONSE_FILES) {
		diag_error(depth == MOST_DEPTH ? "%s: response files are nested too deep"
			: "%s: too many response files", arg);
		free(bytes);
		return 2;
	}
	text = text_format("%.*s", (int)n_bytes, (char *)bytes);
	word = text_copy(text);
	for (next = text; !status && (next = take_word(next, word));)
		status = add_arg(args, word, depth + 1, n_files);
	free(word);
	free(text);
	free(bytes);
	return status;
}

/* ---- inputs --------------------------------------------------------------------------------- */

static void add_input(struct options *options, enum kind kind, const char *format, const char *text)
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

static int read_input(struct reader *reader, const char *path)
{
	size_t i = find_kind(path, reader->language);

	/* Whether every ISA has its part is seen when all ISAs are known. */
	if (i < N_KINDS && kinds[i].reason == assembly_refusal && kinds[i].kind == KIND_REFUSED &&
		!reader->language) {
		add_input(reader->options, KIND_ASSEMBLY, "%s", path);
		return 0;
	}
	/* hcc-ld takes it as it is: an executable. */
	if (reader->options->mode == MODE_PRINT_LAYOUT)
		i = N_KINDS;
	if (i < N_KINDS && kinds[i].kind == KIND_REFUSED) {
		diag_error("%s: %s", path, kinds[i].reason);
		return 1;
	}
	add_input(reader->options, i < N_KINDS ? kinds[i].kind : KIND_OBJECT, "%s", path);
	return 0;
}

static int read_language(struct reader *reader, const char *language)
{
	size_t i = find_kind("", language);

	if (!strcmp(language, "none")) {
		reader->language = NULL;
		return 0;
	}
	if (i == N_KINDS || kinds[i].kind == KIND_REFUSED) {
		diag_error("-x %s: %s", language,
			i == N_KINDS ? "unknown language" : kinds[i].reason);
		return 2;
	}
	reader->language = kinds[i].language;
	return 0;
}

/* ---- answers -------------------------------------------------------------------------------- */

static void print_help(void)
{
	diag_out("usage: hcc [option...] file...\n"
		 "C compiler for programs that can move between machines of different ISAs.\n"
		 "Options are gcc's; of its own it has:\n"
		 "  --hcc-targets=ISA,ISA   the ISAs to compile for (" HCC_DEFAULT_TARGETS
		 "; also HCC_TARGETS)\n"
		 "  -fhcc-migrate=full      can be moved in every loop (default)\n"
		 "  -fhcc-migrate=calls     can be moved while a function it calls can\n"
		 "  -fhcc-migrate=none      cannot be moved in this file's functions\n"
		 "  -fno-hcc-verify         do not check what is linked (hcc-verify)\n"
		 "  -fhcc-migrate=leaf      none of them ever needs to: nothing calls back or waits\n"
		 "  -fhcc-no-migrate=F,F    cannot be moved in these functions; also HCC_NO_MIGRATE of hcc.h\n"
		 "  -fhcc-polls=flag        loops test a flag rather than have their code changed to ask them\n"
		 "  -fno-hcc-embed          do not put the other ISAs' executables into the host's\n"
		 "  --print-layout APP      addresses in APP on all ISAs, side by side\n"
		 "  -###                    show the commands and do not run them\n");
}

/* What build systems look for: nginx and Meson take a compiler for clang by these words, and then give it
 * clang's options; its number is that of the front end. */
#define VERSION_LINE "clang version " HCC_CLANG_VERSION " (hcc " HCC_VERSION ")"

static void print_version(void)
{
	diag_out(VERSION_LINE "\nTarget: " HCC_HOST_ISA "-linux-musl\nThread model: posix\n"
		"Targets: " HCC_DEFAULT_TARGETS "\n");
}

/* What a program is linked with besides its own objects, one a line. */
static void print_libs(const char *root, const struct targets *targets)
{
	static const char *const files[] = {"crt1.o", "libc.a", "libhccrt.a"};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		diag_out("%s/lib/hcc/%s\n", root, files[i]);
	for (size_t i = 0; i < targets->n_isas; i++)
		diag_out("%s/lib/hcc/builtins/%s.a\n", root, targets->isa[i]->name);
}

static void print_file(const char *root, const char *folder, const char *name)
{
	char *path = text_format("%s/%s/%s", root, folder, name);

	diag_out("%s\n", *name && file_exists(path) ? path : name);
	free(path);
}

static void answer(const struct reader *reader, const struct option *option, const char *value)
{
	const char *root = reader->root;

	switch (option->action) {
	case ACTION_HELP:
		print_help();
		break;
	case ACTION_VERSION:
		print_version();
		break;
	case ACTION_PRINT_LIBS:
		print_libs(root, &reader->options->targets);
		break;
	case ACTION_PRINT_SEARCH_DIRS:
		diag_out("install: %s/lib/hcc/\nprograms: =%s/libexec/hcc\n"
			 "libraries: =%s/lib/hcc\n",
			root, root, root);
		break;
	case ACTION_PRINT_BUILTINS:
		diag_out("%s/lib/hcc/builtins/%s.a\n", root, HCC_HOST_ISA);
		break;
	case ACTION_PRINT_FILE:
		print_file(root, "lib/hcc", value);
		break;
	case ACTION_PRINT_PROGRAM:
		print_file(root, "libexec/hcc", value);
		break;
	default:
		diag_out("%s\n", option->value);
		break;
	}
	reader->options->mode = MODE_ANSWER;
}

/* ---- options -------------------------------------------------------------------------------- */

static int unknown(const char *arg)
{
	diag_error("unknown option '%s'", arg);
	return 2;
}

static bool fits(const struct option *option, const char *arg)
{
	const char *rest = text_after(arg, option->name);

	if (!rest)
		return false;
	switch (option->form) {
	case EXACT:
	case SEPARATE:
		return !*rest;
	case JOINED:
		return *rest;
	case EITHER:
		return true;
	}
	return false;
}

static const struct option *find_option(const char *arg)
{
	const struct option *best = NULL;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (fits(&table[i], arg) && (!best || strlen(table[i].name) > strlen(best->name)))
			best = &table[i];
	/* gcc's long queries may have two dashes. */
	if (!best && (text_after(arg, "--print-") || text_after(arg, "--dump")))
		return find_option(arg + 1);
	return best;
}

static void set_mode(struct options *options, const char *name)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (!strcmp(modes[i].name, name) && modes[i].mode > options->mode)
			options->mode = modes[i].mode;
}

static int set_level(struct options *options, const char *arg, const char *value)
{
	static const char *const levels[] = {"0", "1", "2", "3", "s", "z"};

	options->level = NULL;
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (!strcmp(levels[i], value))
			options->level = levels[i];
	if (!strcmp(value, "g")) {
		options->level = "1";
	} else if (!strcmp(value, "fast")) {
		options->level = "3";
		words_add(&options->cc, "-ffast-math");
	} else if (!options->level && !value[strspn(value, "0123456789")]) {
		options->level = "3";
	}
	return options->level ? 0 : unknown(arg);
}

static int set_migrate(struct options *options, const char *arg, const char *value)
{
	if (strcmp(value, "full") && strcmp(value, "calls") && strcmp(value, "none")
		&& strcmp(value, "leaf")) {
		diag_error("%s: expected full, calls, none or leaf", arg);
		return 2;
	}
	options->migrate = value;
	return 0;
}

static int set_polls(struct options *options, const char *arg, const char *value)
{
	if (strcmp(value, "patched") && strcmp(value, "flag")) {
		diag_error("%s: expected patched or flag", arg);
		return 2;
	}
	options->polls = value;
	return 0;
}

static int read_args(struct reader *reader, char *const *args, size_t n_args);

/* Read options->args from first on. Their texts stay where they are while more are added (-Wp), the
 * list of them does not. */
static int read_tail(struct reader *reader, size_t first)
{
	const struct words *args = &reader->options->args;
	size_t n_args = args->n_words - first;
	char **list = calloc(n_args + 1, sizeof *list);
	int status;

	if (!list)
		diag_bug("out of memory");
	for (size_t i = 0; i < n_args; i++)
		list[i] = args->word[first + i];
	status = read_args(reader, list, n_args);
	free(list);
	return status;
}

/* -Wp,a,b: options of the preprocessor, which are ours too; there -MD takes the file's name. */
static int read_preprocessor_words(struct reader *reader, const char *list)
{
	struct words *args = &reader->options->args;
	char *copy = text_copy(list), *state = NULL;
	size_t first = args->n_words;
	bool file_follows = false;

	for (char *word = strtok_r(copy, ",", &state); word; word = strtok_r(NULL, ",", &state)) {
		if (file_follows)
			words_add(args, "-MF");
		file_follows = !strcmp(word, "-MD") || !strcmp(word, "-MMD");
		words_add(args, word);
	}
	free(copy);
	return read_tail(reader, first);
}

static void add_ld_words(struct options *options, const char *list)
{
	char *copy = text_copy(list), *state = NULL;

	for (char *word = strtok_r(copy, ",", &state); word; word = strtok_r(NULL, ",", &state)) {
		if (!strcmp(word, "--version") || !strcmp(word, "-V"))
			options->linker_question = true;
		else
			add_input(options, KIND_LD_WORD, "%s", word);
	}
	free(copy);
}

static int apply_driver(struct reader *reader, const struct option *option, const char *arg,
	const char *value)
{
	struct options *options = reader->options;

	switch (option->action) {
	case ACTION_MODE:
		set_mode(options, option->value);
		return 0;
	case ACTION_OUTPUT:
		options->output = value;
		return 0;
	case ACTION_LANGUAGE:
		return read_language(reader, value);
	case ACTION_DRY_RUN:
		options->dry_run = true;
		return 0;
	case ACTION_VERBOSE:
		options->verbose = true;
		return 0;
	case ACTION_TARGETS:
		return targets_parse(&options->targets, value, "--hcc-targets");
	case ACTION_MIGRATE:
		return set_migrate(options, arg, value);
	case ACTION_POLLS:
		return set_polls(options, arg, value);
	case ACTION_VERIFY:
		options->no_verify = !*option->value;
		return 0;
	case ACTION_EMBED:
		options->no_embed = !*option->value;
		return 0;
	case ACTION_NO_MIGRATE:
		options->keep_out = value;
		return 0;
	case ACTION_LEVEL:
		return set_level(options, arg, *value ? value : option->value);
	case ACTION_IGNORE:
		return 0;
	case ACTION_REFUSE:
		diag_error("%s: %s", arg, option->value);
		return 2;
	case ACTION_UNKNOWN:
		return unknown(arg);
	default:
		answer(reader, option, value);
		return 0;
	}
}

static void add_cc(struct options *options, const struct option *option, const char *arg,
	const char *value)
{
	words_add(&options->cc, arg);
	/* With its value in the argument after it. */
	if (value != arg + strlen(option->name))
		words_add(&options->cc, value);
}

static int apply_front_end(struct reader *reader, const struct option *option, const char *arg,
	const char *value)
{
	struct options *options = reader->options;

	switch (option->action) {
	case ACTION_NO_HEADERS:
		options->no_headers = true;
		break;
	case ACTION_DEPS_ONLY:
		set_mode(options, "preprocess");
		break;
	case ACTION_DEPS_ALL:
		options->deps = DEPS_ALL;
		return 0;
	case ACTION_DEPS_USER:
		options->deps = DEPS_USER;
		return 0;
	case ACTION_DEPS_FILE:
		options->deps_file = value;
		return 0;
	case ACTION_DEPS_TARGET:
		options->deps_target = true;
		break;
	case ACTION_PREPROCESSOR_WORDS:
		return read_preprocessor_words(reader, value);
	default:
		break;
	}
	add_cc(options, option, arg, value);
	return 0;
}

static int apply_link(struct reader *reader, const struct option *option, const char *value)
{
	struct options *options = reader->options;

	switch (option->action) {
	case ACTION_LIBRARY_DIR:
		words_addf(&options->ld, "-L%s", value);
		break;
	case ACTION_LIBRARY:
		add_input(options, KIND_LD_WORD, "-l%s", value);
		break;
	case ACTION_LD_WORDS:
		add_ld_words(options, *value ? value : option->value);
		break;
	case ACTION_LD_PAIR:
		add_input(options, KIND_LD_WORD, "%s", option->value);
		add_input(options, KIND_LD_WORD, "%s", value);
		break;
	case ACTION_NO_LIBRARIES:
		options->no_startfiles = options->no_libc = options->no_builtins = true;
		break;
	case ACTION_NO_DEFAULT_LIBS:
		options->no_libc = options->no_builtins = true;
		break;
	case ACTION_NO_STARTFILES:
		options->no_startfiles = true;
		break;
	case ACTION_NO_LIBC:
		options->no_libc = true;
		break;
	default:
		diag_bug("action %d of option '%s'", option->action, option->name);
	}
	return 0;
}

/* value: what follows the name, or the next argument; never NULL. */
static int apply(struct reader *reader, const struct option *option, const char *arg,
	const char *value)
{
	if (option->action >= ACTION_CC && option->action <= ACTION_PREPROCESSOR_WORDS)
		return apply_front_end(reader, option, arg, value);
	if (option->action >= ACTION_LIBRARY_DIR && option->action <= ACTION_NO_LIBC)
		return apply_link(reader, option, value);
	return apply_driver(reader, option, arg, value);
}

static int read_args(struct reader *reader, char *const *args, size_t n_args)
{
	int status = 0;

	for (size_t i = 0; i < n_args && !status; i++) {
		const struct option *option;
		const char *arg = args[i], *value;

		if (*arg != '-' || !arg[1]) {
			status = read_input(reader, arg);
			continue;
		}
		option = find_option(arg);
		if (!option)
			return unknown(arg);
		value = strstr(arg, option->name) + strlen(option->name);
		if (!*value && (option->form == SEPARATE || option->form == EITHER)) {
			if (option->action == ACTION_REFUSE)
				return apply(reader, option, arg, value);
			if (++i == n_args) {
				diag_error("option '%s' needs an argument", arg);
				return 2;
			}
			value = args[i];
		}
		status = apply(reader, option, arg, value);
	}
	return status;
}

/* ---- what the whole says -------------------------------------------------------------------- */

static int check_inputs(const struct options *options)
{
	size_t n_files = 0, n_sources = 0;

	for (size_t i = 0; i < options->n_inputs; i++) {
		const struct input *input = &options->inputs[i];

		n_files += input->kind != KIND_LD_WORD;
		n_sources += input->kind != KIND_LD_WORD && input->kind != KIND_OBJECT;
		if (input->kind == KIND_LD_WORD)
			continue;
		if (!strcmp(input->text, "-")) {
			if (input->kind != KIND_OBJECT || options->mode == MODE_PREPROCESS)
				continue;
			diag_error("-: what is in standard input: -E or -x is needed");
			return 2;
		}
		if (input->kind == KIND_ASSEMBLY) {
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

/* A bare -v asks who we are. */
static int check_mode(struct options *options)
{
	if (options->mode == MODE_ANSWER)
		return 0;
	if (options->verbose)
		diag_note(VERSION_LINE);
	if (options->verbose && !options->n_inputs) {
		options->mode = MODE_ANSWER;
		return 0;
	}
	return check_inputs(options);
}

int options_read(struct options *options, int argc, char **argv, const char *root)
{
	struct reader reader = {.options = options, .root = root};
	const char *targets = getenv("HCC_TARGETS");
	unsigned n_files = 0;
	int status = 0;

	*options = (struct options){.level = "0", .migrate = "full", .polls = "patched"};
	for (int i = 1; i < argc && !status; i++)
		status = add_arg(&options->args, argv[i], 0, &n_files);
	if (!status && targets && *targets)
		status = targets_parse(&options->targets, targets, "HCC_TARGETS");
	else if (!status)
		status = targets_parse(&options->targets, HCC_DEFAULT_TARGETS, "configure");
	if (!status)
		status = read_tail(&reader, 0);
	return status ? status : check_mode(options);
}

void options_free(struct options *options)
{
	for (size_t i = 0; i < options->n_inputs; i++)
		free(options->inputs[i].text);
	free(options->inputs);
	words_free(&options->cc);
	words_free(&options->ld);
	words_free(&options->args);
}
