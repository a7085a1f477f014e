/* Headers: math.h float.h limits.h
 * Each function over many arguments: hash of the results' bits, of the exceptions, in each
 * rounding mode for those that honour it; and a sample in plain sight. */
#include <fenv.h>
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include "lib_log.h"

static double arguments[1200];
static int n_arguments;

static void add(double x)
{
	arguments[n_arguments++] = x;
	arguments[n_arguments++] = -x;
}

static void make_arguments(void)
{
	uint64_t x = 88172645463325252u;
	int i;

	add(0);
	add(INFINITY);
	add(NAN);
	add(DBL_MIN);
	add(DBL_MAX);
	add(DBL_TRUE_MIN);
	add(0x1.fffffffffffffp-1023);
	add(0.5);
	add(1);
	add(1 + DBL_EPSILON);
	add(1 - DBL_EPSILON / 2);
	add(1.5);
	add(2.5);
	add(0x1p52 + 0.5);
	add(0x1p53);
	add(0x1p31);
	add(0x1p63);
	add(0x1.921fb54442d18p+0);
	add(0x1.921fb54442d18p+1);
	add(710);
	add(745.2);
	add(1e22);
	add(FLT_MAX);
	add(FLT_MIN);
	add(FLT_TRUE_MIN);
	for (i = -20; i <= 20; i++)
		add(i * 0.37 + 1e-3);
	for (i = 0; i < 400; i++) {
		double d;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		if (i % 4 == 0)
			memcpy(&d, &x, sizeof(d));
		else
			d = (double)(int64_t)x / 0x1p63 * (i % 4 == 1 ? 1 : i % 4 == 2 ? 50 : 1e5);
		if (d == d)
			add(d);
	}
}

static uint64_t exceptions(uint64_t h)
{
	HASH_LONG(h, (!!fetestexcept(FE_INVALID)) | (!!fetestexcept(FE_DIVBYZERO)) << 1 |
		(!!fetestexcept(FE_OVERFLOW)) << 2 | (!!fetestexcept(FE_UNDERFLOW)) << 3);
	return h;
}

/* Whether the exact result was not representable: for functions that are exact about it. */
static uint64_t inexact(uint64_t h)
{
	return HASH_LONG(h, !!fetestexcept(FE_INEXACT));
}

struct one {
	const char *name;
	double (*f)(double);
	float (*ff)(float);
	int is_exact;
};

#define ONE(name) { #name, name, name##f, 0 }
#define EXACT(name) { #name, name, name##f, 1 }

static const struct one ones[] = {
	ONE(acos),
	ONE(acosh),
	ONE(asin),
	ONE(asinh),
	ONE(atan),
	ONE(atanh),
	ONE(cbrt),
	ONE(cos),
	ONE(cosh),
	ONE(erf),
	ONE(erfc),
	ONE(exp),
	ONE(exp2),
	ONE(expm1),
	ONE(lgamma),
	ONE(log),
	ONE(log10),
	ONE(log1p),
	ONE(log2),
	ONE(sin),
	ONE(sinh),
	ONE(tan),
	ONE(tanh),
	ONE(tgamma),
	ONE(j0),
	ONE(j1),
	ONE(y0),
	ONE(y1),
	ONE(exp10),
	ONE(pow10),
	EXACT(ceil),
	EXACT(fabs),
	EXACT(floor),
	EXACT(logb),
	EXACT(nearbyint),
	EXACT(rint),
	EXACT(round),
	EXACT(sqrt),
	EXACT(trunc),
	EXACT(significand),
};

static double two_of_int(double x, double y)
{
	return scalbn(x, (int)fmax(-3000, fmin(y, 3000)));
}

static float two_of_intf(float x, float y)
{
	return scalbnf(x, (int)fmaxf(-3000, fminf(y, 3000)));
}

static double jn2(double x, double y)
{
	return jn((int)fmax(-9, fmin(9, y)), x) + yn((int)fmax(-9, fmin(9, y)), fabs(x));
}

