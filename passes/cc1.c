/* hcc-cc1: the bitcode of one translation unit -> an object (or assembly) per ISA.
 *
 *   hcc-cc1 --targets=ISA,... --tu-id=HEX [-O<n>] [-S] [--emit-llvm=FILE]
 *           [--migrate=full|calls|none|leaf] [--polls=patched|flag] [--no-reach-list=FILE] [--no-migrate=FUNCTION,...]
 *           [--strip-debug] [--in-memory] [--warning=NAME:error|none] IN.bc --out=ISA:PATH ...
 *
 * The first target is the build host's, which the optimiser is tuned for. Instruments once, then
 * generates code for all ISAs at the same time, each in a process of its own: options of LLVM are a
 * process's, and it needs no copy of the module. */
#include "ir.h"
#include "passes.h"

#include <llvm-c/Analysis.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/ErrorHandling.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ISAS 8
#define HCC_HAS_SAID (-3) /* fatal() has */

/* In memory that the processes share. */
struct result {
	int status;
	char error[1024];
};

struct output {
	const struct hcc_isa *isa;
	const char *path;
	pid_t process;
	struct result *result;
};

struct options {
	const char *input, *id, *no_reach, *emit_llvm, *keep_out;
	char opt_level;
	enum hcc_migrate migrate;
	enum hcc_polls polls;
	bool assembly, verify, strip_debug, in_memory;
	struct { bool is_off, is_error; } warnings[HCC_WARNINGS];
	struct output outputs[MAX_ISAS];
	size_t n_outputs;
};

static int fail(int status, const char *format, ...)
{
	va_list ap;

	fputs("hcc: error: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	return status;
}

/* What LLVM cannot go on after, and would end with a trace of its own stack: of which source, and in
 * whose code generation, if in any. */
static const char *source_name;
static const struct hcc_isa *generating;

static void fatal(const char *reason)
{
	_exit(fail(1, "%s: %s%s%s", source_name, generating ? generating->name : "",
		generating ? ": " : "", reason));
}

static int parse_targets(struct options *o, const char *list)
{
	while (*list) {
		size_t n = strcspn(list, ",");
		char name[32];

		if (n >= sizeof name || o->n_outputs == MAX_ISAS)
			return fail(2, "--targets: '%s' is too long", list);
		memcpy(name, list, n);
		name[n] = 0;
		o->outputs[o->n_outputs].isa = hcc_isa_find(name);
		if (!o->outputs[o->n_outputs++].isa)
			return fail(2, "--targets: unknown ISA '%s'", name);
		list += n + (list[n] == ',');
	}
	return 0;
}

static int parse_out(struct options *o, const char *value)
{
	size_t n = strcspn(value, ":");

	for (size_t i = 0; value[n] && i < o->n_outputs; i++)
		if (strlen(o->outputs[i].isa->name) == n
		    && !strncmp(o->outputs[i].isa->name, value, n)) {
			o->outputs[i].path = value + n + 1;
			return 0;
		}
	return fail(2, "--out: '%s' names none of the targets", value);
}

static int parse_migrate(struct options *o, const char *value)
{
	static const char *const names[] = { "leaf", "none", "calls", "full" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], value)) {
			o->migrate = (enum hcc_migrate)i;
			return 0;
		}
	return fail(2, "--migrate: '%s' is not one of full, calls, none, leaf", value);
}

/* As -W names them, and as clang prints that. */
static const struct {
	const char *name, *shown;
} warnings[HCC_WARNINGS] = {
	[HCC_WARNING_ATTRIBUTE] = { "attribute-warning", "attribute-warning" },
	[HCC_WARNING_PASS_FAILED] = { "pass-failed", "pass-failed=transform-warning" },
};

static int parse_warning(struct options *o, const char *value)
{
	size_t n = strcspn(value, ":");

	for (size_t i = 0; value[n] && i < HCC_WARNINGS; i++) {
		if (strlen(warnings[i].name) != n || strncmp(warnings[i].name, value, n))
			continue;
		o->warnings[i].is_error = !strcmp(value + n, ":error");
		o->warnings[i].is_off = !strcmp(value + n, ":none");
		return 0;
	}
	return fail(2, "--warning: unknown '%s'", value);
}

static const char *after(const char *arg, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(arg, prefix, n) ? NULL : arg + n;
}

