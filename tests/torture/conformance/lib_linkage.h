/* Of inline_linkage.c and lib_linkage_b.c. */
inline int plain_inline(int x)
{
	tick();
	return x * 3;
}

inline int external_inline(int x)
{
	tick();
	return x * 5;
}

static inline int static_inline(int x)
{
	static int calls;

	calls++;
	tick();
	return x * 7 + calls;
}

static NOINLINE UNUSED const void *static_address_(void)
{
	static int here;

	return &here;
}

#define static_address static_address_

int other(int), other_static(int), read_tentative(void), weak_default(int), weak_overridden(int);
int inner_static(int);
int (*other_external_inline(void))(int);
const void *other_static_address(void);
extern int table[], n_table, tentative;
int *other_table(int);
extern const double shared_constant;
extern struct common { int x; } common_data;
