/* The command line, read: what is wanted, of what, with which options for each program. */
#ifndef HCC_OPTIONS_H
#define HCC_OPTIONS_H

#include "target.h"
#include "words.h"

#include <stdbool.h>

/* How far to go. In the order of the stages, so that a later one wins where gcc lets it. */
enum mode {
	MODE_LINK,
	MODE_OBJECT,       /* -c */
	MODE_ASSEMBLY,     /* -S */
	MODE_PREPROCESS,   /* -E -M -MM */
	MODE_SYNTAX,       /* -fsyntax-only */
	MODE_RELOCATABLE,  /* -r */
	MODE_PRINT_LAYOUT, /* --print-layout APP */
	MODE_ANSWER,       /* answered already: --version, -dumpmachine ... */
};

/* What a file holds, by -x or its suffix. */
enum kind {
	KIND_C,
	KIND_PREPROCESSED,
	KIND_BITCODE,
	KIND_HEADER,
	KIND_ASSEMBLY, /* app.S stands for app.x86_64.S, app.aarch64.S ... */
	KIND_OBJECT,  /* and archives: the link's */
	KIND_LD_WORD, /* no file: -lfoo, --start-group */
	KIND_REFUSED,
};

/* Files and the link's words, in the order given. */
struct input {
	enum kind kind;
	char *text;
};

enum deps {
	DEPS_NONE,
	DEPS_ALL,  /* -MD */
	DEPS_USER, /* -MMD */
};

struct options {
	enum mode mode;
	bool dry_run;        /* -### */
	bool verbose;        /* -v */
	bool no_startfiles, no_libc, no_builtins;
	bool no_headers;     /* -nostdinc */
	bool no_verify;      /* -fno-hcc-verify */
	bool no_embed;       /* -fno-hcc-embed */
	bool no_compress;    /* -fno-hcc-compress */
	bool linker_question; /* -Wl,--version */
	bool deps_target;    /* -MT or -MQ was given */
	enum deps deps;
	const char *deps_file;
	const char *output;
	const char *level;   /* of optimisation: "0" to "3", "s", "z" */
	const char *polls;   /* "patched", "flag" */
	const char *migrate; /* "full", "calls", "none", "leaf" */
	const char *keep_out; /* functions kept out of migration, separated by commas; or NULL */
	struct targets targets;
	struct words cc;     /* for the front end, as given */
	struct words ld;     /* for the link, before all inputs */
	struct words ld_last; /* of LIBRARY_PATH: after our own -L, as it may be the host's */
	struct input *inputs;
	size_t n_inputs;
	size_t inputs_capacity;
	struct words args;   /* argv after @file; options point into it */
};

/* Read argv[1..argc) and HCC_TARGETS. root is where our tree is (for -print-*). Answers to queries
 * are printed here. Returns 0, or the exit status when the message has been printed: 1 or 2. Free
 * with options_free in any case. */
int options_read(struct options *options, int argc, char **argv, const char *root);
void options_free(struct options *options);

#endif
