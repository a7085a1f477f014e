/* Complex products and quotients call compiler-rt by an ISA's own calling convention: a float's imaginary
 * part was garbage on x86_64, and a long double's quotient was on aarch64. */
#include <complex.h>

int main(void)
{
	volatile float _Complex f = 1.5f + 2 * I;
	volatile double _Complex d = 1.5 + 2 * I;
	volatile long double _Complex l = 1.5L + 2 * I;
	float _Complex fq = f / (2 * I), fp = f * (2 - I);
	double _Complex dq = d / (2 * I), dp = d * (2 - I);
	long double _Complex lq = l / (2 * I), lp = l * (2 - I);

	return !(crealf(fq) == 1 && cimagf(fq) == -0.75f && crealf(fp) == 5 && cimagf(fp) == 2.5f &&
		creal(dq) == 1 && cimag(dq) == -0.75 && creal(dp) == 5 && cimag(dp) == 2.5 &&
		creall(lq) == 1 && cimagl(lq) == -0.75L && creall(lp) == 5 && cimagl(lp) == 2.5L);
}
