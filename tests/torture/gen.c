/* Writes one C program full of calls, from a seed: functions of up to fourteen parameters of all
 * types, many locals that live across calls in loops, recursion, calls through pointers, variadic
 * calls, setjmp, computed goto, VLAs, alloca, frames linked through locals. What csmith has too
 * little of. The program prints a number after each top-level call; include/frames.h is its
 * run-time
 * part. No behaviour is undefined: integers are computed unsigned, floats are kept small, what
 * changes between setjmp and longjmp is volatile.
 *
 * usage: gen SEED */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_FUNCS = 8, MAX_PARAMS = 14, MAX_VARS = 48, MAX_FIELDS = 8, MAX_STRUCTS = 7 };

static const char *const scalars[] = {
	"b1", "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "i128", "u128", "f32", "f64",
		"f128",
	"c32", "c64", "c128", "v4i", "v8h", "v16b", "v2i", "v2d", "v4f", "pt", "fp",
};
enum {
	N_SCALARS = sizeof scalars / sizeof *scalars,
	N_FIELD_TYPES = N_SCALARS - 2, /* of structs: no pointers, which could outlive a frame */
	N_ARITHMETIC = 14,
	FIRST_INTEGER = 1, N_INTEGERS = 10,
};

struct field {
	int type, count, n_bits; /* count: of an array, else 0; n_bits: of a bit-field, else 0 */
};

struct function {
	int n_params, params[MAX_PARAMS], result, is_inline;
};

static struct field fields[MAX_STRUCTS][MAX_FIELDS];
static int n_fields[MAX_STRUCTS], n_structs;
static struct function funcs[MAX_FUNCS];
static int n_funcs;

/* Of the function being written. */
static int types_of_vars[MAX_VARS], n_vars, n_labels, n_gotos, budget;

static uint64_t state;

static unsigned below(unsigned n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned)((state * 0x2545f4914f6cdd1du >> 33) % n);
}

static int percent(unsigned p)
{
	return below(100) < p;
}

static const char *name_of(int type)
{
	static char names[4][16];
	static int next;
	char *name = names[next++ % 4];

	if (type < N_SCALARS)
		return scalars[type];
	snprintf(name, sizeof names[0], "S%d", type - N_SCALARS);
	return name;
}

static void indent(int depth)
{
	for (int i = 0; i < depth; i++)
		putchar('\t');
}

