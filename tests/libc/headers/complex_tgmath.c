/* Headers: complex.h tgmath.h
 * Complex functions bit by bit in double and float; long double's forms against double's; the
 * type that a generic macro selects. */
#include <complex.h>
#include <tgmath.h>
#include <float.h>
#include "lib_log.h"
#undef I
#define I _Complex_I

typedef double _Complex (*function)(double _Complex);
typedef float _Complex (*function_f)(float _Complex);
typedef long double _Complex (*function_l)(long double _Complex);

#define FORMS(name) { #name, (name), (name##f), (name##l) }

static const struct {
	const char *name;
	function f;
	function_f ff;
	function_l fl;
} functions[] = {
	FORMS(cacos),
	FORMS(cacosh),
	FORMS(casin),
	FORMS(casinh),
	FORMS(catan),
	FORMS(catanh),
	FORMS(ccos),
	FORMS(ccosh),
	FORMS(cexp),
	FORMS(clog),
	FORMS(csin),
	FORMS(csinh),
	FORMS(csqrt),
	FORMS(ctan),
	FORMS(ctanh),
	FORMS(conj),
	FORMS(cproj),
};

static const double parts[] = {
	0.0, -0.0, 1, -1, 0.5, -0.7, 2.25, -3.75, 1e-10, 100.5, 1e300, INFINITY, -INFINITY, NAN};

enum { N_PARTS = sizeof(parts) / sizeof(*parts) };

static int is_near(long double _Complex x, double _Complex y)
{
	long double d = (cabsl)(x - (long double _Complex)y);

	return d != d || isinf(d) || d <= (cabsl)(x) * 1e-9L;
}

static void all(void)
{
	size_t f;
	int i, k;

	for (f = 0; f < sizeof(functions) / sizeof(*functions); f++) {
		uint64_t h = HASH_START, hf = HASH_START, open = HASH_START;
		int n_far = 0;

		for (i = 0; i < N_PARTS; i++)
			for (k = 0; k < N_PARTS; k++) {
				double _Complex z = CMPLX(parts[i], parts[k]),
						r = functions[f].f(z);
				float _Complex zf = CMPLXF(parts[i], parts[k]),
					       rf = functions[f].ff(zf);

				/* A NaN's sign is the ISA's, and may decide. */
				if (!isfinite((float)parts[i]) || !isfinite((float)parts[k])) {
					HASH_DOUBLE(open, (creal)(r));
					HASH_DOUBLE(open, (cimagf)(rf));
					continue;
				}
				HASH_DOUBLE(h, (creal)(r));
				HASH_DOUBLE(h, (cimag)(r));
				HASH_DOUBLE(hf, (crealf)(rf));
				HASH_DOUBLE(hf, (cimagf)(rf));
				if (i < 8 && k < 8 && i > 3 && k > 3)
					n_far += !is_near(
						functions[f].fl((long double _Complex)z), r);
			}
		SAY("%s: %016llx %016llx %d", functions[f].name, (unsigned long long)h,
			(unsigned long long)hf, n_far);
		SAY("!%s: %016llx", functions[f].name, (unsigned long long)open);
		SHOW(functions[f].f(0.75 - 0.5 * I));
	}
}

static void others(void)
{
	uint64_t h = HASH_START;
	int i, k;

	for (i = 0; i < N_PARTS; i++)
		for (k = 0; k < N_PARTS; k++) {
			double _Complex z = CMPLX(parts[i], parts[k]),
					w = CMPLX(parts[k], parts[(i + 3) % N_PARTS]);

			HASH_DOUBLE(h, (cabs)(z));
			HASH_DOUBLE(h, (carg)(z));
			HASH_DOUBLE(h, (cabsf)((float _Complex)z));
			HASH_DOUBLE(h, (cargf)((float _Complex)z));
			if (i < 8 && k < 8) {
				HASH_DOUBLE(h, (creal)((cpow)(z, w)));
				HASH_DOUBLE(
					h, (cimagf)((cpowf)((float _Complex)z, (float _Complex)w)));
			}
			/* Annex G's multiplication and division (compiler-rt). */
			HASH_DOUBLE(h, (creal)(z * w));
			HASH_DOUBLE(h, (cimag)(z * w));
			HASH_DOUBLE(h, (creal)(z / w));
			HASH_DOUBLE(h, (cimag)(z / w));
			HASH_DOUBLE(h, (crealf)((float _Complex)z * (float _Complex)w));
			HASH_DOUBLE(h, (cimagf)((float _Complex)z / (float _Complex)w));
		}
	SHOW(h);
	SHOW((cpow)(I, I));
	CHECK(is_near((cpowl)(1.5L + 2 * I, 0.5L), (cpow)(1.5 + 2 * I, 0.5)));
	CHECK((cabsl)(3.0L + 4.0L * I) == 5 && (cargl)(1.0L) == 0);
	CHECK((creall)(3.0L + 4.0L * I) == 3 && (cimagl)(3.0L + 4.0L * I) == 4);
	SHOW((long)sizeof(float _Complex) + (long)sizeof(double _Complex) * 100);
}

#define SIZE(e) (sizeof(e) == sizeof(float) ? 1 : sizeof(e) == sizeof(double) ? 2 : 3)

/* 1 float, 2 double, 3 long double */
static void generic(void)
{
	float f = 0.5f;
	double d = 0.5;
	long double l = 0.5L;
	float _Complex cf = 0.5f;
	double _Complex c = 0.5;
	int i = 1;

	SAY("%d %d %d %d", SIZE(sin(f)), SIZE(sin(d)), SIZE(sin(l)), SIZE(sin(i)));
	SAY("%d %d %d", SIZE(pow(f, f)), SIZE(pow(f, d)), SIZE(pow(i, l)));
	SAY("%d %d %d", SIZE(fabs(cf)), SIZE(carg(c)), SIZE(creal(cf)));
	SAY("%d %d", (int)sizeof(exp(cf)), (int)sizeof(exp(c)));
	SAY("%d %d", (int)sizeof(sqrt(cf)), (int)sizeof(pow(cf, c)));
	SHOW(sin(f));
	SHOW(sin(d));
	SHOW(exp(cf));
	SHOW(sqrt(c - 1));
	SHOW(fma(f, f, f));
	SHOW(lrint(f * 5));
	SHOW(ldexp(f, 3));
	SHOW(frexp(d, &i));
	SHOW(copysign(d, -1));
	CHECK(nexttoward(d, l + 1) > d);
	SHOW(fmax(f, 2));
	SHOW(remquo(d * 9, d * 4, &i));
	SHOW(i);
	CHECK(sin(l) > 0.479L && sin(l) < 0.48L);
}

int main(void)
{
	all();
	others();
	generic();
	return 0;
}
