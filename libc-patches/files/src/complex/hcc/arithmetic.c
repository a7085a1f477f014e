/* Products and quotients of complex numbers, which the compiler calls by these names: the algorithms of C11,
 * Annex G.5.1. compiler-rt's are not used, as they are of an ISA's own calling convention (x86_64 packs a
 * float _Complex into one register, aarch64 returns a long double one in two) and may be contracted. */
#include "complex_impl.h"

/* What is left of an operand when only the direction of an infinity counts. */
#define UNIT(f, x) copysign##f(isinf(x) ? 1 : 0, (x))
#define ZERO_FOR_NAN(f, x) (isnan(x) ? copysign##f(0, (x)) : (x))

#define PRODUCT(type, f, complex_of, name) \
	type _Complex name(type a, type b, type c, type d) \
	{ \
		type ac = a * c, bd = b * d, ad = a * d, bc = b * c; \
		type re = ac - bd, im = ad + bc; \
		int left = isinf(a) || isinf(b), right = isinf(c) || isinf(d); \
 \
		if (!isnan(re) || !isnan(im) || \
		    !(left || right || isinf(ac) || isinf(bd) || isinf(ad) || isinf(bc))) \
			return complex_of(re, im); \
		if (left) { \
			a = UNIT(f, a); \
			b = UNIT(f, b); \
		} \
		if (right) { \
			c = UNIT(f, c); \
			d = UNIT(f, d); \
		} \
		a = ZERO_FOR_NAN(f, a); \
		b = ZERO_FOR_NAN(f, b); \
		c = ZERO_FOR_NAN(f, c); \
		d = ZERO_FOR_NAN(f, d); \
		return complex_of((type)INFINITY * (a * c - b * d), (type)INFINITY * (a * d + b * c)); \
	}

/* The divisor is scaled to about 1, so that its square neither overflows nor vanishes. */
#define QUOTIENT(type, f, complex_of, name) \
	type _Complex name(type a, type b, type c, type d) \
	{ \
		type scale = logb##f(fmax##f(fabs##f(c), fabs##f(d))), norm, re, im; \
		int exponent = 0; \
 \
		if (isfinite(scale)) { \
			exponent = (int)scale; \
			c = scalbn##f(c, -exponent); \
			d = scalbn##f(d, -exponent); \
		} \
		norm = c * c + d * d; \
		re = scalbn##f((a * c + b * d) / norm, -exponent); \
		im = scalbn##f((b * c - a * d) / norm, -exponent); \
		if (!isnan(re) || !isnan(im)) \
			return complex_of(re, im); \
		if (norm == 0 && (!isnan(a) || !isnan(b))) { \
			re = copysign##f((type)INFINITY, c); \
			return complex_of(re * a, re * b); \
		} \
		if ((isinf(a) || isinf(b)) && isfinite(c) && isfinite(d)) { \
			a = UNIT(f, a); \
			b = UNIT(f, b); \
			return complex_of((type)INFINITY * (a * c + b * d), \
				(type)INFINITY * (b * c - a * d)); \
		} \
		if (isinf(scale) && scale > 0 && isfinite(a) && isfinite(b)) { \
			c = UNIT(f, c); \
			d = UNIT(f, d); \
			return complex_of(0 * (a * c + b * d), 0 * (b * c - a * d)); \
		} \
		return complex_of(re, im); \
	}

PRODUCT(float, f, CMPLXF, __mulsc3)
PRODUCT(double, , CMPLX, __muldc3)
PRODUCT(long double, l, CMPLXL, __multc3)
QUOTIENT(float, f, CMPLXF, __divsc3)
QUOTIENT(double, , CMPLX, __divdc3)
QUOTIENT(long double, l, CMPLXL, __divtc3)