/* A line, indented. */
__attribute__((format(printf, 2, 3)))
static void line(int depth, const char *format, ...)
{
	va_list args;

	indent(depth);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

/* A type for a variable: small integers and structs more often than vectors. */
static int any_type(void)
{
	if (percent(25))
		return N_SCALARS + (int)below((unsigned)n_structs);
	if (percent(45))
		return (int)below(N_ARITHMETIC);
	return (int)below(N_SCALARS);
}

/* ---- Structs
 * ------------------------------------------------------------------------------------- */

static void write_struct(int s)
{
	static const int widths[] = {1, 2, 3, 5, 7, 8, 9, 13, 16, 17, 24, 31, 33, 47, 63};
	/* clang for riscv64 passes a packed struct of a bit-field and a floating member wrongly. */
	int is_packed = percent(12);
	int i;

	n_fields[s] = 1 + (int)below(percent(30) ? MAX_FIELDS : 4);
	printf("typedef struct S%d {\n", s);
	for (i = 0; i < n_fields[s]; i++) {
		struct field *f = &fields[s][i];
		f->type = (int)below(N_FIELD_TYPES);
		f->count = percent(15) ? 1 + (int)below(5) : 0;
		if (s && percent(15))
			f->type = N_SCALARS + (int)below((unsigned)s);
		else if (!f->count && !is_packed && percent(20)) {
			f->n_bits = widths[below(sizeof widths / sizeof *widths)];
			f->type = FIRST_INTEGER + (f->n_bits <= 8 ? (int)below(8) : f->n_bits <= 16
				? 2 + (int)below(6)
				: f->n_bits <= 32 ? 4 + (int)below(4) : 6 + (int)below(2));
		}
		printf("\t%s m%d", name_of(f->type), i);
		if (f->count)
			printf("[%d]", f->count);
		if (f->n_bits)
			printf(" : %d", f->n_bits);
		puts(";");
	}
	printf("}%s S%d;\n\n", is_packed ? " __attribute__((packed))" : "", s);
	printf("static UNUSED S%d mk_S%d(u64 x)\n{\n\tS%d s;\n\n", s, s, s);
	for (i = 0; i < n_fields[s]; i++) {
		const struct field *f = &fields[s][i];
		const char *type = name_of(f->type);
		if (f->count)
			printf("\tfor (int i = 0; i < %d; i++)\n"
				"\t\ts.m%d[i] = mk_%s(x + (u64)i * %u);\n", f->count, i,
				type, below(1000));
		else
			printf("\ts.m%d = mk_%s(x >> %d ^ %u);\n", i, type, i, below(1000));
	}
	printf("\treturn s;\n}\n\nstatic UNUSED u64 hash_S%d(S%d s)\n{\n\tu64 h = %d;\n\n", s, s,
		s);
	for (i = 0; i < n_fields[s]; i++) {
		const struct field *f = &fields[s][i];
		const char *type = name_of(f->type);
		if (f->count)
			printf("\tfor (int i = 0; i < %d; i++)\n"
				"\t\th = mix(h, hash_%s(s.m%d[i]));\n", f->count, type,
				i);
		else
			printf("\th = mix(h, hash_%s(s.m%d));\n", type, i);
	}
	printf("\treturn h;\n}\n\nstatic UNUSED S%d op_S%d(S%d a, S%d b, int kind)\n{\n", s, s, s,
		s);
	for (i = 0; i < n_fields[s]; i++) {
		const struct field *f = &fields[s][i];
		if (f->count)
			printf("\ta.m%d[%d] = b.m%d[0];\n", i, f->count - 1, i);
		else if (f->n_bits || percent(30))
			printf("\ta.m%d = b.m%d;\n", i, i);
		else
			printf("\ta.m%d = op_%s(a.m%d, b.m%d, kind);\n", i, name_of(f->type), i, i);
	}
	puts("\treturn kind & 1 ? a : b;\n}\n");
}

/* ---- Expressions
 * --------------------------------------------------------------------------------- */

static void value(int type, int depth);
static void call(int depth);

/* One of type u64. */
static void number(int depth)
{
	unsigned v = below((unsigned)n_vars);

	if (percent(15))
		printf("%uu", below(100000));
	else if (depth < 2 && percent(25)) {
		printf("mix(");
		number(depth + 1);
		printf(", ");
		number(depth + 1);
		printf(")");
	} else
		printf("hash_%s(x%u)", name_of(types_of_vars[v]), v);
}

static int variable_of(int type)
{
	unsigned start = below((unsigned)n_vars);

	for (int i = 0; i < n_vars; i++) {
		int v = (int)((start + (unsigned)i) % (unsigned)n_vars);
		if (types_of_vars[v] == type)
			return v;
	}
	return -1;
}

static void value(int type, int depth)
{
	int v = variable_of(type);

	if (depth < 2 && percent(20)) {
		printf("op_%s(", name_of(type));
		value(type, depth + 1);
		printf(", ");
		value(type, depth + 1);
		printf(", %u)", below(16));
	} else if (depth < 3 && budget > 0 && percent(8)) {
		printf("mk_%s(", name_of(type));
		call(depth + 1);
		printf(")");
	} else if (v >= 0 && percent(75))
		printf("x%d", v);
	else {
		printf("mk_%s(", name_of(type));
		number(depth + 1);
		printf(")");
	}
}

static void arguments(const struct function *f, int depth)
{
	for (int i = 0; i < f->n_params; i++) {
		if (i)
			printf(", ");
		value(f->params[i], depth + 1);
	}
}

/* A call of a function of the program, as its result. */
static void plain_call(int callee, int depth)
{
	budget--;
	printf("f%d(", callee);
	arguments(&funcs[callee], depth);
	printf(")");
}

/* Some call, as a number. */
static void call(int depth)
{
	static const char letters[] = "ilxdqzpsrwv";
	static const int words[] = {1, 1, 2, 0, 0, 0, 1, 1, 1, 0, 0};
	static const char *const promoted[] = {
		"i32", "u64", "i128", "f64", "f128", "c64", "pt", "small", "pair", "large", "v4i",
	};
	unsigned n, picks[9];
	int n_words = 1; /* registers that x86_64 has passed integers in */
	int callee = (int)below((unsigned)n_funcs);

	switch (below(10)) {
	case 0:
		n = 1 + below(9);
		printf("variadic(\"");
		for (unsigned i = 0; i < n; i++) {
			picks[i] = below(sizeof letters - 1);
			/* clang for x86_64 splits one between the last register and the stack, and
			 * reads it wrong. */
			if (letters[picks[i]] == 'x' && n_words == 5)
				picks[i] = 1;
			n_words += words[picks[i]];
			putchar(letters[picks[i]]);
		}
		printf("\"");
		for (unsigned i = 0; i < n; i++) {
			printf(", mk_%s(", promoted[picks[i]]);
			number(1);
			printf(")");
		}
		printf(")");
		return;
	case 1:
		printf("walk(");
		number(depth + 1);
		printf(")");
		return;
	case 2:
		printf("sort_of(");
		number(depth + 1);
		printf(", %u)", 2 + below(6));
		return;
	case 3:
		printf("mk_fp(");
		number(depth + 1);
		printf(")(");
		number(depth + 1);
		printf(" %% 40)");
		return;
	}
	printf("hash_%s(", name_of(funcs[callee].result));
	plain_call(callee, depth);
	printf(")");
}

/* ---- Statements
 * ---------------------------------------------------------------------------------- */

static void statements(int n, int depth);

static void write_setjmp(int depth, int id)
{
	line(depth, "{");
	line(depth + 1, "struct jump j%d;", id);
	indent(depth + 1);
	printf("volatile u64 vj%d = ", id);
	number(0);
	printf(";\n\n");
	line(depth + 1, "j%d.thrown = 0;", id);
	line(depth + 1, "switch (setjmp(j%d.buf)) {", id);
	for (int i = 0; i < 3; i++) {
		line(depth + 1, i < 2 ? "case %d:" : "default:", i);
		indent(depth + 2);
		printf("vj%d = mix(vj%d, ", id, id);
		call(0);
		printf(");\n");
		if (i < 2)
			line(depth + 2, "throw_up(&j%d, %d, %u);", id, i + 1, below(5));
	}
	line(depth + 1, "}");
	line(depth + 1, "x%u = mk_%s(vj%d + j%d.thrown);", 0u, name_of(types_of_vars[0]), id, id);
	line(depth, "}");
}

/* A small interpreter of labels. */
static void write_goto(int depth, int id)
{
	int n_ops = 3 + (int)below(3);

	line(depth, "{");
	indent(depth + 1);
	printf("static void *const table%d[] = {", id);
	for (int i = 0; i < n_ops; i++)
		printf("&&op%d_%d, ", id, i);
	printf("&&end%d};\n", id);
	indent(depth + 1);
	printf("static const u8 code%d[] = {", id);
	for (int i = 0; i < 7; i++)
		printf("%u, ", below((unsigned)n_ops));
	printf("%d};\n", n_ops);
	line(depth + 1, "const u8 *pc%d = code%d;", id, id);
	line(depth + 1, "void *const *go%d = table%d;\n", id, id);
	line(depth + 1, "goto *go%d[*pc%d++];", id, id);
	for (int i = 0; i < n_ops; i++) {
		line(depth, "op%d_%d:", id, i);
		statements(1, depth + 1);
		line(depth + 1, "goto *go%d[*pc%d++];", id, id);
	}
	line(depth, "end%d:;", id);
	line(depth, "}");
}

static void write_vla(int depth, int id)
{
	int type = any_type();
	int is_alloca = percent(30);

	line(depth, "{");
	indent(depth + 1);
	printf("u64 n%d = 1 + ", id);
	number(0);
	printf(" %% 6;\n");
	if (is_alloca)
		line(depth + 1, "%s *a%d = alloca(n%d * sizeof(%s));\n", name_of(type), id, id,
			name_of(type));
	else
		line(depth + 1, "%s a%d[n%d];\n", name_of(type), id, id);
	line(depth + 1, "for (u64 i = 0; i < n%d; i++)", id);
	indent(depth + 2);
	printf("a%d[i] = mk_%s(i + ", id, name_of(type));
	call(1);
	printf(");\n");
	statements(1, depth + 1);
	line(depth + 1, "for (u64 i = 0; i < n%d; i++)", id);
	line(depth + 2, "trace = mix(trace, hash_%s(a%d[i]));", name_of(type), id);
	line(depth, "}");
}

static void write_pointer_call(int depth, int id)
{
	int callee = (int)below((unsigned)n_funcs);
	const struct function *f = &funcs[callee];

	line(depth, "{");
	indent(depth + 1);
	printf("%s (*volatile opaque%d)(", name_of(f->result), id);
	for (int i = 0; i < f->n_params; i++)
		printf("%s%s", i ? ", " : "", name_of(f->params[i]));
	printf("%s) = f%d;\n", f->n_params ? "" : "void", callee);
	line(depth + 1, "__auto_type p%d = opaque%d;", id, id);
	for (int i = 0; i < 2; i++) {
		budget--;
		indent(depth + 1);
		printf("trace = mix(trace, hash_%s(p%d(", name_of(f->result), id);
		arguments(f, 1);
		printf(")));\n");
	}
	line(depth, "}");
}

static void write_chain(int depth, int id)
{
	line(depth, "{");
	indent(depth + 1);
	printf("struct node node%d = {", id);
	number(0);
	printf(", innermost};\n\n");
	line(depth + 1, "innermost = &node%d;", id);
	statements(2, depth + 1);
	line(depth + 1, "trace = mix(trace, node%d.value);", id);
	line(depth + 1, "innermost = node%d.outer;", id);
	line(depth, "}");
}

static void write_branch(int depth)
{
	if (percent(60)) {
		indent(depth);
		printf("if (");
		number(0);
		printf(" & %u) {\n", 1u << below(6));
		statements(1 + (int)below(2), depth + 1);
		line(depth, "} else {");
		statements(1, depth + 1);
		line(depth, "}");
		return;
	}
	indent(depth);
	printf("switch (");
	number(0);
	printf(" %% 7) {\n");
	for (int i = 0; i < 4; i++) {
		line(depth, i < 3 ? "case %d:" : "default:", i);
		statements(1, depth + 1);
		if (percent(60))
			line(depth + 1, "break;");
	}
	line(depth, "}");
}

static void write_loop(int depth, int id)
{
	int kind = (int)below(3);

	if (kind == 0)
		line(depth, "for (int at%d = 0; at%d < %u; at%d++) {", id, id, 2 + below(3), id);
	else {
		line(depth, "int at%d = %u;", id, 2 + below(2));
		line(depth, kind == 1 ? "while (at%d-- > 0) {" : "do {", id);
	}
	statements(1 + (int)below(3), depth + 1);
	if (kind != 2 && percent(20)) {
		line(depth + 1, "if (trace & %u)", 1u << below(8));
		line(depth + 2, percent(50) ? "break;" : "continue;");
	}
	if (kind == 2)
		line(depth, "} while (--at%d > 0);", id);
	else
		line(depth, "}");
}

static void write_assignment(int depth)
{
	unsigned v = below((unsigned)n_vars);
	int type = types_of_vars[v];
	int other = (int)below((unsigned)n_vars);

	indent(depth);
	if (type == N_SCALARS - 2 && percent(50)) { /* through a pointer */
		printf("*x%u = mix(*x%u, ", v, v);
		number(0);
		printf(");\n");
	} else if (type <= N_INTEGERS && types_of_vars[other] <= N_INTEGERS && percent(40))
		printf("x%u %c= (%s)x%d;\n", v, "^|&"[below(3)], name_of(type), other);
	else if (type < N_ARITHMETIC && types_of_vars[other] < N_ARITHMETIC && percent(50))
		printf("x%u = op_%s(x%u, (%s)((i32)x%d %% 100000), %u);\n", v, name_of(type), v,
			name_of(type),
			other, below(8));
	else {
		printf("x%u = op_%s(x%u, ", v, name_of(type), v);
		value(type, 0);
		printf(", %u);\n", below(16));
	}
}

static void write_call(int depth)
{
	unsigned v = below((unsigned)n_vars);
	int callee = (int)below((unsigned)n_funcs);

	for (int i = 0; i < n_funcs && percent(80); i++)
		if (funcs[(callee + i) % n_funcs].result == types_of_vars[v])
			callee = (callee + i) % n_funcs;
	indent(depth);
	if (funcs[callee].result == types_of_vars[v]) {
		printf("x%u = ", v);
		plain_call(callee, 0);
		printf(";\n");
		return;
	}
	printf("x%u = mk_%s(mix(", v, name_of(types_of_vars[v]));
	call(0);
	printf(", ");
	if (percent(30))
		call(0);
	else
		number(0);
	printf("));\n");
}

static void statements(int n, int depth)
{
	for (int i = 0; i < n; i++) {
		int id = n_labels++;
		unsigned choice = below(100);

		if (depth > 3 || budget <= 0)
			choice %= 50;
		if (choice < 25)
			write_assignment(depth);
		else if (choice < 50 && budget > 0)
			write_call(depth);
		else if (choice < 50)
			write_assignment(depth);
		else if (choice < 64)
			write_loop(depth, id);
		else if (choice < 74)
			write_branch(depth);
		else if (choice < 80)
			write_vla(depth, id);
		else if (choice < 85)
			write_setjmp(depth, id);
		else if (choice < 89 && !n_gotos++)
			write_goto(depth, id);
		else if (choice < 94)
			write_pointer_call(depth, id);
		else
			write_chain(depth, id);
	}
}

/* ---- Functions
 * ----------------------------------------------------------------------------------- */

static void choose_function(struct function *f)
{
	f->n_params = (int)below(percent(30) ? MAX_PARAMS + 1 : 6);
	for (int i = 0; i < f->n_params; i++)
		f->params[i] = any_type();
	f->result = any_type();
	f->is_inline = percent(25);
}

static void write_head(int k)
{
	const struct function *f = &funcs[k];

	printf("static %s%s f%d(", f->is_inline ? "" : "NOINLINE ", name_of(f->result), k);
	for (int i = 0; i < f->n_params; i++)
		printf("%s%s x%d", i ? ", " : "", name_of(f->params[i]), i);
	printf("%s)", f->n_params ? "" : "void");
}

static void write_function(int k)
{
	const struct function *f = &funcs[k];
	int n_locals = 2 + (int)below(percent(25) ? 20 : 7);
	int v;

	budget = 5;
	n_labels = n_gotos = 0;
	n_vars = f->n_params;
	for (v = 0; v < n_vars; v++)
		types_of_vars[v] = f->params[v];
	write_head(k);
	puts("\n{\n\tu64 h = 0;\n");
	if (!n_vars)
		types_of_vars[n_vars++] = 8, puts("\tu64 x0 = trace;");
	for (; n_locals; n_locals--) {
		int type = any_type();
		indent(1);
		/* A static pointer could outlive what it points to. */
		if (percent(8) && type != N_SCALARS - 2) {
			line(0, "static _Thread_local %s x%d;", name_of(type), n_vars);
			printf("\tx%d = mk_%s(", n_vars, name_of(type)), number(0), puts(");");
			types_of_vars[n_vars++] = type;
			continue;
		}
		printf("%s x%d = ", name_of(type), n_vars);
		if (type == N_SCALARS - 2 && percent(50))
			printf("&(volatile u64){%u};\n", below(1000));
		else {
			printf("mk_%s(", name_of(type));
			number(0);
			printf(");\n");
		}
		types_of_vars[n_vars++] = type;
	}
	printf("\n\tif (fuel-- <= 0 || level > 12)\n\t\treturn mk_%s(trace++);\n\tlevel++;\n",
		name_of(f->result));
	statements(3 + (int)below(4), 1);
	puts("\tlevel--;");
	for (v = 0; v < n_vars; v++)
		printf("\th = mix(h, hash_%s(x%d));\n", name_of(types_of_vars[v]), v);
	printf("\ttrace = mix(trace, h);\n\treturn mk_%s(h);\n}\n\n", name_of(f->result));
}

int main(int argc, char **argv)
{
	unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 0) : 1;
	int i;

	state = (seed + 1) * 0x9e3779b97f4a7c15u;
	if (!state)
		state = 1;
	for (i = 0; i < 8; i++)
		below(2);
	printf("/* frames, seed %lu */\n#include \"frames.h\"\n\n", seed);
	n_structs = 3 + (int)below(MAX_STRUCTS - 2);
	for (i = 0; i < n_structs; i++)
		write_struct(i);
	n_funcs = 3 + (int)below(5);
	for (i = 0; i < n_funcs; i++) {
		choose_function(&funcs[i]);
		write_head(i);
		puts(";");
	}
	putchar('\n');
	for (i = 0; i < n_funcs; i++)
		write_function(i);
	puts("int main(void)\n{\n\tu64 h = 1;\n\n"
		"\tfor (u64 i = 0; i < 64; i++)\n\t\tpool[i] = mix(i, 5);");
	n_vars = 1;
	types_of_vars[0] = 8;
	puts("\tu64 x0 = 12345;");
	for (i = 0; i < n_funcs; i++) {
		budget = 0;
		printf("\tfuel = 40;\n\tlevel = 0;\n\ttrace = mix(trace, x0 += %u);\n"
			"\th = mix(h, hash_%s(", below(99),
			name_of(funcs[i].result));
		plain_call(i, 3);
		printf("));\n\tprintf(\"f%d %%016lx %%016lx\\n\", h, trace);\n", i);
	}
	puts("\treturn 0;\n}");
	return 0;
}
