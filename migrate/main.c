/* hcc-migrate: command line, errors and exit status. */
#include "migrate.h"
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
	"usage: hcc-migrate snapshot PID -o DIR [--leave-running] [--timeout SECONDS]\n"
	"               [--close-connections] [--stats FILE]\n"
	"       hcc-migrate move PID --to DIR|'COMMAND WORD...' [--isa ISA] [--exe PATH] [-o DIR]\n"
	"               [--compress LEVEL|none] [--timeout SECONDS] [--close-connections]\n"
	"               [--pid-file FILE] [--stats FILE]\n"
	"       hcc-migrate restore DIR|- [--isa ISA] [--exe PATH] [--stats FILE]\n"
	"               [--stdin FILE] [--stdout FILE] [--stderr FILE]\n"
	"       hcc-migrate inspect DIR [--json] [--exe PATH]\n"
	"       hcc-migrate extract PROGRAM --isa ISA -o FILE\n";

enum option_id { OUTPUT, LEAVE_RUNNING, TIMEOUT, STATS, CLOSE_CONNECTIONS, ISA, EXE, JSON, TO, COMPRESS,
	STDIN, STDOUT, STDERR, PID_FILE };
enum { SNAPSHOT = 1, RESTORE = 2, INSPECT = 4, EXTRACT = 8, MOVE = 16 };

static const struct {
	const char *name;
	enum option_id id;
	int commands;
	int has_value;
} options[] = {
	{"-o", OUTPUT, SNAPSHOT | EXTRACT | MOVE, 1},
	{"--leave-running", LEAVE_RUNNING, SNAPSHOT, 0},
	{"--close-connections", CLOSE_CONNECTIONS, SNAPSHOT | MOVE, 0},
	{"--timeout", TIMEOUT, SNAPSHOT | MOVE, 1},
	{"--stats", STATS, SNAPSHOT | RESTORE | MOVE, 1},
	{"--isa", ISA, RESTORE | EXTRACT | MOVE, 1},
	{"--exe", EXE, RESTORE | INSPECT | MOVE, 1},
	{"--json", JSON, INSPECT, 0},
	{"--to", TO, MOVE, 1},
	{"--compress", COMPRESS, MOVE, 1},
	{"--pid-file", PID_FILE, MOVE, 1},
	{"--stdin", STDIN, RESTORE, 1},
	{"--stdout", STDOUT, RESTORE, 1},
	{"--stderr", STDERR, RESTORE, 1},
};

static const struct {
	const char *name;
	int bit;
	int (*run)(const struct options *o, struct error *e);
} commands[] = {
	{"snapshot", SNAPSHOT, take_command},
	{"move", MOVE, move_command},
	{"restore", RESTORE, restore_command},
	{"inspect", INSPECT, inspect_command},
	{"extract", EXTRACT, extract_command},
};

#define N_OPTIONS (sizeof options / sizeof *options)
#define N_COMMANDS (sizeof commands / sizeof *commands)

static int take_integer(const char *name, const char *value, long least, long most, int *out,
	struct error *e)
{
	char *end;
	long v = strtol(value, &end, 10);

	if (!*value || *end || v < least || v > most)
		return fail(e, "%s: '%s' is not a number from %ld to %ld", name, value, least, most);
	*out = (int)v;
	return 0;
}

static int set_option(struct options *o, enum option_id id, const char *value, struct error *e)
{
	char *end;

	switch (id) {
	case OUTPUT:
		o->dir = value;
		return 0;
	case LEAVE_RUNNING:
		o->leave_running = 1;
		return 0;
	case CLOSE_CONNECTIONS:
		o->close_connections = 1;
		return 0;
	case TIMEOUT:
		o->timeout_s = strtod(value, &end);
		if (*value && !*end && o->timeout_s >= 0 && o->timeout_s <= 1e6)
			return 0;
		return fail(e, "--timeout: '%s' is not a number of seconds", value);
	case STATS:
		o->stats = value;
		return 0;
	case ISA:
		o->isa = value;
		return 0;
	case EXE:
		o->exe = value;
		return 0;
	case JSON:
		o->json = 1;
		return 0;
	case TO:
		o->to = value;
		return 0;
	case COMPRESS:
		o->compress = 0;
		return strcmp(value, "none") ? take_integer("--compress", value, 1, 19,
			&o->compress, e) : 0;
	case PID_FILE:
		o->pid_file = value;
		return 0;
	case STDIN:
		o->stdin_path = value;
		return 0;
	case STDOUT:
		o->stdout_path = value;
		return 0;
	case STDERR:
		o->stderr_path = value;
		return 0;
	}
	return -1;
}