static float jn2f(float x, float y)
{
	return jnf((int)fmaxf(-9, fminf(9, y)), x) + ynf((int)fmaxf(-9, fminf(9, y)), fabsf(x));
}

/* remainder's loops are long for arguments far apart, which is well in a few cases. */
struct two {
	const char *name;
	double (*f)(double, double);
	float (*ff)(float, float);
};

static const struct two twos[] = {
	{"atan2", atan2, atan2f},
	{"copysign", copysign, copysignf},
	{"fdim", fdim, fdimf},
	{"fmax", fmax, fmaxf},
	{"fmin", fmin, fminf},
	{"fmod", fmod, fmodf},
	{"hypot", hypot, hypotf},
	{"nextafter", nextafter, nextafterf},
	{"pow", pow, powf},
	{"remainder", remainder, remainderf},
	{"drem", drem, dremf},
	{"scalb", scalb, scalbf},
	{"scalbn", two_of_int, two_of_intf},
	{"jn", jn2, jn2f},
};

static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

static double sample(double x)
{
	return x != x ? 0 : x;
}

/* In the modes that a function does not promise, ISAs must agree all the same. */
static void show_one(const struct one *one)
{
	int i, k;

	for (k = 0; k < 4; k++) {
		uint64_t h = HASH_START, hf = HASH_START, e = HASH_START;

		fesetround(modes[k]);
		for (i = 0; i < n_arguments; i++) {
			feclearexcept(FE_ALL_EXCEPT);
			HASH_DOUBLE(h, one->f(arguments[i]));
			e = exceptions(e);
			if (one->is_exact)
				e = inexact(e);
			feclearexcept(FE_ALL_EXCEPT);
			HASH_DOUBLE(hf, one->ff((float)arguments[i]));
			e = exceptions(e);
		}
		fesetround(FE_TONEAREST);
		SAY("%s%s %d: %016llx %016llx %016llx %a %a", k == 0 || one->is_exact ? "" : "~",
			one->name, k, (unsigned long long)h, (unsigned long long)hf,
			(unsigned long long)e, sample(one->f(0.7)), sample(one->ff(0.7f)));
	}
}

static void show_two(const struct two *two)
{
	int i, k;

	for (k = 0; k < 4; k++) {
		uint64_t h = HASH_START, hf = HASH_START, e = HASH_START;

		fesetround(modes[k]);
		for (i = 0; i < n_arguments; i++) {
			double x = arguments[i], y = arguments[(i * 31 + 7) % n_arguments];

			feclearexcept(FE_ALL_EXCEPT);
			HASH_DOUBLE(h, two->f(x, y));
			e = exceptions(e);
			feclearexcept(FE_ALL_EXCEPT);
			HASH_DOUBLE(hf, two->ff((float)x, (float)y));
			e = exceptions(e);
		}
		fesetround(FE_TONEAREST);
		SAY("%s%s %d: %016llx %016llx %016llx %a %a", k == 0 ? "" : "~", two->name, k,
			(unsigned long long)h, (unsigned long long)hf, (unsigned long long)e,
			sample(two->f(5.3, 2)), sample(two->ff(5.3f, 2)));
	}
}

/* Results that are integers: asked in range only, as others depend on the ISA. */
static void to_integers(void)
{
	uint64_t h = HASH_START;
	int i, k, e;

	for (k = 0; k < 4; k++) {
		fesetround(modes[k]);
		for (i = 0; i < n_arguments; i++) {
			double x = arguments[i];
			float f = (float)x;
			int is_finite = isfinite(x) && isfinite(f);

			HASH_LONG(h, ilogb(x));
			HASH_LONG(h, ilogbf(f));
			HASH_LONG(
				h, isinf(x) | isnan(x) << 1 | isfinite(x) << 2 | isnormal(x) << 3);
			HASH_LONG(h, fpclassify(x) * 10 + fpclassify(f));
			HASH_LONG(h, isnan(x) || signbit(x));
			HASH_LONG(h, finite(x) + finitef(f));
			if (!is_finite)
				continue;
			HASH_DOUBLE(h, frexp(x, &e));
			HASH_LONG(h, e);
			HASH_DOUBLE(h, frexpf(f, &e));
			HASH_LONG(h, e);
			if (fabs(x) >= 0x1p62 || fabsf(f) >= 0x1p62f)
				continue;
			HASH_LONG(h, lrint(x) + lrintf(f) * 3);
			HASH_LONG(h, llrint(x) + llrintf(f) * 3);
			HASH_LONG(h, lround(x) + lroundf(f) * 3);
			HASH_LONG(h, llround(x) + llroundf(f) * 3);
		}
		SHOW(h);
	}
	fesetround(FE_TONEAREST);
}

