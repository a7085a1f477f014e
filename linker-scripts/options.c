/* argv -> struct options, by a table. Options that make no difference for a static link are
 * accepted and dropped; an unknown one is an error. */
#include "options.h"

#include <string.h>

#include "config.h"
#include "diag.h"

enum option_form {
	FORM_FLAG,     /* the whole argument */
	FORM_JOINED,   /* value follows at once: -lfoo, --name=value */
	FORM_SEPARATE, /* value is the next argument */
};

enum option_action {
	ACT_IGNORE, ACT_INPUT, ACT_TARGETS, ACT_OUTPUT, ACT_LIBRARY_DIR, ACT_ENTRY, ACT_BUILTINS,
	ACT_LLD, ACT_VERIFY, ACT_KEEP_TEMPS, ACT_NO_PACKED_TEXT, ACT_COMPRESS_CLONES, ACT_PRINT_LAYOUT, ACT_STRIP,
	ACT_VERBOSE, ACT_PLAN, ACT_UNDEFINED, ACT_MAP, ACT_PASS, ACT_PASS_PAIR, ACT_WRAP, ACT_DEPENDENCY_FILE, ACT_Z,
};

struct option {
	const char *name;
	enum option_form form;
	enum option_action action;
	int input; /* enum input_kind, for ACT_INPUT */
};