static int parse(struct options *o, int argc, char **argv)
{
	const char *v;
	int status = 0;

	o->opt_level = '2';
	o->migrate = HCC_MIGRATE_FULL;
	for (int i = 1; i < argc && !status; i++) {
		const char *arg = argv[i];

		if ((v = after(arg, "--targets=")))
			status = parse_targets(o, v);
		else if ((v = after(arg, "--out=")))
			status = parse_out(o, v);
		else if ((v = after(arg, "--migrate=")))
			status = parse_migrate(o, v);
		else if (!strcmp(arg, "--polls=flag"))
			o->polls = HCC_POLLS_FLAG;
		else if (!strcmp(arg, "--polls=patched"))
			o->polls = HCC_POLLS_PATCHED;
		else if ((v = after(arg, "--no-reach-list=")))
			o->no_reach = v;
		else if ((v = after(arg, "--no-migrate=")))
			o->keep_out = v;
		else if ((v = after(arg, "--tu-id=")))
			o->id = v;
		else if ((v = after(arg, "--emit-llvm=")))
			o->emit_llvm = v;
		else if (!strcmp(arg, "--verify"))
			o->verify = true;
		else if (!strcmp(arg, "--in-memory"))
			o->in_memory = true;
		else if ((v = after(arg, "--warning=")))
			status = parse_warning(o, v);
		else if (!strcmp(arg, "--strip-debug"))
			o->strip_debug = true;
		else if (!strcmp(arg, "-S"))
			o->assembly = true;
		else if ((v = after(arg, "-O")) && strlen(v) == 1 && strchr("0123sz", *v))
			o->opt_level = *v;
		else if (arg[0] == '-' || o->input)
			status = fail(2, "hcc-cc1: unknown argument '%s'", arg);
		else
			o->input = arg;
	}
	if (status)
		return status;
	if (!o->input || !o->n_outputs || !o->id)
		return fail(2, "hcc-cc1: --targets, --tu-id and an input are needed");
	for (size_t i = 0; i < o->n_outputs; i++)
		if (!o->outputs[i].path)
			return fail(2, "hcc-cc1: no --out for %s", o->outputs[i].isa->name);
	return 0;
}

static void generate(const struct options *o, const struct output *out, LLVMModuleRef module)
{
	struct result *result = out->result;

	generating = out->isa;
	result->status = hcc_codegen(module, out->isa, o->assembly ? LLVMAssemblyFile : LLVMObjectFile,
		out->path, result->error, sizeof result->error);
	generating = NULL;
}

/* Returns 0, or -1 when there is no process. */
static int start(const struct options *o, struct output *out, LLVMModuleRef module)
{
	out->result->status = -1;
	out->process = fork();
	if (out->process)
		return out->process < 0 ? -1 : 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	generate(o, out, module);
	_exit(0);
}

/* What went wrong in a process that has said so itself, or could not. */
static void await(struct output *out)
{
	struct result *result = out->result;
	int status;

	while (waitpid(out->process, &status, 0) < 0)
		if (errno != EINTR)
			return;
	if (WIFSIGNALED(status)) {
		result->status = -1;
		snprintf(result->error, sizeof result->error, "%s: code generation ended by signal %d",
			out->isa->name, WTERMSIG(status));
	} else if (WEXITSTATUS(status)) {
		result->status = HCC_HAS_SAID;
	}
}

static int sum_up(const struct options *o, const char *source)
{
	for (size_t i = 0; i < o->n_outputs && !o->in_memory; i++)
		if (o->outputs[i].result->status == HCC_OUT_OF_REGISTERS)
			return HCC_OUT_OF_REGISTERS;
	for (size_t i = 0; i < o->n_outputs; i++)
		if (o->outputs[i].result->status == HCC_HAS_SAID)
			return 1;
		else if (o->outputs[i].result->status)
			return fail(1, "%s: %s", source, o->outputs[i].result->error);
	return 0;
}

static int generate_all(struct options *o, LLVMModuleRef module)
{
	size_t bytes = o->n_outputs * sizeof(struct result), started = 1, length;
	struct result *results = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;

	if (results == MAP_FAILED)
		return fail(1, "%s: cannot share memory: %s", o->input, strerror(errno));
	for (size_t i = 0; i < o->n_outputs; i++)
		o->outputs[i].result = &results[i];
	fflush(NULL);
	for (; started < o->n_outputs; started++)
		if (start(o, &o->outputs[started], module)) {
			status = fail(1, "%s: cannot start a process: %s", o->input, strerror(errno));
			break;
		}
	if (!status)
		generate(o, &o->outputs[0], module);
	for (size_t i = 1; i < started; i++)
		await(&o->outputs[i]);
	if (!status)
		status = sum_up(o, LLVMGetSourceFileName(module, &length));
	munmap(results, bytes);
	return status;
}

