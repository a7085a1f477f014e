/* Frames that hcc does not make, but a compiler could: arrays of a size not known and realignment
 * on the native stack, with a base pointer where both meet; frames past an instruction's reach.
 * Compiled by clang for each ISA, never run. */
typedef float vector __attribute__((vector_size(32)));
struct aligned {
	_Alignas(64) char bytes[64];
};

void use(void *, ...);
int get(int);
void take(int, int, int, int, int, int, int, int, int, long, long double);
_Noreturn void die(const char *);
int remember(long *) __attribute__((returns_twice));

int vla(int n)
{
	int a[n];

	use(a, n);
	return a[n - 1] + get(n);
}

int aligned(int n)
{
	struct aligned b;

	use(&b);
	return b.bytes[n] + get(n);
}

int aligned_vla(int n)
{
	struct aligned b;
	int a[n];

	use(&b, a);
	take(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, n);
	use(a);
	return b.bytes[n] + a[n - 1];
}

int frame_5k(int n)
{
	char a[5000];

	use(a);
	return a[n];
}

int frame_70k(int n)
{
	char a[70000];

	use(a);
	return a[n];
}

int frame_20m(int n)
{
	char a[20000000];
	int k;

	use(a);
	k = get(n);
	use(a);
	return a[k];
}

int pushes(int n)
{
	take(1, 2, 3, 4, n, 6, 7, 8, 9, 10, n);
	take(n, 2, 3, 4, n, 6, 7, 8, 9, 10, n);
	return n;
}

int shrink_wrapped(int n)
{
	int s = 0;

	if (n < 3)
		return 1;
	for (int i = 0; i < n; i++)
		s += get(i) * get(s);
	return s;
}

int dies(int n)
{
	if (n == 4)
		die("x");
	if (n == 5) {
		use(&n);
		die("y");
	}
	return get(n) + n;
}

int tail(int n)
{
	return get(n + 1);
}

double floats(double a, double b, int n)
{
	double c = a * b, d = a / b, e = a - b;

	use(0);
	for (int i = 0; i < n; i++) {
		c += d * get(i);
		e *= c;
	}
	return c + d + e;
}

int table(int n, int k)
{
	switch (n) {
	case 0: return get(1);
	case 1: use(&k); return k;
	case 2: k = get(k); /* fall through */
	case 3: return get(k) + k;
	case 4: use(0); use(&n); return n;
	case 5: return 77;
	case 6: die("z");
	case 7: return get(9) * get(k);
	default: return 0;
	}
}

int loop_with_table(const char *s)
{
	int a = 0, b = 1, c = 2;

	for (;;)
		switch (*s++) {
		case 'a': a += get(b); break;
		case 'b': b += get(c); break;
		case 'c': c -= get(a); break;
		case 'd': a ^= b; break;
		case 'e': use(0, a); break;
		case 'f':
			if (a == 3)
				die("u");
			break;
		case 'g': b = get(a) + get(c); continue;
		case 0: return a + b + c;
		default: return -1;
		}
}

vector vectors(vector a, int n)
{
	vector b = a + 1;

	use(&b);
	return b * (float)get(n);
}

int red_zone(int a, int b)
{
	volatile int t[20];

	for (int i = 0; i < 20; i++)
		t[i] = a + i * b;
	return t[a & 15];
}

int alloca_in_loop(int n)
{
	char *p = 0;

	for (int i = 0; i < n; i++) {
		p = __builtin_alloca((unsigned long)i + 40);
		use(p);
	}
	return p ? *p : 0;
}

int returns_twice(int n)
{
	volatile int k = n;
	long state[32];

	if (remember(state))
		return k;
	use(state);
	k++;
	use(state);
	return get(k);
}