/* First match wins: a name that is the beginning of another one comes later. */
static const struct option option_table[] = {
	{ "--targets=", FORM_JOINED, ACT_TARGETS, 0 },
	{ "--builtins=", FORM_JOINED, ACT_BUILTINS, 0 },
	{ "--lld=", FORM_JOINED, ACT_LLD, 0 },
	{ "--verify=", FORM_JOINED, ACT_VERIFY, 0 },
	{ "--keep-temps=", FORM_JOINED, ACT_KEEP_TEMPS, 0 },
	{ "--keep-temps", FORM_SEPARATE, ACT_KEEP_TEMPS, 0 },
	{ "--no-packed-text", FORM_FLAG, ACT_NO_PACKED_TEXT, 0 },
	{ "--compress-clones", FORM_FLAG, ACT_COMPRESS_CLONES, 0 },
	{ "--print-layout", FORM_SEPARATE, ACT_PRINT_LAYOUT, 0 },
	{ "-###", FORM_FLAG, ACT_PLAN, 0 },
	{ "-v", FORM_FLAG, ACT_VERBOSE, 0 },
	{ "--verbose", FORM_FLAG, ACT_VERBOSE, 0 },
	{ "-s", FORM_FLAG, ACT_STRIP, 0 },
	{ "--strip-all", FORM_FLAG, ACT_STRIP, 0 },
	{ "-S", FORM_FLAG, ACT_PASS, 0 },
	{ "--strip-debug", FORM_FLAG, ACT_PASS, 0 },
	{ "--start-group", FORM_FLAG, ACT_INPUT, INPUT_GROUP_START },
	{ "-(", FORM_FLAG, ACT_INPUT, INPUT_GROUP_START },
	{ "--end-group", FORM_FLAG, ACT_INPUT, INPUT_GROUP_END },
	{ "-)", FORM_FLAG, ACT_INPUT, INPUT_GROUP_END },
	{ "--whole-archive", FORM_FLAG, ACT_INPUT, INPUT_WHOLE },
	{ "--no-whole-archive", FORM_FLAG, ACT_INPUT, INPUT_NO_WHOLE },
	{ "--entry=", FORM_JOINED, ACT_ENTRY, 0 },
	{ "--entry", FORM_SEPARATE, ACT_ENTRY, 0 },
	{ "-export-dynamic", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--export-dynamic", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-export-dynamic", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-E", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-e", FORM_SEPARATE, ACT_ENTRY, 0 },
	{ "--undefined=", FORM_JOINED, ACT_UNDEFINED, 0 },
	{ "--undefined", FORM_SEPARATE, ACT_UNDEFINED, 0 },
	{ "-u", FORM_SEPARATE, ACT_UNDEFINED, 0 },
	{ "-u", FORM_JOINED, ACT_UNDEFINED, 0 },
	{ "--defsym=", FORM_JOINED, ACT_PASS, 0 },
	{ "--defsym", FORM_SEPARATE, ACT_PASS_PAIR, 0 },
	{ "--wrap=", FORM_JOINED, ACT_WRAP, 0 },
	{ "--wrap", FORM_SEPARATE, ACT_WRAP, 0 },
	{ "--dependency-file=", FORM_JOINED, ACT_DEPENDENCY_FILE, 0 },
	{ "--allow-multiple-definition", FORM_FLAG, ACT_PASS, 0 },
	{ "-Map=", FORM_JOINED, ACT_MAP, 0 },
	{ "--Map=", FORM_JOINED, ACT_MAP, 0 },
	{ "-Map", FORM_SEPARATE, ACT_MAP, 0 },
	{ "--library-path=", FORM_JOINED, ACT_LIBRARY_DIR, 0 },
	{ "-L", FORM_SEPARATE, ACT_LIBRARY_DIR, 0 },
	{ "-L", FORM_JOINED, ACT_LIBRARY_DIR, 0 },
	{ "--library=", FORM_JOINED, ACT_INPUT, INPUT_LIBRARY },
	{ "-l", FORM_SEPARATE, ACT_INPUT, INPUT_LIBRARY },
	{ "-l", FORM_JOINED, ACT_INPUT, INPUT_LIBRARY },
	{ "-o", FORM_SEPARATE, ACT_OUTPUT, 0 },
	{ "-o", FORM_JOINED, ACT_OUTPUT, 0 },
	{ "-R", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-rpath=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--rpath=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-rpath-link=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-rpath-link", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "-rpath", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "--rpath", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "-soname=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-soname", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "--soname=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--soname", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "-h", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "-dynamic-linker=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--dynamic-linker=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-dynamic-linker", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "--hash-style=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--build-id=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--build-id", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--eh-frame-hdr", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-eh-frame-hdr", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--as-needed", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-as-needed", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--gc-sections", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-gc-sections", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--print-gc-sections", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--sort-common", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-undefined", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--version-script=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--version-script", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "--dynamic-list=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--exclude-libs=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--exclude-libs", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "--no-dynamic-linker", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--icf=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--compress-debug-sections=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--warn-common", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-warn-rwx-segments", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--copy-dt-needed-entries", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--reduce-memory-overheads", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--push-state", FORM_FLAG, ACT_INPUT, INPUT_PUSH_STATE },
	{ "--pop-state", FORM_FLAG, ACT_INPUT, INPUT_POP_STATE },
	{ "--no-undefined-version", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--undefined-version", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--orphan-handling=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--package-metadata=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--lto-", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--discard-", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--trace-symbol=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-y", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "-y", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--cref", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-copy-dt-needed-entries", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--enable-new-dtags", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--disable-new-dtags", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-relax", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--fatal-warnings", FORM_FLAG, ACT_PASS, 0 },
	{ "--no-fatal-warnings", FORM_FLAG, ACT_PASS, 0 },
	{ "--color-diagnostics", FORM_FLAG, ACT_PASS, 0 },
	{ "-static", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--static", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-no-pie", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-pie", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-nostdlib", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-Bstatic", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-Bdynamic", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-Bsymbolic", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-Bsymbolic-functions", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--threads=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-t", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--trace", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-x", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-X", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-g", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-z", FORM_SEPARATE, ACT_Z, 0 },
	{ "-z", FORM_JOINED, ACT_Z, 0 },
	{ "-O", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-EL", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-dn", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-dy", FORM_FLAG, ACT_IGNORE, 0 },
	{ "-non_shared", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--relax", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--threads", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-threads", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-keep-memory", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-warn-mismatch", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-allow-shlib-undefined", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--allow-shlib-undefined", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--export-dynamic-symbol=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--export-dynamic-symbol", FORM_SEPARATE, ACT_IGNORE, 0 },
	{ "--pack-dyn-relocs=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--default-symver", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--spare-dynamic-tags=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "-plugin-opt=", FORM_JOINED, ACT_IGNORE, 0 },
	{ "--demangle", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--no-demangle", FORM_FLAG, ACT_IGNORE, 0 },
	{ "--error-limit=", FORM_JOINED, ACT_PASS, 0 },
};

/* What is asked for and cannot be, and why. Read before option_table. */
static const struct {
	const char *name;
	enum option_form form;
	const char *reason;
} refusals[] = {
	{ "-shared", FORM_FLAG, "hcc links static executables only" },
	{ "--shared", FORM_FLAG, "hcc links static executables only" },
	{ "-Bshareable", FORM_FLAG, "hcc links static executables only" },
	{ "-pie", FORM_FLAG, "executables are at fixed addresses, the same on all ISAs" },
	{ "--pic-executable", FORM_FLAG, "executables are at fixed addresses, the same on all ISAs" },
	{ "-r", FORM_FLAG, "give -r to hcc, not to its linker" },
	{ "-i", FORM_FLAG, "give -r to hcc, not to its linker" },
	{ "--relocatable", FORM_FLAG, "give -r to hcc, not to its linker" },
	{ "-m", FORM_FLAG, "hcc links for several ISAs: --hcc-targets=" },
	{ "-melf", FORM_JOINED, "hcc links for several ISAs: --hcc-targets=" },
	{ "-EB", FORM_FLAG, "every ISA of hcc is little-endian" },
	{ "-Ttext", FORM_JOINED, "the layout is hcc's: it must be the same on all ISAs" },
	{ "-Tdata", FORM_JOINED, "the layout is hcc's: it must be the same on all ISAs" },
	{ "-Tbss", FORM_JOINED, "the layout is hcc's: it must be the same on all ISAs" },
	{ "-T", FORM_FLAG, "the layout is hcc's: it must be the same on all ISAs" },
	{ "-T", FORM_JOINED, "the layout is hcc's: it must be the same on all ISAs" },
	{ "--script", FORM_FLAG, "the layout is hcc's: it must be the same on all ISAs" },
	{ "--script=", FORM_JOINED, "the layout is hcc's: it must be the same on all ISAs" },
	{ "--section-start", FORM_JOINED, "the layout is hcc's: it must be the same on all ISAs" },
	{ "--image-base", FORM_JOINED, "the layout is hcc's: it must be the same on all ISAs" },
	{ "--sort-section", FORM_JOINED, "the layout is hcc's: it must be the same on all ISAs" },
	{ "-N", FORM_FLAG, "the layout is hcc's: it must be the same on all ISAs" },
	{ "-n", FORM_FLAG, "the layout is hcc's: it must be the same on all ISAs" },
	{ "--omagic", FORM_FLAG, "the layout is hcc's: it must be the same on all ISAs" },
	{ "--nmagic", FORM_FLAG, "the layout is hcc's: it must be the same on all ISAs" },
	{ "--emit-relocs", FORM_FLAG, "executables are final: each ISA's relocations differ" },
	{ "-q", FORM_FLAG, "executables are final: each ISA's relocations differ" },
	{ "-init", FORM_JOINED, "a program starts at hcc's own start code" },
	{ "-fini", FORM_JOINED, "a program starts at hcc's own start code" },
	{ "--unresolved-symbols=", FORM_JOINED, "an undefined symbol has no address on any ISA" },
	{ "--warn-unresolved-symbols", FORM_FLAG, "an undefined symbol has no address on any ISA" },
	{ "--format", FORM_JOINED, "data comes from objects of all ISAs" },
	{ "-b", FORM_FLAG, "data comes from objects of all ISAs" },
	{ "--retain-symbols-file", FORM_JOINED, "which symbols stay is for hcc-strip" },
	{ "-M", FORM_FLAG, "a map goes into a file: -Map=" },
	{ "--print-map", FORM_FLAG, "a map goes into a file: -Map=" },
};

/* -z values that a static executable of ours may be asked for. */
static const char *const z_values[] = {
	"relro", "norelro", "now", "lazy", "noexecstack", "defs", "nodelete", "nodlopen", "origin",
	"combreloc", "nocombreloc", "text", "notext", "separate-code", "noseparate-code",
	"nocopyreloc", "initfirst", "interpose", "global", "pack-relative-relocs",
	"nopack-relative-relocs", "nognustack", "rodynamic", "nostart-stop-gc", NULL,
};

static void list_add(struct string_list *list, const char *text)
{
	list->items = hcc_grow(list->items, &list->capacity, list->n + 1, sizeof *list->items);
	list->items[list->n++] = text;
}

static void add_input(struct options *options, enum input_kind kind, const char *text)
{
	options->inputs = hcc_grow(options->inputs, &options->inputs_capacity,
				   options->n_inputs + 1, sizeof *options->inputs);
	options->inputs[options->n_inputs++] = (struct input_arg){ kind, text };
}

/* "x86_64,aarch64". The host's ISA goes first when it is among them. */
static int parse_targets(struct options *options, const char *text)
{
	options->n_isas = 0;
	for (;;) {
		size_t bytes = strcspn(text, ",");
		const struct hcc_isa *isa = hcc_isa_by_name(text, bytes);

		if (!isa)
			return hcc_error("unknown target '%.*s'", (int)bytes, text);
		for (size_t i = 0; i < options->n_isas; i++)
			if (options->isas[i] == isa)
				return hcc_error("target '%s' is given twice", isa->name);
		if (!strcmp(isa->name, HCC_HOST_ISA)) {
			memmove(options->isas + 1, options->isas,
				options->n_isas * sizeof *options->isas);
			options->isas[0] = isa;
		} else {
			options->isas[options->n_isas] = isa;
		}
		options->n_isas++;
		if (!text[bytes])
			return 0;
		text += bytes + 1;
	}
}

static int parse_builtins(struct options *options, const char *text)
{
	size_t bytes = strcspn(text, ":");
	const struct hcc_isa *isa = hcc_isa_by_name(text, bytes);

	if (!isa || !text[bytes])
		return hcc_error("--builtins=%s: expected ISA:PATH", text);
	for (size_t i = 0; i < options->n_isas; i++)
		if (options->isas[i] == isa)
			options->builtins[i] = text + bytes + 1;
	return 0;
}

static int parse_z(struct options *options, const char *value)
{
	if (!strcmp(value, "muldefs")) {
		list_add(&options->lld_args, "--allow-multiple-definition");
		return 0;
	}
	if (!strcmp(value, "execstack"))
		return hcc_error("-z execstack: no stack of a program is executable");
	for (size_t i = 0; z_values[i]; i++)
		if (!strcmp(z_values[i], value))
			return 0;
	if (!strncmp(value, "stack-size=", 11) || !strncmp(value, "max-page-size=", 14) ||
	    !strncmp(value, "common-page-size=", 17))
		return 0;
	return hcc_error("unknown option '-z %s'", value);
}

/* arg: the argument as written; value: what belongs to it, or NULL. */
static int apply(struct options *options, const struct option *option, const char *arg,
		 const char *value)
{
	switch (option->action) {
	case ACT_IGNORE: return 0;
	case ACT_INPUT: add_input(options, option->input, value); return 0;
	case ACT_TARGETS: return 0; /* read before all else */
	case ACT_BUILTINS: return parse_builtins(options, value);
	case ACT_OUTPUT: options->output = value; return 0;
	case ACT_LIBRARY_DIR: list_add(&options->library_dirs, value); return 0;
	case ACT_ENTRY:
		if (strcmp(value, "_start"))
			return hcc_error("-e %s: a program starts at hcc's own start code", value);
		return 0;
	case ACT_LLD: options->lld = value; return 0;
	case ACT_VERIFY: options->verify = value; return 0;
	case ACT_KEEP_TEMPS: options->keep_temps = value; return 0;
	case ACT_NO_PACKED_TEXT: options->no_packed_text = true; return 0;
	case ACT_COMPRESS_CLONES: options->compress = true; return 0;
	case ACT_PRINT_LAYOUT: options->print_layout = value; return 0;
	case ACT_STRIP: options->strip = true; return 0;
	case ACT_VERBOSE: options->verbose = true; return 0;
	case ACT_PLAN: options->plan_only = true; return 0;
	case ACT_UNDEFINED: list_add(&options->undefined, value); return 0;
	case ACT_MAP: options->map = value; return 0;
	case ACT_PASS: list_add(&options->lld_args, arg); return 0;
	case ACT_PASS_PAIR:
		list_add(&options->lld_args, arg);
		list_add(&options->lld_args, value);
		return 0;
	case ACT_WRAP:
		list_add(&options->wrapped, value);
		list_add(&options->lld_args, hcc_format("--wrap=%s", value));
		return 0;
	case ACT_DEPENDENCY_FILE: options->dependency_file = value; return 0;
	case ACT_Z: return parse_z(options, value);
	}
	return 0;
}

/* ld takes long options with one dash too, where no short option begins alike. */
static bool same_name(const char *arg, const char *name, size_t bytes)
{
	if (!strncmp(arg, name, bytes))
		return true;
	return !strncmp(name, "--", 2) && bytes > 3 && !strncmp(arg, name + 1, bytes - 1);
}

static int check_refusals(const char *arg)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		size_t bytes = strlen(refusals[i].name);

		if (same_name(arg, refusals[i].name, bytes) &&
		    (refusals[i].form == FORM_JOINED || !arg[bytes - (arg[1] != '-' &&
			refusals[i].name[1] == '-')]))
			return hcc_error("%s: %s", arg, refusals[i].reason);
	}
	return 0;
}