static void others(void)
{
	uint64_t h = HASH_START;
	double whole, s, c;
	float whole_f, sf, cf;
	int i, sign;

	for (i = 0; i < n_arguments; i++) {
		double x = arguments[i], y = arguments[(i * 17 + 3) % n_arguments];
		double z = arguments[(i * 7 + 5) % n_arguments];

		HASH_DOUBLE(h, modf(x, &whole));
		HASH_DOUBLE(h, whole);
		HASH_DOUBLE(h, modff((float)x, &whole_f));
		HASH_DOUBLE(h, whole_f);
		sincos(x, &s, &c);
		HASH_DOUBLE(h, s);
		HASH_DOUBLE(h, c);
		sincosf((float)x, &sf, &cf);
		HASH_DOUBLE(h, sf);
		HASH_DOUBLE(h, cf);
		HASH_DOUBLE(h, lgamma_r(x, &sign));
		HASH_DOUBLE(h, lgammaf_r((float)x, &sign));
		HASH_DOUBLE(h, fma(x, y, z));
		HASH_DOUBLE(h, fmaf((float)x, (float)y, (float)z));
		HASH_DOUBLE(h, ldexp(x, i - 300));
		HASH_DOUBLE(h, ldexpf((float)x, i % 100 - 50));
		HASH_DOUBLE(h, scalbln(x, i - 300L));
		HASH_DOUBLE(h, scalblnf((float)x, i % 100 - 50L));
		if (fabs(y) > 1e-300 && isfinite(x)) {
			HASH_DOUBLE(h, remquo(x, y, &sign));
			HASH_LONG(h, sign & 7);
			HASH_DOUBLE(h, remquof((float)x, 1.7f, &sign));
			HASH_LONG(h, sign & 7);
		}
		HASH_DOUBLE(h, nexttoward(x, (long double)y));
		HASH_DOUBLE(h, nexttowardf((float)x, (long double)(float)y));
		HASH_LONG(h, isgreater(x, y) | isless(x, y) << 1 | islessequal(x, y) << 2 |
				     isgreaterequal(x, y) << 3 | islessgreater(x, y) << 4 |
				     isunordered(x, y) << 5);
	}
	SHOW(h);
	lgamma(-0.5);
	SHOW(signgam);
	SHOW(nan("1") != nan(""));
	SHOW(nanf("1") != nanf(""));
	SHOW(HUGE_VAL);
	SHOW(HUGE_VALF);
	SHOW(MATH_ERRNO | MATH_ERREXCEPT);
	SHOW(math_errhandling);
	SHOW(FP_ILOGB0 == ilogb(0));
	SHOW(M_PI);
	SHOW(M_SQRT1_2);
	SHOW(FLT_EVAL_METHOD);
	SHOW(DBL_DIG + FLT_DIG * 100 + DBL_DECIMAL_DIG * 10000);
	SHOW(FLT_ROUNDS);
	SHOW(CHAR_BIT + CHAR_MIN + PATH_MAX);
}

int main(void)
{
	size_t i;

	make_arguments();
	for (i = 0; i < sizeof(ones) / sizeof(*ones); i++)
		show_one(&ones[i]);
	for (i = 0; i < sizeof(twos) / sizeof(*twos); i++)
		show_two(&twos[i]);
	to_integers();
	others();
	return 0;
}