static int emit_llvm(struct options *o, LLVMModuleRef module)
{
	char *message = NULL;
	int status = 0;

	if (LLVMPrintModuleToFile(module, o->emit_llvm, &message)) {
		status = fail(1, "%s: %s", o->emit_llvm, message);
		LLVMDisposeMessage(message);
	}
	return status;
}

static int verify(struct options *o, LLVMModuleRef module)
{
	char *message = NULL;
	int status = 0;

	if (LLVMVerifyModule(module, LLVMReturnStatusAction, &message))
		status = fail(1, "%s: bug: passes made a bad module: %s", o->input, message);
	LLVMDisposeMessage(message);
	return status;
}

/* As clang says it. Returns 1 if there is an error among the notes. */
static int print_notes(const struct options *o, const struct hcc_unit *unit)
{
	int status = 0;

	for (size_t i = 0; i < unit->n_notes; i++) {
		struct hcc_note *note = &unit->notes[i];
		bool is_off = !note->is_error && o->warnings[note->warning].is_off;
		bool is_error = note->is_error || o->warnings[note->warning].is_error;

		if (!is_off && !o->in_memory && note->is_error)
			fprintf(stderr, "%s: error: %s\n", note->place, note->text);
		else if (!is_off && !o->in_memory)
			fprintf(stderr, "%s: %s: %s [%s-W%s]\n", note->place,
				is_error ? "error" : "warning", note->text,
				is_error ? "-Werror," : "", warnings[note->warning].shown);
		if (is_error && !is_off)
			status = 1;
		free(note->place);
		free(note->text);
	}
	free(unit->notes);
	return status;
}

static int compile(struct options *o, LLVMModuleRef module, struct hcc_set *no_reach)
{
	struct hcc_unit unit = {
		.module = module,
		.context = LLVMGetModuleContext(module),
		.machine = hcc_target_machine(o->outputs[0].isa),
		.migrate = o->migrate,
		.polls = o->polls,
		.id = o->id,
		.keep_out = o->keep_out,
		.opt_level = o->opt_level,
		.no_reach = no_reach,
	};
	size_t length;
	int status;

	source_name = LLVMGetSourceFileName(module, &length);
	LLVMInstallFatalErrorHandler(fatal);
	status = hcc_pipeline_run(&unit);
	if (status)
		status = fail(1, "%s: %s", LLVMGetSourceFileName(module, &length), unit.error);
	if (print_notes(o, &unit))
		status = 1;
	/* Records have taken the source lines they want. */
	if (o->strip_debug)
		LLVMStripModuleDebugInfo(module);
	if (o->emit_llvm && emit_llvm(o, module))
		status = 1;
	if (!status && o->verify)
		status = verify(o, module);
	if (!status)
		status = generate_all(o, module);
	LLVMResetFatalErrorHandler();
	LLVMDisposeTargetMachine(unit.machine);
	return status;
}

/* LLVM's options are a process's, so another process must try with others. */
static int start_again(int argc, char **argv)
{
	char **again = hcc_alloc(((size_t)argc + 2) * sizeof *again);

	memcpy(again, argv, (size_t)argc * sizeof *again);
	again[argc] = "--in-memory";
	execv("/proc/self/exe", again);
	return fail(1, "hcc-cc1: cannot start again: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	LLVMContextRef context;
	LLVMMemoryBufferRef buffer;
	LLVMModuleRef module;
	struct hcc_set *no_reach = NULL;
	char *message = NULL;
	int status = parse(&o, argc, argv);

	if (status)
		return status;
	if (o.no_reach && !(no_reach = hcc_set_read(o.no_reach)))
		return fail(1, "%s: %s", o.no_reach, strerror(errno));
	hcc_codegen_init(o.in_memory);
	if (LLVMCreateMemoryBufferWithContentsOfFile(o.input, &buffer, &message))
		return fail(1, "%s: %s", o.input, message);
	context = LLVMContextCreate();
	if (LLVMParseBitcodeInContext2(context, buffer, &module))
		return fail(1, "%s: is not LLVM bitcode", o.input);
	LLVMDisposeMemoryBuffer(buffer);
	status = compile(&o, module, no_reach);
	LLVMDisposeModule(module);
	LLVMContextDispose(context);
	hcc_set_free(no_reach);
	return status == HCC_OUT_OF_REGISTERS ? start_again(argc, argv) : status;
}
