/* Computed goto: label tables, label addresses on the heap (threaded code) and label differences. */
#include "moved.h"

enum { PUSH, ADD, MUL, DUP, MOVE, LOOP, PRINT, HALT };

static NOINLINE long interpret(const int *code)
{
	static const void *const labels[] = {
		&&push, &&add, &&mul, &&dup, &&move, &&loop, &&print, &&halt,
	};
	long stack[16], *sp = stack, counter = 3;
	const int *pc = code;

#define NEXT goto *labels[*pc++]
	NEXT;
push: *sp++ = *pc++; NEXT;
add: sp--; sp[-1] += sp[0]; NEXT;
mul: sp--; sp[-1] *= sp[0]; NEXT;
dup: sp[0] = sp[-1]; sp++; NEXT;
move: wait_for_move(); NEXT;
loop: if (--counter) pc -= *pc + 1; else pc++; NEXT;
print: printf("%ld\n", sp[-1]); NEXT;
halt: return sp[-1];
}

/* The addresses themselves are kept in memory and in a local across the move. */
static NOINLINE int threaded(int n)
{
	void **code = malloc(5 * sizeof *code), **pc = code, *kept;
	int acc = n;

	code[0] = &&twice;
	code[1] = &&increment;
	code[2] = &&move;
	code[3] = &&twice;
	code[4] = &&end;
	kept = OPAQUE(1) ? &&increment : &&end;
	goto **pc++;
twice: acc *= 2; goto **pc++;
increment: acc++; goto **pc++;
move:
	wait_for_move();
	CHECK(kept == code[1]);
	CHECK(code[0] == code[3]);
	goto **pc++;
end:
	free(code);
	return acc;
}

int main(void)
{
	static const int code[] = {
		PUSH, 1, PUSH, 3, MUL, DUP, ADD, MOVE, PRINT, LOOP, 4, PUSH, 100, ADD, MOVE, HALT,
	};
	printf("%ld\n", interpret(code));
	printf("%d\n", threaded(OPAQUE(20)));
	return done();
}
