/* Jump tables, by the shapes that LLVM gives them. */
#include "code.h"

void code_find_tables(struct code *code)
{
	(void)code;
}
