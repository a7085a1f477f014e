/* An instruction on every ISA that we have (built with -fno-math-errno). */
#include <math.h>

double sqrt(double x)
{
	return __builtin_sqrt(x);
}
