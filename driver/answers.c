/* Prints what build systems ask a compiler: who it is, for what, and where its files are. */
#include "answers.h"

#include "diag.h"
#include "file.h"
#include "words.h"

#include <stdlib.h>

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
		 "  -fno-hcc-compress       leave the code that rebuilds frames as it is: to look at it, and for HCC_MOVE_EVERY\n"
		 "  --print-layout APP      addresses in APP on all ISAs, side by side\n"
		 "  --print-libs            what programs are linked with besides their own objects\n"
		 "  --print-config-site     answers for configure scripts: CONFIG_SITE=...\n"
		 "  -###                    show the commands and do not run them\n");
}

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

void answer(const struct option *option, const char *value, const char *root,
	const struct targets *targets)
{
	switch (option->action) {
	case ACTION_HELP:
		print_help();
		break;
	case ACTION_VERSION:
		print_version();
		break;
	case ACTION_PRINT_LIBS:
		print_libs(root, targets);
		break;
	case ACTION_PRINT_SEARCH_DIRS:
		diag_out("install: %s/lib/hcc/\nprograms: =%s/libexec/hcc\n"
			 "libraries: =%s/lib/hcc\n",
			root, root, root);
		break;
	case ACTION_PRINT_BUILTINS:
		diag_out("%s/lib/hcc/builtins/%s.a\n", root, HCC_HOST_ISA);
		break;
	case ACTION_PRINT_CONFIG_SITE:
		diag_out("%s/share/config.site\n", root);
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
}