/* Take the option at *at, with its value: `--name VALUE`, `--name=VALUE` or `-oVALUE`. */
static int take_option(struct options *o, int command, char ***at, struct error *e)
{
	const char *argument = **at;

	for (size_t i = 0; i < N_OPTIONS; i++) {
		size_t n = strlen(options[i].name);
		const char *value = NULL;

		if (!(options[i].commands & command) || strncmp(argument, options[i].name, n))
			continue;
		if (argument[n] == '=' && argument[1] == '-' && options[i].has_value)
			value = argument + n + 1;
		else if (argument[n] && argument[1] != '-')
			value = argument + n;
		else if (argument[n])
			continue;
		if (options[i].has_value && !value) {
			value = (*at)[1];
			if (!value)
				return fail(e, "%s: no value", argument);
			++*at;
		}
		return set_option(o, options[i].id, value, e);
	}
	return fail(e, "%s: unknown option", argument);
}

static int set_operand(struct options *o, int command, const char *value, int n, struct error *e)
{
	char *end;
	long pid;

	if (n)
		return fail(e, "%s: one argument too many", value);
	if (command == EXTRACT) {
		o->exe = value;
		return 0;
	}
	if (command != SNAPSHOT && command != MOVE) {
		o->dir = value;
		return 0;
	}
	errno = 0;
	pid = strtol(value, &end, 10);
	if (errno || !*value || *end || pid <= 0 || pid > INT_MAX)
		return fail(e, "%s: not a process number", value);
	o->pid = (pid_t)pid;
	return 0;
}

static int parse(struct options *o, int command, char **at, struct error *e)
{
	int n_operands = 0, only_operands = 0;

	for (; *at; at++) {
		int result;

		if (!only_operands && !strcmp(*at, "--")) {
			only_operands = 1;
			continue;
		}
		if (!only_operands && (*at)[0] == '-' && (*at)[1])
			result = take_option(o, command, &at, e);
		else
			result = set_operand(o, command, *at, n_operands++, e);
		if (result)
			return -1;
	}
	if (!n_operands)
		return fail(e, command == SNAPSHOT ? "snapshot: no process number"
			: command == MOVE ? "move: no process number"
			: command == EXTRACT ? "extract: no program"
			: "no directory of a snapshot");
	if (command == MOVE && !o->to)
		return fail(e, "move: no --to DIR or COMMAND");
	if (!o->dir && command != MOVE)
		return fail(e, command == EXTRACT ? "extract: no -o FILE" : "snapshot: no -o DIR");
	if (command == EXTRACT && !o->isa)
		return fail(e, "extract: no --isa ISA");
	return 0;
}

static int report(const struct error *e, int status)
{
	fprintf(stderr, "hcc-migrate: error: %s\n%s", e->text, e->more ? e->more : "");
	return status;
}

int main(int argc, char **argv)
{
	struct options o = {.timeout_s = 30, .compress = 3};
	struct error e = {0};

	if (argc < 2) {
		fputs(usage, stderr);
		return 2;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return fputs(usage, stdout) < 0;
	if (!strcmp(argv[1], "--version"))
		return printf("hcc-migrate %s\n", HCC_VERSION) < 0;
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		if (parse(&o, commands[i].bit, argv + 2, &e))
			return report(&e, 2);
		switch (commands[i].run(&o, &e)) {
		case 0:
			break;
		case 1:
			return 1;
		default:
			return report(&e, 1);
		}
		if (fflush(stdout) || ferror(stdout)) {
			fail(&e, "standard output: %s", strerror(errno));
			return report(&e, 1);
		}
		return 0;
	}
	fail(&e, "%s: unknown command, expected snapshot, move, restore, inspect or extract", argv[1]);
	return report(&e, 2);
}
