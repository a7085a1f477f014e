/* What the programs of gen.c share: for each type T a value made of a number (mk_T), a number made
 * of a value (hash_T) and an operation that stays in range (op_T); and the functions through which a
 * program calls, jumps and takes arguments. No result depends on the host: numbers are exact or
 * rounded once, addresses are never hashed, quad is IEEE's on every compiler. */
#ifndef TORTURE_FRAMES_H
#define TORTURE_FRAMES_H

#include <alloca.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))
#define UNUSED __attribute__((unused))

typedef _Bool b1;
typedef signed char i8;
typedef unsigned char u8;
typedef short i16;
typedef unsigned short u16;
typedef int i32;
typedef unsigned u32;
typedef long i64;
typedef unsigned long u64;
typedef __int128 i128;
typedef unsigned __int128 u128;
typedef float f32;
typedef double f64;
#if __LDBL_MANT_DIG__ == 113
typedef long double f128;
typedef _Complex long double c128;
#else
typedef __float128 f128;
typedef _Complex __float128 c128;
#endif
typedef _Complex float c32;
typedef _Complex double c64;
typedef u32 v4i __attribute__((vector_size(16)));
typedef u16 v8h __attribute__((vector_size(16)));
typedef u8 v16b __attribute__((vector_size(16)));
typedef u32 v2i __attribute__((vector_size(8)));
typedef f64 v2d __attribute__((vector_size(16)));
typedef f32 v4f __attribute__((vector_size(16)));
typedef volatile u64 *pt;
typedef u64 (*fp)(u64);

static int fuel, level;
static u64 trace;
static volatile u64 pool[64];