static int parse_one(struct options *options, int argc, char **argv, int *idx)
{
	const char *arg = argv[*idx];

	if (check_refusals(arg) < 0)
		return -1;
	for (size_t i = 0; i < sizeof option_table / sizeof *option_table; i++) {
		const struct option *option = &option_table[i];
		size_t bytes = strlen(option->name);

		if (!same_name(arg, option->name, bytes))
			continue;
		if (arg[1] != '-' && option->name[1] == '-')
			bytes--;
		if (option->form == FORM_JOINED)
			return apply(options, option, arg, arg + bytes);
		if (arg[bytes])
			continue;
		if (option->form == FORM_FLAG)
			return apply(options, option, arg, NULL);
		if (*idx + 1 >= argc)
			return hcc_error("option '%s' needs a value", arg);
		return apply(options, option, arg, argv[++*idx]);
	}
	return hcc_error("unknown option '%s'", arg);
}

int options_parse(struct options *options, int argc, char **argv)
{
	*options = (struct options){ .output = "a.out", .entry = "_start", .lld = HCC_LLD };
	if (parse_targets(options, HCC_DEFAULT_TARGETS) < 0)
		return -1;
	for (int i = 1; i < argc; i++)
		if (!strncmp(argv[i], "--targets=", 10) && parse_targets(options, argv[i] + 10) < 0)
			return -1;
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-')
			add_input(options, INPUT_FILE, argv[i]);
		else if (parse_one(options, argc, argv, &i) < 0)
			return -1;
	}
	if (!options->print_layout && !options->n_inputs)
		return hcc_error("no input files");
	return 0;
}
