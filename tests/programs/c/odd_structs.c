/* Packed, over-aligned, flexible and union-typed objects. */
#include "moved.h"

struct __attribute__((packed)) packed { char a; int b; short c; double d; char e[3]; };
struct aligned { char a; _Alignas(32) char b[32]; int c; };
struct flexible { int n; short tail[]; };
union any { int i; float f; double d; char text[7]; void *p; long double ld; };
struct tree { struct tree *left, *right; union any value; unsigned char tag; };

static int n_nodes;

static NOINLINE struct tree *build(int depth, int key)
{
	struct tree *t = malloc(sizeof *t);

	n_nodes++;
	t->tag = key % 3;
	if (t->tag == 0)
		t->value.i = key;
	else if (t->tag == 1)
		t->value.d = key * 0.5;
	else
		snprintf(t->value.text, sizeof t->value.text, "%d", key);
	if (n_nodes == 40)
		wait_for_move();
	t->left = depth ? build(depth - 1, key * 2 + 1) : NULL;
	t->right = depth ? build(depth - 1, key * 2 + 2) : NULL;
	return t;
}

static NOINLINE double walk(struct tree *t)
{
	double v;

	if (!t)
		return 0;
	v = t->tag == 0 ? t->value.i : t->tag == 1 ? t->value.d : atoi(t->value.text);
	return v + walk(t->left) + walk(t->right) * 2;
}

int main(void)
{
	struct packed p[5];
	struct aligned a[3], *ap = a;
	struct flexible *f = malloc(sizeof *f + 10 * sizeof *f->tail);
	_Alignas(128) char very[128];
	char *unaligned = malloc(64) + 1;
	long s = 0;

	for (int i = 0; i < 5; i++)
		p[i] = (struct packed){ 'a' + i, i * 1000003, -i, i / 3.0, { 'x', 'y', i } };
	for (int i = 0; i < 3; i++) {
		memset(a[i].b, i + 1, sizeof a[i].b);
		a[i].a = i;
		a[i].c = -i;
	}
	f->n = 10;
	for (int i = 0; i < 10; i++)
		f->tail[i] = i * -3;
	memset(very, 7, sizeof very);
	memcpy(unaligned, &p[4].d, sizeof(double));
	wait_for_move();
	CHECK(((uintptr_t)ap & 31) == 0 && ((uintptr_t)very & 127) == 0);
	for (int i = 0; i < 5; i++)
		s = s * 7 + p[i].a + p[i].b + p[i].c + (int)(p[i].d * 9) + p[i].e[2];
	for (int i = 0; i < 3; i++)
		s = s * 5 + ap[i].b[31] + ap[i].a + ap[i].c;
	for (int i = 0; i < f->n; i++)
		s += f->tail[i] + very[i * 12];
	printf("%ld %d\n", s, memcmp(unaligned, &p[4].d, 8));
	printf("%g %d\n", walk(build(7, 0)), n_nodes);
	return done();
}