static inline u64 mix(u64 a, u64 b)
{
	u64 x = (a ^ b * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;

	return x ^ x >> 31;
}

/* ---- Values -------------------------------------------------------------------------------------- */

#define INTEGER(T, U) \
	static inline UNUSED T mk_##T(u64 x) { return (T)x; } \
	static inline UNUSED u64 hash_##T(T x) { return (u64)x; } \
	static inline UNUSED T op_##T(T a, T b, int kind) \
	{ \
		switch (kind & 7) { \
		case 0: return (T)((U)a + (U)b); \
		case 1: return (T)((U)a - (U)b); \
		case 2: return (T)((U)a * (U)b); \
		case 3: return a ^ b; \
		case 4: return (T)((U)a << ((U)b & 7)); \
		case 5: return a >> ((U)b & 7); \
		case 6: return (T)((U)a / ((U)b | 1)); \
		} \
		return a < b ? a : b; \
	}

INTEGER(i8, u32)
INTEGER(u8, u32)
INTEGER(i16, u32)
INTEGER(u16, u32)
INTEGER(i32, u32)
INTEGER(u32, u32)
INTEGER(i64, u64)
INTEGER(u64, u64)
#define mk_i128 mk_i128_low
#define mk_u128 mk_u128_low
#define hash_i128 hash_i128_low
#define hash_u128 hash_u128_low
INTEGER(i128, u128)
INTEGER(u128, u128)
#undef mk_i128
#undef mk_u128
#undef hash_i128
#undef hash_u128

static inline UNUSED u128 mk_u128(u64 x)
{
	return (u128)mix(x, 3) << 64 | x;
}

static inline UNUSED u64 hash_u128(u128 x)
{
	return mix((u64)(x >> 64), (u64)x);
}

static inline UNUSED i128 mk_i128(u64 x)
{
	return (i128)mk_u128(x);
}

static inline UNUSED u64 hash_i128(i128 x)
{
	return hash_u128((u128)x);
}

static inline UNUSED b1 mk_b1(u64 x)
{
	return x & 4;
}

static inline UNUSED u64 hash_b1(b1 x)
{
	return x ? 77 : 5;
}

static inline UNUSED b1 op_b1(b1 a, b1 b, int kind)
{
	return kind & 1 ? a != b : a && b;
}

/* Results are kept below a million, so that nothing becomes infinite. */
#define FLOATING(T) \
	static inline UNUSED T mk_##T(u64 x) \
	{ \
		return (T)((i64)(x & 0xfffff) - 0x80000) / 64; \
	} \
	static inline UNUSED T op_##T(T a, T b, int kind) \
	{ \
		T r; \
		switch (kind & 3) { \
		case 0: r = a + b; break; \
		case 1: r = a - b; break; \
		case 2: r = a * b; break; \
		default: r = a / (b * b + 1); break; \
		} \
		return r < 1000000 && r > -1000000 ? r : r / 33554432; \
	}

FLOATING(f32)
FLOATING(f64)
FLOATING(f128)

static inline UNUSED u64 hash_f32(f32 x)
{
	u32 bits;

	memcpy(&bits, &x, sizeof bits);
	return bits;
}

static inline UNUSED u64 hash_f64(f64 x)
{
	u64 bits;

	memcpy(&bits, &x, sizeof bits);
	return bits;
}

static inline UNUSED u64 hash_f128(f128 x)
{
	u64 bits[2];

	memcpy(bits, &x, sizeof bits);
	return mix(bits[0], bits[1]);
}

#define COMPLEX(T, R) \
	static inline UNUSED T mk_##T(u64 x) \
	{ \
		T z; \
		__real__ z = mk_##R(x); \
		__imag__ z = mk_##R(x >> 20); \
		return z; \
	} \
	static inline UNUSED u64 hash_##T(T z) \
	{ \
		return mix(hash_##R(__real__ z), hash_##R(__imag__ z)); \
	} \
	static inline UNUSED T op_##T(T a, T b, int kind) \
	{ \
		T r = kind & 1 ? a + b : a - b; \
		if (kind & 2) { \
			__real__ r = op_##R(__real__ a, __imag__ b, kind); \
			__imag__ r = op_##R(__imag__ a, __real__ b, kind); \
		} \
		if (!(__real__ r < 1000000 && __real__ r > -1000000)) \
			__real__ r = __real__ r / 33554432; \
		if (!(__imag__ r < 1000000 && __imag__ r > -1000000)) \
			__imag__ r = __imag__ r / 33554432; \
		return r; \
	}

COMPLEX(c32, f32)
COMPLEX(c64, f64)
COMPLEX(c128, f128)

#define VECTOR(T, E, n) \
	static inline UNUSED T mk_##T(u64 x) \
	{ \
		T v; \
		for (int i = 0; i < n; i++) \
			v[i] = mk_##E(x >> i * 3); \
		return v; \
	} \
	static inline UNUSED u64 hash_##T(T v) \
	{ \
		u64 h = n; \
		for (int i = 0; i < n; i++) \
			h = mix(h, hash_##E(v[i])); \
		return h; \
	} \
	static inline UNUSED T op_##T(T a, T b, int kind) \
	{ \
		T v; \
		if (kind & 8) \
			return kind & 1 ? a + b - a : a - b + b; \
		for (int i = 0; i < n; i++) \
			v[i] = op_##E(a[i], b[n - 1 - i], kind); \
		return v; \
	}

VECTOR(v4i, u32, 4)
VECTOR(v8h, u16, 8)
VECTOR(v16b, u8, 16)
VECTOR(v2i, u32, 2)
VECTOR(v2d, f64, 2)
VECTOR(v4f, f32, 4)

static inline UNUSED pt mk_pt(u64 x)
{
	return &pool[x % 64];
}

static inline UNUSED u64 hash_pt(pt p)
{
	return *p;
}

static inline UNUSED pt op_pt(pt a, pt b, int kind)
{
	*a += (u64)kind + *b;
	return kind & 1 ? a : b;
}

static NOINLINE u64 loop_sum(u64 x)
{
	u64 h = x;

	for (u64 i = 0; i < 3 + x % 3; i++)
		h = mix(h, i);
	return h;
}

static NOINLINE u64 loop_pool(u64 x)
{
	u64 h = 0;

	for (int i = 0; i < 4; i++) {
		pool[(x + (u64)i) % 64] ^= x;
		h = mix(h, loop_sum(pool[i]));
	}
	return h;
}

static NOINLINE u64 recurse(u64 x)
{
	u64 box[3] = {x, x * 3, x >> 2};

	return x % 8 ? mix(recurse(x - 1), box[x % 3]) : loop_sum(box[1]);
}

static u64 simple(u64 x)
{
	return x * 31 + 7;
}

static const fp fps[4] = {loop_sum, loop_pool, recurse, simple};

static inline UNUSED fp mk_fp(u64 x)
{
	return fps[x % 4];
}

static inline UNUSED u64 hash_fp(fp f)
{
	return f(21);
}

static inline UNUSED fp op_fp(fp a, fp b, int kind)
{
	return kind & 1 ? a : b;
}

/* ---- Jumps, sorting, arguments, chains ----------------------------------------------------------- */

struct jump {
	jmp_buf buf;
	u64 thrown;
};

static NOINLINE UNUSED u64 throw_up(struct jump *j, int code, u64 depth)
{
	u64 kept[2] = {depth, mix(depth, 1)};
	f64 real = (f64)depth / 3;

	if (depth == 0) {
		j->thrown++;
		longjmp(j->buf, code);
	}
	for (int i = 0; i < 2; i++)
		kept[i] += loop_sum(kept[1 - i]);
	return throw_up(j, code, depth - 1) + kept[0] + kept[1] + (u64)real;
}

static UNUSED int compare(const void *a, const void *b)
{
	const u64 *x = a, *y = b;
	u64 h = 0;

	/* How often it is called is the library's affair. */
	for (int i = 0; i < 2; i++)
		h = mix(h, *x);
	pool[0] |= h & 0;
	return *x < *y ? -1 : *x > *y;
}

static NOINLINE UNUSED u64 sort_of(u64 x, u64 n)
{
	u64 array[n], h = 0;

	for (u64 i = 0; i < n; i++)
		array[i] = mix(x, i) % 1000;
	qsort(array, n, sizeof *array, compare);
	for (u64 i = 0; i < n; i++)
		h = mix(h, array[i]);
	return h;
}

struct small { i8 c; i16 s; };
struct pair { u64 a; f64 b; };
struct large { u32 w[9]; };

static UNUSED u64 hash_small(struct small s)
{
	return mix((u64)s.c, (u64)s.s);
}

static UNUSED struct small mk_small(u64 x)
{
	return (struct small){(i8)x, (i16)(x >> 8)};
}

static UNUSED u64 hash_pair(struct pair p)
{
	return mix(p.a, hash_f64(p.b));
}

static UNUSED struct pair mk_pair(u64 x)
{
	return (struct pair){x, mk_f64(x)};
}

static UNUSED u64 hash_large(struct large l)
{
	u64 h = 0;

	for (int i = 0; i < 9; i++)
		h = mix(h, l.w[i]);
	return h;
}

static UNUSED struct large mk_large(u64 x)
{
	struct large l;

	for (int i = 0; i < 9; i++)
		l.w[i] = (u32)(x * (u64)(i + 1));
	return l;
}

static NOINLINE UNUSED u64 take_one(char type, va_list *args)
{
	switch (type) {
	case 'i': return (u64)va_arg(*args, i32);
	case 'l': return va_arg(*args, u64);
	case 'x': return hash_i128(va_arg(*args, i128));
	case 'd': return hash_f64(va_arg(*args, f64));
	case 'q': return hash_f128(va_arg(*args, f128));
	case 'z': return hash_c64(va_arg(*args, c64));
	case 'p': return *va_arg(*args, pt);
	case 's': return hash_small(va_arg(*args, struct small));
	case 'r': return hash_pair(va_arg(*args, struct pair));
	case 'w': return hash_large(va_arg(*args, struct large));
	case 'v': return hash_v4i(va_arg(*args, v4i));
	}
	return 1;
}

static NOINLINE UNUSED u64 take_all(const char *types, va_list args)
{
	va_list rest;
	u64 h = 1;

	va_copy(rest, args);
	for (const char *t = types; *t; t++)
		h = mix(h, loop_sum(take_one(*t, &rest)));
	va_end(rest);
	return h;
}

/* Types as take_one names them. */
static NOINLINE UNUSED u64 variadic(const char *types, ...)
{
	va_list args;
	u64 h = 0;

	va_start(args, types);
	h = take_all(types, args);
	for (const char *t = types; *t; t++)
		h = mix(h, take_one(*t, &args));
	va_end(args);
	return h;
}

/* Frames on the stack, linked through locals. */
struct node {
	volatile u64 value;
	struct node *outer;
};

static struct node *innermost;

static NOINLINE UNUSED u64 walk(u64 x)
{
	u64 h = x;

	for (struct node *n = innermost; n; n = n->outer) {
		n->value = mix(n->value, x);
		h = mix(h, n->value);
	}
	return h;
}

#endif
