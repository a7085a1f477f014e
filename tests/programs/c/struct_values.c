/* Structures of 1 to 64 bytes as arguments and returns, moved in the callee and in the caller. */
#include "moved.h"

#define SIZES(X) \
	X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) \
	X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32) \
	X(33) X(34) X(35) X(36) X(37) X(38) X(39) X(40) X(41) X(42) X(43) X(44) X(45) X(46) X(47) X(48) \
	X(49) X(50) X(51) X(52) X(53) X(54) X(55) X(56) X(57) X(58) X(59) X(60) X(61) X(62) X(63) X(64)

static int moves_left;

static NOINLINE void maybe_move(void)
{
	if (moves_left-- == 0)
		wait_for_move();
}

#define DEFINE(N) \
	struct s##N { unsigned char b[N]; }; \
	static NOINLINE struct s##N f##N(struct s##N a, int k, struct s##N c) \
	{ \
		struct s##N r; \
		maybe_move(); \
		for (int i = 0; i < N; i++) \
			r.b[i] = a.b[i] + c.b[N - 1 - i] * k; \
		maybe_move(); \
		return r; \
	} \
	static NOINLINE unsigned t##N(void) \
	{ \
		struct s##N a, c, r; \
		struct s##N (*f)(struct s##N, int, struct s##N) = OPAQUE(f##N); \
		unsigned h = N; \
		for (int i = 0; i < N; i++) { \
			a.b[i] = i * 7 + N; \
			c.b[i] = i * 13 + 1; \
		} \
		r = f##N(f##N(a, 3, c), 5, f(c, 7, a)); \
		maybe_move(); \
		for (int i = 0; i < N; i++) \
			h = h * 31 + r.b[i] + a.b[i]; \
		return h; \
	}
SIZES(DEFINE)

/* The register classes that ABIs treat apart. */
struct dd { double a, b; };
struct fl { float f; long l; };
struct ff { float a, b, c; };
struct l3 { long a, b, c; };
struct ld { long double x; };
struct in { struct { char c; double d; } in; };

static NOINLINE struct dd f_dd(struct dd a, double k) { maybe_move(); return (struct dd){ a.b * k, a.a }; }
static NOINLINE struct fl f_fl(struct fl a) { maybe_move(); return (struct fl){ a.l, a.f }; }
static NOINLINE struct ff f_ff(struct ff a) { maybe_move(); return (struct ff){ a.c, a.a, a.b }; }
static NOINLINE struct l3 f_l3(struct l3 a) { maybe_move(); return (struct l3){ a.c, a.a, a.b }; }
static NOINLINE struct ld f_ld(struct ld a) { maybe_move(); return (struct ld){ a.x * 2 }; }
static NOINLINE struct in f_in(struct in a) { maybe_move(); a.in.d += a.in.c; return a; }

int main(void)
{
	unsigned h = 0;

#define RUN(N) \
	if (N % 16 == 5) \
		moves_left = N % 5; \
	h = h * 17 + t##N();
	SIZES(RUN)
	printf("%08x\n", h);
	moves_left = -1;
	for (int i = 0; i < 6; i += 2) {
		moves_left = i;
		struct dd dd = f_dd((struct dd){ 1.5, -2.5 }, 2);
		struct fl fl = f_fl((struct fl){ 3.0f, 44 });
		struct ff ff = f_ff((struct ff){ 1, 2, 3 });
		struct l3 l3 = f_l3((struct l3){ 1, 2, 3 });
		struct ld ld = f_ld((struct ld){ 21 });
		struct in in = f_in((struct in){ { 'a', 0.5 } });
		printf("%g %g %g %ld %g %g %g %ld %ld %ld %g %c %g\n", dd.a, dd.b, fl.f, fl.l, ff.a, ff.b,
			ff.c, l3.a, l3.b, l3.c, (double)ld.x, in.in.c, in.in.d);
	}
	return done();
}
