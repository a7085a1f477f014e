/* An instruction on every ISA that we have (built with -fno-math-errno). */
#include <math.h>

float sqrtf(float x)
{
	return __builtin_sqrtf(x);
}
