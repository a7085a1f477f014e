/* C11 6.7.2.1p13, p18: anonymous structs and unions, flexible array members, zero-length arrays, empty
 * structs (GNU), incomplete types completed later, self references, nested tags. */
#include "lib_conformance.h"

struct later;
struct value {
	enum { INT, REAL, TEXT } kind;
	union {
		long i;
		double d;
		struct { const char *s; unsigned short length; };
	};
	struct { char a, b; struct { int deep; }; };
};
struct buffer { unsigned n; struct later *owner; short data[]; };
struct later { int id; struct buffer *buffer; struct later *self; };
struct zero { int n; int tail[0]; };
struct empty { };
struct holds { int a; struct empty e; int b; };

static struct { int n; char text[]; } initialised = {3, "abcdefg"};

static NOINLINE void print(struct value v)
{
	tick();
	switch (v.kind) {
	case INT: printf("%ld", v.i); break;
	case REAL: printf("%g", v.d); break;
	case TEXT: printf("%s/%d", v.s, v.length); break;
	}
	printf(" %d %d %d\n", v.a, v.b, v.deep);
}

static NOINLINE struct buffer *fill(unsigned n)
{
	struct buffer *b = malloc(sizeof *b + n * sizeof b->data[0]);

	b->n = n, b->owner = NULL;
	for (unsigned i = 0; i < n; i++) {
		b->data[i] = (short)(i * i - 7);
		tick();
	}
	return b;
}

static NOINLINE struct empty nothing(struct empty e, int *n, struct empty f)
{
	++*n;
	tick();
	(void)f;
	return e;
}

int main(void)
{
	struct value v[3] = {{INT, .i = 5, .deep = 6}, {REAL, {.d = 2.5}, {1, 2, {3}}},
		{.kind = TEXT, .s = "text", .length = 4, .b = 9}};
	struct later l = {7, fill(9), &l};
	struct empty e;
	int n = 0;

	for (int i = 0; i < 3; i++) {
		print(v[i]);
		v[i].deep += VIA(i);
		v[i].kind = INT, v[i].i = i;
		print(v[i]);
		l.self->buffer->owner = &l;
		SHOW(l.buffer->data[VIA(i) * 4]), SHOW(l.buffer->owner->self->id);
		e = nothing(e, &n, nothing((struct empty){}, &n, e));
	}
	SHOW(n), SHOW(sizeof(struct value)), SHOW(sizeof(struct buffer)), SHOW(sizeof(struct zero));
	SHOW(sizeof(struct empty)), SHOW(sizeof(struct holds)), SHOW(offsetof(struct value, length));
	SHOW(initialised.text), SHOW(VIA(initialised.n)), SHOW(offsetof(struct buffer, data));
	free(l.buffer);
	return 0;
}
