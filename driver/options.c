/* argv -> struct options, by the table in options.def. Looks at no file but for whether inputs are
 * there; runs nothing. */
#include "options.h"

#include "answers.h"
#include "config.h"
#include "diag.h"
#include "inputs.h"
#include "option_table.h"
#include "response.h"

#include <stdlib.h>
#include <string.h>

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

/* What reading has to remember from one argument to the next. */
struct reader {
	struct options *options;
	const char *root;
	const char *language; /* of -x; NULL: by suffix */
};

static int unknown(const char *arg)
{
	diag_error("unknown option '%s'", arg);
	return 2;
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
			input_add(options, KIND_LD_WORD, "%s", word);
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
		return input_language(value, &reader->language);
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
	case ACTION_COMPRESS:
		options->no_compress = !*option->value;
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
		answer(option, value, reader->root, &options->targets);
		options->mode = MODE_ANSWER;
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
		input_add(options, KIND_LD_WORD, "-l%s", value);
		break;
	case ACTION_LD_WORDS:
		add_ld_words(options, *value ? value : option->value);
		break;
	case ACTION_LD_PAIR:
		input_add(options, KIND_LD_WORD, "%s", option->value);
		input_add(options, KIND_LD_WORD, "%s", value);
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
	bool only_files = false;
	int status = 0;

	for (size_t i = 0; i < n_args && !status; i++) {
		const struct option *option;
		const char *arg = args[i], *value;

		if (!only_files && !strcmp(arg, "--")) {
			only_files = true;
			continue;
		}
		if (only_files || *arg != '-' || !arg[1]) {
			status = input_add_file(reader->options, arg, reader->language);
			continue;
		}
		option = option_find(arg);
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
	return inputs_check(options);
}

/* Folders for libraries, as gcc and clang take them from the environment. */
static void add_library_path(struct options *options)
{
	const char *path = getenv("LIBRARY_PATH");

	while (path && *path) {
		size_t bytes = strcspn(path, ":");

		words_addf(&options->ld_last, "-L%.*s", bytes ? (int)bytes : 1, bytes ? path : ".");
		path += bytes + (path[bytes] == ':');
	}
}

int options_read(struct options *options, int argc, char **argv, const char *root)
{
	struct reader reader = {.options = options, .root = root};
	const char *targets = getenv("HCC_TARGETS");
	unsigned n_files = 0;
	int status = 0;

	*options = (struct options){.level = "0", .migrate = "full", .polls = "patched"};
	for (int i = 1; i < argc && !status; i++)
		status = response_add(&options->args, argv[i], &n_files);
	if (!status && targets && *targets)
		status = targets_parse(&options->targets, targets, "HCC_TARGETS");
	else if (!status)
		status = targets_parse(&options->targets, HCC_DEFAULT_TARGETS, "configure");
	if (!status)
		status = read_tail(&reader, 0);
	add_library_path(options);
	return status ? status : check_mode(options);
}

void options_free(struct options *options)
{
	for (size_t i = 0; i < options->n_inputs; i++)
		free(options->inputs[i].text);
	free(options->inputs);
	words_free(&options->cc);
	words_free(&options->ld);
	words_free(&options->ld_last);
	words_free(&options->args);
}
