/* The command line of hcc-ld. */
#ifndef HCC_LD_OPTIONS_H
#define HCC_LD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "isa.h"

enum input_kind {
	INPUT_FILE,
	INPUT_LIBRARY, /* -lNAME: text is NAME */
	INPUT_GROUP_START,
	INPUT_GROUP_END,
	INPUT_WHOLE,
	INPUT_NO_WHOLE,
	INPUT_PUSH_STATE, /* of --whole-archive; nothing else that it covers matters here */
	INPUT_POP_STATE,
};

struct input_arg {
	enum input_kind kind;
	const char *text;
};

struct string_list {
	const char **items;
	size_t n, capacity;
};

struct options {
	const struct hcc_isa *isas[HCC_MAX_ISAS]; /* the targets; isas[0] makes the plain name */
	size_t n_isas;
	const char *output;
	const char *entry;
	const char *lld;
	const char *verify;     /* hcc-verify, or NULL: do not check */
	const char *keep_temps; /* folder, or NULL */
	const char *map;        /* -Map: the ISA's name is appended for all but the first */
	const char *print_layout;
	const char *dependency_file; /* or NULL */
	const char *builtins[HCC_MAX_ISAS]; /* by index into isas[], NULL where none */
	struct input_arg *inputs;
	size_t n_inputs, inputs_capacity;
	struct string_list library_dirs;
	struct string_list undefined; /* -u */
	struct string_list wrapped;   /* --wrap */
	struct string_list lld_args;  /* handed on as they are */
	bool verbose, plan_only, strip;
	bool no_packed_text; /* every function at one address on all ISAs */
	bool compress; /* the clones, where there are any */
};

/* Read argv. Returns 0; -1 after a message. *options holds pointers into argv. */
int options_parse(struct options *options, int argc, char **argv);

#endif
