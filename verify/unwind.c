/* Unwind facts by the code itself. */
#include "verify.h"

void verify_unwind(struct report *report, const struct image *image, const struct code *code)
{
	(void)report;
	(void)image;
	(void)code;
}
